"""A template extends or includes a page above its own folder.

## Why

webapp's templates are looked for in the folder of the page that is rendered. Django 0.96 joined the
names, so `{% extends "../base.html" %}` led out of it. The Django that python27 renders with refuses to
leave the folder: `extends` ends in TemplateDoesNotExist, and a 500; `include` prints nothing, without a word.

A page counts that the code names, or, where nothing but webapp's templates reads pages from files, any whose
tag leads to another page of the app: a framework computes the names of pages. A name that comes back into
the folder (`"../pages/side.html"` in `pages/`) is left alone.

## Fix

Put the page that is rendered into the same folder as the one that it extends, or below it, and
name that one without `..`.

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

class Admin(webapp2.RequestHandler):
    def get(self):
        self.response.out.write(template.render('pages/admin/index.html', {}))

app = webapp2.WSGIApplication([('/admin', Admin)])
```

```html before pages/admin/index.html
{% extends "../base.html" %}
```

```html before pages/base.html
{% block body %}{% endblock %}
```

## Source

SDK: google/appengine/ext/webapp/template.py sets `TEMPLATE_DIRS` to the page's folder;
google/appengine/_internal/django/template/loaders/filesystem.py joins with `safe_join`; there,
template/loader_tags.py, `ConstantIncludeNode` passes over what it can't load.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from gaebot.app import App
from gaebot.finding import Finding, Severity
from gaebot.rule import PAGES, Rule
from gaebot.rules.python27.shared.webapp.templates import (
    django_pages,
    is_admin_page,
    renders_alone,
    webapp_pages,
)
from gaebot.syntax.page import Page, Token

RULE = Rule(__name__, Severity.ERROR, only_in=PAGES)


def check(app: App) -> Iterator[Finding]:
    """Each tag that names a page above the folder."""
    leaving = list(_leaving(app))
    known = {page.path for page in webapp_pages(app)} if leaving else set()
    for page, tag, name in leaving:
        if page.path in known or _is_of_webapp(app, page, name):
            is_lost = tag.name == "include"
            lost = ", and nothing stands in its place" if is_lost else ""
            message = (
                f"python27 looks for templates in the folder of the page only: `{name}` is not"
                f" found{lost}. Keep the pages in one folder and name this one without `..`."
            )
            severity = Severity.WARNING if is_lost else Severity.ERROR
            yield RULE.finding(page.place(tag), message, severity=severity)


def _leaving(app: App) -> Iterator[tuple[Page, Token, str]]:
    """The tags that name a page above the folder of their own, in whatever is Django's language."""
    for page in django_pages(app):
        for tag in page.tags("extends", "include"):
            name = tag.words[1] if len(tag.words) > 1 else ""
            if name[:1] in {"'", '"'} and name[-1:] == name[:1] and _leaves(page, name[1:-1]):
                yield page, tag, name[1:-1]


def _is_of_webapp(app: App, page: Page, name: str) -> bool:
    """Whether webapp's templates render a page that no code names.

    So it is where nothing else can, and the name in its tag leads to another page of the app.
    """
    target = posixpath.normpath(posixpath.join(posixpath.dirname(page.path), name))
    return app.page(target) is not None and not is_admin_page(page) and renders_alone(app)


def _leaves(page: Page, name: str) -> bool:
    """Whether a name leads out of the page's folder and not back into it."""
    folder = posixpath.dirname(page.path)
    target = posixpath.normpath(posixpath.join("/", folder, name))
    is_up = posixpath.normpath(name).startswith("../") and not name.startswith("/")
    return is_up and not target.startswith(posixpath.join("/", folder).rstrip("/") + "/")
