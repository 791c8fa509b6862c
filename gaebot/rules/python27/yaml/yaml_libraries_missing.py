"""The app imports a library that app.yaml does not ask for.

## Why

python27 has Django, PIL, lxml, jinja2 and many more, but an app gets one only when its app.yaml lists it
in `libraries:`. Else the import fails, and with it the pages. Python 2.5 had Django 0.96 and PyCrypto
without asking.

## Fix

List the library with a version. For Django gaebot takes the version that the app chose on Python 2.5
(`use_library`, `webapp_django_version`), or the next one that python27 has: it begins with 1.2. `webapp2`,
`webob`, `yaml` and some more are there without asking.

Only code that a request can reach counts, third-party code in the app too. Nothing is said of a library
that the app carries along, of an import whose failure the code catches, and of Django where only modules
of tags for webapp's templates import it that can do without: `tmpl-filter-django-import` says so. The patch
is made once the service says `runtime: python27`, because `libraries:` is refused before.

## Example

```yaml before app.yaml
application: guestbook
version: 1
runtime: python27
api_version: 1
threadsafe: true
handlers:
- url: /.*
  script: main.app
```

```python before main.py
import webapp2
from PIL import Image

app = webapp2.WSGIApplication([])
```

```yaml after app.yaml
application: guestbook
version: 1
runtime: python27
api_version: 1
threadsafe: true
handlers:
- url: /.*
  script: main.app

libraries:
- name: PIL
  version: "1.1.7"
```

## Source

Google, "Migrating to Python 2.7", Configuring libraries. SDK: `google/appengine/api/appinfo.py`,
`_SUPPORTED_LIBRARIES`, `REQUIRED_LIBRARIES`.
"""

from __future__ import annotations

from collections.abc import Iterator

from gaebot.app import App
from gaebot.finding import Finding, Fix, Related, RunsOn, Safety, Severity
from gaebot.rule import YAML, Rule
from gaebot.rules.python27.shared.config.runtime_libraries import declared, recommended
from gaebot.rules.python27.shared.config.services import NEW_RUNTIME, python_services
from gaebot.rules.python27.shared.libraries.library_needs import ask_for, library_needs, missing_libraries
from gaebot.rules.python27.shared.libraries.use_library import django_version
from gaebot.rules.python27.shared.webapp.foreign_tags import needs_django
from gaebot.rules.python27.shared.webapp.templates import library_files, may_render_with_django
from gaebot.service import Service

RULE = Rule(__name__, Severity.ERROR, only_in=YAML)


def check(app: App) -> Iterator[Finding]:
    """One finding for each service that lacks libraries."""
    for service in python_services(app):
        missing = missing_libraries(app, service)
        if "django" in missing and _is_for_tags_alone(app):
            del missing["django"]
        if not missing:
            continue
        versions = {name: _version(app, name) for name in sorted(missing, key=str.lower)}
        pair = service.get("libraries") or service.get("runtime")
        if pair is None:
            continue
        named = " and ".join(f'`{name}` ("{version}")' for name, version in versions.items())
        message = f"The app imports what python27 has only for the asking: add {named} to `libraries:`."
        if all(b"simplejson" in place.snippet for place in missing.get("django", ())) and "django" in missing:
            message += " Of Django it takes only `simplejson`: with `import json` in its place it needs none."
        related = [Related(missing[name][0], f"This needs `{name}`.") for name in versions]
        place = service.file.place(pair.key) if service.get("libraries") else service.file.pair_place(pair)
        yield RULE.finding(place, message, fix=_fix(service, versions), related=related)


def _is_for_tags_alone(app: App) -> bool:
    """Whether nothing needs Django but modules of tags for webapp's templates, which can do without."""
    if any(entry.library and entry.library.name == "django" for entry in declared(app)):
        return False
    files = {file.source.path: file for file in library_files(app)}
    places = (place for needs in library_needs(app).values() for place in needs.get("django", ()))
    can_do_without = all(place.path in files and not needs_django(files[place.path]) for place in places)
    return can_do_without and not may_render_with_django(app)


def _version(app: App, name: str) -> str:
    return recommended(name) or django_version(app)[0]


def _fix(service: Service, versions: dict[str, str]) -> Fix | None:
    edit = ask_for(service, versions) if service.runtime == NEW_RUNTIME else None
    if edit is None:
        return None
    return Fix(f"Ask for {', '.join(versions)} in {service.path}", (edit,), Safety.REVIEW, RunsOn.TARGET)
