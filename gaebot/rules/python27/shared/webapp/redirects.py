"""Where handlers redirect to: the addresses in `self.redirect(…)`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tree_sitter import Node

from gaebot.app import App
from gaebot.rules.python27.shared.scripts.handler_scripts import RequestFile
from gaebot.rules.python27.shared.webapp.local_names import values_of, without_brackets
from gaebot.rules.python27.shared.webapp.messages import Receiver, receivers
from gaebot.syntax.nodes import arguments, string_value, text
from gaebot.syntax.python import PythonFile

# Methods of a text that leave its first letter what it is, as far as that is a `/` or a letter.
_KEEPING = frozenset({"format", "lower", "upper", "strip", "lstrip", "rstrip", "encode", "decode"})
_DEPTH = 8


def redirects(app: App, files: Iterable[RequestFile]) -> Iterator[tuple[PythonFile, Node]]:
    """The addresses that handlers in some of the request files redirect to, each with its file, in order."""
    for receiver in receivers(app, files):
        if b"redirect" in (receiver.function.text or b"") and receiver.file.runs(receiver.function):
            for address in _addresses(receiver):
                yield receiver.file.file, address


def _addresses(receiver: Receiver) -> Iterator[Node]:
    """The first arguments of `self.redirect(…)`."""
    for name in receiver.file.file.identifiers("redirect", within=receiver.function):
        chain = name.parent
        call = chain.parent if chain is not None else None
        if chain is None or call is None or chain.type != "attribute" or call.type != "call":
            continue
        is_own = text(chain.child_by_field_name("object")) == receiver.name
        if is_own and call.child_by_field_name("function") == chain:
            positional, named = arguments(call)
            yield from positional[:1] or [named[key] for key in ("uri",) if key in named]


def beginning_of(file: PythonFile, node: Node, depth: int = _DEPTH) -> str | None:
    """The text that an expression begins with in any case, as far as it is written here; else None.

    Where a choice begins with different texts, that of the first is given when all begin inside the app.
    """
    node = without_brackets(node)
    if not depth:
        return None
    if node.type == "string":
        # What stands in front of the first conversion or the first escape.
        value = string_value(node)
        if value is None:
            value = text(node).lstrip("urbURB").lstrip("'\"").partition("\\")[0]
        return value.partition("%")[0].partition("{")[0] or None
    if node.type in {"binary_operator", "concatenated_string"}:
        while node.type in {"binary_operator", "concatenated_string"}:
            node = without_brackets(node.child_by_field_name("left") or node.named_children[0])
        return beginning_of(file, node, depth - 1)
    if node.type == "call":
        function = node.child_by_field_name("function")
        if text(function) in {"str", "unicode"} and arguments(node)[0]:
            return beginning_of(file, arguments(node)[0][0], depth - 1)
        owner = function.child_by_field_name("object") if function is not None else None
        name = text(function.child_by_field_name("attribute")) if function is not None else ""
        return beginning_of(file, owner, depth - 1) if owner is not None and name in _KEEPING else None
    if node.type == "identifier":
        values = values_of(file, node)
        found = [beginning_of(file, value, depth - 1) for value in values or ()]
        if found and all(each is not None and each.startswith(("/", ".")) for each in found):
            return found[0]
        return found[0] if len(found) == 1 else None
    return None
