"""Two locks that are taken in opposite orders stop each other.

## Why

One request holds the first lock and waits for the second, another one holds the second and waits for the
first: both hang until their deadline, and every other request that wants one of the locks with them. It
takes two requests at the same moment, so no test on one's own machine shows it. On Python 2.5 locks did
nothing.

## Fix

Take the locks in the same order everywhere, or use one lock for both.

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

stock_lock = threading.Lock()
price_lock = threading.Lock()


class Buy(webapp2.RequestHandler):
    def post(self):
        with stock_lock:
            with price_lock:
                self.response.out.write('sold')


class Raise(webapp2.RequestHandler):
    def post(self):
        with price_lock:
            with stock_lock:
                self.response.out.write('raised')


app = webapp2.WSGIApplication([('/buy', Buy), ('/raise', Raise)])
```

## Source

CPython 2.7: two threads that take two locks in opposite orders never end.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from tree_sitter import Node

from gaebot.app import App
from gaebot.finding import Finding, Place, Related, Severity
from gaebot.rule import Rule
from gaebot.rules.python27.shared.concurrency.severity import severity
from gaebot.rules.python27.shared.locks.guards import guards_at, is_shared
from gaebot.rules.python27.shared.locks.held import (
    asked_takings,
    calls_in,
    calls_while_held,
    takings_of,
    waits,
)
from gaebot.rules.python27.shared.locks.locks import Home, Lock
from gaebot.rules.python27.shared.locks.takings import Taking
from gaebot.rules.python27.shared.reach.code import FunctionCode
from gaebot.rules.python27.shared.reach.requests import how

RULE = Rule(__name__, Severity.WARNING)

_KINDS = frozenset({"Lock", "RLock"})
_ONE_OBJECT = frozenset({Home.MODULE, Home.CLASS, Home.INSTANCE})
_CALLS = 2  # through how many calls a second lock is looked for


class _Order(NamedTuple):
    """A place where the second lock is taken while the first one is held.

    `node` is the place in the function that holds the first one: the second taking, or the call that leads
    to it, which is `second`. `others` are the locks that are held there too.
    """

    first: Lock
    second: Lock
    function: FunctionCode
    node: Node
    taking: Taking
    last: Place
    others: frozenset[int]


def check(app: App) -> Iterator[Finding]:
    """One finding for each pair of locks that request code takes in both orders."""
    known: dict[tuple[int, int], list[_Order]] = {}
    for taking in asked_takings(app):
        for order in _orders(app, taking):
            known.setdefault((id(order.first), id(order.second)), []).append(order)
    done: set[tuple[int, int]] = set()
    for (first, second), orders in known.items():
        pair = _opposite(orders, known.get((second, first), []))
        if pair is not None and (second, first) not in done:
            done.add((first, second))
            yield _finding(app, *pair)


def _finding(app: App, one: _Order, other: _Order) -> Finding:
    first, second = one.first.title, one.second.title
    message = (
        f"`{one.function.title}` takes `{second}` while it holds `{first}`, and `{other.function.title}` the"
        f" other way round: two requests at the same time can wait for each other until their deadline."
        f" Take both in the same order everywhere. {how(app, one.function)}"
    )
    related = [
        Related(one.taking.place, f"`{first}` is taken here."),
        Related(other.taking.place, f"In `{other.function.title}`, `{second}` is taken first, here."),
        Related(other.taking.file.place(other.node), f"Then `{first}`, here."),
    ]
    place = one.taking.file.place(one.node)
    if one.last != place:
        related.insert(1, Related(one.last, f"`{second}` is taken here."))
    return RULE.finding(place, message, related=related, severity=severity(app, place.path, Severity.WARNING))


def _opposite(orders: list[_Order], others: list[_Order]) -> tuple[_Order, _Order] | None:
    """Two places that can stop each other: no third lock keeps them from running at the same time."""
    for one in orders:
        for other in others:
            if not one.others & other.others:
                return one, other
    return None


def _orders(app: App, taking: Taking) -> Iterator[_Order]:
    """The locks that are taken while a place holds one, in its function or through calls."""
    first, function = _lock(app, taking), taking.function
    if first is None or function is None:
        return
    for node, second in _taken_within(app, taking, function):
        lock = _lock(app, second) if waits(second) else None
        if lock is not None and lock is not first:
            held = {id(guard.lock) for guard in guards_at(app, taking.file, node)}
            others = frozenset(held - {id(first), id(lock)})
            yield _Order(first, lock, function, node, taking, second.place, others)


def _taken_within(app: App, taking: Taking, function: FunctionCode) -> Iterator[tuple[Node, Taking]]:
    """What else is taken where a lock is held, each with the node in the function that does it."""
    for other in takings_of(app, function):
        if other is not taking and taking.covers(other.node):
            yield other.node, other
    for mention, called in calls_while_held(app, taking):
        for other in _taken_by(app, called):
            yield mention.node, other


def _taken_by(app: App, function: FunctionCode) -> tuple[Taking, ...]:
    """What a function takes, and those that it calls."""
    return app.remember((_taken_by, id(function)), lambda: tuple(_find_taken_by(app, function)))


def _find_taken_by(app: App, function: FunctionCode) -> Iterator[Taking]:
    seen = {id(function)}
    level = [function]
    for _ in range(_CALLS):
        following = []
        for each in level:
            yield from takings_of(app, each)
            for _, called in calls_in(app, each):
                if id(called) not in seen:
                    seen.add(id(called))
                    following.append(called)
        level = following


def _lock(app: App, taking: Taking) -> Lock | None:
    """The lock that a place takes, where it is one for certain that requests share."""
    if len(taking.locks) != 1:
        return None
    lock = taking.locks[0]
    is_certain = lock.kind in _KINDS and lock.home in _ONE_OBJECT
    return lock if is_certain and is_shared(app, lock, taking.function) else None
