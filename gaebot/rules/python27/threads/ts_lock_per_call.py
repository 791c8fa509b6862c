"""A lock that is made for each call, or for each request, guards nothing.

## Why

A lock keeps others out only when they ask for the same one. A lock that is a local name is made anew each
time the function runs, and one that a request handler makes in `__init__`, `initialize` or `get` is made
anew for each request: every thread has its own, and none ever waits. The code looks guarded and is not.

## Fix

Make the lock once, at module level or as an attribute of the class, and use that one everywhere.

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
import threading
import webapp2

VISITS = {}


class Main(webapp2.RequestHandler):
    def get(self):
        lock = threading.Lock()
        with lock:
            VISITS[self.request.path] = VISITS.get(self.request.path, 0) + 1


app = webapp2.WSGIApplication([('/', Main)])
```

## Source

CPython 2.7: two calls of a function that makes its own lock run at the same time. Google, "Migrating to
Python 2.7", Making Your Application Threadsafe: the lock there is an attribute of the class.
"""

from __future__ import annotations

from collections.abc import Iterator

from gaebot.app import App
from gaebot.finding import Finding, Related, Severity
from gaebot.rule import Rule, python_with
from gaebot.rules.python27.shared.concurrency.severity import severity
from gaebot.rules.python27.shared.locks.guards import is_made_per_request
from gaebot.rules.python27.shared.locks.held import request_takings
from gaebot.rules.python27.shared.locks.locks import MAKERS, Home, Lock
from gaebot.rules.python27.shared.locks.takings import Taking
from gaebot.rules.python27.shared.reach.code import ClassCode, FunctionCode
from gaebot.rules.python27.shared.reach.requests import how
from gaebot.syntax.nodes import text

# The locks that it tells are those of which it is known where they are made, and it tells them there.
RULE = Rule(__name__, Severity.WARNING, only_in=python_with(*MAKERS))

_USES = frozenset({"acquire", "release", "locked", "wait", "notify", "notifyAll", "notify_all"})
_STARTERS = ("threading.Thread", "threading.Timer", "thread.start_new_thread", "thread.start_new")


def check(app: App) -> Iterator[Finding]:
    """One finding for each lock that no two requests share."""
    seen: set[int] = set()
    for taking in request_takings(app):
        for lock in taking.locks:
            if id(lock) in seen or taking.function is None:
                continue
            said = _why(app, lock, taking)
            if said:
                seen.add(id(lock))
                message = f"{said} {how(app, taking.function)}"
                related = [Related(taking.place, "It is taken here.")] if lock.node != taking.node else []
                yield RULE.finding(
                    lock.place,
                    message,
                    related=related,
                    severity=severity(app, lock.place.path, Severity.WARNING),
                )


def _why(app: App, lock: Lock, taking: Taking) -> str:
    """What is wrong with a lock, in whole sentences; nothing when requests may share it."""
    if lock.home is Home.NOWHERE:
        return (
            "This lock is made where it is taken, so nobody else can wait for it, and it guards nothing."
            " Make it once, at module level."
        )
    is_local = lock.home is Home.LOCAL and lock.owner is taking.function
    if is_local and isinstance(lock.owner, FunctionCode) and _is_private(lock):
        return (
            f"`{lock.owner.title}` makes this lock anew each time it runs: no two requests share it,"
            f" and it guards nothing. Make `{lock.name}` once, at module level."
        )
    if (
        lock.home is Home.INSTANCE
        and isinstance(lock.owner, ClassCode)
        and is_made_per_request(app, lock.owner)
        and not _starts_threads(lock)
    ):
        return (
            f"Each request has its own `{lock.owner.name}`, and this lock with it: no two requests share"
            f" it, and it guards nothing. Make `{lock.name}` an attribute of the class."
        )
    return ""


def _is_private(lock: Lock) -> bool:
    """Whether a local lock is only taken and released in its function, and neither kept nor handed on."""
    function = lock.owner
    if not isinstance(function, FunctionCode):
        return False
    for name in lock.file.identifiers(lock.name, within=function.node):
        parent = name.parent
        if parent is None or parent.type in {"with_item", "as_pattern"}:
            is_plain = True
        elif parent.type == "assignment":
            is_plain = parent.child_by_field_name("left") == name
        else:
            is_plain = (
                parent.type == "attribute"
                and parent.child_by_field_name("object") == name
                and text(parent.child_by_field_name("attribute")) in _USES
            )
        if not is_plain or lock.file.scope_at(name).node != function.node:
            return False
    return True


def _starts_threads(lock: Lock) -> bool:
    """Whether the file starts threads of its own, which may share what belongs to one request."""
    return bool(lock.file.references(*_STARTERS))
