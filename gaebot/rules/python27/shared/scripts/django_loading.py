"""What Django loads by names of its own: the settings of the project, and views named with a prefix."""

from __future__ import annotations

from collections.abc import Iterator

from gaebot.app import App, once_per_app
from gaebot.rules.python27.shared.scripts.references import possible_calls
from gaebot.syntax.imports import imported_names
from gaebot.syntax.nodes import arguments, string_value
from gaebot.syntax.python import PythonFile

_HANDLERS = "django.core.handlers"
_TABLES = ("django.conf.urls.defaults.patterns", "django.conf.urls.patterns")


TABLES = (b"patterns",)
"""A word of each file that may make up names of modules for a table of URLs."""


def loads_settings(data: bytes) -> bool:
    """Whether a file may load the settings of Django, which it need not name."""
    return _HANDLERS.encode() in data


def django_names(app: App, file: PythonFile) -> Iterator[str]:
    """The dotted names of modules and views that Django loads because of what a file says.

    A file that imports Django's handler starts the project: its settings are loaded, by a name that often
    stands in third-party code only. `patterns('blog.views', (r'^$', 'index'))` names 'blog.views.index'.
    """
    if _HANDLERS.encode() in file.source.data and any(
        name.startswith(_HANDLERS) for binding in file.imports() for name in imported_names(binding)
    ):
        yield from _settings_modules(app)
    for call in possible_calls(file, *_TABLES):
        given = arguments(call)[0]
        prefix = string_value(given[0]) if given else None
        for string in file.nodes("(string) @string", within=call) if prefix else ():
            yield f"{prefix}.{string_value(string) or ''}"


@once_per_app
def _settings_modules(app: App) -> tuple[str, ...]:
    """The app's own modules that say where Django's table of URLs is."""
    return tuple(
        file.module
        for file in app.python_files(b"ROOT_URLCONF")
        if any(binding.kind == "assign" for binding in file.scope.bindings.get("ROOT_URLCONF", ()))
    )
