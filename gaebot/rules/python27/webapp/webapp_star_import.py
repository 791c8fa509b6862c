"""`from google.appengine.ext.webapp import *` brings other names on python27.

## Why

A star import of webapp takes the names of webapp2 there: `code`, `cls`, `message`, `exc`, `handlers`,
`redirect`, `abort` and some thirty more, which hide what the file bound by these names above; `Error`,
`StringIO` and `wsgiref` no longer come along.

## Fix

Name what is used: `from webapp2 import RequestHandler, WSGIApplication`.

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
from google.appengine.ext.webapp import *

class Main(RequestHandler):
    def get(self):
        self.response.out.write('Hello')

app = WSGIApplication([('/', Main)])
```

```python after main.py
from webapp2 import RequestHandler, WSGIApplication

class Main(RequestHandler):
    def get(self):
        self.response.out.write('Hello')

app = WSGIApplication([('/', Main)])
```

## Source

SDK: the names that `from … import *` takes from google/appengine/ext/webapp/_webapp25.py and from
lib/webapp2-2.3/webapp2.py, compared under CPython 2.7.
"""

from __future__ import annotations

from collections.abc import Iterator

from gaebot.app import App
from gaebot.finding import Finding, Fix, RunsOn, Safety, Severity
from gaebot.rule import Rule, python_with
from gaebot.rules.python27.shared.config.services import has_switched
from gaebot.rules.python27.shared.scripts.handler_scripts import asked_files
from gaebot.rules.python27.shared.webapp.names import GONE, IN_BOTH, WEBAPP
from gaebot.syntax.python import Binding, PythonFile

RULE = Rule(__name__, Severity.WARNING, only_in=python_with("webapp"))

# Modules that webapp happened to import and that a star import took along.
_MODULES = frozenset({"cgi", "logging", "os", "re", "sys", "traceback", "urlparse", "webob"})


def check(app: App) -> Iterator[Finding]:
    """Each star import of webapp."""
    for file in asked_files(app):
        for binding in file.file.imports():
            if binding.text == "*" and binding.origin == f"{WEBAPP}.*" and file.runs(binding.statement):
                missing = [name for name in GONE if _is_used(file.file, name)]
                message = "On python27 this takes the many names of webapp2: name what is used."
                if missing:
                    message += f" {' and '.join(f'`{name}`' for name in missing)} no longer comes along."
                fix = None if missing or not has_switched(app) else _fix(app, file.file, binding)
                yield RULE.finding(file.file.place(binding.statement), message, fix=fix)


def _is_used(file: PythonFile, name: str) -> bool:
    """Whether a name is used that the file itself binds nowhere."""
    for node in file.identifiers(name):
        parent = node.parent
        is_other = parent is not None and (
            (parent.type == "attribute" and parent.children[0] != node) or parent.type == "keyword_argument"
        )
        if not is_other and not file.lookup(name, node):
            return True
    return False


def _fix(app: App, file: PythonFile, binding: Binding) -> Fix | None:
    classes = sorted(name for name in IN_BOTH if _is_used(file, name))
    modules = sorted(name for name in _MODULES if _is_used(file, name))
    if not classes or app.importers(file.source.path):
        return None
    lines = [f"import {name}" for name in modules] + [f"from webapp2 import {', '.join(classes)}"]
    if len(lines) > 1 and not file.stands_alone(binding.statement):
        return None
    between = file.source.newline + file.indent(binding.statement)
    new = between.join(line.encode() for line in lines)
    edit = file.source.edit(file.span(binding.statement), new)
    return Fix("Name what is used", (edit,), Safety.REVIEW, RunsOn.TARGET)
