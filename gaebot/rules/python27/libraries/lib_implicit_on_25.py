"""The app imports a module that Python 2.5 had and python27 has not.

## Why

The runtime for Python 2.5 had some modules of the SDK on its path by accident: `ipaddr`, `antlr3`,
`fancy_urllib`. python27 does not: the import fails. (Django, simplejson and PyCrypto are the same case;
other rules speak of them.)

## Fix

Carry the module along: it is pure Python.

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
import ipaddr
import webapp2

app = webapp2.WSGIApplication([])
```

## Source

SDK: `v1_extra_paths` of old versions' wrapper_util.py; each module was imported on dev_appserver 1.9.88.
"""

from __future__ import annotations

from collections.abc import Iterator

from gaebot.app import App
from gaebot.finding import Finding, Severity
from gaebot.rule import Rule, python_with
from gaebot.rules.python27.shared.libraries.carried import is_carried
from gaebot.rules.python27.shared.libraries.library_needs import imported_modules, is_guarded
from gaebot.rules.python27.shared.scripts.handler_scripts import asked_files

_MODULES = frozenset({"ipaddr", "antlr3", "fancy_urllib", "graphy", "whoosh"})

RULE = Rule(__name__, Severity.ERROR, only_in=python_with(*_MODULES))


def check(app: App) -> Iterator[Finding]:
    """Each import of such a module that the app does not carry along."""
    for file in asked_files(app):
        for binding in file.file.imports():
            tops = {module.partition(".")[0] for module in imported_modules(binding)}
            for name in sorted(tops & _MODULES):
                if is_carried(app, name) or app.imported_path(name, file.file) is not None:
                    continue
                if file.runs(binding.statement) and not is_guarded(file.file, binding.statement):
                    message = f"python27 has no `{name}`: put the module into the app."
                    yield RULE.finding(file.file.place(binding.statement), message)
