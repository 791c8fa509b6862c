"""An attribute of a `threading.local()` is set when the module is loaded, and missing in other threads.

## Why

What is set on an object made by `threading.local()` is there in the thread that has set it, and in no other.
A module is loaded by the thread of one request; `state.user = None` at module level gives that thread a user,
and the requests that other threads serve get AttributeError. On python27 requests run in many threads.

Left alone are attributes that request code sets too, or asks for with `getattr(state, 'user', None)`,
`hasattr` or a `try`, and classes below `threading.local` that give the attribute to each thread, in their
body or in their `__init__`.

## Fix

Give each thread its own start: a class below `threading.local` with the attribute in its body, or in its
`__init__` where the value can change, which Python runs once in each thread. gaebot does that where
the values are plain. It is for python27: `threading` on 2.5 was a dummy.

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
import threading
import webapp2

state = threading.local()
state.language = 'en'

class Main(webapp2.RequestHandler):
    def get(self):
        self.response.write(state.language)

app = webapp2.WSGIApplication([('/', Main)])
```

```python after main.py
import threading
import webapp2

class _Local(threading.local):
    language = 'en'

state = _Local()

class Main(webapp2.RequestHandler):
    def get(self):
        self.response.write(state.language)

app = webapp2.WSGIApplication([('/', Main)])
```

## Source

CPython 2.7: Lib/_threading_local.py, "A brief tutorial"; Modules/threadmodule.c, `local`.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from tree_sitter import Node

from gaebot.app import App
from gaebot.finding import Finding, Fix, Related, RunsOn, Safety, Severity
from gaebot.rule import Rule
from gaebot.rules.python27.shared.concurrency.severity import severity
from gaebot.rules.python27.shared.reach.code import ClassCode, FunctionCode, app_code
from gaebot.rules.python27.shared.reach.globals import module_values, uses_of_global, values_in_reach
from gaebot.rules.python27.shared.reach.outside import assignment_of
from gaebot.rules.python27.shared.reach.placing import request_function, runs_on_import
from gaebot.rules.python27.shared.reach.requests import how
from gaebot.rules.python27.shared.scripts.handler_scripts import RequestFile
from gaebot.syntax.imports import is_free
from gaebot.syntax.lines import drop_statement
from gaebot.syntax.nodes import ancestors, string_value, text
from gaebot.syntax.python import Binding, PythonFile
from gaebot.text import Edit

RULE = Rule(__name__, Severity.ERROR)

_LOCALS = ("threading.local", "_threading_local.local", "thread._local")
_IMMUTABLE = frozenset({"string", "integer", "float", "true", "false", "none"})
_EMPTY = frozenset({"[]", "{}", "set()", "dict()", "list()"})
_INDENT = re.compile(rb"^([ \t]+)\S", re.MULTILINE)
_NEW_CLASS = "_Local"


@dataclass(eq=False)
class _Attribute:
    """What code does with one attribute of a local object."""

    set_on_import: list[tuple[RequestFile, Node]] = field(default_factory=list)
    read: list[tuple[RequestFile, Node, FunctionCode]] = field(default_factory=list)
    is_handled: bool = False


def check(app: App) -> Iterator[Finding]:
    """One finding for each attribute that only the loading thread has."""
    if not any(_is_local(app, file, binding) for file, binding in values_in_reach(app)):
        return
    for file in app_code(app).files.values():
        if b"local" not in file.file.source.data:
            continue
        for binding in module_values(file.file):
            if _is_local(app, file.file, binding):
                yield from _check(app, file, binding)


def _is_local(app: App, file: PythonFile, binding: Binding) -> bool:
    """Whether a name stands for an object that is made by `threading.local`, or a class below it."""
    value = binding.value
    if value is None or value.type != "call":
        return False
    function = value.child_by_field_name("function")
    if function is not None and file.refers_to(function, *_LOCALS):
        return True
    code = app_code(app)
    classes = code.instance_of(file, value)
    return bool(classes) and all(set(_LOCALS) & set(code.outside_bases(cls)) for cls in classes)


def _check(app: App, file: RequestFile, binding: Binding) -> Iterator[Finding]:
    attributes = _attributes(app, file, binding)
    if attributes is None:
        return
    given = {name for cls in app_code(app).instance_of(file.file, binding.value) for name in _given(app, cls)}
    lost = {
        name: found
        for name, found in attributes.items()
        if found.set_on_import and found.read and not found.is_handled and name not in given
    }
    fix = _fix(file.file, binding, attributes, list(lost)) if lost else None
    for name, found in lost.items():
        at, node = found.set_on_import[0]
        reader, read, function = found.read[0]
        way = f"Take a class below `threading.local` that has `{name}`."
        message = (
            f"Only the thread that loads this module gets `{binding.text}.{name}`: where a request in another"
            f" thread reads it, AttributeError is raised. {way} {how(app, function)}"
        )
        related = [Related(reader.file.place(read), "It is read here.")]
        level = severity(app, at.path, RULE.severity)
        yield RULE.finding(at.file.place(node), message, fix=fix, related=related, severity=level)


def _attributes(app: App, file: RequestFile, binding: Binding) -> dict[str, _Attribute] | None:
    """What is done with the attributes of a local object; None where it is handed on: then nobody knows."""
    found: dict[str, _Attribute] = defaultdict(_Attribute)
    for user, node in uses_of_global(app, file.file, binding):
        chain = node.parent
        if chain is None or chain.type != "attribute" or chain.child_by_field_name("object") != node:
            asked = _asked_for(chain) if chain is not None else None
            if asked is None:
                return None
            found[asked].is_handled = True
            continue
        name = text(chain.child_by_field_name("attribute"))
        if name.startswith("__"):
            return None
        function = request_function(app, user, node)
        statement = assignment_of(chain)
        if runs_on_import(app, user, node):
            if statement is not None:
                found[name].set_on_import.append((user, statement))
        elif statement is not None or any(outer.type == "try_statement" for outer in ancestors(node)):
            found[name].is_handled = True
        elif function is not None:
            found[name].read.append((user, chain, function))
    return found


def _asked_for(holder: Node) -> str | None:
    """The attribute that `getattr(state, 'user', None)` and the like name; None for other uses."""
    call = holder.parent if holder.type == "argument_list" else None
    called = text(call.child_by_field_name("function")) if call is not None else ""
    if called not in {"getattr", "hasattr", "setattr", "delattr"} or len(holder.named_children) < 2:
        return None
    return string_value(holder.named_children[1])


def _given(app: App, cls: ClassCode) -> Iterator[str]:
    """The attributes that a class gives to each thread: in its body, and in its `__init__`."""
    for each in app_code(app).lineage(cls):
        yield from each.file.scope_at(each.body).bindings
        start = each.methods.get("__init__")
        for match in re.finditer(rb"\.(\w+)\s*=", (start.text if start is not None else None) or b""):
            yield match.group(1).decode()


# -- the fix -----------------------------------------------------------------------------------


def _fix(
    file: PythonFile, binding: Binding, attributes: dict[str, _Attribute], lost: list[str]
) -> Fix | None:
    """Make a class of the object's attributes, where all are plain values that the same module sets."""
    call, statement = binding.value, binding.statement.parent
    function = call.child_by_field_name("function") if call is not None else None
    if function is None or statement is None or not file.refers_to(function, *_LOCALS):
        return None
    if statement.parent is None or statement.parent.type != "module" or not file.stands_alone(statement):
        return None
    if not is_free(file, _NEW_CLASS) or text(call) != f"{text(function)}()":
        return None
    edits: list[Edit | None] = []
    values: dict[str, str] = {}
    for name in lost:
        for user, assignment in attributes[name].set_on_import:
            value, line = assignment.child_by_field_name("right"), assignment.parent
            left = assignment.child_by_field_name("left")
            is_plain = value is not None and (value.type in _IMMUTABLE or text(value) in _EMPTY)
            if not is_plain or user.file is not file or assignment.type != "assignment" or name in values:
                return None
            if line is None or line.parent is None or line.parent.type != "module" or left is None:
                return None
            if left.type != "attribute" or line.start_byte < statement.start_byte:
                return None
            values[name] = text(value)
            edits.append(drop_statement(file, line))
    edits.append(_class_edit(file, statement, binding, text(function), values))
    if None in edits:
        return None
    title = "Give the attributes to each thread"
    made = tuple(sorted((edit for edit in edits if edit is not None), key=lambda edit: edit.start))
    return Fix(title, made, Safety.REVIEW, RunsOn.TARGET)


def _class_edit(
    file: PythonFile, statement: Node, binding: Binding, base: str, values: dict[str, str]
) -> Edit:
    """The class, and the assignment that makes its one object."""
    newline = file.source.newline.decode()
    match = _INDENT.search(file.source.data)
    indent = match.group(1).decode() if match is not None else "    "
    lines = [f"class {_NEW_CLASS}({base}):"]
    if any(value in _EMPTY for value in values.values()):
        lines.append(f"{indent}def __init__(self):")
        lines += [f"{indent}{indent}self.{name} = {value}" for name, value in values.items()]
    else:
        lines += [f"{indent}{name} = {value}" for name, value in values.items()]
    lines += ["", f"{binding.text} = {_NEW_CLASS}()"]
    return file.source.edit(file.span(statement), newline.join(lines).encode("latin-1"))
