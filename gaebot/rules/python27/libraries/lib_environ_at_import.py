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

from collections import defaultdict
from collections.abc import Iterator

from tree_sitter import Node

from gaebot.app import App
from gaebot.finding import Finding, Fix, Related, RunsOn, Safety, Severity
from gaebot.rule import Rule, python_with
from gaebot.rules.python27.shared.config.environment import set_variable, variable
from gaebot.rules.python27.shared.config.services import python_services
from gaebot.rules.python27.shared.libraries.settings_at_import import EnvironmentWrite, environment_writes
from gaebot.rules.python27.shared.scripts.handler_scripts import request_files_with
from gaebot.syntax.nodes import ancestors, is_target
from gaebot.syntax.python import PythonFile

RULE = Rule(__name__, Severity.WARNING, only_in=python_with("environ", "putenv"))

_DJANGO = "DJANGO_SETTINGS_MODULE"
_READERS = ("os.getenv", "os.environ.get", "os.environ.has_key", "os.environ.pop")
_FUNCTIONS = frozenset({"function_definition", "lambda"})
_MOST_RELATED = 5


def check(app: App) -> Iterator[Finding]:
    """Each variable that is set at import and read in a function, once."""
    services = [service for service in python_services(app) if not service.is_template]
    by_key: dict[str, list[EnvironmentWrite]] = defaultdict(list)
    for write in environment_writes(app):
        by_key[write.key].append(write)
    for key, writes in by_key.items():
        if key == _DJANGO or all(variable(service, key) is not None for service in services):
            continue
        if _is_read_later(app, key):
            message = (
                f"On python27 `{key}` is there for the request that imports this module only: set it in"
                " `env_variables:` of app.yaml."
            )
            first, *others = [write.file.file.place(write.node) for write in writes]
            related = [Related(place, "And here.") for place in others[:_MOST_RELATED]]
            yield RULE.finding(first, message, fix=_fix(app, key, writes), related=related)


def _is_read_later(app: App, key: str) -> bool:
    """Whether a function of the app reads the variable."""
    return any(
        any(outer.type in _FUNCTIONS for outer in ancestors(literal)) and _is_read(file.file, literal)
        for file in request_files_with(app, b"environ", b"getenv")
        for literal in file.file.strings(key)
    )


def _is_read(file: PythonFile, literal: Node) -> bool:
    """Whether a text is looked up in `os.environ`."""
    outer = literal.parent
    if outer is not None and outer.type == "argument_list":
        call = outer.parent
        function = call.child_by_field_name("function") if call is not None else None
        return function is not None and file.refers_to(function, *_READERS)
    if outer is not None and outer.type == "subscript":
        value = outer.child_by_field_name("value")
        return value is not None and file.refers_to(value, "os.environ") and not is_target(outer)
    if outer is not None and outer.type == "comparison_operator":
        return file.refers_to(outer.named_children[-1], "os.environ")
    return False


def _fix(app: App, key: str, writes: list[EnvironmentWrite]) -> Fix | None:
    values = {write.value for write in writes}
    value = next(iter(values)) if len(values) == 1 else None
    if value is None:
        return None
    edits = []
    for service in python_services(app):
        if not service.is_template and variable(service, key) is None:
            edit = set_variable(service, key, value)
            if edit is None:
                return None
            edits.append(edit)
    return Fix(f"Set {key} in app.yaml", tuple(edits), Safety.SAFE, RunsOn.BOTH) if edits else None
