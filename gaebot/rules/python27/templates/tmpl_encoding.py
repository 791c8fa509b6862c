"""A page template is not encoded in UTF-8.

## Why

Django 0.96 passed the bytes of a template on. The Django that python27 renders webapp's templates with
reads them as UTF-8, and a page in another encoding ends in UnicodeDecodeError.

## Fix

Save the page in UTF-8, and say so where it names its encoding (`<meta charset>`).

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
        self.response.out.write(template.render('index.html', {'name': 'World'}))

app = webapp2.WSGIApplication([('/', Main)])
```

```html before index.html in latin-1
<p>Olá {{ name }}</p>
```

## Source

SDK: google/appengine/_internal/django/template/loaders/filesystem.py decodes with `FILE_CHARSET`,
which is UTF-8.
"""

from __future__ import annotations

from collections.abc import Iterator

from gaebot.app import App
from gaebot.finding import Finding, Place, Severity
from gaebot.rule import PAGES, Rule
from gaebot.rules.python27.shared.webapp.templates import webapp_pages
from gaebot.text import Span

RULE = Rule(__name__, Severity.ERROR, only_in=PAGES)


def check(app: App) -> Iterator[Finding]:
    """The first byte of each page that is not UTF-8."""
    for page in webapp_pages(app):
        start = _first_foreign_byte(page.source.data)
        if start is not None:
            message = (
                "This page is not encoded in UTF-8, and python27 reads templates as nothing else"
                " (UnicodeDecodeError): save it in UTF-8."
            )
            yield RULE.finding(Place(page.source, Span(start, start + 1)), message)


def _first_foreign_byte(data: bytes) -> int | None:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.start
    return None
