"""A request changes `sys.path`.

## Why

`sys.path` is one list for the whole process. On 2.5 a CGI script without a `main()` began anew with every
request; a WSGI application lives as long as its instance. A handler that puts a folder there makes the list
longer with each request, and each import that finds nothing looks through all of it. With
`threadsafe: true` the imports of other requests meet the list in whatever state it is in at that moment:
where a handler takes its folder out again, they may find another module of the same name, or none.

Behind `if folder not in sys.path:` it does not grow, and gaebot says so in a note only.

`lib-sys-path-hacks` speaks of changes at module level. Third-party code and tests are left alone.

## Fix

Do it once, in appengine_config.py, which the runtime imports first: `vendor.add('lib')` of
`google.appengine.ext.vendor`, or `sys.path.insert(0, …)` for a zip archive.

## Example

```yaml before app.yaml
runtime: python27
api_version: 1
threadsafe: true
handlers:
- url: /.*
  script: main.app
```

```python before main.py
import sys
import webapp2

class Main(webapp2.RequestHandler):
    def get(self):
        sys.path.insert(0, 'lib.zip')
        import markdown
        self.response.write(markdown.markdown(self.request.get('text')))

app = webapp2.WSGIApplication([('/', Main)])
```

## Source

Google, "Migrating to Python 2.7", Making your application threadsafe. CPython 2.7: Python/import.c,
`find_module`, tries the entries of `sys.path` one after the other.
"""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from gaebot.app import App
from gaebot.finding import Finding, Related, Severity
from gaebot.rule import Rule, python_with
from gaebot.rules.python27.shared.concurrency.severity import severity
from gaebot.rules.python27.shared.reach.code import FunctionCode, app_code
from gaebot.rules.python27.shared.reach.constants import is_constant
from gaebot.rules.python27.shared.reach.outside import assignment_of
from gaebot.rules.python27.shared.reach.placing import request_function
from gaebot.rules.python27.shared.reach.requests import how
from gaebot.rules.python27.shared.scripts.handler_scripts import RequestFile
from gaebot.syntax.nodes import ancestors, text
from gaebot.syntax.python import PythonFile

RULE = Rule(__name__, Severity.WARNING, only_in=python_with("sys"))

_PATH = "sys.path"
_GROW = frozenset({"insert", "append", "extend"})
_SHRINK = frozenset({"remove", "pop"})
_MOST_RELATED = 5


def check(app: App) -> Iterator[Finding]:
    """One finding for each function that changes it."""
    for file in app_code(app).asked:
        if b"sys" not in file.file.source.data or b"path" not in file.file.source.data:
            continue
        changes: dict[FunctionCode, list[Node]] = {}
        for node in _changes(file.file):
            function = request_function(app, file, node)
            if function is not None:
                changes.setdefault(function, []).append(node)
        for function, nodes in changes.items():
            yield _finding(app, file, function, nodes)


def _finding(app: App, file: RequestFile, function: FunctionCode, nodes: list[Node]) -> Finding:
    advice = "Do it once, in appengine_config.py."
    wanted = RULE.severity
    if any(_method(node) in _SHRINK for node in nodes):
        message = (
            "`sys.path` is one list for the whole process: the imports of requests that run at the same time"
            f" meet what this puts there, or miss what it takes away. {advice}"
        )
    elif _asks(file.file, function, nodes):
        message = f"This changes `sys.path` for the whole process while requests run. {advice}"
        wanted = Severity.NOTE
    elif all(_is_replaced(file.file, node) for node in nodes):
        message = f"Each request gives the whole process another `sys.path`. {advice}"
        wanted = Severity.NOTE
    else:
        message = f"`sys.path` gets longer with each request of an instance. {advice}"
    place = file.file.place
    related = [Related(place(node), "And here.") for node in nodes[1 : 1 + _MOST_RELATED]]
    level = severity(app, file.path, wanted)
    return RULE.finding(place(nodes[0]), f"{message} {how(app, function)}", related=related, severity=level)


def _changes(file: PythonFile) -> Iterator[Node]:
    """The calls and assignments that change `sys.path`."""
    for node in file.references(_PATH):
        parent = node.parent
        if parent is None:
            continue
        target = (
            parent if parent.type == "subscript" and parent.child_by_field_name("value") == node else node
        )
        statement = assignment_of(target)
        if statement is not None and target.type != "identifier":
            yield statement
        elif text(parent.child_by_field_name("attribute")) in _GROW | _SHRINK:
            call = parent.parent
            if call is not None and call.type == "call":
                yield call


def _method(node: Node) -> str:
    """The name of the method that a change calls; nothing for assignments."""
    function = node.child_by_field_name("function")
    return text(function.child_by_field_name("attribute")) if function is not None else ""


def _asks(file: PythonFile, function: FunctionCode, nodes: list[Node]) -> bool:
    """Whether a function looks whether `sys.path` holds something, or tests something else first."""
    for node in file.references(_PATH, within=function.node):
        if node.parent is not None and node.parent.type == "comparison_operator":
            return True
    return all(
        any(outer.type == "if_statement" and b"sys.path" in _head(outer) for outer in ancestors(node))
        for node in nodes
    )


def _head(statement: Node) -> bytes:
    condition = statement.child_by_field_name("condition")
    return (condition.text if condition is not None else None) or b""


def _is_replaced(file: PythonFile, node: Node) -> bool:
    """Whether a list that never changes is put in the place of the old one, or of one of its entries."""
    if node.type != "assignment":
        return False
    left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
    if left is None or right is None or file.references(_PATH, within=right):
        return False
    key = left.child_by_field_name("subscript") if left.type == "subscript" else None
    return (left.type == "attribute" or (key is not None and key.type == "integer")) and is_constant(
        file, right
    )
