"""The WSGI middleware of appengine_config.py: `webapp_add_wsgi_middleware`."""

from __future__ import annotations

from typing import NamedTuple

from gaebot.app import App, once_per_app
from gaebot.finding import Place
from gaebot.rules.python27.shared.scripts.adapters import AdapterCall
from gaebot.syntax.nodes import arguments, text
from gaebot.syntax.python import PythonFile

_CONFIG = "appengine_config.py"
_FUNCTION = "webapp_add_wsgi_middleware"
_UTIL = "google.appengine.ext.webapp.util"
_CALLS = "(call function: [(identifier) (attribute)] @function) @call"

ADD_BY_HAND = frozenset({f"{_UTIL}.add_wsgi_middleware", f"appengine_config.{_FUNCTION}"})
"""Functions with which an app wraps the configured middleware around an application itself."""


class Middleware(NamedTuple):
    """The configured middleware.

    `place` is the name of the function that adds it, `names` are the dotted names of what it wraps
    around the application it gets.
    """

    place: Place
    names: frozenset[str]


@once_per_app
def configured_middleware(app: App) -> Middleware | None:
    """The middleware that the runtime wraps around every WSGI application; None when there is none."""
    file = app.python(_CONFIG)
    if file is None or _FUNCTION.encode() not in file.source.data:
        return None
    for binding in file.scope.bindings.get(_FUNCTION, ()):
        if binding.kind != "def":
            return Middleware(file.place(binding.name), frozenset())
        body = binding.statement.child_by_field_name("body") or binding.statement
        given = file.scope_at(body).bindings.keys()
        names: set[str] = set()
        for match in file.matches(_CALLS, binding.statement):
            positional, _ = arguments(match["call"])
            if positional and text(positional[0]) in given:
                names |= file.origins(match["function"])
        return Middleware(file.place(binding.name), frozenset(names))
    return None


def is_run_with_middleware(file: PythonFile, adapter: AdapterCall) -> bool:
    """Whether an adapter wraps the configured middleware around its application.

    webapp's `run_wsgi_app` does, and `run()` of webapp2, unless it is told `bare=True`.
    """
    function = adapter.call.child_by_field_name("function")
    if function is None:
        return False
    positional, named = arguments(adapter.call)
    is_bare = bool(positional) or "bare" in named
    return file.refers_to(function, f"{_UTIL}.run_wsgi_app") or (
        file.refers_to(function, "webapp2.WSGIApplication().run") and not is_bare
    )
