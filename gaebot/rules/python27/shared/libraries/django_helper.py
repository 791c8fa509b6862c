"""google-app-engine-django, the helper that put Django onto Python 2.5: `appengine_django`.

It was made of a package that each app copied, and of two lines in its main script:
`from appengine_django import InstallAppengineHelperForDjango` and the call of it.
"""

from __future__ import annotations

from collections.abc import Iterator

from gaebot.app import App, once_per_app
from gaebot.rules.python27.shared.scripts.handler_scripts import request_files_with
from gaebot.syntax.nodes import arguments, string_value
from gaebot.syntax.python import PythonFile

INSTALL = "appengine_django.InstallAppengineHelperForDjango"


@once_per_app
def helper_copies(app: App) -> tuple[PythonFile, ...]:
    """The app's copies of the helper's own module that a request loads, by path."""
    loaded = set(_loaded(app))
    return tuple(
        file
        for file in app.python_files(b"def InstallAppengineHelperForDjango", vendored=True)
        if file.source.path in loaded
    )


def _loaded(app: App) -> Iterator[str]:
    """The paths of the modules that request files import by the helper's name."""
    for file in request_files_with(app, b"appengine_django"):
        for binding in file.file.imports():
            name = binding.origin or ""
            path = app.imported_path(name, file.file) if "appengine_django" in name.split(".") else None
            if path is not None and file.runs(binding.statement):
                yield path


@once_per_app
def helper_version(app: App) -> str | None:
    """The version of Django that the app asks the helper for, the argument of the call, or None."""
    for file in app.python_files(b"InstallAppengineHelperForDjango"):
        for call in file.calls(INSTALL):
            positional, named = arguments(call)
            value = string_value(positional[0] if positional else named.get("version"))
            if value:
                return value
    return None


@once_per_app
def uses_helper(app: App) -> bool:
    """Whether the app calls the helper, whose code may lie elsewhere."""
    return any(file.calls(INSTALL) for file in app.python_files(b"InstallAppengineHelperForDjango"))
