"""The code opens a file that only visitors can read.

## Why

Files that a handler with `static_dir` or `static_files` covers are uploaded for visitors. The app's own code
can't open them: `open()` raises IOError, "file not accessible". That was so on Python 2.5 too, and comes to
light when paths are put right during the move.

gaebot speaks of files whose whole path stands in the code, once for each handler.

## Fix

`application_readable: true` at the handler; the files are then uploaded for both, and count twice.

## Example

```yaml before app.yaml
runtime: python27
api_version: 1
threadsafe: true
handlers:
- url: /data
  static_dir: data
- url: /.*
  script: main.app
```

```python before main.py
import webapp2

MENU = open('data/menu.txt').read()
app = webapp2.WSGIApplication([])
```

```text before data/menu.txt
tea
```

```yaml after app.yaml
runtime: python27
api_version: 1
threadsafe: true
handlers:
- url: /data
  static_dir: data
  application_readable: true
- url: /.*
  script: main.app
```

## Source

SDK: google/appengine/tools/devappserver2/python/runtime/stubs.py, `FakeFile`;
google/appengine/tools/appcfg.py uploads what is readable twice.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from gaebot.app import App
from gaebot.finding import Finding, Fix, Related, RunsOn, Safety, Severity
from gaebot.patterns import Pattern
from gaebot.rule import YAML, Rule
from gaebot.rules.python27.shared.config.services import is_flexible, python_services
from gaebot.rules.python27.shared.files.opened_files import OpenedFile, opened_files
from gaebot.service import Handler, Service
from gaebot.syntax.yaml import boolean, scalar
from gaebot.text import Edit

RULE = Rule(__name__, Severity.WARNING, only_in=YAML)

_MOST_RELATED = 5
_KINDS = ("static_dir", "static_files")


def check(app: App) -> Iterator[Finding]:
    """Each handler that keeps files from the code which opens them."""
    services = [service for service in python_services(app) if not service.is_template]
    covering = [(service, _covering(service)) for service in services if not is_flexible(service)]
    if not any(patterns for _, patterns in covering):
        return
    opened = list(opened_files(app))
    for service, patterns in covering:
        found: dict[Handler, list[OpenedFile]] = defaultdict(list)
        for each in opened:
            if any(own is service for script in each.file.scripts for own, _ in script.uses):
                # The first handler that covers a file says whether the app may read it.
                first = next((handler for handler, files in patterns if files.match(each.path)), None)
                if first is not None and not _is_readable(first):
                    found[first].append(each)
        for handler, files in found.items():
            yield _finding(handler, files, _fix(_in_the_way(patterns, files)))


def _covering(service: Service) -> list[tuple[Handler, Pattern]]:
    """The handlers of static files, each with what matches the files it covers, as appcfg.py matches."""
    found = []
    for handler in service.handlers:
        folder, upload = handler.get("static_dir"), handler.get("upload")
        path = scalar(folder.value) if folder is not None else None
        regex = scalar(upload.value) if upload is not None and handler.get("static_files") else None
        if path:
            found.append((handler, Pattern(re.escape(path.rstrip("/")) + "/.*")))
        elif regex:
            found.append((handler, Pattern(f"(?:{regex})$")))
    return found


def _in_the_way(patterns: list[tuple[Handler, Pattern]], opened: list[OpenedFile]) -> list[Handler]:
    """All handlers that keep files from the app: the development server asks every one."""
    return [
        handler
        for handler, files in patterns
        if not _is_readable(handler) and any(files.match(each.path) for each in opened)
    ]


def _is_readable(handler: Handler) -> bool:
    pair = handler.get("application_readable")
    return pair is not None and boolean(pair.value) is not False


def _finding(handler: Handler, files: list[OpenedFile], fix: Fix | None) -> Finding:
    pair = next(pair for kind in _KINDS if (pair := handler.get(kind)) is not None)
    shown = files[0].path.replace("`", "'")
    message = (
        f"The app opens `{shown}`, which this handler keeps for visitors, and gets an IOError: "
        "add `application_readable: true`."
    )
    related = [Related(each.file.file.place(each.node), "Opened here.") for each in files[:_MOST_RELATED]]
    return RULE.finding(handler.file.pair_place(pair), message, related=related, fix=fix)


def _fix(handlers: list[Handler]) -> Fix | None:
    edits = [edit for handler in handlers if (edit := _edit(handler)) is not None]
    if len(edits) < len(handlers):
        return None
    return Fix("Let the app read the files too", tuple(edits), Safety.REVIEW, RunsOn.BOTH)


def _edit(handler: Handler) -> Edit | None:
    if not handler.file.can_be_patched:
        return None
    said = handler.get("application_readable")
    if said is not None:
        return handler.file.set_plain(said.value, "true")
    last = next(pair for key in ("upload", *_KINDS) if (pair := handler.get(key)) is not None)
    return handler.file.insert_after(handler.node, last, ["application_readable: true"])
