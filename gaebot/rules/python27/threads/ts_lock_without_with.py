"""A lock that is not given back when something goes wrong.

## Why

Between `acquire()` and `release()` an exception, or a `return`, leaves the lock taken: no other request of
the instance ever gets it, and each one that wants it hangs until its deadline. On App Engine any request
may end with `DeadlineExceededError` in the middle of the work. On Python 2.5 locks did nothing.

## Fix

`with lock:` gives the lock back on every way out. gaebot rewrites a plain `acquire()`, work, `release()` in
one block; elsewhere put the `release()` into a `finally`.

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
VISITS = {}


class Main(webapp2.RequestHandler):
    def get(self):
        lock.acquire()
        VISITS[self.request.path] = int(self.request.get('count'))
        lock.release()


app = webapp2.WSGIApplication([('/', Main)])
```

```python after main.py
import threading
import webapp2

lock = threading.Lock()
VISITS = {}


class Main(webapp2.RequestHandler):
    def get(self):
        with lock:
            VISITS[self.request.path] = int(self.request.get('count'))


app = webapp2.WSGIApplication([('/', Main)])
```

## Source

CPython 2.7: an exception between `acquire()` and `release()` leaves the lock taken, `with` does not.
"""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from gaebot.app import App
from gaebot.finding import Finding, Fix, Related, RunsOn, Safety, Severity
from gaebot.rule import Rule, python_with
from gaebot.rules.python27.shared.concurrency.severity import severity
from gaebot.rules.python27.shared.locks.guards import is_shared
from gaebot.rules.python27.shared.locks.held import request_takings, takings_of
from gaebot.rules.python27.shared.locks.locks import Home, Lock
from gaebot.rules.python27.shared.locks.takings import Site, Taking, locks_of
from gaebot.rules.python27.shared.reach.calls import class_of
from gaebot.rules.python27.shared.reach.code import FunctionCode, app_code
from gaebot.rules.python27.shared.reach.requests import how
from gaebot.syntax.nodes import ancestors, arguments, text
from gaebot.syntax.python import PythonFile
from gaebot.text import Edit, Span

RULE = Rule(__name__, Severity.WARNING, only_in=python_with("acquire"))

_SIGNALS = frozenset({"Semaphore", "BoundedSemaphore"})
_TAKERS = frozenset({"__enter__", "acquire", "lock", "__init__"})
_MAY_LEAVE = """[(call) (subscript) (return_statement) (raise_statement) (yield) (break_statement)
(continue_statement) (assert_statement) (exec_statement) (import_statement) (import_from_statement)
(binary_operator operator: ["/" "//" "%"]) (for_statement) (with_statement) (delete_statement)] @x"""


def check(app: App) -> Iterator[Finding]:
    """One finding for each `acquire()` that a way out of the function leaves without a `release()`."""
    for taking in request_takings(app):
        site, function = taking.site, taking.function
        if site is None or site.is_with or function is None:
            continue
        lock = next((lock for lock in taking.locks if is_shared(app, lock, function)), None)
        if lock is None or _is_held_before(app, taking, function):
            continue
        if site.releases:
            said, related = _leaves_it_taken(site)
        else:
            said, related = _never_released(app, lock, function), None
        if said:
            yield RULE.finding(
                taking.place,
                f"{said} {how(app, function)}",
                fix=_fix(site) if site.releases and _is_itself(app, site, lock, function) else None,
                related=[Related(site.file.place(related), "It is given back here.")] if related else [],
                severity=severity(app, taking.file.source.path, Severity.WARNING),
            )


def _is_held_before(app: App, taking: Taking, function: FunctionCode) -> bool:
    """Whether the function holds the same lock already, gives it back and takes it again."""
    return any(
        other is not taking and other.covers(taking.node) and set(other.locks) & set(taking.locks)
        for other in takings_of(app, function)
    )


def _leaves_it_taken(site: Site) -> tuple[str, Node | None]:
    """What is wrong where the function itself releases the lock, and the release that may be missed."""
    if any(_is_sure(release, site.node) for release in site.releases) or not _may_leave(site):
        return "", None
    return (
        "When something goes wrong between this and the `release()`, the lock stays taken, and every"
        " later request that wants it hangs until its deadline. Use `with`, or release it in a `finally`."
    ), site.releases[-1]


def _is_sure(release: Node, acquire: Node) -> bool:
    """Whether a release stands where an exception leads to: in a `finally` or an `except` of a statement
    that is around the acquire, or comes behind it."""
    for outer in ancestors(release):
        if outer.type in {"finally_clause", "except_clause"}:
            return outer.parent is not None and not _is_handler(outer, acquire)
        if outer.type == "function_definition":
            break
    return False


