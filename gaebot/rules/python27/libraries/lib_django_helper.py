"""The app runs Django by a helper that was written for Python 2.5.

## Why

`appengine_django` (google-app-engine-django) asks `google.appengine.dist` for Django and takes its forms
from `google.appengine.ext.db.djangoforms`; python27 has neither, so that every page ends in ImportError.
app-engine-patch (`ragendja`, `appenginepatch`) was never made for python27. django-nonrel
(`djangoappengine`, `djangotoolbox`) runs on python27 from its version for Django 1.3 on.

## Fix

gaebot makes a copy of `appengine_django` run: it takes the calls of `use_library` out, so that Django comes
from `libraries:` of app.yaml or from the app's own copy, and lets the helper go on without the forms.
`DJANGO_SETTINGS_MODULE` is set in `env_variables:`. Only Django 1.2 and 1.3 work with the helper, and it has
been given up by its makers: plan to leave it. Forms that the app itself makes with `djangoforms` are another
matter. Apps on app-engine-patch move to plain Django with `google.appengine.ext.db`, or to django-nonrel.

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
from appengine_django import InstallAppengineHelperForDjango
InstallAppengineHelperForDjango()

import django.core.handlers.wsgi
app = django.core.handlers.wsgi.WSGIHandler()
```

```python before appengine_django/__init__.py
import os

def LoadDjango(version=None):
  from google.appengine.dist import use_library
  os.environ['DJANGO_SETTINGS_MODULE'] = 'settings'
  use_library('django', version or '1.2')

def InstallModelForm():
  from google.appengine.ext.db import djangoforms as aeforms
  from django import forms
  forms.ModelForm = aeforms.ModelForm

def InstallAppengineHelperForDjango(version=None):
  LoadDjango(version)
  InstallModelForm()
```

```yaml after app.yaml
runtime: python27
api_version: 1
threadsafe: true
handlers:
- url: /.*
  script: main.app

env_variables:
  DJANGO_SETTINGS_MODULE: 'settings'
```

```python after appengine_django/__init__.py
import os

def LoadDjango(version=None):
  os.environ['DJANGO_SETTINGS_MODULE'] = 'settings'

def InstallModelForm():
  try:
    from google.appengine.ext.db import djangoforms as aeforms
  except ImportError:
    return  # python27 has none
  from django import forms
  forms.ModelForm = aeforms.ModelForm

def InstallAppengineHelperForDjango(version=None):
  LoadDjango(version)
  InstallModelForm()
```

## Source

SDK: there is no google/appengine/dist and no google/appengine/ext/db/djangoforms.py in 1.9.88. Apps with
such a copy were started on dev_appserver before and after.
"""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from gaebot.app import App
from gaebot.finding import Finding, Fix, Place, RunsOn, Safety, Severity
from gaebot.rule import Rule
from gaebot.rules.python27.shared.config.environment import set_variable, variable
from gaebot.rules.python27.shared.config.services import has_switched, python_services
from gaebot.rules.python27.shared.libraries.django_helper import helper_copies
from gaebot.rules.python27.shared.libraries.library_needs import imported_modules, is_guarded
from gaebot.rules.python27.shared.scripts.handler_scripts import asked_files, request_files_with
from gaebot.syntax.lines import drop_statement, start_with_comments, within
from gaebot.syntax.nodes import ancestors, string_value, text
from gaebot.syntax.python import Binding, PythonFile
from gaebot.text import Edit, Span

RULE = Rule(__name__, Severity.ERROR, vendored=True)

_DIST = "google.appengine.dist"
_FORMS = "google.appengine.ext.db.djangoforms"
_SETTINGS = "DJANGO_SETTINGS_MODULE"
_PATCH = "app-engine-patch has no version for python27: move to plain Django or to django-nonrel."
_OTHERS = {
    "ragendja": _PATCH,
    "appenginepatcher": _PATCH,
    "appenginepatch": _PATCH,
    "djangoappengine": "django-nonrel runs on python27 from its version for Django 1.3 on: take that one.",
}
_PLAIN = frozenset({"expression_statement", "return_statement", "pass_statement"})


def check(app: App) -> Iterator[Finding]:
    """The lines of the helper that fail, and the other helpers once each."""
    for file in helper_copies(app) if app.asks_for_any(lambda path: _may_fail(app, path)) else ():
        gone = [binding for binding in file.imports() if _fails(file, binding)]
        if gone:
            message = (
                "This copy of google-app-engine-django imports what python27 does not have: let it leave"
                " Django to `libraries:` of app.yaml there."
            )
            yield RULE.finding(file.place(gone[0].statement), message, fix=_fix(app, file, gone))
    yield from _other_helpers(app)


def _may_fail(app: App, path: str) -> bool:
    """Whether a file may import what is gone, and be a copy of the helper."""
    return b"InstallAppengineHelperForDjango" in app.files[path].data


def _fails(file: PythonFile, binding: Binding) -> bool:
    """Whether an import is one of a module that is gone, and nothing catches that."""
    return _is_of(binding, _DIST, _FORMS) and not is_guarded(file, binding.statement)


def _is_of(binding: Binding, *modules: str) -> bool:
    origin = binding.origin or ""
    return any(origin == module or origin.startswith(f"{module}.") for module in modules)


# -- the patch ---------------------------------------------------------------------------------


