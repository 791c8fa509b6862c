"""Requests take from one iterator, or read and write one file.

## Why

A generator, an iterator or an open file at module level is one object with one position. With
`threadsafe: true` the requests of an instance use it at the same time: what one of them takes, the others
miss, and two that ask a generator at once get "ValueError: generator already executing". When it has come
to its end there is nothing left for any later request. What several requests write to one StringIO gets
mixed. Of six runs in which four threads went through one `csv.reader`, four ended CPython 2.7.18 itself.

Left alone are lists, tuples, dictionaries and strings, which can be gone through again and again;
`itertools.count`, `cycle` and `repeat`, which hand out one item after the other without a gap; what is behind
a lock; `getvalue()` of a StringIO that no request writes to; and what import code goes through.

## Fix

Make it where it is used, in the function. Or take the items out once, at module level: `WORDS = list(…)`,
`TEXT = open(path).read()`.

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
import csv
import webapp2

rows = csv.reader(open('cities.csv'))

class Main(webapp2.RequestHandler):
    def get(self):
        for row in rows:
            self.response.write(row[0])

app = webapp2.WSGIApplication([('/', Main)])
```

## Source

Google, "Migrating to Python 2.7", Making your application threadsafe. CPython 2.7: Objects/genobject.c,
`gen_send_ex`; Modules/itertoolsmodule.c, `count_next`.
"""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from gaebot.app import App
from gaebot.finding import Finding, Related, Severity
from gaebot.rule import Rule
from gaebot.rules.python27.shared.concurrency.severity import severity
from gaebot.rules.python27.shared.scripts.handler_scripts import RequestFile
from gaebot.rules.python27.shared.threads.code import FunctionCode, app_code
from gaebot.rules.python27.shared.threads.globals import module_values, uses_of_global
from gaebot.rules.python27.shared.threads.guards import guard_at, held_by_callers
from gaebot.rules.python27.shared.threads.placing import request_function
from gaebot.rules.python27.shared.threads.requests import how
from gaebot.syntax.python import Binding, PythonFile, ancestors, arguments, text

RULE = Rule(__name__, Severity.WARNING)

_GENERATOR = "generator"
_ITERATOR = "iterator"
_FILE = "file"
_BUFFER = "buffer"
_MADE_BY = {
    **dict.fromkeys(
        (
            *("iter", "enumerate", "reversed", "csv.reader", "csv.DictReader", "re.finditer"),
            "os.walk",
            *("itertools.chain", "itertools.islice", "itertools.izip", "itertools.imap"),
            *("itertools.ifilter", "itertools.groupby"),
            *("glob.iglob", "xml.etree.ElementTree.iterparse", "xml.etree.cElementTree.iterparse"),
        ),
        _ITERATOR,
    ),
    **dict.fromkeys(("open", "file", "codecs.open", "io.open", "gzip.open", "urllib2.urlopen"), _FILE),
    **dict.fromkeys(
        ("StringIO.StringIO", "cStringIO.StringIO", "io.StringIO", "io.BytesIO", "tempfile.TemporaryFile"),
        _BUFFER,
    ),
}
_TAKE = {
    _GENERATOR: frozenset({"next", "send", "throw", "close"}),
    _ITERATOR: frozenset({"next"}),
    _FILE: frozenset({"next", "read", "readline", "readlines", "seek", "write", "writelines", "close"}),
    _BUFFER: frozenset(
        {"next", "read", "readline", "readlines", "seek", "write", "writelines", "truncate", "close"}
    ),
}
_CONSUMERS = frozenset({"next", "list", "tuple", "set", "dict", "sorted", "sum", "max", "min", "any", "all"})
_OUTCOME = {
    _GENERATOR: "two that ask it at once get ValueError, and what one of them takes, the others miss",
    _ITERATOR: "what one of them takes, the others miss, and in the end nothing is left",
    _FILE: "they share its position, and what one of them reads, the others miss",
    _BUFFER: "what they write and read there gets mixed",
}
_MOST_RELATED = 5

_Use = tuple[RequestFile, Node, FunctionCode]


def check(app: App) -> Iterator[Finding]:
    """One finding for each iterator or file that requests use up."""
    for file in app_code(app).files.values():
        for binding in module_values(file.file):
            kind = _kind(app, file.file, binding)
            if kind is None:
                continue
            uses = [use for use in _uses(app, file, binding, kind) if not _is_locked(app, use)]
            if uses:
                yield _finding(app, file, binding, kind, uses)


def _finding(app: App, file: RequestFile, binding: Binding, kind: str, uses: list[_Use]) -> Finding:
    (user, node, function), *others = uses
    message = (
        f"All requests of an instance use this one `{binding.text}`: {_OUTCOME[kind]}."
        f" Make it in the function that uses it. {how(app, function)}"
    )
    related = [Related(file.file.place(binding.name), "It is made here.")]
    related += [Related(other.file.place(each), "And here.") for other, each, _ in others[:_MOST_RELATED]]
    level = severity(app, user.path, RULE.severity)
    return RULE.finding(user.file.place(node), message, related=related, severity=level)


def _kind(app: App, file: PythonFile, binding: Binding) -> str | None:
    """What a module-level name is bound to, if that is used up."""
    value = binding.value
    if value is None:
        return None
    if value.type == "generator_expression":
        return _GENERATOR
    function = value.child_by_field_name("function") if value.type == "call" else None
    if function is None:
        return None
    for origin in sorted(file.origins(function)):
        if origin in _MADE_BY:
            is_iter = origin != "iter" or len(arguments(value)[0]) == 1
            return _MADE_BY[origin] if is_iter else None
    found = app_code(app).meanings(file, function)
    if found and all(isinstance(code, FunctionCode) and _yields(code) for code in found):
        return _GENERATOR
    return None


def _yields(function: FunctionCode) -> bool:
    """Whether a function is a generator, which no decorator turns into something else."""
    if function.decorators:
        return False
    for word in function.file.keyword_nodes("yield"):
        for outer in ancestors(word):
            if outer.type in {"function_definition", "lambda"}:
                if outer.id == function.node.id:
                    return True
                break
    return False


def _uses(app: App, file: RequestFile, binding: Binding, kind: str) -> Iterator[_Use]:
    """Where request code takes something from it, or writes to it."""
    for user, node in uses_of_global(app, file.file, binding):
        taken = _taken(node, kind)
        function = request_function(app, user, node) if taken is not None else None
        if taken is not None and function is not None:
            yield user, taken, function


def _is_locked(app: App, use: _Use) -> bool:
    """Whether a use runs under a lock that the requests share."""
    file, node, function = use
    return guard_at(app, file.file, node) is not None or held_by_callers(app, function) is not None


def _taken(node: Node, kind: str) -> Node | None:
    """The expression or loop in which something is taken out of an iterator or file, or None."""
    parent = node.parent
    if parent is None:
        return None
    if parent.type in {"for_statement", "for_in_clause"}:
        return node if parent.child_by_field_name("right") == node else None
    if parent.type == "attribute" and parent.child_by_field_name("object") == node:
        call = parent.parent
        is_call = call is not None and call.type == "call" and call.child_by_field_name("function") == parent
        return call if is_call and text(parent.child_by_field_name("attribute")) in _TAKE[kind] else None
    if parent.type == "argument_list" and parent.parent is not None:
        call = parent.parent
        return call if text(call.child_by_field_name("function")) in _CONSUMERS else None
    return None
