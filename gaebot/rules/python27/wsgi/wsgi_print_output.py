"""A script writes its answer with `print` or to `sys.stdout`, which a WSGI application can't.

## Why

A CGI script answers a request through its standard output. A WSGI application returns its answer,
and what it prints goes to the log: the visitor gets an empty page with status 200, and nothing
tells you. As a CGI script, with `threadsafe: false`, such a script works on python27 as before.

Cookies are lost in the same way: `print cookie` and `print cookie.output()` write the header
`Set-Cookie` from a CGI script, and a line of the log from a WSGI application.

A `print` left over from debugging is only worth a note: on 2.5 its text comes before the headers
and spoils the page, in a WSGI application it goes to the log.

Left alone are `print >>` to anything else, files that give `sys.stdout` another value, code that
only the command line runs, and files that no handler script leads to.

## Fix

Write a request handler, and write to its response:

    class Hello(webapp2.RequestHandler):
        def get(self):
            self.response.headers['Content-Type'] = 'text/plain'
            self.response.out.write('Hello')

    app = webapp2.WSGIApplication([('/', Hello)])

A cookie goes there as a header:

    self.response.headers.add_header('Set-Cookie', cookie['name'].OutputString())

Or keep the CGI script for now: `runtime: python27` with `threadsafe: false`. Turn debugging prints
into `logging.debug`.

## Example

```yaml before app.yaml
runtime: python
api_version: 1
handlers:
- url: /
  script: hello.py
```

```python before hello.py
print 'Content-Type: text/plain'
print
print 'Hello'
```

## Source

Google, "Migrating to Python 2.7": CGI scripts "rely on environment variables for access to the
input and output streams". SDK: google/appengine/runtime/cgi.py gives a CGI script a `sys.stdout`
that becomes the answer, runtime/wsgi.py does not. Python 2.7: Cookie.py, `BaseCookie.__str__` and
`Morsel.__str__` are `output()`, with "Set-Cookie:".
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from tree_sitter import Node

from gaebot.app import App
from gaebot.finding import Finding, Severity
from gaebot.rule import Rule, python_with
from gaebot.rules.python27.shared.scripts.handler_scripts import RequestFile, asked_files, writes_itself
from gaebot.rules.python27.shared.scripts.profiling import profiling_functions
from gaebot.syntax.lines import within
from gaebot.syntax.nodes import ancestors, arguments, string_value, text
from gaebot.syntax.python import PythonFile

_WORDS = frozenset({"print", "stdout", "pprint", "cgi", "cgitb"})

RULE = Rule(__name__, Severity.WARNING, only_in=python_with(*_WORDS))
_CALL_WORDS = re.compile(rb"\b(stdout|pprint|cgi|cgitb)\b|\bprint *\(")
_PRINTS = '[(print_statement) @print ((expression_statement . (identifier) @bare .) (#eq? @bare "print"))]'
_PPRINT = frozenset({"pprint.pprint", "pprint.pp"})
_WRITERS = frozenset(
    {
        "sys.stdout.write",
        "sys.stdout.writelines",
        "cgi.print_arguments",
        "cgi.print_directory",
        "cgi.print_environ",
        "cgi.print_environ_usage",
        "cgi.print_exception",
        "cgi.print_form",
        "cgi.test",
        "cgitb.handler",
    }
)
_SET_STDOUT = "(assignment left: (attribute) @target)"
# What an answer begins with: a header ('Status: 404' is one, 'Status: done' is not) or HTML.
_ANSWER = rb"""['"]\s*(?:(?:Content-Type|Content-Disposition|Location|Set-Cookie):|Status:[ ]?[1-5]\d\d|
    Cache-Control:[ ]*[a-z]|Pragma:[ ]*no-cache|Expires:[ ]*(?:-?[01]\b|(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)\w*,)|
    </?(?:html|head|body|title|h[1-6]|p|br|pre|div|span|ul|ol|li|table|form|a|b|hr|script)[ >/]|
    <!doctype|<\?xml)"""
# What prints itself as the header `Set-Cookie: ...`.
_COOKIES = frozenset(
    f"Cookie.{name}()"
    for name in ("SimpleCookie", "BaseCookie", "SmartCookie", "SerialCookie", "Cookie", "Morsel")
)


def check(app: App) -> Iterator[Finding]:
    """One finding for each file that writes to standard output."""
    for file in asked_files(app):
        if _WORDS.isdisjoint(file.file.words):
            continue
        profilers = profiling_functions(file.file)
        found = [node for node in outputs(file.file) if file.runs(node) and not within(node, profilers)]
        if found:
            answers = [node for node in found if _is_answer(file.file, node)]
            yield from _judge(app, file, found, answers)


def _is_answer(file: PythonFile, node: Node) -> bool:
    """Whether a statement or call writes what belongs to an answer: a header, HTML, a cookie."""
    return _begins_answer(node.text or b"") or _writes_cookie(file, node)


def _begins_answer(code: bytes) -> bool:
    return re.search(_ANSWER, code, re.IGNORECASE | re.VERBOSE) is not None


def _writes_cookie(file: PythonFile, node: Node) -> bool:
    """Whether what is written first is a cookie of Python's module `Cookie`, as its header."""
    if "Cookie" not in file.words:
        return False
    if node.type == "call":
        values = arguments(node)[0]
    else:
        values = [child for child in node.named_children if child.type not in {"chevron", "comment"}]
    return bool(values) and _is_header(file, values[0])


