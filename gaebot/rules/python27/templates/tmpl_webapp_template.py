"""webapp's template module is deprecated.

## Why

`google.appengine.ext.webapp.template` goes on to work on python27, but Google deprecates it and has
nothing like it for Python 3. It renders with a Django 1.2.5 of the SDK's own, whatever version app.yaml
asks for. (It says of itself that it is not thread-safe; on python27 its settings are kept apart for each
thread.)

## Fix

Nothing has to be done for python27. When you do move, Django's own templates read the pages as they are:
ask for `django` in `libraries:`, name the folders in `TEMPLATE_DIRS` of a settings module, name that in
`DJANGO_SETTINGS_MODULE` under `env_variables:`, and call `django.template.loader.render_to_string`.
jinja2 is the better choice for few and simple pages, or on the way to Python 3 without Django: its
language differs where pages call filters with arguments, load tag libraries, or print what a method
returns.

The finding says which of the two suits the app.

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
        self.response.out.write(template.render('index.html', {}))

app = webapp2.WSGIApplication([('/', Main)])
```

## Source

Google, "Migrating to Python 2.7", Updating your application to webapp2. SDK:
google/appengine/ext/webapp/template.py; google/appengine/_internal/django/conf/__init__.py, `LazySettings`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from gaebot.app import App
from gaebot.finding import Finding, Related, Severity
from gaebot.rule import Rule, python_with
from gaebot.rules.python27.shared.config.runtime_libraries import declared
from gaebot.rules.python27.shared.scripts.handler_scripts import asked_files, request_files_with
from gaebot.rules.python27.shared.webapp.templates import (
    TemplateUse,
    registered_libraries,
    template_uses,
    template_uses_in,
    webapp_pages,
)
from gaebot.syntax.page import Page

# What of the module loads or renders a page.
_RENDERS = frozenset({"render", "load", "Template"})

RULE = Rule(__name__, Severity.NOTE, only_in=python_with(*_RENDERS))

_MOST_RELATED = 3
# Tags and filters of Django that jinja2 has not, or spells otherwise.
_ONLY_DJANGO_TAGS = frozenset(
    {
        "load",
        "ifequal",
        "ifnotequal",
        "ifchanged",
        "cycle",
        "regroup",
        "now",
        "firstof",
        "widthratio",
        "spaceless",
    }
)
_MANY = 10  # tags and filters to be rewritten by hand


def check(app: App) -> Iterator[Finding]:
    """One finding for each app that renders pages with it."""
    if not any(True for _ in _renders(template_uses_in(app, asked_files(app)))):
        return
    first = next(_renders(template_uses_in(app, request_files_with(app, b"template"))), None)
    if first is not None and app.is_asked_for(first.file.path):
        _, *others = _one_a_file(_renders(template_uses(app)))
        related = [Related(use.file.file.place(use.node), "And here.") for use in others[:_MOST_RELATED]]
        yield RULE.finding(first.file.file.place(first.node), _message(app), related=related)


def _renders(uses: Iterable[TemplateUse]) -> Iterator[TemplateUse]:
    return (use for use in uses if use.member in _RENDERS)


def _one_a_file(uses: Iterable[TemplateUse]) -> list[TemplateUse]:
    found: dict[str, TemplateUse] = {}
    for use in uses:
        found.setdefault(use.file.path, use)
    return list(found.values())


def _message(app: App) -> str:
    message = "webapp's templates go on to work on python27, but are deprecated. When you replace them, "
    if app.template_engine:
        return f"{message}take {app.template_engine}, as this team prefers."
    if registered_libraries(app):
        return message + "Django's own suit this app: it has tags or filters of its own for them."
    if any(entry.library and entry.library.name == "django" for entry in declared(app)):
        return message + "Django's own suit this app: it has Django already."
    if sum(_only_django(page) for page in webapp_pages(app)) > _MANY:
        return message + "Django's own suit this app: its pages use much that jinja2 spells otherwise."
    return message + "jinja2 suits this app: its pages use little that it spells otherwise."


def _only_django(page: Page) -> int:
    """How much of a page would have to be rewritten by hand for jinja2."""
    with_argument = sum(":" in part for token in page.variables for part in token.text.split("|")[1:])
    return with_argument + sum(tag.name in _ONLY_DJANGO_TAGS for tag in page.tags())
