"""An environment variable is set while a module is imported, and lost with the first request.

## Why

On python27 `os.environ` belongs to the request. What a module sets while it is imported is there for the
request that imported it, and gone for all that follow: code that reads it in a handler finds it once per
instance.

Only variables that the app reads in a function count, and not the settings of Django, of which another
rule speaks.

## Fix

Set it in `env_variables:` of app.yaml, where every request finds it. The fix adds the entry when the
value is a plain text.

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
import os
import webapp2

os.environ['API_HOST'] = 'api.example.com'

class Main(webapp2.RequestHandler):
    def get(self):
        self.response.out.write(os.environ['API_HOST'])

app = webapp2.WSGIApplication([('/', Main)])
```

```yaml after app.yaml
runtime: python27
api_version: 1
threadsafe: true
handlers:
- url: /.*
  script: main.app

env_variables:
  API_HOST: 'api.example.com'
```

## Source

SDK: google/appengine/runtime/request_environment.py, `RequestLocalEnviron`.
"""

from __future__ import annotations

from collections.abc import Iterator

from gaebot.app import App
from gaebot.finding import Finding, Fix, RunsOn, Safety, Severity
from gaebot.rule import Rule
from gaebot.rules.python27.shared.config.environment import set_variable, variable
from gaebot.rules.python27.shared.config.services import python_services
from gaebot.rules.python27.shared.scripts.handler_scripts import request_files
from gaebot.rules.python27.shared.scripts.settings_at_import import EnvironmentWrite, environment_writes
from gaebot.syntax.python import ancestors

RULE = Rule(__name__, Severity.WARNING)

_DJANGO = "DJANGO_SETTINGS_MODULE"


def check(app: App) -> Iterator[Finding]:
    """Each variable that is set at import and read in a function."""
    services = [service for service in python_services(app) if not service.is_template]
    for write in environment_writes(app):
        if write.key == _DJANGO or all(variable(service, write.key) is not None for service in services):
            continue
        if _is_read_later(app, write):
            message = (
                f"On python27 `{write.key}` is there for the request that imports this module only: set it in"
                " `env_variables:` of app.yaml."
            )
            yield RULE.finding(write.file.file.place(write.node), message, fix=_fix(app, write))


def _is_read_later(app: App, write: EnvironmentWrite) -> bool:
    """Whether a function of the app says the variable's name."""
    for file in request_files(app):
        for literal in file.file.strings(write.key):
            if any(node.type == "function_definition" for node in ancestors(literal)):
                return True
    return False


def _fix(app: App, write: EnvironmentWrite) -> Fix | None:
    if write.value is None:
        return None
    edits = []
    for service in python_services(app):
        if not service.is_template and variable(service, write.key) is None:
            edit = set_variable(service, write.key, write.value)
            if edit is None:
                return None
            edits.append(edit)
    return Fix(f"Set {write.key} in app.yaml", tuple(edits), Safety.SAFE, RunsOn.BOTH) if edits else None
