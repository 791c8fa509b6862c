"""Calls that run a WSGI application as a CGI script: `run_wsgi_app(app)`, `CGIHandler().run(app)` …

Spellings: rulebook of the hop, and the sources of webapp, wsgiref, web.py and bottle of that time.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tree_sitter import Node

from gaebot.syntax.python import PythonFile, arguments, text

_UTIL = "google.appengine.ext.webapp.util"

# Functions whose first argument is the application.
_TAKE_APPLICATION = frozenset(
    {
        f"{_UTIL}.run_wsgi_app",
        f"{_UTIL}.run_bare_wsgi_app",
        "wsgiref.handlers.CGIHandler().run",
        "wsgiref.handlers.BaseCGIHandler().run",
        "wsgiref.handlers.IISCGIHandler().run",
    }
)
_BOTTLE_RUN = frozenset({"bottle.run", "bottle.run_app"})
# Methods of the application itself; on webapp2 `run()` is the CGI adapter.
_RUN_ITSELF = frozenset(
    {"webapp2.WSGIApplication().run", "google.appengine.ext.webapp.WSGIApplication().run"}
)
_WEB_PY_METHODS = frozenset({"cgirun", "gaerun"})

ADAPTER_WORDS = (
    b"run_wsgi_app",
    b"run_bare_wsgi_app",
    b"CGIHandler",
    b"cgirun",
    b"gaerun",
    b"bottle",
    b".run(",
)
"""A file that holds none of these holds no adapter call."""

ADAPTER_MODULES = frozenset({"wsgiref", "wsgiref.handlers", _UTIL, "google.appengine.ext.webapp"})
"""Modules that a handler script often imports for the adapter alone."""

_CALLS = "(call function: [(identifier) (attribute)] @function) @call"


@dataclass(frozen=True, eq=False)
class AdapterCall:
    """One adapter call.

    `application` is the node of the application when the call holds it; `expression` the source
    text of the WSGI callable, which differs for frameworks whose application object is none
    (`app.cgirun()` of web.py: `app.wsgifunc()`).
    """

    call: Node
    application: Node | None
    expression: str


def adapter_calls(file: PythonFile) -> Iterator[AdapterCall]:
    """The adapter calls of a file, in the order of the source."""
    if not any(word in file.source.data for word in ADAPTER_WORDS):
        return
    for match in file.matches(_CALLS):
        found = _adapter(file, match["call"], match["function"])
        if found is not None:
            yield found


def _adapter(file: PythonFile, call: Node, function: Node) -> AdapterCall | None:
    receiver = function.child_by_field_name("object")
    method = text(function.child_by_field_name("attribute"))
    if receiver is not None and method in _WEB_PY_METHODS:
        given = text(call.child_by_field_name("arguments"))
        return AdapterCall(call, None, f"{text(receiver)}.wsgifunc{given}")
    origins = file.origins(function)
    positional, named = arguments(call)
    if origins & _TAKE_APPLICATION:
        application = positional[0] if positional else named.get("application")
        return AdapterCall(call, application, text(application)) if application is not None else None
    if origins & _BOTTLE_RUN and text(named.get("server")).strip("'\"") in {"gae", "cgi"}:
        application = named.get("app") or (positional[0] if positional else None)
        default = f"{text(receiver)}.default_app()" if receiver is not None else ""
        expression = text(application) if application is not None else default
        return AdapterCall(call, application, expression) if expression else None
    if receiver is not None and origins & _RUN_ITSELF:
        return AdapterCall(call, receiver, text(receiver))
    return None