def _fix(app: App, file: PythonFile, gone: list[Binding]) -> Fix | None:
    edits = _edits(file, gone) if has_switched(app) and not file.is_broken else None
    if edits is None:
        return None
    if any(_is_of(binding, _DIST) for binding in gone):
        for service in python_services(app):
            if not service.is_template and variable(service, _SETTINGS) is None:
                edit = set_variable(service, _SETTINGS, _settings_module(file))
                if edit is None:
                    return None
                edits.append(edit)
    title = "Let the Django helper run on python27"
    return Fix(title, tuple(edits), Safety.REVIEW, RunsOn.TARGET)


def _settings_module(file: PythonFile) -> str:
    """What the helper names as the settings of Django."""
    for literal in file.strings(_SETTINGS):
        outer = literal.parent.parent if literal.parent is not None else None
        if outer is not None and outer.type == "assignment":
            return string_value(outer.child_by_field_name("right")) or "settings"
    return "settings"


def _edits(file: PythonFile, gone: list[Binding]) -> list[Edit] | None:
    """The edits that take the gone modules out of the helper, or None."""
    names = [binding.text for binding in gone if _is_of(binding, _DIST)]
    if "*" in names:
        return None
    going: list[Node] = []
    edits: list[Edit | None] = []
    for statement in dict.fromkeys(binding.statement for binding in gone):
        brought = [binding for binding in file.imports() if binding.statement == statement]
        if all(_is_of(binding, _DIST) for binding in brought):
            going.append(statement)
        else:
            edits.append(_try(file, statement))
    for name in file.identifiers(*names):
        if not within(name, going):
            pointless = _pointless(name, names)
            if pointless is None:
                return None
            going.append(pointless)
    edits += _removals(file, going)
    return None if None in edits else [edit for edit in edits if edit is not None]


def _try(file: PythonFile, statement: Node) -> Edit | None:
    """Let the function that imports the forms return where there are none."""
    block = statement.parent
    function = block.parent if block is not None else None
    if function is None or function.type != "function_definition" or not file.stands_alone(statement):
        return None
    indent, code = file.indent(statement), statement.text or b""
    # One more level is what the function's body has over the function.
    step = indent[len(file.indent(function)) :] or b"  "
    lines = (
        b"try:",
        indent + step + code,
        indent + b"except ImportError:",
        indent + step + b"return  # python27 has none",
    )
    return file.source.edit(file.span(statement), file.source.newline.join(lines))


def _pointless(name: Node, names: list[str]) -> Node | None:
    """The statement that makes no sense without a name: the call of it, a `raise` of it, or the loop that
    tries one version after the other. None where the name is used in another way."""
    chosen: Node | None = None
    for node in ancestors(name):
        if node.type == "raise_statement":
            return node
        if node.type == "expression_statement":
            call = node.named_children[0]
            if call.type != "call" or text(call.child_by_field_name("function")) not in names:
                return None
            chosen = node
        elif node.type == "for_statement" and _only_tries(node):
            return node
    return chosen


def _only_tries(loop: Node) -> bool:
    """Whether a loop does nothing but to try a call, and to return when it works."""
    body = loop.child_by_field_name("body")
    parts = _statements(body) if body is not None else []
    if len(parts) != 1 or parts[0].type != "try_statement":
        return False
    clauses = (parts[0], *parts[0].named_children)
    blocks = [block for clause in clauses for block in clause.named_children if block.type == "block"]
    return all(inner.type in _PLAIN for block in blocks for inner in _statements(block))


def _statements(block: Node) -> list[Node]:
    return [node for node in block.named_children if node.type != "comment"]


def _removals(file: PythonFile, going: list[Node]) -> Iterator[Edit | None]:
    """The edits that take statements away; neighbours go as one."""
    alone = [node for node in dict.fromkeys(going) if not within(node, [o for o in going if o != node])]
    alone.sort(key=lambda node: node.start_byte)
    while alone:
        run = [alone.pop(0)]
        while alone and run[-1].next_named_sibling == alone[0]:
            run.append(alone.pop(0))
        block = run[0].parent
        if block is not None and len(_statements(block)) == len(run):
            yield file.source.edit(Span(run[0].start_byte, run[-1].end_byte), b"pass")
        elif len(run) == 1:
            yield drop_statement(file, run[0])
        elif all(file.stands_alone(node) for node in run):
            yield _lines_away(file, run)
        else:
            yield None


def _lines_away(file: PythonFile, run: list[Node]) -> Edit:
    """Take neighbours away with the comments on top of them and one blank line below them."""
    data, end = file.source.data, file.line_span(run[-1]).end
    below = file.source.line_span(end) if end < len(data) else Span(end, end)
    end = end if data[below.start : below.end].strip() else below.end
    return file.source.edit(Span(start_with_comments(file, run[0]), end), b"")


# -- other helpers -----------------------------------------------------------------------------


def _other_helpers(app: App) -> Iterator[Finding]:
    told = set()
    words = frozenset().union(*(file.file.words for file in asked_files(app)))
    asked = {advice for name, advice in _OTHERS.items() if name in words}
    for name, advice in _OTHERS.items():
        place = _place(app, name) if advice in asked and advice not in told else None
        if place is not None:
            told.add(advice)
            yield RULE.finding(place, advice, severity=Severity.WARNING)


def _place(app: App, name: str) -> Place | None:
    """The first import of a package in the app's request files."""
    for file in request_files_with(app, name.encode()):
        for binding in file.file.imports():
            parts = {part for module in imported_modules(binding) for part in module.split(".")[:3]}
            if name in parts and file.runs(binding.statement):
                return file.file.place(binding.statement)
    return None
