"""appengine_config.py sets what python27 no longer reads.

## Why

`webapp_django_version` and `webapp_django_setup` told the 2.5 runtime which Django its templates
should use. python27 knows neither, and writes 'Configuration "webapp_django_version" not recognized' to
the log of every new instance. The version of Django is chosen in `libraries:` of app.yaml.

## Fix

Delete them, once the app says `runtime: python27`: on the old runtime they still count.

## Example

```yaml before app.yaml
application: guestbook
version: 1
runtime: python27
api_version: 1
threadsafe: true
handlers:
- url: /.*
  script: main.app
```

```python before appengine_config.py
webapp_django_version = '1.2'
appstats_SHELL_OK = True
```

```python after appengine_config.py
appstats_SHELL_OK = True
```

## Source

SDK: `google/appengine/ext/webapp/__init__.py` registers only `add_wsgi_middleware` on python27;
`google/appengine/api/lib_config.py` warns of all other names with the prefix `webapp_`.
"""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from gaebot.app import App
from gaebot.finding import Finding, Fix, RunsOn, Safety, Severity
from gaebot.rule import Rule, python_with
from gaebot.rules.python27.shared.config.services import has_switched, python_services
from gaebot.rules.python27.shared.scripts.entry import uses
from gaebot.syntax.lines import drop_statement
from gaebot.syntax.python import Binding, PythonFile

_PATH = "appengine_config.py"
_UNREAD = ("webapp_django_version", "webapp_django_setup")

RULE = Rule(__name__, Severity.WARNING, only_in=python_with(*_UNREAD))


def check(app: App) -> Iterator[Finding]:
    """Module-level bindings of names that only the 2.5 runtime reads."""
    file = app.python(_PATH)
    if file is None or not any(python_services(app)):
        return
    for name in _UNREAD:
        for binding in file.scope.bindings.get(name, ()):
            if binding.kind not in {"assign", "def"}:
                continue
            message = f"python27 does not read `{name}`: delete it once the app runs there."
            fix = _fix(file, binding) if has_switched(app) else None
            yield RULE.finding(file.place(binding.name), message, fix=fix)


def _fix(file: PythonFile, binding: Binding) -> Fix | None:
    """Delete a statement of the module when it is plain and nothing else in the file needs it."""
    statement = _statement(binding)
    used = [node for node in uses(file, binding.text) if node.id != binding.name.id]
    if used or statement.parent is None or statement.parent.id != file.root.id:
        return None
    if binding.kind == "assign" and (binding.value is None or not _is_plain(binding.value)):
        return None
    edit = drop_statement(file, statement)
    title = f"Delete `{binding.text}`"
    return Fix(title, (edit,), Safety.SAFE, RunsOn.TARGET) if edit is not None else None


def _statement(binding: Binding) -> Node:
    """The whole statement: with its decorators, or with what stands around an assignment."""
    parent = binding.statement.parent
    if parent is not None and parent.type in {"expression_statement", "decorated_definition"}:
        return parent
    return binding.statement


def _is_plain(value: Node) -> bool:
    """Whether evaluating a value does nothing else: a literal or a name."""
    return value.type in {"string", "float", "integer", "identifier", "none", "true", "false"}
