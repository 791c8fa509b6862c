"""Work-arounds for Django on Python 2.5 fail with the Django of python27, or do nothing there.

## Why

Google's article for Python 2.5 told apps to log errors and to keep Django from rolling back with
`django.dispatch.dispatcher.connect(handler, signal)`. Django has no such functions since 1.0:
AttributeError when the script is loaded. `from django import v0_96` fails as well.

Other work-arounds were made because the 2.5 runtime had loaded a Django before the app did. python27 loads
none. `settings._target = None` does nothing there but to load the settings early. Taking Django's modules out
of `sys.modules` is worse: the instance has several scripts, and one of them may have loaded Django already,
which is then there twice.

## Fix

`signal.connect(handler)` and `signal.disconnect(handler)`, which every Django from 1.0 on has. Delete the
others; gaebot deletes `settings._target = None` where app.yaml sets `DJANGO_SETTINGS_MODULE`.

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
import django.core.handlers.wsgi
import django.core.signals
import django.db
import django.dispatch.dispatcher

django.dispatch.dispatcher.disconnect(
    django.db._rollback_on_exception, django.core.signals.got_request_exception)
app = django.core.handlers.wsgi.WSGIHandler()
```

```python after main.py
import django.core.handlers.wsgi
import django.core.signals
import django.db
import django.dispatch.dispatcher

django.core.signals.got_request_exception.disconnect(django.db._rollback_on_exception)
app = django.core.handlers.wsgi.WSGIHandler()
```

## Source

SDK: lib/django-1.2/django/dispatch/dispatcher.py has `Signal`, and no functions of these names;
lib/django-1.2/django/conf/__init__.py, `LazySettings`, keeps what it wraps in `_wrapped`.
"""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from gaebot.app import App
from gaebot.finding import Finding, Fix, Related, RunsOn, Safety, Severity
from gaebot.rule import Rule, python_with
from gaebot.rules.python27.shared.config.environment import variable
from gaebot.rules.python27.shared.config.services import has_switched, python_services
from gaebot.rules.python27.shared.libraries.library_needs import is_guarded
from gaebot.rules.python27.shared.scripts.handler_scripts import RequestFile, asked_files
from gaebot.syntax.imports import is_plain, uses_of
from gaebot.syntax.lines import drop_statement, within
from gaebot.syntax.nodes import ancestors, arguments, text
from gaebot.syntax.python import PythonFile
from gaebot.syntax.rewrite import drop_imported_names
from gaebot.text import Edit

RULE = Rule(
    __name__, Severity.ERROR, only_in=python_with("connect", "disconnect", "v0_96", "_target", "modules")
)

_DISPATCHER = "django.dispatch.dispatcher"
_CALLS = (f"{_DISPATCHER}.connect", f"{_DISPATCHER}.disconnect")
_OLD = "django.v0_96"
_SETTINGS = "DJANGO_SETTINGS_MODULE"
_TARGET = "django.conf.settings._target"


def check(app: App) -> Iterator[Finding]:
    """What each file has of the old dispatcher, of versions by their name, and of old insides."""
    for file in asked_files(app):
        data = file.file.source.data
        if b"dispatcher" in data:
            yield from _dispatcher(app, file)
        if b"v0_96" in data:
            yield from _old_version(file)
        if b"_target" in data:
            yield from _targets(app, file)
        if b"sys" in data and b"django" in data and b"modules" in data:
            yield from _modules(file)


def _old_version(file: RequestFile) -> Iterator[Finding]:
    for binding in file.file.imports():
        statement = binding.statement
        if binding.origin == _OLD and file.runs(statement) and not is_guarded(file.file, statement):
            message = "Only the Django of Python 2.5 has `v0_96`: delete the import."
            yield RULE.finding(file.file.place(statement), message)


def _modules(file: RequestFile) -> Iterator[Finding]:
    """Statements that take Django out of `sys.modules`."""
    for node in file.file.references("sys.modules"):
        statement = next((outer for outer in ancestors(node) if outer.type == "delete_statement"), None)
        if statement is None or not file.runs(statement):
            continue
        around = (statement, *ancestors(statement))
        kinds = {"delete_statement", "for_statement", "if_statement"}
        heads = [
            text(part.child_by_field_name("right") or part.child_by_field_name("condition"))
            for part in around
            if part.type in kinds
        ] + [text(statement)]
        if any("'django" in head or '"django' in head for head in heads):
            message = (
                "This takes Django out of `sys.modules`. python27 loads none by itself, and another script of"
                " the instance may use it already: delete these lines."
            )
            yield RULE.finding(file.file.place(statement), message, severity=Severity.WARNING)