def _is_header(file: PythonFile, value: Node) -> bool:
    """Whether the text of a value is that of a cookie's header: `cookie`, `cookie['a'].output()`."""
    value = _bare(value)
    function = value.child_by_field_name("function") if value.type == "call" else None
    if function is not None:
        positional, named = arguments(value)
        if text(function) in {"str", "unicode"} and len(positional) == 1:
            return _is_cookie(file, positional[0])
        if text(function).endswith(".output"):
            header = positional[1] if len(positional) > 1 else named.get("header")
            owner = function.child_by_field_name("object")
            is_set = header is None or (string_value(header) or "").lower().startswith("set-cookie")
            return is_set and owner is not None and _is_cookie(file, owner)
    return _is_cookie(file, value)


def _is_cookie(file: PythonFile, node: Node) -> bool:
    """Whether a value is a cookie or one of its morsels, as far as this file tells."""
    node = _bare(node)
    while node.type == "subscript":
        node = _bare(node.children[0])
    if not _COOKIES.isdisjoint(file.origins(node)):
        return True
    return node.type == "attribute" and text(node.child_by_field_name("attribute")) in _cookie_attributes(
        file
    )


def _cookie_attributes(file: PythonFile) -> frozenset[str]:
    """The attributes that the file gives a cookie: 'cookie' of `self.cookie = Cookie.SimpleCookie()`."""

    def find() -> frozenset[str]:
        return frozenset(
            text(target.child_by_field_name("attribute"))
            for target, statement in file.assigned
            if target.type == "attribute"
            and (value := _assigned_value(statement)) is not None
            and not _COOKIES.isdisjoint(file.origins(value))
        )

    return file.remember(_cookie_attributes, find)


def _assigned_value(statement: Node) -> Node | None:
    """The value of an assignment, also of `a = b = value`."""
    value: Node | None = statement
    while value is not None and value.type == "assignment":
        value = value.child_by_field_name("right")
    return value


def _bare(node: Node) -> Node:
    """An expression without the brackets around it."""
    while node.type == "parenthesized_expression" and node.named_children:
        node = node.named_children[0]
    return node


def _judge(app: App, file: RequestFile, found: list[Node], answers: list[Node]) -> Iterator[Finding]:
    place = file.file.place((answers or found)[0])
    times = "once" if len(found) == 1 else f"{len(found)} times"
    raw = [script for script in file.scripts if writes_itself(app, script)]
    if (file.script in raw) or len(raw) == len(file.scripts) or (raw and answers):
        yield RULE.finding(
            place,
            f"`{raw[0].path}` is a CGI script that writes its answer to standard output"
            f" (here {times}): it goes on working on python27 only as a CGI script, with `threadsafe: false`."
            " To serve it as a WSGI application, write a request handler that calls"
            " `self.response.out.write(...)` and sets `self.response.headers`.",
        )
    elif answers and file.is_wsgi:
        yield RULE.finding(
            place,
            "A WSGI application can't answer through standard output: the text goes to the log and never"
            " reaches the visitor. Write to the response: `self.response.headers[...] = ...` and"
            " `self.response.out.write(...)`.",
            severity=Severity.ERROR,
        )
    elif answers:
        yield RULE.finding(
            place,
            "This answer is written to standard output, which reaches the visitor from a CGI script only;"
            " from a WSGI application it goes to the log. Write to the response:"
            " `self.response.headers[...] = ...` and `self.response.out.write(...)`.",
        )
    elif not _sets_stdout(file.file):
        yield RULE.finding(
            place,
            f"`{file.path}` writes to standard output ({times}): from a WSGI application that goes to the log"
            " and never to the page. Use `logging.debug(...)`, or write to the response if it belongs there.",
            severity=Severity.NOTE,
        )


def outputs(file: PythonFile) -> list[Node]:
    """The statements and calls of a file that write to standard output, in order."""
    found = [node for node in file.nodes(_PRINTS) if _prints_to_stdout(file, node)]
    if _CALL_WORDS.search(file.source.data):
        found += (call for call in file.calls("print", *_PPRINT, *_WRITERS) if _writes(file, call))
    return sorted(found, key=lambda node: node.start_byte)


def _prints_to_stdout(file: PythonFile, statement: Node) -> bool:
    chevrons = [child for child in statement.named_children if child.type == "chevron"]
    return not chevrons or all(_is_stdout(file, target) for target in chevrons[0].named_children)


def _writes(file: PythonFile, call: Node) -> bool:
    positional, named = arguments(call)
    function = call.child_by_field_name("function")
    origins = file.origins(function) if function is not None else frozenset()
    if "print" in origins:  # `from __future__ import print_function`
        return "file" not in named or _is_stdout(file, named["file"])
    if origins & _PPRINT:
        return len(positional) == 1 and "stream" not in named
    return bool(origins & _WRITERS)


def _is_stdout(file: PythonFile, node: Node) -> bool:
    return file.refers_to(node, "sys.stdout", "sys.__stdout__")


def _sets_stdout(file: PythonFile) -> bool:
    """Whether a function catches what is printed by giving `sys.stdout` another value."""
    targets = [node for node in file.nodes(_SET_STDOUT) if file.refers_to(node, "sys.stdout")]
    return any(outer.type == "function_definition" for node in targets for outer in ancestors(node))
