"""A thread that waits for a lock which it holds itself waits for ever.

## Why

`threading.Lock` does not know who holds it. A function that takes it and then calls another one that takes
it too hangs at the second one, until the request's deadline; all other requests that want the lock hang
with it. On Python 2.5 locks did nothing, so nobody saw it.

## Fix

Use `threading.RLock`, which the thread that holds it may take again, or split off a function that expects
the lock to be held.

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

lock = threading.Lock()
cache = {}


def clear():
    with lock:
        cache.clear()


def refresh():
    with lock:
        clear()
        cache['stock'] = 12


class Main(webapp2.RequestHandler):
    def get(self):
        refresh()


app = webapp2.WSGIApplication([('/', Main)])
```

```python after main.py
import threading
import webapp2

lock = threading.RLock()
cache = {}


def clear():
    with lock:
        cache.clear()


def refresh():
    with lock:
        clear()
        cache['stock'] = 12


class Main(webapp2.RequestHandler):
    def get(self):
        refresh()


app = webapp2.WSGIApplication([('/', Main)])
```

## Source

CPython 2.7: `threading.Lock` can't be taken twice by one thread, `threading.RLock` can. Google's older SDKs
put `dummy_thread` in the place of `thread` for Python 2.5, whose locks never wait.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator

from tree_sitter import Node

from gaebot.app import App
from gaebot.finding import Finding, Fix, Related, RunsOn, Safety, Severity
from gaebot.rule import Rule
from gaebot.rules.python27.shared.concurrency.severity import severity
from gaebot.rules.python27.shared.locks.held import asked_takings, calls_while_held, takings_of, waits
from gaebot.rules.python27.shared.locks.locks import Home, Lock
from gaebot.rules.python27.shared.locks.takings import Taking
from gaebot.rules.python27.shared.reach.calls import class_of
from gaebot.rules.python27.shared.reach.code import FunctionCode
from gaebot.rules.python27.shared.reach.requests import how
from gaebot.syntax.nodes import ancestors, text
from gaebot.syntax.python import PythonFile

RULE = Rule(__name__, Severity.ERROR)

_ONE_OBJECT = frozenset({Home.MODULE, Home.CLASS, Home.INSTANCE})


def check(app: App) -> Iterator[Finding]:
    """One finding for each place that takes a lock, or calls what takes it, while the thread holds it."""
    for taking in asked_takings(app):
        lock, function = _lock(taking), taking.function
        if lock is None or function is None:
            continue
        for node, again, called in _again(app, taking, lock, function):
            what = f"`{called.title}` takes it again" if called is not None else "this takes it again"
            message = (
                f"The thread holds `{lock.title}` here, and {what}: a `Lock` can't be taken twice, so the"
                f" request waits for itself until its deadline. Make it a `threading.RLock`, or take it once."
                f" {how(app, function)}"
            )
            related = [
                Related(taking.place, "The lock is taken here."),
                Related(lock.place, "It is made here."),
            ]
            if called is not None:
                related.insert(1, Related(again.place, "It is taken again here."))
            yield RULE.finding(
                taking.file.place(node),
                message,
                fix=_fix(lock),
                related=related,
                severity=severity(app, taking.file.source.path, Severity.ERROR),
            )


def _lock(taking: Taking) -> Lock | None:
    """The lock that a place takes, where it is one for certain, and one that can't be taken twice."""
    if len(taking.locks) != 1:
        return None
    lock = taking.locks[0]
    return lock if lock.kind == "Lock" and lock.home in _ONE_OBJECT else None


def _again(
    app: App, taking: Taking, lock: Lock, function: FunctionCode
) -> Iterator[tuple[Node, Taking, FunctionCode | None]]:
    """Where a lock is taken again while it is held: the node there, the taking, and the function called."""
    for other in takings_of(app, function):
        if (
            other is not taking
            and taking.covers(other.node)
            and _takes(other, lock)
            and _is_same_object(taking, other, lock)
            and _is_behind(taking, other)
        ):
            yield other.node, other, None
    for mention, called in calls_while_held(app, taking):
        if _is_released_before(taking, mention.node):
            continue
        if lock.home is Home.INSTANCE and not _is_own_method(mention.node, function, taking):
            continue
        for other in takings_of(app, called):
            if _takes(other, lock) and not _depends_on_parameter(other, called):
                yield mention.node, other, called
                break


def _takes(other: Taking, lock: Lock) -> bool:
    return other.locks == (lock,) and waits(other)


def _is_same_object(taking: Taking, other: Taking, lock: Lock) -> bool:
    """Whether two places of one function take the lock of the same instance."""
    if lock.home is not Home.INSTANCE:
        return True
    if taking.site is None or other.site is None:
        return False
    return text(taking.site.expression) == text(other.site.expression)


def _is_behind(taking: Taking, other: Taking) -> bool:
    """Whether the second place comes behind the first one whenever it runs, with no release between."""
    if _is_released_before(taking, other.node):
        return False
    if taking.site is None or taking.site.is_with:
        return True
    block = next((outer for outer in ancestors(taking.node) if outer.type == "block"), None)
    return block is not None and any(outer == block for outer in ancestors(other.node))


def _is_released_before(taking: Taking, node: Node) -> bool:
    """Whether code gives the lock back, between the place that takes it and a node."""
    file = taking.file
    releases = file.remember(_is_released_before, lambda: [n.start_byte for n in file.identifiers("release")])
    number = bisect_left(releases, taking.start)
    return number < len(releases) and releases[number] < node.start_byte


def _is_own_method(node: Node, function: FunctionCode, taking: Taking) -> bool:
    """Whether `self.load` is called where `self._lock` is held."""
    owner = node.child_by_field_name("object") if node.type == "attribute" else None
    held = taking.site.expression if taking.site is not None else None
    holder = held.child_by_field_name("object") if held is not None and held.type == "attribute" else None
    if owner is None or holder is None or text(owner) != text(holder):
        return False
    return owner.type == "identifier" and class_of(owner, function) is not None


def _depends_on_parameter(other: Taking, function: FunctionCode) -> bool:
    """Whether a function takes the lock only when a parameter says so."""
    for outer in ancestors(other.node):
        if outer == function.node:
            return False
        condition = outer.child_by_field_name("condition") if outer.type == "if_statement" else None
        if condition is not None and _names(function.file, condition) & set(function.parameters):
            return True
    return False


def _names(file: PythonFile, node: Node) -> set[str]:
    return {text(name) for name in file.nodes("(identifier) @x", within=node)}


def _fix(lock: Lock) -> Fix | None:
    """The fix that makes `threading.RLock()` of `threading.Lock()`."""
    function = lock.node.child_by_field_name("function")
    name = function.child_by_field_name("attribute") if function is not None else None
    if name is None or text(name) != "Lock":
        return None
    edit = lock.file.place(name).replace(b"RLock")
    return Fix("Let the thread that holds the lock take it again", (edit,), Safety.REVIEW, RunsOn.BOTH)
