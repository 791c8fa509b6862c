"""Without asking, python27 gives an app webapp2 2.3.

## Why

An app that does not name webapp2 in `libraries:` gets its version 2.3, and not the latest. That version
does not clamp what `request.get_range` returns, and answers an error with an empty page when
`debug=True`. 2.5.2 does not have these faults. It is stricter in one thing: letters of a request that are
no valid UTF-8 raise UnicodeDecodeError. An app that does neither is left alone.

## Fix

Ask for 2.5.2. The fix is made once the service says `runtime: python27`.

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

app = webapp2.WSGIApplication([], debug=True)
```

```yaml after app.yaml
runtime: python27
api_version: 1
threadsafe: true
handlers:
- url: /.*
  script: main.app

libraries:
- name: webapp2
  version: "2.5.2"
```

## Source

SDK: google/appengine/api/appinfo.py, `_SUPPORTED_LIBRARIES`; lib/webapp2-2.3/webapp2.py,
`Request.get_range`.
"""

from __future__ import annotations

from collections.abc import Iterator

from gaebot.app import App
from gaebot.finding import Finding, Fix, RunsOn, Safety, Severity
from gaebot.rule import YAML, Rule
from gaebot.rules.python27.shared.config.runtime_libraries import LIBRARIES, declared_by
from gaebot.rules.python27.shared.config.services import NEW_RUNTIME, python_services
from gaebot.rules.python27.shared.libraries.carried import is_carried
from gaebot.rules.python27.shared.libraries.library_needs import ask_for
from gaebot.rules.python27.shared.scripts.handler_scripts import request_files
from gaebot.service import Service

RULE = Rule(__name__, Severity.NOTE, only_in=YAML)

# What the code says, and what version 2.3 does with it.
_FAULTS = (
    (b"get_range", "lets any number through `get_range`"),
    (b"debug", "answers an error with an empty page where `debug` is on"),
)

_NAME = "webapp2"
_MODULES = ("webapp2", "google.appengine.ext.webapp")


def check(app: App) -> Iterator[Finding]:
    """Each service on python27 whose code uses webapp2 and that does not ask for a version."""
    for service in python_services(app):
        runtime = service.get("runtime")
        if service.is_template or service.runtime != NEW_RUNTIME or runtime is None:
            continue
        asked = {entry.library.name for entry in declared_by(service) if entry.library is not None}
        if _NAME in asked or is_carried(app, _NAME):
            continue
        if faults := _faults(app, service):
            latest = LIBRARIES[_NAME].latest
            message = (
                f"Without asking, the service gets webapp2 2.3, which {' and '.join(faults)}: ask for "
                f"{latest} in `libraries:`."
            )
            yield RULE.finding(service.file.pair_place(runtime), message, fix=_fix(service, latest))


def _faults(app: App, service: Service) -> list[str]:
    """What the old version does wrong for the code of a service, for what it uses of webapp."""
    sources = [
        file.file.source.data
        for file in request_files(app)
        if any(own is service for script in file.scripts for own, _ in script.uses)
        and any((binding.origin or "").startswith(_MODULES) for binding in file.file.imports())
    ]
    return [fault for sign, fault in _FAULTS if any(sign in data for data in sources)]


def _fix(service: Service, version: str) -> Fix | None:
    edit = ask_for(service, {_NAME: version})
    if edit is None:
        return None
    return Fix(f'Ask for webapp2 "{version}"', (edit,), Safety.REVIEW, RunsOn.TARGET)
