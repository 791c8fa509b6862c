"""A request is ended with `sys.exit()`, which python27 answers with an error page.

## Why

On 2.5 a script could end with `sys.exit()`, and what it had written by then was sent. On python27
`SystemExit` is logged as an error and the visitor gets status 500, from a CGI script as well as
from a WSGI application, even for `sys.exit(0)`. `exit()`, `quit()`, `raise SystemExit` and
`os._exit()` are no better.

Left alone are code that only the command line runs, files that no handler script leads to, exits
that the code itself catches or makes after a failed import, and those with a failure status in a
module that handler scripts import.

## Fix

Leave the function with `return`. In a request handler that has called another method, let that
method say whether to go on, or use `self.abort(403)` of webapp2. `sys.exit(main())` at the end of a
CGI script becomes `main()`; the fix does that.

## Example

```yaml before app.yaml
runtime: python27
api_version: 1
threadsafe: false
handlers:
- url: /
  script: main.py
```

```python before main.py
import sys

def main():
    print 'Content-Type: text/plain'
    print
    print 'Hello'

if __name__ == '__main__':
    sys.exit(main())
```

```python after main.py
import sys

def main():
    print 'Content-Type: text/plain'
    print
    print 'Hello'

if __name__ == '__main__':
    main()
```

## Source

SDK: google/appengine/runtime/cgi.py and runtime/wsgi.py catch `SystemExit` and return an error.
"""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from gaebot.app import App
from gaebot.finding import Finding, Fix, RunsOn, Safety, Severity
from gaebot.rule import Rule, python_with
from gaebot.rules.python27.shared.scripts.entry import is_guard, statements, top_level
from gaebot.rules.python27.shared.scripts.handler_scripts import RequestFile, asked_files
from gaebot.syntax.nodes import ancestors, arguments, text
from gaebot.syntax.python import PythonFile

_WORDS = frozenset({"exit", "_exit", "quit", "SystemExit"})

RULE = Rule(__name__, Severity.ERROR, only_in=python_with(*_WORDS))
_RAISES = "(raise_statement . (_) @raised) @exit"
_EXITS = ("sys.exit", "os._exit", "exit", "quit")
_CAUGHT = frozenset({"SystemExit", "BaseException", "exceptions.SystemExit"})


def check(app: App) -> Iterator[Finding]:
    """Exits in code that answers requests."""
    for file in asked_files(app):
        if not _WORDS.isdisjoint(file.file.words):
            for node in _exits(file.file):
                # A failure status in a module says that it is a tool's.
                is_request = file.script is not None or _status(node) in {"", "0", "None"}
                if is_request and file.runs(node) and not _is_caught(file.file, node):
                    yield _finding(file, node)


def _finding(file: RequestFile, node: Node) -> Finding:
    what = text(node.child_by_field_name("function")) + "()" if node.type == "call" else "raise SystemExit"
    message = (
        f"`{what}` does not end the request on python27, it turns it into an error page (status 500)."
        " Leave the function with `return` instead."
    )
    # A module that is imported may exit for other callers than handlers.
    severity = Severity.ERROR if file.script is not None else Severity.WARNING
    return RULE.finding(file.file.place(node), message, fix=_fix(file.file, node), severity=severity)


def _exits(file: PythonFile) -> list[Node]:
    found = file.calls(*_EXITS)
    for match in file.matches(_RAISES):
        raised = match["raised"]
        if raised.type == "expression_list" and raised.named_children:  # raise SystemExit, 0
            raised = raised.named_children[0]
        if file.refers_to(raised, "SystemExit", "SystemExit()"):
            found.append(match["exit"])
    return sorted(found, key=lambda node: node.start_byte)


def _status(node: Node) -> str:
    """What the exit is given, as source text: empty when nothing is."""
    if node.type == "raise_statement":
        raised = node.named_children[0]
        if raised.type == "expression_list":
            return text(raised.named_children[-1])
        node = raised
    holder = node.child_by_field_name("arguments")
    return text(holder).strip("() ")


def _is_caught(file: PythonFile, node: Node) -> bool:
    """Whether a `try` around catches the exit, or it answers a failed import."""
    inner = node
    for outer in ancestors(node):
        if outer.type == "try_statement" and outer.child_by_field_name("body") == inner:
            clauses = [child for child in outer.named_children if child.type == "except_clause"]
            if any(_catches(file, clause, _CAUGHT) for clause in clauses):
                return True
        if outer.type == "except_clause" and _catches(file, outer, frozenset({"ImportError"})):
            return True
        if outer.type in {"function_definition", "lambda"}:
            return False
        inner = outer
    return False


def _catches(file: PythonFile, clause: Node, names: frozenset[str]) -> bool:
    """Whether an `except` names one of these exceptions, or none at all."""
    caught = clause.child_by_field_name("value")
    if caught is None:
        return names is _CAUGHT
    inner = caught.named_children if caught.type in {"tuple", "as_pattern"} else [caught]
    return any(file.refers_to(node, *names) for node in inner)


def _fix(file: PythonFile, call: Node) -> Fix | None:
    """`sys.exit(main())` as the last statement of the guard at the end of the file: `main()`."""
    if call.type != "call" or not file.refers_to(call, "sys.exit()"):
        return None
    positional, named = arguments(call)
    statement = call.parent
    if len(positional) != 1 or named or positional[0].type != "call" or statement is None:
        return None
    last = top_level(file)[-1]
    if is_guard(last) and statement == statements(last)[-1] and statement.type == "expression_statement":
        edit = file.source.edit(file.span(call), positional[0].text or b"")
        return Fix(f"Call `{text(positional[0])}` alone", (edit,), Safety.SAFE, RunsOn.BOTH)
    return None
