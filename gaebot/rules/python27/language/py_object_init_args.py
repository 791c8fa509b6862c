"""Arguments are passed on to `object.__init__`.

## Why

Python 2.5 let `super(Page, self).__init__(name)` pass where nothing but `object` stood above the class.
Since 2.6 it raises TypeError, "object.__init__() takes no parameters", whenever a Page is made.

## Fix

Call it without arguments.

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
import webapp2

class Page(object):
    def __init__(self, name):
        super(Page, self).__init__(name)
        self.name = name

app = webapp2.WSGIApplication([])
```

```python after main.py
import webapp2

class Page(object):
    def __init__(self, name):
        super(Page, self).__init__()
        self.name = name

app = webapp2.WSGIApplication([])
```

## Source

Python, "What's New in Python 2.6": object.__init__ no longer accepts arbitrary arguments.
"""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from gaebot.app import App
from gaebot.finding import Finding, Fix, RunsOn, Safety, Severity
from gaebot.rule import Rule, python_with
from gaebot.rules.python27.shared.scripts.handler_scripts import asked_files
from gaebot.syntax.nodes import text
from gaebot.syntax.python import PythonFile

RULE = Rule(__name__, Severity.ERROR, only_in=python_with("super"))

_CALLS = "(call function: (attribute object: (call) @super attribute: (identifier) @name)) @call"


def check(app: App) -> Iterator[Finding]:
    """Each such call in a class that stands directly below `object`, and below which stands no other."""
    for file in asked_files(app):
        if b"super" not in file.file.source.data:
            continue
        for node in file.file.keyword_nodes("class"):
            name = text(node.child_by_field_name("name"))
            if not _is_below_object(node) or _is_base(app, name):
                continue
            for match in file.file.matches(_CALLS, node):
                call = match["call"]
                if text(match["name"]) == "__init__" and _passes(file.file, match, name) and file.runs(call):
                    holder = call.child_by_field_name("arguments")
                    message = "Only `object` stands above this class, and its `__init__` takes no arguments."
                    fix = None
                    if holder is not None:
                        edit = file.file.source.edit(file.file.span(holder), b"()")
                        fix = Fix("Call it without arguments", (edit,), Safety.SAFE, RunsOn.BOTH)
                    yield RULE.finding(file.file.place(call), message, fix=fix)


def _is_below_object(node: Node) -> bool:
    holder = node.child_by_field_name("superclasses")
    bases = [text(base) for base in holder.named_children] if holder is not None else []
    return bases == ["object"] and b"def __new__" not in (node.text or b"")


def _is_base(app: App, name: str) -> bool:
    """Whether another class may stand below one of this name: then something else may come next to it."""
    word = name.encode()
    return any(
        word in (holder.text or b"")
        for file in app.python_files(word)
        for node in file.keyword_nodes("class")
        if (holder := node.child_by_field_name("superclasses")) is not None
    )


def _passes(file: PythonFile, match: dict[str, Node], name: str) -> bool:
    """Whether a call goes up from this class and passes plain arguments."""
    holder = match["call"].child_by_field_name("arguments")
    given = holder.named_children if holder is not None else []
    code = text(match["super"]).replace(" ", "")
    is_own = code.startswith(f"super({name},") and not file.lookup("super", match["super"])
    plain = {"list_splat", "dictionary_splat"}
    return is_own and bool(given) and not any(node.type in plain for node in given)
