"""`admin_console` adds pages to a console that is gone.

## Why

`admin_console: pages:` put links into the Admin Console of the first App Engine. Google's console, which
took its place, shows none; the local server reads the key and does nothing with it.

## Fix

Remove the key, once nobody looks for those links. The pages themselves stay where they are: keep their
handlers and `login: admin`.

## Example

```yaml before app.yaml
application: shop
version: 1
runtime: python27
api_version: 1
threadsafe: true
admin_console:
  pages:
  - name: Reports
    url: /admin/reports
handlers:
- url: /.*
  script: main.app
```

## Source

Google, app.yaml reference for Python 2.7, which does not list the key any more. SDK:
`google/appengine/api/appinfo.py` (AdminConsole).
"""

from __future__ import annotations

from collections.abc import Iterator

from gaebot.app import App
from gaebot.finding import Finding, Severity
from gaebot.rule import YAML, Rule
from gaebot.rules.python27.shared.config.services import python_services
from gaebot.syntax.yaml import YamlFile, is_null

RULE = Rule(__name__, Severity.NOTE, only_in=YAML)


def check(app: App) -> Iterator[Finding]:
    """Services, and files that they include, with pages for the old console."""
    seen: set[int] = set()
    for service in python_services(app):
        for file in (service.file, *service.includes):
            pair = YamlFile.get(file.mapping, "admin_console")
            if pair is not None and not is_null(pair.value) and id(file) not in seen:
                seen.add(id(file))
                message = (
                    "The Admin Console that showed these pages is gone, and Google's console does not "
                    "show them: remove `admin_console` and keep the handlers."
                )
                yield RULE.finding(file.place(pair.key), message)
