"""Code counts on being `__main__`, the name that a script has only while it runs as CGI.

## Why

A CGI script runs under the name `__main__`: `import __main__` and `sys.modules['__main__']` give
that script. In a WSGI application `__main__` is a program of App Engine, and the script is a module
under its own name.

What is pickled carries the name along. A function of a CGI script that is given to
`deferred.defer`, and an object of a class defined there that goes into memcache or a session, are
stored as `__main__.name`. Nothing can load them afterwards: `deferred` fails on python27 with
"Cannot re-init internal module __main__". As a WSGI application the same code works, but what is
already stored stays unreadable: let the task queues run empty and flush memcache at the switch.

## Fix

Import the module by its own name. Move functions that are deferred, and classes that are pickled,
into a module that is no handler script.

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
import views
```

```python before views.py
import __main__

def title():
    return __main__.TITLE
```

## Source

SDK: google/appengine/runtime/cgi.py makes the script `sys.modules['__main__']` while it runs,
runtime/wsgi.py does not.
"""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from gaebot.app import App
from gaebot.finding import Finding, Severity
from gaebot.rule import Rule, python_with
from gaebot.rules.python27.shared.scripts.handler_scripts import RequestFile, asked_files
from gaebot.syntax.nodes import arguments, text
from gaebot.syntax.python import PythonFile

RULE = Rule(__name__, Severity.WARNING, only_in=python_with("__main__", "defer"))

_MAIN = "__main__"
_DEFER = "google.appengine.ext.deferred.defer"


def check(app: App) -> Iterator[Finding]:
    """Uses of the module `__main__`, and functions of CGI scripts that are deferred."""
    for file in asked_files(app):
        if b"__main__" in file.file.source.data:
            for node in _uses_of_main(file.file):
                if file.runs(node):
                    yield _finding(file, node)
        if b"defer" in file.file.source.data and file.script is not None and not file.script.is_wsgi:
            yield from _deferred(file)


def _finding(file: RequestFile, node: Node) -> Finding:
    name = file.scripts[0].file.module
    how = f"Import `{name}` by its name, from inside a function if the two import each other."
    if file.is_wsgi:
        message = f"In a WSGI application `__main__` is a program of App Engine, not your script. {how}"
        return RULE.finding(file.file.place(node), message, severity=Severity.ERROR)
    message = f"`__main__` is your script only while it runs as a CGI script. {how}"
    return RULE.finding(file.file.place(node), message)


def _uses_of_main(file: PythonFile) -> list[Node]:
    found = [b.statement for b in file.imports() if (b.origin or "").split(".")[0] == _MAIN]
    for name in file.strings(_MAIN):
        around = name.parent
        if around is None:
            continue
        value = around.child_by_field_name("value")
        looks_up = around.type == "subscript" and value is not None and file.refers_to(value, "sys.modules")
        if looks_up or (around.type == "comparison_operator" and _asks_a_class(around)):
            found.append(around)
    return sorted(dict.fromkeys(found), key=lambda node: node.start_byte)


def _asks_a_class(comparison: Node) -> bool:
    """Whether this is `something.__module__ == '__main__'`."""
    operands = [text(node) for node in comparison.named_children]
    names_main = any(operand.strip("'\"") == _MAIN for operand in operands)
    return names_main and any(operand.endswith(".__module__") for operand in operands)


def _deferred(file: RequestFile) -> Iterator[Finding]:
    for call in file.file.calls(_DEFER):
        given, _ = arguments(call)
        own = [b for b in file.file.lookup(text(given[0]), given[0]) if b.kind == "def"] if given else []
        if own and given[0].type == "identifier" and file.runs(call):
            name = text(given[0])
            message = (
                f"The task for `{name}` is stored as `__main__.{name}`, because this is a CGI script, and"
                " python27 can't load it again. Move the function into a module that is no handler script,"
                " or make this script a WSGI application."
            )
            yield RULE.finding(file.file.place(call), message)
