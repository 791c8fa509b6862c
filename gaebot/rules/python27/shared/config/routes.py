"""Which URL paths the handlers of a service take."""

from __future__ import annotations

import re
from functools import cached_property

from gaebot.app import App
from gaebot.patterns import Pattern
from gaebot.rules.python27.shared.config.builtin_handlers import builtins_in
from gaebot.service import Handler, Service, included_paths
from gaebot.syntax.yaml import YamlFile, scalar

DEFERRED_PATH = "/_ah/queue/deferred"
"""Where deferred tasks are sent."""

# The URLs of the builtins, google/appengine/ext/builtins/*/include*.yaml of the SDK.
_BUILTINS = {
    "admin_redirect": "/_ah/admin.*",
    "appstats": "/_ah/stats.*",
    "default": None,
    "deferred": DEFERRED_PATH,
    "django_wsgi": "/.*",
    "remote_api": "/_ah/remote_api(/.*)?",
}


class Routes:
    """The handlers of one service, those of its includes and its builtins."""

    def __init__(self, app: App, service: Service) -> None:
        self.service = service
        self._app = app
        self._files = (service.file, *service.includes)

    def can_take(self, path: str) -> bool:
        """Whether a handler takes a URL path, or may take it.

        An include that isn't there, an unknown builtin and an unusable pattern may take anything.
        """
        if not self._is_known:
            return True
        return any(pattern.fullmatch(path) is not None or not pattern.is_usable for pattern in self._patterns)

    def can_take_below(self, prefix: str) -> bool:
        """Whether a handler may take a URL path that begins with `prefix`."""
        if self.can_take(prefix) or not self._is_known:
            return True
        starts = [_literal_start(pattern.text) for pattern in self._patterns]
        return any(start.startswith(prefix) or prefix.startswith(start) for start in starts)

    @cached_property
    def _is_known(self) -> bool:
        """Whether the sources tell all handlers of the service."""
        if not self.service.handlers:
            return False
        for file in self._files:
            if file.problem is not None:
                return False
            if any(path is None for _, path in included_paths(file, self._app.paths)):
                return False
            if any(builtin.name not in _BUILTINS for builtin in builtins_in(file)):
                return False
        return True

    @cached_property
    def _patterns(self) -> list[Pattern]:
        own = [_pattern(handler) for handler in self.service.handlers]
        built_in = [
            _BUILTINS.get(builtin.name)
            for file in self._files
            for builtin in builtins_in(file)
            if builtin.adds_handler
        ]
        return [Pattern(text) for text in (*own, *built_in) if text is not None]


def _pattern(handler: Handler) -> str | None:
    """The pattern of the paths that a handler takes; `static_dir` takes all below its URL."""
    url = handler.url
    if url is None:
        return None
    return f"(?:{url})(?:/.*)?" if handler.get("static_dir") is not None else url


def _literal_start(pattern: str) -> str:
    """The text that every match of a pattern begins with, as far as it is plain to see."""
    pattern = pattern.removeprefix("(?:")
    start = re.match(r"(?:[\w/-](?![*?{|])|\\[^\w](?![*?{|]))*", pattern)
    found = start.group() if start else ""
    return re.sub(r"\\(.)", r"\1", found) if "|" not in pattern else ""


def service_name(service: Service) -> str:
    """The name under which cron, queue and dispatch files know a service."""
    pair = service.get("service") or service.get("module")
    return (scalar(pair.value) if pair else None) or "default"


def routes_of(app: App, name: str) -> Routes | None:
    """The handlers of the service with this name; None when the app does not hold it.

    A backend has the handlers of the default service.
    """
    wanted = "default" if name in _backend_names(app) else name
    for service in app.services:
        if not service.is_template and service_name(service) == wanted:
            return Routes(app, service)
    return None


def all_routes(app: App) -> list[Routes]:
    """The handlers of each service of the app, templates left out."""
    return [Routes(app, service) for service in app.services if not service.is_template]


def _backend_names(app: App) -> set[str]:
    names = set()
    for service in app.services:
        for file in (service.file, service.backends):
            entries = YamlFile.get(file.mapping, "backends") if file is not None else None
            for item in YamlFile.items(entries.value) if entries else []:
                name = YamlFile.get(item, "name")
                names.add(scalar(name.value) if name else None)
    return {name for name in names if name}
