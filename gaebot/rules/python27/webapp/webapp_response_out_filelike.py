"""`self.response.out` is used as a file, which it no longer is.

## Why

In webapp `self.response.out` was a StringIO. In webapp2 it is the response itself: it has `write`, and of
the rest of a file nothing. `getvalue()`, `seek()` or `writelines()` raise AttributeError; a ZIP file
can't be written to it, because `zipfile` asks for `tell()`. It can't be assigned to either.

## Fix

`self.response.body` for `getvalue()`, which gives bytes where unicode was written, and
`write(''.join(…))` for `writelines(…)`, which wants texts alone. Write what wants a
real file into a StringIO first, then its value to the response.

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

class Main(webapp2.RequestHandler):
    def get(self):
        self.response.out.writelines(self.rows())
        self.save(self.response.out.getvalue())

app = webapp2.WSGIApplication([('/', Main)])
```

```python after main.py
import webapp2

class Main(webapp2.RequestHandler):
    def get(self):
        self.response.out.write(''.join(self.rows()))
        self.save(self.response.body)

app = webapp2.WSGIApplication([('/', Main)])
```

## Source

SDK: lib/webapp2-2.3/webapp2.py, `Response.out`; google/appengine/ext/webapp/_webapp25.py,
`Response.__init__`.
"""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from gaebot.app import App
from gaebot.finding import Finding, Fix, RunsOn, Safety, Severity
from gaebot.rule import Rule, python_with
from gaebot.rules.python27.shared.config.services import has_switched
from gaebot.rules.python27.shared.scripts.handler_scripts import asked_files
from gaebot.rules.python27.shared.webapp.messages import MessageUse, response_uses
from gaebot.syntax.nodes import arguments, scope_node, text
from gaebot.syntax.python import PythonFile
from gaebot.text import Span

RULE = Rule(__name__, Severity.ERROR, only_in=python_with("out"))

_MEMBERS = frozenset(
    {
        *("getvalue", "writelines", "seek", "tell", "truncate", "flush", "read", "readline", "readlines"),
        *("len", "buf", "pos", "closed", "close", "isatty"),
    }
)
_WANT_FILES = frozenset({"zipfile.ZipFile", "tarfile.open", "tarfile.TarFile"})


def check(app: App) -> Iterator[Finding]:
    """Each use of `out` that wants more than `write`."""
    for use in response_uses(app, asked_files(app)):
        if use.member is not None and use.member_name == "out":
            yield from _judge(app, use, use.member)
            for name in _local_names(use.python, use.member):
                yield from _judge(app, use, name)


def _local_names(file: PythonFile, out: Node) -> Iterator[Node]:
    """The uses of the local name after `out = self.response.out`, where nothing else is bound to it."""
    statement = out.parent
    target = statement.child_by_field_name("left") if statement is not None else None
    if target is None or target.type != "identifier" or len(file.lookup(text(target), target)) != 1:
        return
    for name in file.identifiers(text(target), within=scope_node(target)):
        known = file.lookup(text(target), name)
        if name.id != target.id and len(known) == 1 and known[0].name.id == target.id:
            yield name


def _judge(app: App, use: MessageUse, out: Node) -> Iterator[Finding]:
    """What is wrong with one use of `out`, or of a local name for it."""
    outer = out.parent
    if outer is None:
        return
    if outer.type == "attribute" and outer.child_by_field_name("object") == out:
        name = text(outer.child_by_field_name("attribute"))
        if name in _MEMBERS:
            message = f"`self.response.out` has no `{name}` in webapp2: it is the response, and no file."
            yield RULE.finding(use.python.place(outer), message, fix=_fix(app, use, outer, name))
    elif outer.type == "assignment" and outer.child_by_field_name("left") == out:
        message = "`self.response.out` can't be assigned to in webapp2: write to the response instead."
        yield RULE.finding(use.python.place(out), message)
    elif _wants_file(use, out):
        message = "This wants a file with `tell`, and `self.response.out` is none in webapp2: use a StringIO."
        yield RULE.finding(use.python.place(out), message)


def _wants_file(use: MessageUse, out: Node) -> bool:
    outer = out.parent
    while outer is not None and outer.type in {"argument_list", "keyword_argument"}:
        outer = outer.parent
    function = outer.child_by_field_name("function") if outer is not None and outer.type == "call" else None
    if function is None or outer is None or not use.python.refers_to(function, *_WANT_FILES):
        return False
    # With a `|` in its mode `tarfile` only ever writes.
    return "|" not in text(outer.child_by_field_name("arguments"))


def _fix(app: App, use: MessageUse, chain: Node, name: str) -> Fix | None:
    call, source = chain.parent, use.python.source
    attribute = chain.child_by_field_name("attribute")
    if (
        call is None
        or call.type != "call"
        or call.child_by_field_name("function") != chain
        or attribute is None
    ):
        return None
    if name == "getvalue" and not arguments(call)[0] and has_switched(app):
        edit = source.edit(use.python.span(call), (use.node.text or b"") + b".body")
        return Fix("Take the body", (edit,), Safety.REVIEW, RunsOn.TARGET)
    return _joined(use, call, attribute) if name == "writelines" else None


def _joined(use: MessageUse, call: Node, attribute: Node) -> Fix | None:
    """The fix that writes `''.join(rows)`."""
    source, holder = use.python.source, call.child_by_field_name("arguments")
    positional, named = arguments(call)
    if holder is not None and holder.type == "generator_expression":
        # `writelines(x for x in y)`: the brackets belong to the generator.
        rows = holder
        edits = [source.edit(use.python.span(attribute), b"write(''.join")]
    elif len(positional) == 1 and not named:
        rows = positional[0]
        edits = [
            source.edit(use.python.span(attribute), b"write"),
            source.edit(Span(rows.start_byte, rows.start_byte), b"''.join("),
        ]
    else:
        return None
    edits.append(source.edit(Span(rows.end_byte, rows.end_byte), b")"))
    return Fix("Write the joined rows", tuple(edits), Safety.REVIEW, RunsOn.BOTH)
