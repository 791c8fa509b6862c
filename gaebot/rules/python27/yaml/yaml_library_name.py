"""`libraries` names a library that python27 does not bring along.

## Why

App Engine refuses the file: "the library … is not supported". Names are case-sensitive, and some differ
from those on PyPI.

## Fix

The runtime's own spelling, where there is one. Any other library has to be copied into the app.

## Example

```yaml before app.yaml
application: shop
version: 1
runtime: python27
api_version: 1
threadsafe: true
libraries:
- name: Jinja2
  version: "2.6"
handlers:
- url: /.*
  script: main.app
```

```yaml after app.yaml
application: shop
version: 1
runtime: python27
api_version: 1
threadsafe: true
libraries:
- name: jinja2
  version: "2.6"
handlers:
- url: /.*
  script: main.app
```

## Source

SDK: `google/appengine/api/appinfo.py` (Library, InvalidLibraryName).
"""

from __future__ import annotations

from collections.abc import Iterator

from gaebot.app import App
from gaebot.finding import Finding, RunsOn, Safety, Severity
from gaebot.rule import YAML, Rule
from gaebot.rules.python27.shared.config.names import nearest
from gaebot.rules.python27.shared.config.patches import one_edit
from gaebot.rules.python27.shared.config.runtime_libraries import LIBRARIES, Declared, declared, declared_by
from gaebot.syntax.yaml import Node, as_text, is_null

RULE = Rule(__name__, Severity.ERROR, only_in=YAML)

_BY_LOWER_CASE = {name.lower(): name for name in LIBRARIES}
# Names of the same thing elsewhere.
_ALIASES = {
    "concurrent.futures": "futures",
    "crypto": "pycrypto",
    "enum34": "enum",
    "mysql-python": "MySQLdb",
    "pillow": "PIL",
    "pyyaml": "yaml",
}
_IN_PYTHON = {"simplejson": "json", "json": "json", "sqlite3": "sqlite3", "hashlib": "hashlib"}


def check(app: App) -> Iterator[Finding]:
    """Names that are not in the runtime's list."""
    for entry in declared(app):
        if entry.name is not None and not is_null(entry.name.value) and entry.library is None:
            yield _finding(entry, entry.name.value)


def _finding(entry: Declared, node: Node) -> Finding:
    place, name = entry.file.place(node), as_text(node)
    if name is None:
        return RULE.finding(place, "The `name` of a library is one word, not a list or a mapping.")
    respelt = _BY_LOWER_CASE.get(name.strip().lower())
    meant = respelt or _ALIASES.get(name.strip().lower())
    if meant is not None:
        taken = any(other.library is LIBRARIES[meant] for other in declared_by(entry.service))
        edit = None if taken else entry.file.set_scalar(node, meant)
        safety = Safety.SAFE if respelt else Safety.REVIEW
        fix = one_edit(entry.file, f"Call the library `{meant}`", edit, safety, RunsOn.TARGET)
        return RULE.finding(
            place, f"The runtime calls the library `{name}` `{meant}`: use that name.", fix=fix
        )
    if name.lower() in _IN_PYTHON:
        message = (
            f"Python 2.7 brings `{_IN_PYTHON[name.lower()]}` along itself: remove `{name}` from `libraries`."
        )
    elif guess := nearest(name, LIBRARIES):
        message = f"python27 has no library `{name}`. If `{guess}` is meant, use that name."
    else:
        message = f"python27 has no library `{name}`: copy it into the app and remove it from `libraries`."
    return RULE.finding(place, message)
