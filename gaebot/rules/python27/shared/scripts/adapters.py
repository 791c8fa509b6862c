"""Calls that run a WSGI application as a CGI script, such as `run_wsgi_app(app)`.

Spellings: the sources of webapp, wsgiref, web.py and bottle of that time.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from tree_sitter import Node

from gaebot.rules.python27.shared.scripts.references import may_be
from gaebot.syntax.nodes import arguments, text
from gaebot.syntax.python import PythonFile

_UTIL = "google.appengine.ext.webapp.util"

HANDLER_CLASSES = frozenset(
    f"wsgiref.handlers.{name}" for name in ("CGIHandler", "BaseCGIHandler", "IISCGIHandler")
)
"""Classes whose method `run` runs the application that it is given."""

ADAPTER_IMPORTS = frozenset(
    {
        _UTIL,
        f"{_UTIL}.run_wsgi_app",
        f"{_UTIL}.run_bare_wsgi_app",
        "wsgiref",
        "wsgiref.handlers",
        *HANDLER_CLASSES,
    }
)
"""What handler scripts import for an adapter."""

# Functions whose first argument is the application.
_TAKE_APPLICATION = frozenset(
    {
        f"{_UTIL}.run_wsgi_app",
        f"{_UTIL}.run_bare_wsgi_app",
        *(f"{name}().run" for name in HANDLER_CLASSES),
    }
)
_BOTTLE_RUN = frozenset({"bottle.run", "bottle.run_app"})
_BOTTLE_SERVERS = frozenset({"gae", "gaeserver", "cgi", "cgiserver"})
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

ADAPTER_SPELLINGS = ("run_wsgi_app", "run_bare_wsgi_app", "run", "run_app", *sorted(_WEB_PY_METHODS))
"""The last word of every adapter: each call says one of them, or an alias that the file gives it."""


class AdapterCall(NamedTuple):
    """One adapter call.

    `application` is the node of the application when the call holds it; `expression` the source
    text of the WSGI callable, which differs for frameworks whose application object is none
    (`app.cgirun()` of web.py: `app.wsgifunc()`), and `needs` an import line that this text needs.
    `handler` is the app's own class of CGI handler that is used, if it is one.
    """

    call: Node
    application: Node | None
    expression: str
    needs: str = ""
    handler: Node | None = None

    @property
    def function(self) -> Node:
        """What is called, `run_wsgi_app` for one."""
        return self.call.child_by_field_name("function") or self.call


def adapter_calls(file: PythonFile) -> tuple[AdapterCall, ...]:
    """The adapter calls of a file, in the order of the source."""
    return file.remember(adapter_calls, lambda: tuple(_adapter_calls(file)))


def _adapter_calls(file: PythonFile) -> Iterator[AdapterCall]:
    if not any(word in file.source.data for word in ADAPTER_WORDS):
        return
    for name in file.identifiers(*ADAPTER_SPELLINGS, *file.other_names(frozenset(ADAPTER_SPELLINGS))):
        function = name.parent if name.parent is not None and name.parent.type == "attribute" else name
        call = function.parent
        if call is not None and call.type == "call" and call.child_by_field_name("function") == function:
            found = _adapter(file, call, function)
            if found is not None:
                yield found


def _adapter(file: PythonFile, call: Node, function: Node) -> AdapterCall | None:
    receiver = function.child_by_field_name("object")
    method = text(function.child_by_field_name("attribute"))
    if receiver is not None and method in _WEB_PY_METHODS:
        given = text(call.child_by_field_name("arguments"))
        return AdapterCall(call, None, f"{text(receiver)}.wsgifunc{given}")
    if may_be(file, function, _BOTTLE_RUN):
        return _bottle(file, call, receiver)
    if receiver is not None and may_be(file, function, _RUN_ITSELF):
        return AdapterCall(call, receiver, text(receiver))
    handler = _own_handler(file, function) if receiver is not None else None
    positional, named = arguments(call)
    application = positional[0] if positional else named.get("application")
    if application is None or not (handler or may_be(file, function, _TAKE_APPLICATION)):
        return None
    return AdapterCall(call, application, text(application), handler=handler)


def _bottle(file: PythonFile, call: Node, receiver: Node | None) -> AdapterCall | None:
    """`bottle.run(server='gae')`, which serves the application that it is given, else the default one."""
    positional, named = arguments(call)
    server = text(named.get("server")).strip("'\"").rpartition(".")[2].lower()
    if server not in _BOTTLE_SERVERS:
        return None
    application = named.get("app") or (positional[0] if positional else None)
    if application is not None:
        return AdapterCall(call, application, text(application))
    if receiver is not None:
        return AdapterCall(call, None, f"{text(receiver)}.default_app()")
    imported = {binding.origin: binding.text for binding in file.imports()}
    if "bottle" in imported:
        return AdapterCall(call, None, f"{imported['bottle']}.default_app()")
    if "bottle.*" in imported:
        return AdapterCall(call, None, "default_app()")
    if "bottle.default_app" in imported:
        return AdapterCall(call, None, f"{imported['bottle.default_app']}()")
    return AdapterCall(call, None, "default_app()", needs="from bottle import default_app")


def _own_handler(file: PythonFile, function: Node) -> Node | None:
    """The class of the file, derived from a CGI handler, whose method `run` is called."""
    for origin in file.origins(function):
        name, made, method = origin.removeprefix(f"{file.module}.").rpartition("()")
        if not made or method != ".run":
            continue
        for binding in file.scope.bindings.get(name, ()):
            bases = binding.statement.child_by_field_name("superclasses")
            if bases is not None and any(
                may_be(file, base, HANDLER_CLASSES) for base in bases.named_children
            ):
                return binding.statement
    return None
