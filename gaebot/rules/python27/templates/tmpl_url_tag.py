"""webapp's templates have no `{% url %}` on python27.

## Why

On Python 2.5 `{% url %}` in a template of `google.appengine.ext.webapp.template` asked the request
handlers for their URL. On python27 the tag raises NotImplementedError when the page is rendered, and
the request ends in a 500.

Left alone are templates of Django itself, where the tag goes on to work.

## Fix

Make the URL in the handler, for example with `webapp2.uri_for` and a named route, and pass it to the
template as a value.

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

class Entry(webapp2.RequestHandler):
    def get(self, slug):
        self.response.out.write(template.render('entry.html', {'slug': slug}))

app = webapp2.WSGIApplication([('/entry/(.*)', Entry)])
```

```html before entry.html
<a href="{% url Entry slug %}">here</a>
```

## Source

SDK: google/appengine/_internal/django/template/defaulttags.py, `url`: the tag is not supported in the
python27 runtime.
"""

from __future__ import annotations

from collections.abc import Iterator

from gaebot.app import App
from gaebot.finding import Finding, Related, Severity
from gaebot.rule import PAGES, Rule
from gaebot.rules.python27.shared.webapp.templates import webapp_pages

RULE = Rule(__name__, Severity.ERROR, only_in=PAGES)

_MOST_RELATED = 5


def check(app: App) -> Iterator[Finding]:
    """One finding for each page that uses the tag."""
    for page in webapp_pages(app):
        tags = page.tags("url")
        if tags and not page.loaded - {"i18n"}:
            message = (
                "webapp's templates raise NotImplementedError for `{% url %}` on python27:"
                " pass the URL to the template as a value."
            )
            related = [Related(page.place(tag), "And here.") for tag in tags[1 : 1 + _MOST_RELATED]]
            yield RULE.finding(page.place(tags[0]), message, related=related)
