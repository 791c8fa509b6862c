"""A template loads a tag library that webapp's templates do not find on python27.

## Why

On python27 `google.appengine.ext.webapp.template` renders with a Django of the SDK's own, which
knows no settings of the app: `{% load %}` finds its `i18n`, and nothing of the app, of Django's `contrib`, or
`cache`, which does not import. The page ends in TemplateSyntaxError, "is not a valid tag library".

## Fix

Register the library for all templates with `template.register_template_library('package.module')`, and
take the `{% load %}` out. Or render the page with Django itself.

Where the app registers a library with the same last name already, its tags are there without
`{% load %}`, and the fix takes that out.

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

template.register_template_library('common.filters')

class Main(webapp2.RequestHandler):
    def get(self):
        self.response.out.write(template.render('index.html', {'name': 'World'}))

app = webapp2.WSGIApplication([('/', Main)])
```

```html before index.html
{% load filters %}
<p>{{ name|shout }}</p>
```

```html after index.html
<p>{{ name|shout }}</p>
```

## Source

SDK: google/appengine/ext/webapp/template.py, `_load_internal_django`, configures Django with four
settings, `INSTALLED_APPS` not among them; google/appengine/_internal/django/templatetags, of which
`cache` imports a module that the SDK leaves out.
"""

from __future__ import annotations

from collections.abc import Iterator

from gaebot.app import App
from gaebot.finding import Finding, Fix, RunsOn, Safety, Severity
from gaebot.rule import PAGES, Rule
from gaebot.rules.python27.shared.config.services import has_switched
from gaebot.rules.python27.shared.webapp.templates import registered_libraries, webapp_pages
from gaebot.syntax.page import Page, Token
from gaebot.text import Span

RULE = Rule(__name__, Severity.ERROR, only_in=PAGES)

_THERE = frozenset({"i18n"})


def check(app: App) -> Iterator[Finding]:
    """Each `{% load %}` of a library that is not there."""
    known = {name.rpartition(".")[2] for name in registered_libraries(app)}
    for page in webapp_pages(app):
        for tag in page.tags("load"):
            missing = [name for name in tag.words[1:] if name not in _THERE]
            if not missing or "from" in missing:
                continue
            names = " and ".join(f"`{name}`" for name in missing)
            message = f"webapp's templates find no tag library {names} on python27: TemplateSyntaxError."
            fix = None
            if known.issuperset(name.rpartition(".")[2] for name in tag.words[1:]):
                message += " The app registers it for all templates: delete the tag."
                fix = _fix(app, page, tag)
            else:
                message += " Register it with `register_template_library('package.module')`."
            yield RULE.finding(page.place(tag), message, fix=fix)


def _fix(app: App, page: Page, tag: Token) -> Fix | None:
    if not has_switched(app):
        return None
    edit = page.source.edit(_with_line(page, tag), b"")
    return Fix("Delete the tag that loads it", (edit,), Safety.REVIEW, RunsOn.TARGET)


def _with_line(page: Page, tag: Token) -> Span:
    """The tag, with its line when nothing else stands on it: a Django page would print the empty line."""
    line = page.source.line_span(tag.span.start)
    alone = page.source.data[line.start : tag.span.start] + page.source.data[tag.span.end : line.end]
    return tag.span if alone.strip() or (page.source.bom and not line.start) else line