def _is_handler(clause: Node, node: Node) -> bool:
    """Whether a node stands in the clause itself."""
    return clause.start_byte <= node.start_byte and node.end_byte <= clause.end_byte


def _may_leave(site: Site) -> bool:
    """Whether something between acquire and release may raise, or leave the block."""
    function = next((outer for outer in ancestors(site.node) if outer.type == "function_definition"), None)
    last = site.releases[-1]
    found = site.file.nodes(_MAY_LEAVE, within=function)
    own = {site.node.id, *(release.id for release in site.releases)}
    return any(site.start <= node.start_byte < last.start_byte and node.id not in own for node in found)


def _never_released(app: App, lock: Lock, function: FunctionCode) -> str:
    """What is wrong where no code of the app releases the lock."""
    if not lock.is_known or lock.kind in _SIGNALS or function.name in _TAKERS:
        return ""
    for file in app.python_files(b"release"):
        for name in file.identifiers("release"):
            owner = name.parent.child_by_field_name("object") if name.parent is not None else None
            found = locks_of(app, file, owner) if owner is not None else ()
            if lock in found or not all(each.is_known for each in found):
                return ""
    return (
        f"Nothing releases `{lock.title}`: every later request that wants it hangs until its deadline."
        f" Use `with` in place of `acquire()`."
    )


# -- the fix -----------------------------------------------------------------------------------


def _is_itself(app: App, site: Site, lock: Lock, function: FunctionCode) -> bool:
    """Whether what is taken is the lock, and no object of the app around it: that need not go with `with`."""
    expression = site.expression
    if text(expression).rpartition(".")[2] != lock.name:
        return False
    if lock.home is Home.MODULE:
        return True
    owner = expression.child_by_field_name("object") if expression.type == "attribute" else None
    cls = class_of(owner, function) if owner is not None else None
    return cls is not None and lock.owner in app_code(app).family(cls)


def _fix(site: Site) -> Fix | None:
    """The fix that makes a `with` statement of an acquire and a release in one block."""
    file = site.file
    first, last = site.node.parent, site.releases[-1].parent
    if len(site.releases) != 1 or first is None or last is None or any(arguments(site.node)):
        return None
    is_plain = all(
        node.type == "expression_statement" and node.parent == first.parent and file.stands_alone(node)
        for node in (first, last)
    )
    is_bare = file.source.data[last.end_byte : file.line_span(last).end].strip() == b""
    inner = Span(file.line_span(first).end, file.line_span(last).start)
    has_work = first.next_named_sibling is not None and first.next_named_sibling != last
    if not (is_plain and is_bare and has_work) or first.parent is None or file.is_broken:
        return None
    unit = _unit(file, first)
    if unit is None:
        return None
    head = b"with " + (site.expression.text or b"") + b":"
    edits = (
        file.source.edit(file.span(first), head),
        *_indented(file, inner, unit),
        file.source.edit(file.line_span(last), b""),
    )
    runs_on = RunsOn.BOTH if _has_with(file) else RunsOn.TARGET
    return Fix("Take the lock in a `with` statement", edits, Safety.REVIEW, runs_on)


def _has_with(file: PythonFile) -> bool:
    """Whether Python 2.5 takes `with` for a keyword in the file."""
    return file.remember(
        _has_with,
        lambda: any("with_statement" in text(node) for node in file.nodes("(future_import_statement) @x")),
    )


def _unit(file: PythonFile, statement: Node) -> bytes | None:
    """By how much the block of a statement is indented more than what is around it."""
    block = statement.parent
    outer = block.parent if block is not None else None
    if outer is None or outer.type == "module":
        return None
    span = file.source.line_span(outer.start_byte)
    line = file.source.data[span.start : span.end]
    around = line[: len(line) - len(line.lstrip(b" \t"))]
    indent = file.indent(statement)
    return indent[len(around) :] if indent.startswith(around) and indent != around else None


def _indented(file: PythonFile, lines: Span, unit: bytes) -> Iterator[Edit]:
    """The edits that indent some lines; what a string holds stays as it is."""
    offset = lines.start
    while offset < lines.end:
        line = file.source.line_span(offset)
        node = file.root.descendant_for_byte_range(line.start, line.start)
        in_string = node is not None and any(
            outer.type == "string" and outer.start_byte < line.start for outer in (node, *ancestors(node))
        )
        if file.source.data[line.start : line.end].strip() and not in_string:
            yield file.source.edit(Span(line.start, line.start), unit)
        offset = line.end
