"""A module of template tags takes `Library` or `Node` from a Django that does not render its pages.

## Why

A module that is registered for webapp's templates often begins with `from django import template` and
`register = template.Library()`. On python27 Django is not there unless app.yaml asks for it: the
registration ends in InvalidTemplateLibrary, "No module named django".

With Django in `libraries:` the import works, and filters do. Tags do not: webapp's templates are rendered by
a Django of the SDK's own, which takes a node of another Django for a text. Where the tag stands the page then
shows `<IfNode object at 0x…>`. So it is with subclasses of `template.Node`, and with the `simple_tag` and
`inclusion_tag` of a `template.Library()`.

## Fix

Make the library with `create_template_register()` of webapp's own template module: it is the same kind of
object, and does not need Django. Where the module has nodes of its own, take `template` from
`google.appengine._internal.django`, the Django that renders; gaebot writes that once the app says
`runtime: python27`. Where a module of filters takes more from Django, ask for Django in `libraries:`.

Of the import nothing is said in apps that need Django elsewhere: they have to ask for it in any case. Of the
tags nothing is said in apps that may render pages with Django itself.

## Example

```yaml before app.yaml
runtime: python27
api_version: 1
threadsafe: true
handlers:
- url: /.*
  script: main.app
```

```python before common/__init__.py
```

```python before common/filters.py
from django import template

register = template.Library()
```

```python after common/filters.py
from google.appengine.ext.webapp import template

register = template.create_template_register()
```

```python before main.py
import webapp2
from google.appengine.ext.webapp import template

template.register_template_library('common.filters')
app = webapp2.WSGIApplication([])
```

## Source

SDK: google/appengine/ext/webapp/template.py, `create_template_register`;
google/appengine/_internal/django/template/ __init__.py, `import_library` and `NodeList.render`.
"""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from gaebot.app import App
from gaebot.finding import Finding, Fix, Related, RunsOn, Safety, Severity
from gaebot.rule import Rule, python_with
from gaebot.rules.python27.shared.config.runtime_libraries import declared
from gaebot.rules.python27.shared.config.services import has_switched
from gaebot.rules.python27.shared.libraries.library_needs import is_guarded, library_needs
from gaebot.rules.python27.shared.webapp.foreign_tags import foreign_tags, made_with_webapp, taken_from_sdk
from gaebot.rules.python27.shared.webapp.templates import (
    library_files,
    may_render_with_django,
    registers_for_django,
)
from gaebot.syntax.nodes import text
from gaebot.syntax.python import PythonFile

_MODULE = "django.template"
_CLASS = "django.template.Library"

RULE = Rule(
    __name__, Severity.ERROR, only_in=python_with(*(name.rpartition(".")[2] for name in (_MODULE, _CLASS)))
)

_WITH_WEBAPP = "use `create_template_register()` of `google.appengine.ext.webapp.template`."
_FROM_SDK = "take `template` from `google.appengine._internal.django`."
_MOST_RELATED = 5


def check(app: App) -> Iterator[Finding]:
    """In registered modules each import of Django's template module; where the app has Django, the tags."""
    files = [file for file in library_files(app) if app.is_asked_for(file.source.path)]
    if not files or registers_for_django(app):
        return
    has_django = any(entry.library and entry.library.name == "django" for entry in declared(app))
    is_there = has_django or app.module_path("django") is not None or _is_needed_elsewhere(app)
    for file in files:
        tags = [] if may_render_with_django(app) else foreign_tags(file)
        if not is_there:
            yield from _imports(app, file, tags)
            continue
        for tag in tags:
            way_out = _FROM_SDK if tag.type == "identifier" else _WITH_WEBAPP
            message = (
                f"On python27 webapp's templates are rendered by a Django of the SDK's own, which prints"
                f" the `repr` of what `{text(tag)}` makes instead of rendering it: {way_out}"
            )
            place = file.place(tag)
            yield RULE.finding(place, message, fix=_fix(app, file, tags), severity=Severity.WARNING)


def _imports(app: App, file: PythonFile, tags: list[Node]) -> Iterator[Finding]:
    """The imports of Django's template module that fail without Django."""
    needs_nodes = bool(tags) and made_with_webapp(file) is None
    message = (
        "Django is not there on python27 unless app.yaml asks for it, and webapp's templates can't load it"
    )
    if needs_nodes:
        message += (
            ". They would not render this module's tags with it either, but print their `repr`, as they are"
            f" rendered by a Django of the SDK's own: {_FROM_SDK}"
        )
    else:
        message += f": {_WITH_WEBAPP}"
    related = [Related(file.place(tag), "This tag.") for tag in tags[:_MOST_RELATED] if needs_nodes]
    statements = {
        binding.statement.id: binding.statement
        for binding in file.imports()
        if binding.origin in {_MODULE, _CLASS}
        or (needs_nodes and (binding.origin or "").startswith(f"{_MODULE}."))
    }
    for statement in statements.values():
        if not is_guarded(file, statement):
            yield RULE.finding(file.place(statement), message, fix=_fix(app, file, tags), related=related)


def _is_needed_elsewhere(app: App) -> bool:
    """Whether another module needs Django, so that app.yaml has to ask for it in any case."""
    libraries = {file.source.path for file in library_files(app)}
    places = (place for needs in library_needs(app).values() for place in needs.get("django", ()))
    return any(place.path not in libraries for place in places)


def _fix(app: App, file: PythonFile, tags: list[Node]) -> Fix | None:
    """Make the library with webapp, or take the nodes from the Django that renders."""
    edits = made_with_webapp(file)
    if edits is not None:
        return Fix("Make the library with webapp's own module", edits, Safety.SAFE, RunsOn.BOTH)
    edits = taken_from_sdk(file) if tags and has_switched(app) else None
    title = "Take the tags from the Django that renders"
    return Fix(title, edits, Safety.REVIEW, RunsOn.TARGET) if edits is not None else None
