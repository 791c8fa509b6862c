"""The app calls a function of `os` or `signal` that the sandbox has no use for.

## Why

App Engine has one read-only folder and no processes. On python27 the functions for the rest are there by
name, and raise `OSError: Function not implemented`: `os.chdir`, `os.tempnam`, `os.tmpfile`, `os.rmdir` and
others. `signal.signal` is not there at all. Python 2.5 left most of them out, so that code which catches
AttributeError there does not catch what happens here.

## Fix

Make paths from `os.path.dirname(__file__)` where the current folder was changed. Keep what was written to
a temporary file in memory, with `StringIO`, or in the datastore.

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
import os
import webapp2

os.chdir(os.path.dirname(os.path.abspath(__file__)))
app = webapp2.WSGIApplication([])
```

## Source

SDK: google/appengine/tools/devappserver2/python/runtime/sandbox.py, `_MODULE_OVERRIDE_POLICIES`.
"""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from gaebot.app import App
from gaebot.finding import Finding, Related, Severity
from gaebot.rule import Rule, python_with
from gaebot.rules.python27.shared.scripts.handler_scripts import RequestFile, asked_files, request_files_with
from gaebot.syntax.nodes import ancestors, text

_NOT_IMPLEMENTED = {
    f"os.{name}": "`{}` raises OSError in the sandbox of python27: " + instead
    for names, instead in (
        ("chdir fchdir chroot", "make absolute paths from `__file__`."),
        ("tempnam tmpnam tmpfile", "keep the data in memory, with `StringIO`."),
        ("rmdir removedirs renames symlink link mkfifo utime", "the app's files can't be changed."),
        ("popen2 popen3 popen4 spawnl spawnlp spawnv spawnvp nice setsid", "there are no processes."),
    )
    for name in names.split()
}
_MESSAGES = {**_NOT_IMPLEMENTED, "signal.signal": "python27 has no `{}`: there are no signals to wait for."}

RULE = Rule(__name__, Severity.ERROR, only_in=python_with(*(name.rpartition(".")[2] for name in _MESSAGES)))

# What code asks before it does something that not every system can do.
_ASKS = ("hasattr", "SERVER_SOFTWARE", "os.name", "platform")
_MOST_RELATED = 3


def check(app: App) -> Iterator[Finding]:
    """One finding for each function, at its first call that no `try` stands around."""
    for name, message in _MESSAGES.items():
        if any(True for file in asked_files(app) for _ in _calls(file, name)):
            files = request_files_with(app, name.rpartition(".")[2].encode())
            places = [file.file.place(call) for file in files for call in _calls(file, name)]
            related = [Related(place, "And here.") for place in places[1 : 1 + _MOST_RELATED]]
            yield RULE.finding(places[0], message.format(name), related=related)


def _calls(file: RequestFile, name: str) -> Iterator[Node]:
    """The calls of a function that may run for a request and that no `try` stands around."""
    for call in file.file.calls(name) if name.rpartition(".")[2] in file.file.words else ():
        if file.runs(call) and not _is_tried(call):
            yield call


def _is_tried(call: Node) -> bool:
    """Whether something may have been made ready for the failure, or asked before."""
    for outer in ancestors(call):
        if outer.type == "try_statement":
            return True
        condition = outer.child_by_field_name("condition") if outer.type == "if_statement" else None
        if condition is not None and any(word in text(condition) for word in _ASKS):
            return True
    return False
