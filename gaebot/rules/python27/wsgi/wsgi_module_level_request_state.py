"""Data of one request is read while the module is loaded, and then used for every visitor.

## Why

On 2.5 a handler script without a `main()` was executed anew for every request, so what it read at
module level was fresh. A WSGI application is imported once for each instance: the second visitor
gets the first one's user, form or host, or a date from when the instance started. As a CGI script
without `main()`, with `threadsafe: false`, the script is still executed anew on python27.

A script with a `main()` and imported modules were loaded once on 2.5 already. Data of a visitor is
reported there too, since it is wrong on both. So is a time that is the default value of a parameter or a
property, `def posts(until=datetime.now()):`, `DateTimeProperty(default=datetime.now())`: it is worked out
once, when the module is loaded, and every call and every entity gets it.

Left alone are keys of `os.environ` that stay the same for an instance (`SERVER_SOFTWARE`,
`APPLICATION_ID`, `CURRENT_VERSION_ID` and your own), constants such as `datetime(2010, 1, 1)`,
functions that are only passed on (`default=datetime.now`), other uses of the time in modules that were
loaded once before, times that are meant to say when the instance began or which version it runs
(`START_TIME`, `BOOTED`, `VERSION`), what runs on the development server only, and scripts that can only
run as CGI. A default time of a parameter that each known call gives is a note.

## Fix

Read it where it is used, in a method of the request handler. A parameter takes None for its default, and
the function asks for the time.

A test for localhost, which is meant to tell the development server, becomes one of `SERVER_SOFTWARE`, and
the default time of a property of the datastore becomes `auto_now_add=True`; the fix does both.

## Example

```yaml before app.yaml
runtime: python
api_version: 1
handlers:
- url: /.*
  script: main.py
```

```python before main.py
from google.appengine.api import users
from google.appengine.ext import webapp
from google.appengine.ext.webapp.util import run_wsgi_app

user = users.get_current_user()

class Home(webapp.RequestHandler):
    def get(self):
        self.response.out.write('Hello %s' % user)

application = webapp.WSGIApplication([('/.*', Home)])
run_wsgi_app(application)
```

## Source

SDK: google/appengine/runtime/cgi.py, `HandleRequest`, keeps a module only when it has a `main()`
without arguments; runtime/wsgi.py, `LoadObject`, imports a module, which Python does once.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from enum import Enum

from tree_sitter import Node

from gaebot.app import App
from gaebot.finding import Finding, Fix, RunsOn, Safety, Severity
from gaebot.rule import Rule, python_with
from gaebot.rules.python27.shared.reach.callers import leaves_out
from gaebot.rules.python27.shared.reach.code import FunctionCode, app_code
from gaebot.rules.python27.shared.scripts.development import is_for_development
from gaebot.rules.python27.shared.scripts.entry import is_guard, top_level
from gaebot.rules.python27.shared.scripts.handler_scripts import RequestFile, asked_files, writes_itself
from gaebot.rules.python27.shared.scripts.request_data import READ_WORDS, dev_server_tests, request_reads
from gaebot.syntax.nodes import ancestors, arguments, is_target, text
from gaebot.syntax.python import PythonFile

RULE = Rule(__name__, Severity.ERROR, only_in=python_with(*READ_WORDS))


class _Kind(Enum):
    """What is read, in the words of a message."""

    VISITOR = "belongs to one visitor"
    HOST = "belongs to one request"
    MOMENT = "is different at every call"
    DEFAULT = "is worked out once, when the module is loaded"


class _Loaded(Enum):
    """How often the module is loaded."""

    ONCE_NOW = "an instance loads this module once, so every later visitor gets what the first one got"
    ONCE_AS_WSGI = "this script is loaded for every request only while it is a CGI script without `main()`"
    ONCE_EVER = "this module is loaded only once, on 2.5 as well as on python27"


# What the reads are called by: most files hold none of these at module level.
_NAMES = (
    *("get_current_user", "is_current_user_admin", "create_login_url", "create_logout_url"),
    *("environ", "getenv", "FieldStorage", "parse", "get_namespace", "get_current_session"),
    *("now", "utcnow", "today", "time", "localtime", "gmtime", "ctime", "uuid1", "uuid4"),
    *("random", "randint", "choice", "randrange", "sample", "get", "get_multi"),
)
_MOMENTS = ("datetime.", "time.", "uuid.", "random.", "google.appengine.api.memcache.")
_HOSTS = ("HTTP_HOST", "SERVER_NAME", "SERVER_PORT", "HTTPS", "create_login_url", "create_logout_url")
# Names of moments that are meant to be those of the instance.
_ON_PURPOSE = re.compile(r"start|boot|uptime|loaded|launch|version|bust|deploy|seed", re.IGNORECASE)
_DEFAULTS = frozenset({"default", "initial"})
_PROPERTIES = {
    f"google.appengine.ext.{package}.{kind}": moments
    for kind, moments in (
        (
            "DateTimeProperty",
            ("datetime.datetime.now", "datetime.datetime.utcnow", "datetime.datetime.today"),
        ),
        ("DateProperty", ("datetime.date.today",)),
    )
    for package in ("db", "ndb")
}
_SEVERITY = {
    (_Kind.VISITOR, _Loaded.ONCE_NOW): Severity.ERROR,
    (_Kind.VISITOR, _Loaded.ONCE_AS_WSGI): Severity.ERROR,
    (_Kind.VISITOR, _Loaded.ONCE_EVER): Severity.WARNING,
    (_Kind.HOST, _Loaded.ONCE_NOW): Severity.NOTE,
    (_Kind.HOST, _Loaded.ONCE_AS_WSGI): Severity.WARNING,
    (_Kind.HOST, _Loaded.ONCE_EVER): Severity.NOTE,
    (_Kind.MOMENT, _Loaded.ONCE_NOW): Severity.NOTE,
    (_Kind.MOMENT, _Loaded.ONCE_AS_WSGI): Severity.WARNING,
    **{(_Kind.DEFAULT, loaded): Severity.WARNING for loaded in _Loaded},
}


def check(app: App) -> Iterator[Finding]:
    """Reads of request data that run when a module is loaded."""
    for file in asked_files(app):
        reads = _reads_at_import(file.file)
        loaded = _loaded(app, file) if reads else None
        if loaded is None:
            continue
        for node in reads:
            kind = _kind(file.file, node)
            severity = _SEVERITY.get((kind, loaded))
            if severity is None:
                continue
            if kind is _Kind.DEFAULT:
                yield _default(app, file.file, node, severity)
                continue
            fix = _fix(file.file, node)
            advice = "Read it where it is used, in a method of the request handler."
            if fix is not None:
                advice = "Ask for `SERVER_SOFTWARE` to tell the development server."
            message = f"`{text(node)}` {kind.value}, but {loaded.value}. {advice}"
            yield RULE.finding(file.file.place(node), message, fix=fix, severity=severity)


def _loaded(app: App, file: RequestFile) -> _Loaded | None:
    """How often a file is loaded; None for scripts that can only run as CGI."""
    script = file.script
    if script is None:
        return None if all(writes_itself(app, each) for each in file.scripts) else _Loaded.ONCE_EVER
    if script.is_wsgi:
        return _Loaded.ONCE_NOW
    if writes_itself(app, script):
        return None
    return _Loaded.ONCE_EVER if script.has_main else _Loaded.ONCE_AS_WSGI


def _kind(file: PythonFile, node: Node) -> _Kind:
    function = node.child_by_field_name("function")
    origins = file.origins(function) if function is not None else frozenset()
    if any(origin.startswith(_MOMENTS) for origin in origins):
        return _Kind.DEFAULT if _default_around(node) is not None else _Kind.MOMENT
    if any(host in text(node) for host in _HOSTS):
        return _Kind.HOST
    return _Kind.VISITOR


def _fix(file: PythonFile, node: Node) -> Fix | None:
    """Where the host is compared with localhost: ask for the development server instead."""
    around = {outer.id for outer in ancestors(node)}
    for test, replacement in dev_server_tests(file, file.root):
        if test.id in around:
            edit = file.source.edit(file.span(test), replacement.encode("latin-1"))
            return Fix("Ask for the development server", (edit,), Safety.REVIEW, RunsOn.BOTH)
    return None


def _default(app: App, file: PythonFile, node: Node, severity: Severity) -> Finding:
    """The finding for a moment that is a default value."""
    default = _default_around(node)
    if default is not None and default.type == "default_parameter":
        advice = "every call gets that one. Take None for the default, and ask in the function."
        if not _may_count(app, file, default):
            severity = Severity.NOTE
            advice = "no call leaves it out so far. Take None for the default, and ask in the function."
        fix = None
    else:
        fix = _added_now(file, default, node) if default is not None else None
        advice = "everything that is made later gets that one. "
        advice += "Say `auto_now_add=True`." if fix is not None else "Ask where the value is needed."
    message = f"`{text(node)}` as a default value {_Kind.DEFAULT.value}: {advice}"
    return RULE.finding(file.place(node), message, fix=fix, severity=severity)


def _may_count(app: App, file: PythonFile, parameter: Node) -> bool:
    """Whether a call may leave a parameter out, as far as the calls of its function are known."""
    function = next((outer for outer in ancestors(parameter) if outer.type == "function_definition"), None)
    code = app_code(app).at(file, function) if function is not None else None
    name = text(parameter.child_by_field_name("name"))
    return not isinstance(code, FunctionCode) or leaves_out(app, code, name) is not False


def _default_around(node: Node) -> Node | None:
    """The parameter with a default value, or the argument `default=…`, that a node belongs to."""
    for outer in ancestors(node):
        if outer.type == "default_parameter":
            return outer
        if outer.type == "keyword_argument" and text(outer.child_by_field_name("name")) in _DEFAULTS:
            return outer
        if outer.type in {"lambda", "block", "module"} or outer.type.endswith("_statement"):
            break
    return None


def _added_now(file: PythonFile, default: Node, node: Node) -> Fix | None:
    """Let the datastore set the time when an entity is made: `auto_now_add=True`."""
    call = default.parent.parent if default.parent is not None else None
    function = call.child_by_field_name("function") if call is not None else None
    moment = node.child_by_field_name("function")
    if call is None or function is None or moment is None or default.child_by_field_name("value") != node:
        return None
    kinds = [moments for name, moments in _PROPERTIES.items() if file.refers_to(function, name)]
    is_plain = not any(arguments(node)) and not {"auto_now", "auto_now_add"} & arguments(call)[1].keys()
    if not kinds or not is_plain or not file.refers_to(moment, *kinds[0]):
        return None
    edit = file.source.edit(file.span(default), b"auto_now_add=True")
    return Fix("Set the time when an entity is made", (edit,), Safety.REVIEW, RunsOn.BOTH)


def _runs_at_import(file: PythonFile, node: Node) -> bool:
    """Whether a node stands in no function: at module or class level, or in a default value."""
    scope = file.scope_node(node)
    while scope.type == "class_definition":
        scope = file.scope_node(scope)
    return scope.type == "module"


def _reads_at_import(file: PythonFile) -> list[Node]:
    """The reads of request data that run when the module is loaded, and whose value is kept."""
    names = [name for name in file.identifiers(*_NAMES) if _runs_at_import(file, name)]
    parts = [part for part in _loading_parts(file) if _holds(part, names)] if names else []
    reads = [node for part in parts for node in request_reads(file, part)]
    reads = [node for node in reads if _runs_at_import(file, node) and not is_target(node)]
    return [node for node in reads if _is_kept(file, node) and not is_for_development(node)]


def _loading_parts(file: PythonFile) -> Iterator[Node]:
    """What runs when a file is loaded: its statements, but of functions only the default values."""
    for statement in top_level(file):
        function = statement.child_by_field_name("definition") or statement
        parameters = function.child_by_field_name("parameters")
        if not statement.type.startswith(("import", "future_import")) and not is_guard(statement):
            yield parameters if parameters is not None else statement


def _holds(part: Node, names: list[Node]) -> bool:
    """Whether one of these nodes, which are in order, stands in a part of the file."""
    following = bisect_left(names, part.start_byte, key=lambda name: name.start_byte)
    return following < len(names) and names[following].end_byte <= part.end_byte


def _is_kept(file: PythonFile, node: Node) -> bool:
    """Whether a read is more than a moment that is passed on, or that is meant to be the instance's.

    `random.seed(time.time())` passes one on.
    """
    if _kind(file, node) is not _Kind.MOMENT:
        return True
    for outer in ancestors(node):
        if outer.type == "assignment" and _ON_PURPOSE.search(text(outer.child_by_field_name("left"))):
            return False
        if outer.type in {"assignment", "augmented_assignment", "function_definition", "class_definition"}:
            return True
        if outer.type in {"expression_statement", "print_statement"}:
            return False
    return True
