"""The script finds its own place through `PATH_TRANSLATED` or `sys.argv`, which python27 changes.

## Why

In a CGI script `os.environ['PATH_TRANSLATED']` is the script's path, and on 2.5 `sys.argv[0]` was
too. On python27 `sys.argv` belongs to the runtime, for CGI scripts as well. For a WSGI application
`PATH_TRANSLATED` is the file that holds the application object, which may be another module, or its
compiled `.pyc`. Templates and data files looked for beside it are then not found.

Left alone are uses of `sys.argv` in code that only the command line runs, and its further items.

## Fix

Use `__file__`, the path of the module itself. Where the module lies in the same folder as every
script that leads to it, the fix does that.

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
import os

HERE = os.path.dirname(os.environ['PATH_TRANSLATED'])
```

```python after main.py
import os

HERE = os.path.dirname(__file__)
```

## Source

SDK: google/appengine/runtime/wsgi.py, `_LoadHandler`, sets `PATH_TRANSLATED` to the file of the
module that holds the application; runtime/cgi.py sets it to the script.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from tree_sitter import Node

from gaebot.app import App
from gaebot.finding import Finding, Fix, RunsOn, Safety, Severity
from gaebot.rule import Rule, python_with
from gaebot.rules.python27.shared.scripts.handler_scripts import RequestFile, asked_files
from gaebot.syntax.nodes import ancestors, is_target, text
from gaebot.syntax.python import PythonFile

RULE = Rule(__name__, Severity.WARNING, only_in=python_with("PATH_TRANSLATED", "argv"))

_READS = """
(subscript value: (_) @value . subscript: (_) @key .) @read
(call function: (_) @value arguments: (argument_list . (string) @key)) @read
"""
_ENVIRON = ("os.environ", "os.environ.get", "os.getenv")
_DIRNAME = ("os.path.dirname", "posixpath.dirname")
_PATH_FUNCTIONS = (*_DIRNAME, "os.path.abspath", "os.path.realpath", "os.path.split")


def check(app: App) -> Iterator[Finding]:
    """Reads of the script's path from `PATH_TRANSLATED` or `sys.argv[0]`."""
    for file in asked_files(app):
        data = file.file.source.data
        if b"PATH_TRANSLATED" in data or b"argv" in data:
            for node, what in _reads(file):
                if file.runs(node):
                    message = (
                        f"{what}. Use `__file__` for the path of this module, or build paths from"
                        " `os.path.dirname(__file__)`."
                    )
                    yield RULE.finding(file.file.place(node), message, fix=_fix(file, node))


def _reads(file: RequestFile) -> Iterator[tuple[Node, str]]:
    for match in file.file.matches(_READS):
        node, value, key = match["read"], match["value"], match["key"]
        if is_target(node):
            continue
        if text(key).strip("rRuUbB'\"") == "PATH_TRANSLATED" and file.file.refers_to(value, *_ENVIRON):
            yield node, "`PATH_TRANSLATED` is not always the path of this script on python27"
        elif text(key) == "0" and file.file.refers_to(value, "sys.argv") and _is_path(file.file, node):
            yield node, "`sys.argv` belongs to the runtime on python27 and does not name this script"


def _is_path(file: PythonFile, node: Node) -> bool:
    """Whether a node is taken apart as a path: given to a function of `os.path`."""
    return _function_around(file, node, _PATH_FUNCTIONS) is not None


def _function_around(file: PythonFile, node: Node, names: tuple[str, ...]) -> Node | None:
    """The innermost call around a node, when it is one of these functions."""
    call = next((outer for outer in ancestors(node) if outer.type != "argument_list"), None)
    if call is None or call.type != "call" or call.child_by_field_name("function") is None:
        return None
    function = call.child_by_field_name("function")
    return call if function is not None and file.refers_to(function, *names) else None


def _fix(file: RequestFile, node: Node) -> Fix | None:
    """`__file__`, where it is the same path: in the script itself, or as to the folder beside it."""
    folder = posixpath.dirname(file.path)
    is_alone = all(script.path == file.path for script in file.scripts)
    is_beside = all(posixpath.dirname(script.path) == folder for script in file.scripts)
    if not is_alone and not (is_beside and _function_around(file.file, node, _DIRNAME)):
        return None
    edit = file.file.source.edit(file.file.span(node), b"__file__")
    return Fix("Use `__file__`", (edit,), Safety.REVIEW, RunsOn.BOTH)
