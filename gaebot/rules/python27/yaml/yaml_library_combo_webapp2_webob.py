"""webapp2 2.3 does not work well with WebOb 1.2.3.

## Why

webapp2 2.3, which an app has without asking, hands WebOb's Request arguments that WebOb 1.2 has given up. A
POST in another charset than UTF-8 then ends in a blank error page. webapp2 2.5.2 was written for WebOb 1.2.

## Fix

`webapp2` at version 2.5.2.

## Example

```yaml before app.yaml
application: shop
version: 1
runtime: python27
api_version: 1
threadsafe: true
libraries:
- name: webob
  version: "1.2.3"
handlers:
- url: /.*
  script: main.app
```

```yaml after app.yaml
application: shop
version: 1
runtime: python27
api_version: 1
threadsafe: true
libraries:
- name: webob
  version: "1.2.3"
- name: webapp2
  version: "2.5.2"
handlers:
- url: /.*
  script: main.app
```

## Source

SDK: `lib/webapp2-2.3/webapp2.py` (Request), `lib/webob-1.2.3/webob/request.py`; tried on both.
"""

from __future__ import annotations

from collections.abc import Iterator

from gaebot.app import App
from gaebot.finding import Finding, RunsOn, Safety, Severity
from gaebot.rule import YAML, Rule
from gaebot.rules.python27.shared.config.patches import one_edit
from gaebot.rules.python27.shared.config.runtime_libraries import Declared, declared_by
from gaebot.rules.python27.shared.config.services import python_services
from gaebot.syntax.yaml import SequenceNode
from gaebot.text import Edit

RULE = Rule(__name__, Severity.WARNING, only_in=YAML)


def check(app: App) -> Iterator[Finding]:
    """Services with WebOb 1.2.3 and webapp2 2.3."""
    for service in python_services(app):
        entries = {entry.library.name: entry for entry in declared_by(service) if entry.library}
        webob, webapp2 = entries.get("webob"), entries.get("webapp2")
        if webob is None or webob.resolved != "1.2.3" or (webapp2 is not None and webapp2.resolved != "2.3"):
            continue
        fix = one_edit(
            service.file, 'Ask for webapp2 "2.5.2"', _edit(webob, webapp2), Safety.REVIEW, RunsOn.TARGET
        )
        message = (
            "WebOb 1.2.3 does not work well with webapp2 2.3, which the app has without asking for another: "
            'ask for webapp2 "2.5.2".'
        )
        yield RULE.finding(service.file.place(webob.item), message, fix=fix)


def _edit(webob: Declared, webapp2: Declared | None) -> Edit | None:
    if webapp2 is not None and webapp2.version is not None:
        return webapp2.file.set_plain(webapp2.version.value, '"2.5.2"')
    if webapp2 is None and isinstance(webob.list.value, SequenceNode):
        return webob.file.append_item(webob.list.value, ["name: webapp2", 'version: "2.5.2"'])
    return None
