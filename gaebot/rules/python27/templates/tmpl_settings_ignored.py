"""webapp's templates ignore the app's Django settings on python27.

## Why

On Python 2.5 webapp's templates were rendered by the app's Django, with its settings module. The Django
of the SDK's own, which renders them on python27, knows no settings of the app: `{{ day|date }}` comes out
in another format than `DATE_FORMAT` says, a missing value is empty whatever `TEMPLATE_STRING_IF_INVALID`
says, and no language but English is spoken.

## Fix

Say the format in the page, `{{ day|date:"Y-m-d" }}`. Or render with Django itself.

## Example

```yaml before app.yaml
runtime: python27
api_version: 1
threadsafe: true
handlers:
- url: /.*
  script: main.app
```

```python before settings.py
DATE_FORMAT = 'Y-m-d'
```

```python before main.py
import os
os.environ['DJANGO_SETTINGS_MODULE'] = 'settings'
import webapp2
from google.appengine.ext.webapp import template

class Main(webapp2.RequestHandler):
    def get(self):
        self.response.out.write(template.render('index.html', {'day': self.day()}))

app = webapp2.WSGIApplication([('/', Main)])
```

```html before index.html
<p>{{ day|date }}</p>
```

```html after index.html
<p>{{ day|date:"Y-m-d" }}</p>
```

## Source

SDK: google/appengine/ext/webapp/template.py, `_load_internal_django`, configures four settings, none of
the app's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from gaebot.app import App
from gaebot.finding import Finding, Fix, Place, RunsOn, Safety, Severity
from gaebot.rule import PAGES, Rule
from gaebot.rules.python27.shared.webapp.templates import webapp_pages
from gaebot.syntax.nodes import string_value
from gaebot.syntax.page import Page
from gaebot.text import Span

RULE = Rule(__name__, Severity.WARNING, only_in=PAGES)

_SETTINGS = "settings.py"
_SETTING = b"DJANGO_SETTINGS_MODULE"
_FORMATS = {"date": "DATE_FORMAT", "time": "TIME_FORMAT"}
_WITHOUT_FORMAT = re.compile(rb"\|\s*(date|time)\s*(?=\||\}\})")


def check(app: App) -> Iterator[Finding]:
    """Each date and time that a page prints in the format of the settings module."""
    settings = app.python(_SETTINGS)
    if settings is None or not any(_SETTING in source.data for source in app.files.values()):
        return
    for page in webapp_pages(app):
        for filter_name, place in _bare_filters(page):
            bindings = settings.scope.bindings.get(_FORMATS[filter_name], ())
            value = string_value(bindings[-1].value) if bindings else None
            if value is None:
                continue
            message = (
                f"webapp's templates do not ask for `{_FORMATS[filter_name]}` on python27: say the format,"
                f' `|{filter_name}:"{value}"`.'
            )
            fix = None
            if '"' not in value and value.isascii():
                edit = place.replace(f'{filter_name}:"{value}"'.encode())
                fix = Fix("Say the format in the page", (edit,), Safety.SAFE, RunsOn.BOTH)
            yield RULE.finding(place, message, fix=fix)


def _bare_filters(page: Page) -> Iterator[tuple[str, Place]]:
    """The filters `date` and `time` without a format, by name and place of the name."""
    for token in page.variables:
        for match in _WITHOUT_FORMAT.finditer(page.source.data, token.span.start, token.span.end):
            yield match.group(1).decode(), Place(page.source, Span(*match.span(1)))