# -- settings._target --------------------------------------------------------------------------


def _targets(app: App, file: RequestFile) -> Iterator[Finding]:
    """`settings._target = None`, once for each file."""
    found = [
        node.parent
        for node in file.file.references(_TARGET)
        if node.type == "attribute"
        and node.parent is not None
        and node.parent.type == "assignment"
        and node.parent.child_by_field_name("left") == node
        and file.runs(node)
    ]
    if not found:
        return
    message = (
        "`settings._target` belongs to a Django before 1.2. On python27 this does nothing but to load the"
        " settings early: delete it."
    )
    related = [Related(file.file.place(node), "And here.") for node in found[1:]]
    # Early, the settings are found by what the module has just set in `os.environ`; later by app.yaml only.
    is_set = all(variable(service, _SETTINGS) is not None for service in python_services(app))
    fix = _without(file.file, found) if has_switched(app) and is_set else None
    yield RULE.finding(file.file.place(found[0]), message, fix=fix, related=related, severity=Severity.NOTE)


def _without(file: PythonFile, assignments: list[Node]) -> Fix | None:
    """Delete the assignments, and the import of `settings` where nothing else uses it."""
    going = []
    for assignment in assignments:
        statement, value = assignment.parent, assignment.child_by_field_name("right")
        if statement is None or statement.type != "expression_statement" or text(value) != "None":
            return None
        going.append(statement)
    edits = [drop_statement(file, statement) for statement in going]
    for binding in file.imports():
        uses = uses_of(file, binding) if binding.origin == "django.conf.settings" else []
        if uses and all(within(use, going) for use in uses):
            edits.append(drop_imported_names(file, binding.statement, frozenset({binding.text})))
            going.append(binding.statement)
    for block in (node.parent for node in going):
        if (
            block is not None
            and block.type == "block"
            and all(part in going for part in block.named_children if part.type != "comment")
        ):
            return None  # nothing would be left of it
    return _made("Delete `settings._target`", edits)


# -- the dispatcher ----------------------------------------------------------------------------


def _dispatcher(app: App, file: RequestFile) -> Iterator[Finding]:
    calls = [
        call
        for call in file.file.calls(*_CALLS)
        if file.runs(call) and not is_guarded(file.file, _statement(call))
    ]
    fix = _signals(file.file, calls) if calls and has_switched(app) else None
    for call in calls:
        message = "Django's dispatcher has no such function since 1.0: say `signal.connect(f)`."
        yield RULE.finding(file.file.place(call), message, fix=fix)


def _statement(node: Node) -> Node:
    return node.parent if node.parent is not None and node.parent.type == "expression_statement" else node


def _signals(file: PythonFile, calls: list[Node]) -> Fix | None:
    """Ask the signals themselves, and drop the imports that only the calls used."""
    edits: list[Edit | None] = [_signal(file, call) for call in calls]
    for binding in file.imports():
        if binding.origin not in {_DISPATCHER, *_CALLS} or not is_plain(file, binding):
            continue
        if binding.statement.type == "import_from_statement":
            uses = uses_of(file, binding)
            functions = [call.child_by_field_name("function") for call in calls]
            if uses and all(within(use, [node for node in functions if node]) for use in uses):
                edits.append(drop_imported_names(file, binding.statement, frozenset({binding.text})))
    return _made("Ask the signal", edits)


def _signal(file: PythonFile, call: Node) -> Edit | None:
    positional, named = arguments(call)
    function = call.child_by_field_name("function")
    given = dict(zip(("receiver", "signal", "sender"), positional, strict=False)) | named
    if len(given) != len(positional) + len(named) or not given.keys() <= {"receiver", "signal", "sender"}:
        return None
    handler, signal, sender = (given.get(key) for key in ("receiver", "signal", "sender"))
    if handler is None or signal is None or function is None:
        return None
    if signal.type not in {"attribute", "identifier"} or any(
        node.type in {"list_splat", "dictionary_splat"} for node in positional
    ):
        return None
    verb = next(iter(file.origins(function))).rpartition(".")[2]
    more = f", sender={text(sender)}" if sender is not None else ""
    new = f"{text(signal)}.{verb}({text(handler)}{more})"
    return file.source.edit(file.span(call), new.encode("latin-1"))


def _made(title: str, edits: list[Edit | None]) -> Fix | None:
    """The fix that makes all of these edits; None when one of them can't be made."""
    if None in edits:
        return None
    return Fix(title, tuple(edit for edit in edits if edit is not None), Safety.REVIEW, RunsOn.TARGET)
