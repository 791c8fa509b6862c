"""Tests are written for webapp or for CGI scripts.

## Why

Tests that make a `webapp.Response()` themselves look into it: in webapp2 `response.out` has no `getvalue()`,
and `response.status` is the text '200 OK', never equal to 200. Tests that call the `main()` of a script have
nothing to call when the script becomes a WSGI application.

gaebot speaks of it once for an app, and does not look at code that requests run: other rules do.

## Fix

Read `response.body` and `response.status_int`. Better, let the application answer: `app.get_response('/')` in
webapp2, or `webtest.TestApp(app).get('/')`.

## Example

```yaml before app.yaml
runtime: python27
api_version: 1
threadsafe: true
handlers:
- url: /.*
  script: main.app
```

```python before main_test.py
import unittest
from google.appengine.ext import webapp
import main

class MainTest(unittest.TestCase):
    def test_get(self):
        handler = main.Main()
        handler.initialize(webapp.Request({}), webapp.Response())
        handler.get()
        self.assertEqual(handler.response.out.getvalue(), 'Hello')
```

## Source

SDK: google/appengine/ext/webapp/_webapp25.py and lib/webapp2-2.3/webapp2.py, `Response`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from tree_sitter import Node

from gaebot.app import App
from gaebot.finding import Finding, Related, Severity
from gaebot.rule import Rule, python_with
from gaebot.rules.python27.shared.scripts.handler_scripts import handler_scripts, request_file
from gaebot.syntax.nodes import arguments, is_called, text
from gaebot.syntax.python import PythonFile

RULE = Rule(__name__, Severity.NOTE, only_in=python_with("getvalue", "status", "_Response__status", "main"))

_RESPONSES = ("google.appengine.ext.webapp.Response", "webapp2.Response")
_FRAMEWORKS = ("unittest", "unittest2", "nose", "pytest", "py.test", "webtest", "gaetestbed", "mox")
_PATH = re.compile(r"(^|/)(tests?/|test_[^/]*$|[^/]*_tests?\.py$|tests?\.py$)")
_COMPARING = re.compile(r"(assert|fail).*(Equal|Equals)s?$|assertIs(Not)?$|assert_equals?$")
_MOST_RELATED = 5
_GETVALUE = "`response.out` has no `getvalue()` in webapp2: read `response.body`."
_PRIVATE = "`_Response__status` is gone in webapp2: read `status_int`."
_STATUS = "`response.status` is a text in webapp2: compare `response.status_int`."


def check(app: App) -> Iterator[Finding]:
    """One note for each app whose tests do so."""
    if not any(True for _ in _test_files(app, asked=True)):
        return
    files = list(_test_files(app))
    makes_responses = any(file.calls(*_RESPONSES) for file in files)
    places = [
        (file.place(node), why)
        for file in files
        for node, why in sorted(
            _outdated(app, file, makes_responses=makes_responses), key=lambda found: found[0].start_byte
        )
    ]
    if places:
        place, why = places[0]
        related = [Related(*other) for other in places[1 : 1 + _MOST_RELATED]]
        yield RULE.finding(place, f"The tests have to move as well: {why}", related=related)


def _test_files(app: App, *, asked: bool = False) -> Iterator[PythonFile]:
    """The app's own files that hold tests, or help them, and that no request runs.

    With `asked`, those in which findings are wanted.
    """
    for file in app.python_files(b"Response", b".getvalue", b".status", b"main"):
        path, data = file.source.path, file.source.data
        is_test = _PATH.search(path) is not None
        may_help = is_test or any(name.encode() in data for name in _FRAMEWORKS)
        if not may_help or (asked and not app.is_asked_for(path)):
            continue
        if (is_test or _imports_framework(file)) and request_file(app, path) is None:
            yield file


def _imports_framework(file: PythonFile) -> bool:
    origins = {binding.origin or "" for binding in file.imports()}
    return any(origin.split(".")[0] in _FRAMEWORKS for origin in origins)


def _outdated(app: App, file: PythonFile, *, makes_responses: bool) -> Iterator[tuple[Node, str]]:
    if makes_responses:
        for name in file.identifiers("getvalue"):
            chain = name.parent
            holder = chain.child_by_field_name("object") if chain is not None else None
            if chain is not None and _ends_in(holder, "out") and is_called(chain):
                yield chain, _GETVALUE
        for name in file.identifiers("status"):
            chain = name.parent
            if chain is not None and _is_response(file, chain) and _is_compared(chain):
                yield chain, _STATUS
    for name in file.identifiers("_Response__status"):
        yield name, _PRIVATE
    for script in handler_scripts(app):
        is_going = script.is_cgi or not script.file.scope.bindings.get("main")
        if b"main" in file.source.data and is_going and script.file is not file:
            for call in file.calls(f"{script.file.module}.main"):
                yield call, f"`{script.file.module}.main()` goes when the script becomes a WSGI application."


def _ends_in(node: Node | None, name: str) -> bool:
    """Whether an expression is `….name`."""
    return (
        node is not None and node.type == "attribute" and text(node.child_by_field_name("attribute")) == name
    )


def _is_response(file: PythonFile, chain: Node) -> bool:
    """Whether `x.status` is that of a response which the test made: it says so, or its name does."""
    holder = chain.child_by_field_name("object") if chain.type == "attribute" else None
    if holder is None or text(chain.child_by_field_name("attribute")) != "status":
        return False
    if _ends_in(holder, "response"):
        return True
    made = {f"{name}()" for name in _RESPONSES}
    return bool(made & set(file.origins(holder)))


def _is_compared(node: Node) -> bool:
    """Whether an expression is compared with a number: `x == 200`, `self.assertEqual(200, x)`."""
    outer = node.parent
    if outer is None:
        return False
    if outer.type == "comparison_operator":
        return any(other.type == "integer" for other in outer.named_children)
    call = outer.parent
    if outer.type != "argument_list" or call is None or call.type != "call":
        return False
    function = text(call.child_by_field_name("function")).rpartition(".")[2]
    return bool(_COMPARING.match(function)) and any(arg.type == "integer" for arg in arguments(call)[0][:2])
