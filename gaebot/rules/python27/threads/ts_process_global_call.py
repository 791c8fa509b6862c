"""A request changes what belongs to the whole process.

## Why

With `threadsafe: true` the requests of an instance are threads of one process. What is set on a module of
Python or the SDK is set for all of them: the default timeout of sockets, the opener of urllib2, the level
and the handlers of a logger, `sys.stdout`, the seed of `random`, a function that is replaced by another
one. A request that installs an opener with a visitor's cookies sends them along with the other visitors'
requests.

To put it back afterwards does not help: other requests have run in between, and when two of them save and
restore, the last one restores what the first one has set. `warnings.catch_warnings()` does the same and is
no better.

What is always set to the same does no harm, and is a note: it belongs at module level, where it runs once.

Left alone is what belongs to one thread or request: `os.environ`, the context of `decimal`, `sys.settrace`
and `sys.setprofile`, `urlfetch.set_default_fetch_deadline`; `random.Random()`; `logging.basicConfig`, of
which only the first call does anything; and what the sandbox refuses: `os.chdir`, `os.umask`, and
`locale.setlocale` for every locale but C.

## Fix

Hand the value to the call that needs it: `urllib2.urlopen(url, timeout=5)`, `opener.open(url)`,
`random.Random(seed)`, `print >>out`. Set at module level what holds for every request.

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
import cookielib
import urllib2
import webapp2

class Main(webapp2.RequestHandler):
    def get(self):
        opener = urllib2.build_opener(urllib2.HTTPCookieProcessor(cookielib.CookieJar()))
        urllib2.install_opener(opener)
        self.response.write(urllib2.urlopen(self.request.get('url')).read())

app = webapp2.WSGIApplication([('/', Main)])
```

## Source

Google, "Migrating to Python 2.7", Making your application threadsafe. CPython 2.7: Lib/socket.py,
Lib/urllib2.py, Lib/warnings.py ("catch_warnings is not thread-safe"), Lib/random.py.
SDK: google/appengine/tools/devappserver2/python/runtime/sandbox.py and stubs.py say what is refused.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from tree_sitter import Node

from gaebot.app import App
from gaebot.finding import Finding, Related, Severity
from gaebot.rule import Rule
from gaebot.rules.python27.shared.concurrency.severity import severity
from gaebot.rules.python27.shared.scripts.handler_scripts import RequestFile
from gaebot.rules.python27.shared.threads.code import FunctionCode, app_code
from gaebot.rules.python27.shared.threads.constants import is_constant
from gaebot.rules.python27.shared.threads.outside import (
    assigned_attributes,
    assigned_value,
    assignment_of,
    outside_name,
)
from gaebot.rules.python27.shared.threads.placing import request_function
from gaebot.rules.python27.shared.threads.requests import how
from gaebot.syntax.python import PythonFile, ancestors, arguments, string_value, text

RULE = Rule(__name__, Severity.WARNING)

_MOST_RELATED = 5
_ONCE = "Set it once, when the module is loaded."
_ADVICE = {
    "socket.setdefaulttimeout": "Give the timeout to the call: `urllib2.urlopen(url, timeout=5)`.",
    "urllib2.install_opener": "Call `opener.open(url)` instead of `urllib2.urlopen(url)`.",
    "urllib._urlopener": "Call `opener.open(url)` instead of `urllib.urlopen(url)`.",
    "sys.stdout": "Write to the other file by its name: `print >>out, text`.",
    "sys.stderr": "Write to the other file by its name: `print >>out, text`.",
    "sys.stdin": "Hand the file over as an argument.",
    "reload": "Keep in the datastore or in memcache what changes while the app runs.",
    "imp.reload": "Keep in the datastore or in memcache what changes while the app runs.",
    "warnings.catch_warnings": "Set the filters once, when the module is loaded.",
    "random.seed": "Make a generator of your own: `random.Random(seed)`.",
    "random.setstate": "Make a generator of your own: `random.Random(seed)`.",
    "gettext.install": "Call the translation's own `ugettext`, and hand it to the code that needs it.",
    "gettext.translation().install": (
        "Call the translation's own `ugettext`, and hand it to the code that needs it."
    ),
    "csv.register_dialect": "Hand the dialect to `csv.reader` and `csv.writer`.",
    "sys.setdefaultencoding": "Say the encoding where text is encoded and decoded.",
    ".addHandler": "Add the handler once, when the module is loaded: else each request adds one more.",
    ".removeHandler": _ONCE,
}
_CALLS = (
    *("socket.setdefaulttimeout", "urllib2.install_opener", "reload", "imp.reload"),
    *("sys.setdefaultencoding", "sys.setrecursionlimit", "sys.setcheckinterval"),
    *("warnings.simplefilter", "warnings.filterwarnings", "warnings.resetwarnings"),
    *("warnings.catch_warnings", "logging.disable", "random.seed", "random.setstate"),
    *("gettext.install", "gettext.translation().install", "gettext.textdomain"),
    *("csv.register_dialect", "csv.field_size_limit", "mimetypes.add_type"),
)
_NEVER_THE_SAME = frozenset(
    {"reload", "imp.reload", "warnings.catch_warnings", "random.setstate", "gettext.translation().install"}
)
_LOGGER_METHODS = ("setLevel", "addHandler", "removeHandler")
_LOGGERS = tuple(
    f"{logger}.{method}" for logger in ("logging.getLogger()", "logging.root") for method in _LOGGER_METHODS
)
_WORDS = tuple(name.rpartition(".")[2].encode() for name in (*_CALLS, *_LOGGERS))
_MOMENTS = ("time.", "datetime.", "os.urandom", "os.getpid", "uuid.")


@dataclass(frozen=True, eq=False)
class _Change:
    """A place that changes something of the process.

    `state` names what, `does` how, `is_same` says whether it comes to the same at every request.
    """

    file: RequestFile
    node: Node
    function: FunctionCode
    state: str
    label: str
    does: str
    is_same: bool


def check(app: App) -> Iterator[Finding]:
    """One finding for each file and each thing that it changes."""
    found: dict[str, list[_Change]] = defaultdict(list)
    for file in app_code(app).files.values():
        for change in _changes(app, file):
            found[change.state].append(change)
    for changes in found.values():
        is_same = all(change.is_same for change in changes) and _agree(changes)
        for path in dict.fromkeys(change.file.path for change in changes):
            yield _finding(app, [change for change in changes if change.file.path == path], is_same=is_same)


def _finding(app: App, changes: list[_Change], *, is_same: bool) -> Finding:
    changes = sorted(changes, key=lambda change: change.node.start_byte)
    first, *others = changes
    if is_same:
        message = (
            f"{first.label} is for the whole process, and each request does the same again: do it once, when"
            f" the module is loaded."
        )
        wanted = Severity.NOTE
    else:
        again = any(other.function is first.function for other in others)
        back = "; to put it back afterwards does not help them" if again or _is_in_finally(first) else ""
        advice = _advice(first)
        message = (
            f"{first.label} is for the whole process: the requests that run at the same time get it"
            f" too{back}. {advice}"
        )
        wanted = RULE.severity
    place = first.file.file.place
    related = [Related(place(other.node), "And here.") for other in others[:_MOST_RELATED]]
    level = severity(app, first.file.path, wanted)
    return RULE.finding(
        place(first.node), f"{message} {how(app, first.function)}", related=related, severity=level
    )


def _advice(change: _Change) -> str:
    """The way out."""
    for name in (change.state.partition(" ")[0], f".{change.does.partition('(')[0]}"):
        if name in _ADVICE:
            return _ADVICE[name]
    if change.label.endswith("= …`"):
        return "Hand over the other value as an argument, or set it once, when the module is loaded."
    return _ONCE


def _is_in_finally(change: _Change) -> bool:
    return any(outer.type == "finally_clause" for outer in ancestors(change.node))


def _agree(changes: list[_Change]) -> bool:
    """Whether all places do the same, or are the branches of one test that always comes out alike."""
    if len({change.does for change in changes}) == 1:
        return True
    tests = [_test_around(change) for change in changes]
    first = tests[0]
    return first is not None and all(test == first for test in tests)


def _test_around(change: _Change) -> Node | None:
    """The innermost `if` around a change, where it asks for constants only."""
    for outer in ancestors(change.node):
        if outer.type == "if_statement":
            asked = [
                part.child_by_field_name("condition")
                for part in (outer, *outer.named_children)
                if part.type in {"if_statement", "elif_clause"}
            ]
            return outer if all(is_constant(change.file.file, node) for node in asked) else None
        if outer.type == "function_definition":
            return None
    return None


# -- what is changed ---------------------------------------------------------------------------


def _changes(app: App, file: RequestFile) -> Iterator[_Change]:
    data = file.file.source.data
    if any(word in data for word in _WORDS):
        yield from _called(app, file)
        yield from _loggers(app, file)
    if b"setattr" in data:
        yield from _set_by_name(app, file)
    if b"sys" in data and b"modules" in data:
        yield from _modules(app, file)
    for target in assigned_attributes(file.file):
        owner = outside_name(app, file.file, target.child_by_field_name("object"))
        function = request_function(app, file, target) if owner is not None else None
        if function is None:
            continue
        name = f"{owner}.{text(target.child_by_field_name('attribute'))}"
        if name in {"sys.path", "os.environ"}:
            continue
        value = assigned_value(target)
        label = f"`{text(target)} = …`"
        statement = assignment_of(target) or target
        yield _Change(
            file, statement, function, name, label, text(value), is_same=is_constant(file.file, value)
        )


def _called(app: App, file: RequestFile) -> Iterator[_Change]:
    python = file.file
    for call in python.calls(*_CALLS):
        function = request_function(app, file, call)
        called = call.child_by_field_name("function")
        name = next((each for each in _CALLS if called and python.refers_to(called, each)), None)
        if function is None or name is None or _is_covered(python, call, name, function):
            continue
        positional, named = arguments(call)
        if name == "csv.field_size_limit" and not positional:
            continue
        values = [*positional, *named.values()]
        is_same = all(is_constant(python, value) for value in values)
        if name == "random.seed":
            is_same = all(_is_moment(python, value) for value in values)
        elif name in _NEVER_THE_SAME:
            is_same = False
        elif name == "csv.register_dialect":
            name = f"{name} {text(values[0])}" if values else name
        elif name == "mimetypes.add_type":
            name = f"{name} {text(values[-1])}" if values else name
        does = text(call.child_by_field_name("arguments"))
        label = f"`{text(called)}`" if "(" not in text(called) else f"`{name}`"
        yield _Change(file, call, function, name, label, does, is_same)


def _is_covered(file: PythonFile, call: Node, name: str, function: FunctionCode) -> bool:
    """Whether another call says it already.

    That is `catch_warnings` around a filter, and the encoding that is set after `reload(sys)`.
    """
    if name in {"warnings.simplefilter", "warnings.filterwarnings", "warnings.resetwarnings"}:
        return any(
            outer.type == "with_statement" and b"catch_warnings" in (outer.text or b"").partition(b":")[0]
            for outer in ancestors(call)
        )
    if name in {"reload", "imp.reload"}:
        argument = next(iter(arguments(call)[0]), None)
        return (
            argument is not None
            and file.refers_to(argument, "sys")
            and bool(file.calls("sys.setdefaultencoding", within=function.node))
        )
    return False


def _is_moment(file: PythonFile, value: Node) -> bool:
    """Whether a seed is the time, which nobody can want to meet again."""
    functions = [node for node in (value, *_below(value)) if node.type == "call"]
    return any(
        origin.startswith(_MOMENTS)
        for call in functions
        for origin in file.origins(call.child_by_field_name("function") or call)
    )


def _below(node: Node) -> Iterator[Node]:
    waiting = list(node.named_children)
    while waiting:
        current = waiting.pop()
        yield current
        waiting += current.named_children


def _loggers(app: App, file: RequestFile) -> Iterator[_Change]:
    """Levels and handlers of loggers."""
    for call in file.file.calls(*_LOGGERS):
        function = request_function(app, file, call)
        called = call.child_by_field_name("function")
        if function is None or called is None or called.type != "attribute":
            continue
        positional, named = arguments(call)
        method = text(called.child_by_field_name("attribute"))
        logger = text(called.child_by_field_name("object"))
        state = f"{logger} {'level' if method == 'setLevel' else 'handlers'}"
        is_same = all(is_constant(file.file, value) for value in (*positional, *named.values()))
        does = f"{method}{text(call.child_by_field_name('arguments'))}"
        yield _Change(file, call, function, state, f"`{method}` of a logger", does, is_same)


def _set_by_name(app: App, file: RequestFile) -> Iterator[_Change]:
    """`setattr(socket, 'socket', mine)`."""
    for call in file.file.calls("setattr"):
        positional, _ = arguments(call)
        if len(positional) != 3:
            continue
        owner = outside_name(app, file.file, positional[0])
        function = request_function(app, file, call) if owner is not None else None
        if function is not None:
            attribute = string_value(positional[1])
            state = f"{owner}.{attribute or text(positional[1])}"
            is_same = attribute is not None and is_constant(file.file, positional[2])
            label = f"`setattr` on `{text(positional[0])}`"
            yield _Change(file, call, function, state, label, text(positional[2]), is_same)


def _modules(app: App, file: RequestFile) -> Iterator[_Change]:
    """`sys.modules['a'] = b`."""
    for node in file.file.references("sys.modules"):
        function = request_function(app, file, node)
        entry = node.parent
        if function is None or entry is None:
            continue
        statement = entry.parent
        if entry.type != "subscript" or statement is None or statement.type != "assignment":
            continue
        if statement.child_by_field_name("left") == entry:
            value, key = statement.child_by_field_name("right"), entry.child_by_field_name("subscript")
            is_same = is_constant(file.file, key) and is_constant(file.file, value)
            label, state = "`sys.modules[…] = …`", f"sys.modules {text(key)}"
            yield _Change(file, statement, function, state, label, text(value), is_same)
