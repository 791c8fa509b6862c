"""`runtime: python` (Python 2.5) must become `runtime: python27`.

## Why

The Python 2.5 runtime is gone. `runtime: python27` is the next step for its apps, and it changes
how scripts are run: `threadsafe` becomes mandatory, and scripts should be WSGI applications instead
of CGI scripts. The local server hides this: it runs `runtime: python` apps on Python 2.7 with
nothing but a warning, so "it works here" proves nothing.

## Fix

One patch moves the service: `runtime: python27`, the `threadsafe` line, and, when every CGI script of
the service can become a WSGI application, all of these together with the edits in their Python files.
When one can't, all stay CGI scripts with `threadsafe: false`: Google's guide does not allow both kinds
in one app.yaml. A handler whose script is named by the URL (`yaml-script-backref`) comes first, where
it can be written out: until then there is no patch here.

## Example

```yaml before app.yaml
application: guestbook
version: 1
runtime: python
api_version: 1

handlers:
- url: /stylesheets
  static_dir: stylesheets
- url: /.*
  script: guestbook.py
```

```python before guestbook.py
from google.appengine.ext import webapp
from google.appengine.ext.webapp.util import run_wsgi_app


class MainPage(webapp.RequestHandler):
    def get(self):
        self.response.out.write('Hello')


def main():
    application = webapp.WSGIApplication([('/', MainPage)], debug=True)
    run_wsgi_app(application)


if __name__ == '__main__':
    main()
```

```yaml after app.yaml
application: guestbook
version: 1
runtime: python27
api_version: 1
threadsafe: true

handlers:
- url: /stylesheets
  static_dir: stylesheets
- url: /.*
  script: guestbook.application
```

```python after guestbook.py
from google.appengine.ext import webapp


class MainPage(webapp.RequestHandler):
    def get(self):
        self.response.out.write('Hello')


application = webapp.WSGIApplication([('/', MainPage)], debug=True)
```

## Source

Google, "Migrating to Python 2.7", Updating app.yaml and Using WSGI. SDK:
`google/appengine/tools/devappserver2/application_configuration.py` (runs `python` as `python27`).
"""

from __future__ import annotations

from collections.abc import Iterator

from gaebot.app import App
from gaebot.finding import Finding, Related, Severity
from gaebot.rule import YAML, Rule
from gaebot.rules.python27.shared.config.services import OLD_RUNTIME
from gaebot.rules.python27.shared.conversion.switch import Switch, switches

RULE = Rule(__name__, Severity.ERROR, only_in=YAML)


def check(app: App) -> Iterator[Finding]:
    """Services that still say `runtime: python`."""
    for switch in switches(app):
        runtime = switch.service.get("runtime")
        if switch.service.runtime == OLD_RUNTIME and runtime is not None:
            place = switch.service.file.pair_place(runtime)
            message = f"The Python 2.5 runtime is gone: move to `runtime: python27`. {_outlook(switch)}"
            yield RULE.finding(place, message, fix=switch.fix, related=_blockers(switch))


def _outlook(switch: Switch) -> str:
    total = len({target.use.script.text for target in switch.targets})
    blocked = len({target.use.script.text for target in switch.blocked})
    if switch.waits_for:
        return f"First {switch.waits_for}: whether all can change is told then."
    if not total:
        return "No CGI script stands in the way."
    if not blocked and switch.converts:
        return (
            "Its CGI scripts can become WSGI applications."
            if total > 1
            else "Its CGI script can become a WSGI application."
        )
    if not blocked:
        return "Its CGI scripts stay for now: another service that shares files with it is not ready."
    if total == 1:
        return "Its CGI script stays for now, with `threadsafe: false`: gaebot can't convert it."
    return (
        f"Its CGI scripts stay for now, with `threadsafe: false`: gaebot can't convert {blocked} of {total}, "
        "and App Engine wants all of one kind."
    )


def _blockers(switch: Switch) -> Iterator[Related]:
    for target in switch.blocked:
        if target.blocked is not None:
            place = target.blocked.place or target.use.place
            yield Related(place, f"`{target.use.script.text}` stays a CGI script: {target.blocked.reason}.")
