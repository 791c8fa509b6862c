r"""A handler takes the name of its script from the URL.

## Why

With `script: \1.py` or `script: \1.app` the visitor's URL says which file of the app is run. No single
WSGI application can be named for such a handler, so it keeps the whole app from becoming one. As a
WSGI name it is worse: every file that the pattern can reach must hold an application of that
name, a slash in the URL turns the name into a CGI script that doesn't exist, and a visitor can make the
instance import any module (`/os.html` imports `os`).

## Fix

Write one handler for each script. gaebot does so when the pattern's groups can be filled in for
certain: every reference is to a group that takes part in each match. The files that it writes handlers
for are those that look like scripts: for `\1.py` those that run an application, print, or have an
`if __name__ == '__main__':`; for `\1.app` those that hold an application named `app`. App Engine takes
100 handlers at most.

## Example

```yaml before app.yaml
application: guestbook
version: 1
runtime: python
api_version: 1
handlers:
- url: /([a-z]+)\.html  # all pages
  script: \1.py
  login: required
```

```python before about.py
print 'Content-Type: text/plain'
print
print 'About'
```

```python before home.py
print 'Content-Type: text/plain'
print
print 'Home'
```

```yaml after app.yaml
application: guestbook
version: 1
runtime: python
api_version: 1
handlers:
- url: /about\.html  # all pages
  script: about.py
  login: required
- url: /home\.html  # all pages
  script: home.py
  login: required
```

## Source

Google, "Python Application Configuration", Script handlers. SDK: `google/appengine/api/appinfo.py`
(`MAX_URL_MAPS`), `google/appengine/tools/devappserver2/script_handler.py`.
"""

from __future__ import annotations

from collections.abc import Iterator

from gaebot.app import App
from gaebot.finding import Finding, Severity
from gaebot.rule import YAML, Rule
from gaebot.rules.python27.shared.config.app_yaml import MAX_HANDLERS
from gaebot.rules.python27.shared.config.services import python_services
from gaebot.rules.python27.shared.conversion.explicit_handlers import explicit_handlers

RULE = Rule(__name__, Severity.WARNING, only_in=YAML)


def check(app: App) -> Iterator[Finding]:
    """Handlers whose script holds a reference to a group of the URL."""
    seen: set[int] = set()
    for service in python_services(app):
        for handler in service.handlers:
            explicit, use = explicit_handlers(app, service, handler), handler.use
            if explicit is None or use is None or id(handler.node) in seen:
                continue
            seen.add(id(handler.node))
            paths = explicit.paths
            message = (
                f"`{use.script.text}` takes its name from the URL, so no WSGI application can be named for "
                "it: write one handler for each script"
            )
            if paths and len(paths) <= MAX_HANDLERS:
                message += f" ({', '.join(paths[:5])}{', …' if len(paths) > 5 else ''})"
            if len(service.handlers) + len(paths) - 1 > MAX_HANDLERS:
                message += (
                    f". With {len(paths)} scripts that makes more than the {MAX_HANDLERS} handlers that App "
                    "Engine takes: let one application route them"
                )
            yield RULE.finding(use.place, f"{message}.", fix=explicit.fix)
