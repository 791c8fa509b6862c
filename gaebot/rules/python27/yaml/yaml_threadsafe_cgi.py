"""`threadsafe: true` stands beside a CGI script.

## Why

App Engine refuses such an app.yaml: "threadsafe cannot be enabled with CGI handler". Scripts of
included files count too.

## Fix

All CGI scripts become WSGI applications, in one patch; when one of them can't, `threadsafe: false`.

## Example

```yaml before app.yaml
application: shop
version: 1
runtime: python27
api_version: 1
threadsafe: true
handlers:
- url: /.*
  script: hello.py
```

```python before hello.py
print 'Content-Type: text/plain'
print
print 'Hello'
```

```yaml after app.yaml
application: shop
version: 1
runtime: python27
api_version: 1
threadsafe: false
handlers:
- url: /.*
  script: hello.py
```

## Source

Google, "Migrating to Python 2.7", Using WSGI. SDK: `google/appengine/api/appinfo.py` and
`appinfo_includes.py`.
"""

from __future__ import annotations

from collections.abc import Iterator

from gaebot.app import App
from gaebot.finding import Finding, Related, Severity
from gaebot.rule import YAML, Rule
from gaebot.rules.python27.shared.conversion.switch import switches
from gaebot.syntax.yaml import boolean

RULE = Rule(__name__, Severity.ERROR, only_in=YAML)


def check(app: App) -> Iterator[Finding]:
    """Services that say `threadsafe: true` and name a CGI script."""
    for switch in switches(app):
        threadsafe = switch.service.get("threadsafe")
        if threadsafe is None or not boolean(threadsafe.value) or not switch.targets:
            continue
        names = ", ".join(dict.fromkeys(f"`{target.use.script.text}`" for target in switch.targets))
        message = f"`threadsafe: true` is refused beside CGI scripts ({names})."
        if switch.converts:
            message += " They can all become WSGI applications."
        elif switch.waits_for:
            message += f" First {switch.waits_for}."
        else:
            message += " Not all of them can become WSGI applications, so set it to `false`."
        related = [Related(target.use.place, "This is a CGI script.") for target in switch.targets[:10]]
        place = switch.service.file.pair_place(threadsafe)
        yield RULE.finding(place, message, fix=switch.fix, related=related)
