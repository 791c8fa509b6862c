"""`_swap_settings` of webapp's templates fails on python27.

## Why

Apps with template folders of their own borrow `_swap_settings` from
`google.appengine.ext.webapp.template` to set `TEMPLATE_DIRS` for a while. On python27 it reaches the
settings of the SDK's own Django, not those of the Django that the app may import, and these are there
only in a thread that has rendered a page before: else AssertionError, "settings has not been configured
in this thread".

## Fix

Render the page by its whole path, `template.render(path, values)`: its folder is then the one that
templates are looked for in. An app that renders with Django itself gives it the folders in its settings
module, `TEMPLATE_DIRS`.

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
import webapp2
from google.appengine.ext.webapp import template

class Main(webapp2.RequestHandler):
    def get(self):
        saved = template._swap_settings({'TEMPLATE_DIRS': ('pages',)})
        self.response.out.write(template.render('pages/index.html', {}))
        template._swap_settings(saved)

app = webapp2.WSGIApplication([('/', Main)])
```

## Source

SDK: google/appengine/ext/webapp/template.py, `_swap_settings`;
google/appengine/_internal/django/conf/__init__.py, `LazySettings`, keeps the settings of each thread
apart.
"""

from __future__ import annotations

from collections.abc import Iterator

from gaebot.app import App
from gaebot.finding import Finding, Related, Severity
from gaebot.rule import Rule, python_with
from gaebot.rules.python27.shared.scripts.handler_scripts import asked_files
from gaebot.rules.python27.shared.webapp.templates import template_uses_in

RULE = Rule(__name__, Severity.ERROR, only_in=python_with("_swap_settings"))


def check(app: App) -> Iterator[Finding]:
    """One finding for each file that calls it."""
    calls = [
        use
        for use in template_uses_in(app, asked_files(app))
        if use.member == "_swap_settings" and use.call is not None
    ]
    for path in dict.fromkeys(use.file.path for use in calls):
        first, *others = [use for use in calls if use.file.path == path]
        message = (
            "`_swap_settings` raises AssertionError on python27 in a thread that has rendered no page yet,"
            " and never reaches the settings of Django itself: render the page by its whole path instead."
        )
        related = [Related(use.file.file.place(use.node), "And here.") for use in others]
        yield RULE.finding(first.file.file.place(first.node), message, related=related)
