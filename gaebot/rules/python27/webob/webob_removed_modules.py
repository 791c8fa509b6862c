"""A module of WebOb 0.9 has another name on python27, or a name stands in another module.

## Why

WebOb 1.1 moved its insides: `webob.headerdict` and `webob.statusreasons` are gone, and names that `from
webob import MultiDict` found only because `webob` imported them itself are found in their own modules.
The import fails.

## Fix

Import from where they are. `webob.multidict`, `webob.acceptparse`, `webob.byterange`, `webob.etag` and
`webob.cachecontrol` are there on both runtimes.

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
from gaebot.rule import Rule
from gaebot.rules.python27.shared.config.services import has_switched
from gaebot.rules.python27.shared.scripts.handler_scripts import request_files
from gaebot.rules.python27.shared.scripts.library_needs import is_guarded
from gaebot.syntax.imports import exchange_import
from gaebot.syntax.python import Binding, PythonFile

RULE = Rule(__name__, Severity.ERROR)

# Names that `from webob import …` found in 0.9, with the module that has them in both.
_MOVED = {
    **dict.fromkeys(("MultiDict", "UnicodeMultiDict", "NestedMultiDict", "NoVars"), "webob.multidict"),
    **dict.fromkeys(("Accept", "MIMEAccept", "NilAccept", "NoAccept"), "webob.acceptparse"),
    **dict.fromkeys(("Range", "ContentRange"), "webob.byterange"),
    **dict.fromkeys(("ETagMatcher", "AnyETag", "NoETag", "IfRange"), "webob.etag"),
    **dict.fromkeys(("CacheControl",), "webob.cachecontrol"),
}
# Names of modules that are gone, with where they are in 1.1; those without are in no module.
_GONE = {
    "webob.headerdict.HeaderDict": ("webob.headers", "ResponseHeaders"),
    "webob.datastruct.EnvironHeaders": ("webob.headers", "EnvironHeaders"),
    "webob.updatedict.UpdateDict": ("webob.cachecontrol", "UpdateDict"),
    "webob.statusreasons.status_reasons": ("webob.util", "status_reasons"),
}
_GONE_MODULES = (
    *("webob.headerdict", "webob.datastruct", "webob.updatedict", "webob.statusreasons"),
    *("webob.util.dictmixin", "webob.util.safegzip", "webob.util.stringtemplate", "webob.util.reversed"),
)


def check(app: App) -> Iterator[Finding]:
    """Each import of what is not there any more."""
    for file in request_files(app):
        if b"webob" not in file.file.source.data or app.imported_path("webob", file.file) is not None:
            continue
        for binding in file.file.imports():
            found = _new_place(binding)
            if found is None or not file.runs(binding.statement) or is_guarded(file.file, binding.statement):
                continue
            module, name, works_on_both = found
            message = f"WebOb 1.1 has no `{binding.origin}`."
            fix = None
            if module:
                message = f"`{binding.origin}` is `{module}.{name}` in WebOb 1.1: import it from there."
                if works_on_both or has_switched(app):
                    fix = _fix(file.file, binding, module, name, works_on_both=works_on_both)
            yield RULE.finding(file.file.place(binding.statement), message, fix=fix)


def _new_place(binding: Binding) -> tuple[str, str, bool] | None:
    """Where what an import names is in WebOb 1.1 (module, name), and whether 0.9 has it there too."""
    origin = binding.origin or ""
    if binding.statement.type == "import_from_statement":
        name = origin.rpartition(".")[2]
        if origin == f"webob.{name}" and name in _MOVED:
            return _MOVED[name], name, True
        if origin in _GONE:
            return (*_GONE[origin], False)
        if origin.startswith(_GONE_MODULES):
            return "", "", False
    return None


def _fix(file: PythonFile, binding: Binding, module: str, name: str, *, works_on_both: bool) -> Fix | None:
    alias = f" as {binding.text}" if binding.text != name else ""
    edit = exchange_import(file, binding, f"from {module} import {name}{alias}".encode())
    runs_on = RunsOn.BOTH if works_on_both else RunsOn.TARGET
    safety = Safety.SAFE if works_on_both else Safety.REVIEW
    return Fix(f"Import it from {module}", (edit,), safety, runs_on) if edit is not None else None
