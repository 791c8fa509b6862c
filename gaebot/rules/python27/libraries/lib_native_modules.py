"""The app imports a module in C that python27 does not offer.

## Why

On App Engine modules in C come with the runtime or not at all. python27 offers some by `libraries:`,
lxml, numpy, PIL, PyCrypto and others. The import of any other fails, and compiled files in the app are
never loaded. On Python 2.5 it was the same; code that reached such a module only in a `try` goes on to
work.

`cElementTree` is part of the standard library since Python 2.5, by the name `xml.etree.cElementTree`.

## Fix

Use a pure Python module: `urlfetch` for pycurl, `json` for cjson and yajl, the datastore for sqlite3.

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
import cElementTree
import webapp2

app = webapp2.WSGIApplication([])
```

```python after main.py
import xml.etree.cElementTree as cElementTree
import webapp2

app = webapp2.WSGIApplication([])
```

## Source

SDK: google/appengine/tools/devappserver2/python/runtime/sandbox.py, `_WHITE_LIST_C_MODULES`.
"""

from __future__ import annotations

from collections.abc import Iterator

from gaebot.app import App
from gaebot.finding import Finding, Fix, RunsOn, Safety, Severity
from gaebot.rule import Rule, python_with
from gaebot.rules.python27.shared.libraries.carried import is_carried
from gaebot.rules.python27.shared.libraries.library_needs import imported_modules, is_guarded
from gaebot.rules.python27.shared.scripts.handler_scripts import RequestFile, asked_files
from gaebot.syntax.imports import exchange_import
from gaebot.syntax.python import Binding

_INSTEAD = {
    "pycurl": "use `google.appengine.api.urlfetch`",
    "cjson": "use `json`",
    "yajl": "use `json`",
    "sqlite3": "use the datastore",
    "_sqlite3": "use the datastore",
    "scipy": "python27 offers only numpy",
    "pandas": "python27 offers only numpy",
    "gevent": "python27 has threads of its own",
    "zmq": "use task queues",
    "bsddb": "use the datastore",
    "gdbm": "use the datastore",
    "cElementTree": "use `xml.etree.cElementTree`",
    "multiprocessing": "use task queues",
    "Tkinter": "there is no screen",
    "curses": "there is no terminal",
}

RULE = Rule(__name__, Severity.ERROR, only_in=python_with(*_INSTEAD))


def check(app: App) -> Iterator[Finding]:
    """Each import of such a module that fails where it stands."""
    for file in asked_files(app):
        for binding in file.file.imports():
            tops = {module.partition(".")[0] for module in imported_modules(binding)}
            for name in sorted(tops & _INSTEAD.keys()):
                if is_carried(app, name) or app.imported_path(name, file.file) is not None:
                    continue
                if file.runs(binding.statement) and not is_guarded(file.file, binding.statement):
                    message = f"App Engine has no `{name}`: {_INSTEAD[name]}."
                    yield RULE.finding(file.file.place(binding.statement), message, fix=_fix(file, binding))


def _fix(file: RequestFile, binding: Binding) -> Fix | None:
    if binding.origin != "cElementTree":
        return None
    new = f"import xml.etree.cElementTree as {binding.text}"
    edit = exchange_import(file.file, binding, new.encode())
    title = "Import it from the standard library"
    return Fix(title, (edit,), Safety.SAFE, RunsOn.BOTH) if edit is not None else None
