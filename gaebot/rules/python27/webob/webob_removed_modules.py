"""A module of WebOb 0.9 has another name on python27, or a name stands in another module.

## Why

WebOb 1.1 moved its insides: `webob.headerdict` and `webob.statusreasons` are gone, and names that `from
webob import MultiDict` and `webob.MultiDict` found only because `webob` imported them itself are found in
their own modules. The import fails, and so does the attribute.

## Fix

Import from where they are. `webob.multidict`, `webob.acceptparse`, `webob.byterange`, `webob.etag` and
`webob.cachecontrol` are there on both runtimes. Modules of Python itself, like `cgi`, are imported by their
own names.

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
from webob import MultiDict

app = webapp2.WSGIApplication([])
```

```python after main.py
import webapp2
from webob.multidict import MultiDict

app = webapp2.WSGIApplication([])
```

## Source

SDK: lib/webob_0_9/webob and lib/webob-1.1.1/webob: each name was imported from both under CPython 2.7.
"""

from __future__ import annotations

from collections.abc import Iterator

from gaebot.app import App
from gaebot.finding import Finding, Fix, RunsOn, Safety, Severity
from gaebot.rule import Rule, python_with
from gaebot.rules.python27.shared.config.services import has_switched
from gaebot.rules.python27.shared.libraries.library_needs import is_guarded
from gaebot.rules.python27.shared.scripts.handler_scripts import RequestFile, asked_files
from gaebot.rules.python27.shared.webapp.guards import is_caught
from gaebot.syntax.imports import exchange_import
from gaebot.syntax.nodes import text
from gaebot.syntax.python import Binding, PythonFile

RULE = Rule(__name__, Severity.ERROR, only_in=python_with("webob"))

# Names that `webob` had in 0.9 and has not in 1.1, with the module that has them in both.
_MOVED = {
    **dict.fromkeys(("MultiDict", "UnicodeMultiDict", "NestedMultiDict", "NoVars"), "webob.multidict"),
    **dict.fromkeys(("Accept", "MIMEAccept", "NilAccept", "MIMENilAccept", "NoAccept"), "webob.acceptparse"),
    **dict.fromkeys(("Range", "ContentRange"), "webob.byterange"),
    **dict.fromkeys(("ETagMatcher", "AnyETag", "NoETag", "IfRange"), "webob.etag"),
    **dict.fromkeys(("CacheControl", "serialize_cache_control"), "webob.cachecontrol"),
}
# Others, with where they are in 1.1.
_GONE = {
    **dict.fromkeys(
        ("webob.HeaderDict", "webob.headerdict.HeaderDict"), ("webob.headers", "ResponseHeaders")
    ),
    **dict.fromkeys(
        ("webob.EnvironHeaders", "webob.datastruct.EnvironHeaders"), ("webob.headers", "EnvironHeaders")
    ),
    "webob.updatedict.UpdateDict": ("webob.cachecontrol", "UpdateDict"),
    **dict.fromkeys(
        ("webob.status_reasons", "webob.statusreasons.status_reasons"), ("webob.util", "status_reasons")
    ),
}
# What else `webob` had by accident.
_STRAYS = frozenset(
    {
        *("StringIO", "BaseCookie", "FakeCGIBody", "calendar", "cgi", "date", "datetime", "formatdate", "re"),
        *("sys", "tempfile", "textwrap", "time", "timedelta", "tzinfo", "urllib", "urlparse", "warnings"),
    }
)
_GONE_MODULES = (
    *("webob.headerdict", "webob.datastruct", "webob.updatedict", "webob.statusreasons"),
    *("webob.util.dictmixin", "webob.util.safegzip", "webob.util.stringtemplate", "webob.util.reversed"),
)
_ERRORS = frozenset({"ImportError", "AttributeError", "Exception", "StandardError", "BaseException"})


def check(app: App) -> Iterator[Finding]:
    """Each import, and each attribute of `webob`, that is not there any more."""
    for file in asked_files(app):
        if b"webob" not in file.file.source.data or app.imported_path("webob", file.file) is not None:
            continue
        yield from _imports(app, file)
        yield from _attributes(file)


def _imports(app: App, file: RequestFile) -> Iterator[Finding]:
    for binding in file.file.imports():
        statement = binding.statement
        found = _new_place(binding)
        is_tried = is_guarded(file.file, statement) or is_caught(statement, file.file.root, _ERRORS)
        if found is None or not file.runs(statement) or is_tried:
            continue
        origin, module, name, works_on_both = found
        message = f"WebOb 1.1 has no `{origin}`."
        fix = None
        if module:
            message = f"`{origin}` is `{module}.{name}` in WebOb 1.1: import it from there."
            if works_on_both or has_switched(app):
                fix = _fix(file.file, binding, module, name, works_on_both=works_on_both)
        yield RULE.finding(file.file.place(statement), message, fix=fix)


def _new_place(binding: Binding) -> tuple[str, str, str, bool] | None:
    """What an import names that is gone, where it is in WebOb 1.1 (module, name), and whether 0.9 has
    it there too."""
    origin = binding.origin or ""
    if binding.statement.type == "import_statement":
        outer = binding.name.parent
        module = text(outer if outer is not None and outer.type == "dotted_name" else binding.name)
        module = origin if outer is not None and outer.type == "aliased_import" else module
        return (module, "", "", False) if _is_gone_module(module) else None
    if binding.statement.type != "import_from_statement":
        return None
    name = origin.rpartition(".")[2]
    if origin == f"webob.{name}" and name in _MOVED:
        return origin, _MOVED[name], name, True
    if origin in _GONE:
        return (origin, *_GONE[origin], False)
    is_stray = origin == f"webob.{name}" and name in _STRAYS
    return (origin, "", "", False) if is_stray or _is_gone_module(origin) else None


def _is_gone_module(name: str) -> bool:
    return any(name == module or name.startswith(f"{module}.") for module in _GONE_MODULES)


def _attributes(file: RequestFile) -> Iterator[Finding]:
    """The uses of `webob.MultiDict` after `import webob`."""
    python = file.file
    for node in python.references(*(f"webob.{name}" for name in _MOVED)):
        name = text(node.child_by_field_name("attribute")) if node.type == "attribute" else ""
        owner = node.child_by_field_name("object")
        if owner is None or name not in _MOVED or not python.refers_to(owner, "webob") or not file.runs(node):
            continue
        if is_caught(node, python.root, _ERRORS):
            continue
        module = _MOVED[name]
        message = f"`webob.{name}` is `{module}.{name}` in WebOb 1.1."
        # `webob` imports these modules itself, in all versions.
        new = (owner.text or b"") + module.removeprefix("webob").encode() + b"." + name.encode()
        edit = python.source.edit(python.span(node), new)
        fix = Fix(f"Take it from {module}", (edit,), Safety.SAFE, RunsOn.BOTH)
        yield RULE.finding(python.place(node), message, fix=fix)


def _fix(file: PythonFile, binding: Binding, module: str, name: str, *, works_on_both: bool) -> Fix | None:
    alias = f" as {binding.text}" if binding.text != name else ""
    edit = exchange_import(file, binding, f"from {module} import {name}{alias}".encode())
    runs_on = RunsOn.BOTH if works_on_both else RunsOn.TARGET
    safety = Safety.SAFE if works_on_both else Safety.REVIEW
    return Fix(f"Import it from {module}", (edit,), safety, runs_on) if edit is not None else None
