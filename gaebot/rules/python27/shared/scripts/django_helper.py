"""google-app-engine-django, the helper that put Django onto Python 2.5: `appengine_django`.

It was made of a package that each app copied, and of two lines in its main script:
`from appengine_django import InstallAppengineHelperForDjango` and the call of it.
"""

from __future__ import annotations

from collections.abc import Iterator

from gaebot.app import App, once_per_app
from gaebot.syntax.python import PythonFile, arguments, string_value

INSTALL = "appengine_django.InstallAppengineHelperForDjango"


@once_per_app
def helper_copies(app: App) -> tuple[PythonFile, ...]:
    """The app's copies of the helper's own module, by path."""
    return tuple(_copies(app))


def _copies(app: App) -> Iterator[PythonFile]:
    for path, source in app.files.items():
        if (
            path.endswith("appengine_django/__init__.py")
            and b"def InstallAppengineHelperForDjango" in source.data
        ):
            file = app.python(path)
            if file is not None:
                yield file


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
