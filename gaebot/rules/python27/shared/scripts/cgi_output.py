"""What code writes to standard output, which reaches the visitor from a CGI script only."""

from __future__ import annotations

import re

from tree_sitter import Node

from gaebot.syntax.nodes import arguments, string_value, text
from gaebot.syntax.python import PythonFile

WORDS = frozenset({"print", "stdout", "pprint", "cgi", "cgitb"})
"""Words of which a file says one where it writes there."""

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


def is_answer(file: PythonFile, node: Node) -> bool:
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
