"""The names that an application, and what comes with it, get at module level."""

from __future__ import annotations

import posixpath
from functools import cached_property

from gaebot.app import App
from gaebot.rules.python27.shared.conversion.hoist import clashes, is_taken, names_in
from gaebot.rules.python27.shared.conversion.startup import Startup
from gaebot.syntax.python import Binding

_NAMES_FOR_IT = ("app", "application", "wsgi_app", "wsgi_application")
_CAN_BE_RENAMED = frozenset({"assign", "augment", "other"})


class ModuleNames:
    """Names that mean nothing else in the module, close to those that the script uses."""

    def __init__(self, app: App, startup: Startup) -> None:
        self.app = app
        self.startup = startup
        self.file = startup.file

    @cached_property
    def application(self) -> str:
        """The name of the application."""
        startup = self.startup
        if startup.global_name is not None:
            return startup.global_name
        if startup.local_name is not None and startup.sets_global:
            return startup.local_name
        wanted = [startup.local_name] if startup.local_name else []
        mentioned = names_in(self.file, startup.statement) - set(wanted)
        for name in (*wanted, *_NAMES_FOR_IT):
            if name not in mentioned and self._is_free(name):
                return name
        return "gae_application"

    @cached_property
    def renamed(self) -> dict[str, str]:
        """The locals of `main()` that need another name at module level, each with that name."""
        renamed = {binding.text: self._name_for(binding.text) for binding in self._clashes}
        if self.startup.local_name is not None and self.startup.local_name != self.application:
            renamed[self.startup.local_name] = self.application
        return renamed

    @cached_property
    def impossible(self) -> list[Binding]:
        """Where a local is bound that would need another name and can't get one."""
        return [
            binding
            for binding in self._clashes
            if binding.kind not in _CAN_BE_RENAMED or not self._is_free(self._name_for(binding.text))
        ]

    @cached_property
    def _clashes(self) -> list[Binding]:
        """Where the statements that move bind names that the module uses for something else."""
        found = (clashes(self.file, statement, outside=self.startup.own) for statement in self.startup.moved)
        return [b for bindings in found for b in bindings if b.text != self.startup.local_name]

    def _name_for(self, local: str) -> str:
        return f"{self.application}_{local}"

    def _is_free(self, name: str) -> bool:
        """Whether nothing at module level has a name; in a package, no module of it either."""
        folder = posixpath.dirname(self.file.source.path)
        beside = {posixpath.join(folder, f"{name}.py"), posixpath.join(folder, name, "__init__.py")}
        if self.file.is_package and beside & self.app.paths:
            return False
        return not is_taken(self.file, name, outside=self.startup.own)
