"""The context of `decimal` is set for the thread that loads the module alone.

## Why

`decimal.getcontext()` is another object in each thread. A module is loaded by the thread of one request:
`decimal.getcontext().prec = 6` at module level holds for the requests that this thread serves, and the
others go on with 28 digits. Prices then come out one way or the other, as it happens.

A new thread takes its context from `decimal.DefaultContext`.

Left alone is what request code sets for itself, what stands in `with decimal.localcontext():`, and modules
that set the same of `DefaultContext`.

## Fix

Set it of `decimal.DefaultContext` too. gaebot adds that line where the module can say its name.
Or say it where it is needed: `with decimal.localcontext() as context:`, `price.quantize(…)`.

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
import decimal
import webapp2

decimal.getcontext().prec = 6

class Main(webapp2.RequestHandler):
    def get(self):
        self.response.write(decimal.Decimal(1) / 3)

app = webapp2.WSGIApplication([('/', Main)])
```

```python after main.py
import decimal
import webapp2

decimal.DefaultContext.prec = 6
decimal.getcontext().prec = 6

class Main(webapp2.RequestHandler):
    def get(self):
        self.response.write(decimal.Decimal(1) / 3)

app = webapp2.WSGIApplication([('/', Main)])
```

## Source

CPython 2.7: Lib/decimal.py, `getcontext` makes a `Context()` for each thread, which copies `DefaultContext`;
the manual, "Working with threads".
"""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from gaebot.app import App
from gaebot.finding import Finding, Fix, RunsOn, Safety, Severity
from gaebot.rule import Rule, python_with
from gaebot.rules.python27.shared.concurrency.severity import severity
from gaebot.rules.python27.shared.reach.code import app_code
from gaebot.rules.python27.shared.reach.constants import is_constant
from gaebot.rules.python27.shared.reach.outside import assigned_attributes, assignment_of
from gaebot.rules.python27.shared.reach.placing import runs_on_import
from gaebot.rules.python27.shared.scripts.handler_scripts import RequestFile
from gaebot.syntax.nodes import ancestors, text
from gaebot.syntax.python import PythonFile
from gaebot.text import Span

RULE = Rule(__name__, Severity.WARNING, only_in=python_with("getcontext", "setcontext"))

_GET = "decimal.getcontext"
_SET = "decimal.setcontext"
_DEFAULT = "decimal.DefaultContext"
_MEMBERS = frozenset({"prec", "rounding", "Emin", "Emax", "capitals"})


def check(app: App) -> Iterator[Finding]:
    """Each part of the context that is set for the loading thread alone."""
    for file in app_code(app).asked:
        if b"decimal" not in file.file.source.data:
            continue
        set_for_all = set(_members_set(file.file, _DEFAULT))
        for target in assigned_attributes(file.file):
            name = text(target.child_by_field_name("attribute"))
            owner = target.child_by_field_name("object")
            if owner is None or name not in _MEMBERS or name in set_for_all:
                continue
            if file.file.refers_to(owner, f"{_GET}()") and _counts(app, file, target):
                message = (
                    f"Only the thread that loads this module gets this `{name}`: the requests that other"
                    f" threads serve do without. Set it of `decimal.DefaultContext` too."
                )
                yield _finding(app, file, target, message, _fix(file.file, target, name))
        for call in file.file.calls(_SET):
            if _counts(app, file, call) and not set_for_all:
                message = (
                    "Only the thread that loads this module gets this context: the requests that other"
                    " threads serve do without. Change `decimal.DefaultContext` instead."
                )
                yield _finding(app, file, call, message, None)


def _finding(app: App, file: RequestFile, node: Node, message: str, fix: Fix | None) -> Finding:
    level = severity(app, file.path, RULE.severity)
    return RULE.finding(file.file.place(node), message, fix=fix, severity=level)


def _counts(app: App, file: RequestFile, node: Node) -> bool:
    """Whether code runs on import, and outside `with decimal.localcontext():`."""
    return runs_on_import(app, file, node) and not any(
        outer.type == "with_statement" and b"localcontext" in (outer.text or b"").partition(b"\n")[0]
        for outer in ancestors(node)
    )


def _members_set(file: PythonFile, owner: str) -> Iterator[str]:
    """What a file sets of a context."""
    for target in assigned_attributes(file):
        held = target.child_by_field_name("object")
        if held is not None and file.refers_to(held, owner):
            yield text(target.child_by_field_name("attribute"))


def _fix(file: PythonFile, target: Node, name: str) -> Fix | None:
    """Set the same of the context that new threads start with, where the module can say its name."""
    assignment = assignment_of(target)
    statement = assignment.parent if assignment is not None else None
    owner = target.child_by_field_name("object")
    getter = owner.child_by_field_name("function") if owner is not None and owner.type == "call" else None
    value = assignment.child_by_field_name("right") if assignment is not None else None
    if assignment is None or statement is None or getter is None or value is None:
        return None
    is_plain = assignment.type == "assignment" and assignment.child_by_field_name("left") == target
    if not is_plain or not is_constant(file, value) or not file.stands_alone(statement):
        return None
    context = _default_context(file, getter)
    if context is None:
        return None
    start = file.line_span(statement).start
    if file.source.data[start : statement.start_byte].strip():
        return None
    new = file.indent(statement) + f"{context}.{name} = {text(value)}".encode("latin-1") + file.source.newline
    edit = file.source.edit(Span(start, start), new)
    return Fix("Set it for all threads", (edit,), Safety.REVIEW, RunsOn.BOTH)


def _default_context(file: PythonFile, getter: Node) -> str | None:
    """How a file can say `DefaultContext` where it says `getcontext`; None where it can't."""
    if getter.type == "attribute":
        return f"{text(getter.child_by_field_name('object'))}.DefaultContext"
    for binding in file.imports():
        if binding.origin == _DEFAULT:
            return binding.text
        if binding.origin == "decimal.*":
            return "DefaultContext"
    return None
