"""A lock that is held while the request waits for something outside makes all others wait, too.

## Why

A call of the datastore, of memcache or of another server takes milliseconds, sometimes seconds. While one
request waits for it with the lock in its hand, every other request of the instance that wants the lock
waits as well: they run one after the other again, as without `threadsafe: true`.

A value that is loaded under the lock only when it is missing, and kept, is left alone: that happens once.

## Fix

Take the lock only to read and to change what is shared, and make the call before or after it.

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
from google.appengine.api import urlfetch
import webapp2

lock = threading.Lock()
RATES = {}


class Main(webapp2.RequestHandler):
    def get(self):
        with lock:
            RATES['usd'] = urlfetch.fetch('http://rates.example.com/usd').content


app = webapp2.WSGIApplication([('/', Main)])
```

## Source

Google, "Migrating to Python 2.7", Making Your Application Threadsafe: "Do not choose lightly to use locks. A
lock forces any other threads executing this method to block. This can be a bottleneck to performance."
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from tree_sitter import Node

from gaebot.app import App
from gaebot.finding import Finding, Related, Severity
from gaebot.rule import Rule
from gaebot.rules.python27.shared.concurrency.severity import severity
from gaebot.rules.python27.shared.locks.guards import is_shared
from gaebot.rules.python27.shared.locks.held import asked_takings, calls_in, calls_while_held
from gaebot.rules.python27.shared.locks.locks import Lock
from gaebot.rules.python27.shared.locks.remote import RemoteCall, remote_calls
from gaebot.rules.python27.shared.locks.takings import Taking, key_of
from gaebot.rules.python27.shared.reach.code import FunctionCode
from gaebot.rules.python27.shared.reach.requests import how
from gaebot.syntax.nodes import ancestors, text
from gaebot.syntax.python import PythonFile

RULE = Rule(__name__, Severity.NOTE)

_CALLS = 2  # through how many functions a call is looked for
_LIMITERS = frozenset({"Semaphore", "BoundedSemaphore"})
_MOST_RELATED = 4
_IS_MISSING = re.compile(r"\bnot\b|\bis None\b|== *None\b")
_IS_THERE = re.compile(r"\bin\b|\bis not None\b|!= *None\b|^\w[\w.]*$")
_LEAVES = frozenset({"return_statement", "raise_statement", "continue_statement", "break_statement"})


def check(app: App) -> Iterator[Finding]:
    """One finding for each place that takes a lock and holds it while the request waits."""
    for taking in asked_takings(app):
        lock, function = _lock(app, taking), taking.function
        if lock is None or function is None:
            continue
        found = sorted(_waiting(app, taking, function), key=lambda pair: pair[0].start_byte)
        if not found:
            continue
        node, call = found[0]
        message = (
            f"Here the request waits for {call.service} while it holds a lock: every other request that wants"
            f" the lock waits as well. Make the call before it is taken, or after. {how(app, function)}"
        )
        related = [Related(taking.place, "The lock is taken here.")]
        if call.node.id != node.id or call.file is not taking.file:
            related.append(Related(call.place, f"Here it waits for {call.service}."))
        others = [pair for pair in found[1:] if pair[0] != node]
        related += [
            Related(taking.file.place(other), f"And here for {later.service}.")
            for other, later in others[:_MOST_RELATED]
        ]
        path = taking.file.source.path
        yield RULE.finding(
            taking.file.place(node), message, related=related, severity=severity(app, path, Severity.NOTE)
        )


def _lock(app: App, taking: Taking) -> Lock | None:
    """The lock that a place takes, where it keeps requests from each other and does not only count them."""
    for lock in taking.locks:
        if lock.kind not in _LIMITERS and "sem" not in lock.name.lower():
            return lock if is_shared(app, lock, taking.function) else None
    return None


def _waiting(app: App, taking: Taking, function: FunctionCode) -> Iterator[tuple[Node, RemoteCall]]:
    """What waits while a lock is held, each with the node in the function that does it."""
    for call in remote_calls(app).get(key_of(function.file, function), ()):
        if taking.covers(call.node) and not _is_first_load(function.file, call.node, taking.start):
            yield call.node, call
    for mention, called in calls_while_held(app, taking):
        if not _is_first_load(function.file, mention.node, taking.start):
            for call in _waiting_in(app, called):
                yield mention.call or mention.node, call
                break


def _waiting_in(app: App, function: FunctionCode) -> tuple[RemoteCall, ...]:
    """What a function waits for, in its own code and in that of the functions it calls."""
    return app.remember((_waiting_in, id(function)), lambda: tuple(_find_waiting(app, function)))


def _find_waiting(app: App, function: FunctionCode) -> Iterator[RemoteCall]:
    seen = {id(function)}
    level = [function]
    for _ in range(_CALLS):
        following = []
        for each in level:
            start = each.node.start_byte
            for call in remote_calls(app).get(key_of(each.file, each), ()):
                if not _is_first_load(each.file, call.node, start):
                    yield call
            for mention, called in calls_in(app, each):
                if id(called) not in seen and not _is_first_load(each.file, mention.node, start):
                    seen.add(id(called))
                    following.append(called)
        level = following


# -- loading once ------------------------------------------------------------------------------


def _is_first_load(file: PythonFile, node: Node, start: int) -> bool:
    """Whether a call runs only where a shared value is missing, or too old, and is then kept.

    That is an `if` around it, behind the byte `start`, whose block sets something that outlives the
    function; an `except KeyError` with such a block; or a block that is left above it when the value is
    there.
    """
    for outer in ancestors(node):
        if outer.type in {"function_definition", "lambda"}:
            break
        if outer.type != "block":
            continue
        condition = _condition(outer) if outer.start_byte >= start else None
        if condition is not None and _keeps(file, outer, condition):
            return True
        if _is_left_before(file, outer, node, start):
            return True
        if outer.start_byte < start:
            break
    return False


def _condition(block: Node) -> str | None:
    """The condition under which a block runs, as text; 'not' for the handler of an exception."""
    outer = block.parent
    if outer is None:
        return None
    if outer.type in {"if_statement", "elif_clause"}:
        condition = outer.child_by_field_name("condition")
        is_consequence = outer.child_by_field_name("consequence") == block
        return text(condition) if condition is not None and is_consequence else None
    if outer.type == "except_clause":
        return "not"
    if outer.type == "else_clause" and outer.parent is not None and outer.parent.type == "if_statement":
        return f"not {text(outer.parent.child_by_field_name('condition'))}"
    return None


def _keeps(file: PythonFile, block: Node, condition: str) -> bool:
    """Whether a block sets something that outlives the function, and the condition is about that, or about
    something that is missing."""
    targets = _kept(file, block)
    words = set(re.findall(r"\w+", condition))
    return bool(targets) and (_IS_MISSING.search(condition) is not None or bool(targets & words))


def _kept(file: PythonFile, block: Node) -> set[str]:
    """The last names of what a block sets beyond its own local names."""
    found = set()
    for assignment in file.nodes("[(assignment) (augmented_assignment)] @x", within=block):
        left = assignment.child_by_field_name("left")
        if left is not None and left.type == "subscript":
            left = left.child_by_field_name("value")
            name = text(left).rpartition(".")[2]
            found |= {name}
        elif left is not None and left.type == "attribute":
            found |= {text(left.child_by_field_name("attribute"))}
        elif left is not None and left.type == "identifier" and _is_global(file, left):
            found |= {text(left)}
    return found


def _is_global(file: PythonFile, name: Node) -> bool:
    return any(binding.name == name for binding in file.scope.bindings.get(text(name), ()))


def _is_left_before(file: PythonFile, block: Node, node: Node, start: int) -> bool:
    """Whether a block is left above a node when the value is there: `if key in cache: return cache[key]`."""
    for statement in block.named_children if block.type == "block" else ():
        if statement.start_byte >= node.start_byte:
            break
        condition = statement.child_by_field_name("condition") if statement.type == "if_statement" else None
        inner = statement.child_by_field_name("consequence") if condition is not None else None
        if inner is None or statement.start_byte < start or not inner.named_children:
            continue
        leaves = inner.named_children[-1].type in _LEAVES
        if leaves and _IS_THERE.search(text(condition)) and _kept(file, block):
            return True
    return False
