"""The texts that the app's models keep in the datastore, which come back as unicode."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tree_sitter import Node

from gaebot.app import App, once_per_app
from gaebot.rules.python27.shared.scripts.definitions import definitions, means
from gaebot.rules.python27.shared.scripts.handler_scripts import request_files_with
from gaebot.rules.python27.shared.webapp.entities import TEXTS
from gaebot.syntax.nodes import ancestors, scope_node, text
from gaebot.syntax.python import PythonFile

_FIELDS = "(assignment left: (identifier) @name right: (call function: (_) @made))"
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z0-9]+")


def is_model_text(app: App, file: PythonFile, node: Node) -> bool:
    """Whether `member.email` most likely reads a text from an entity of the app's own.

    The name of the variable has to say so: `member` for the class `Member`, `content` for `StaticContent`.
    An entity that the same function makes, or a text that it sets itself, does not come from the datastore.
    """
    owner, name = node.child_by_field_name("object"), text(node.child_by_field_name("attribute"))
    if owner is None or owner.type != "identifier":
        return False
    wanted = _words(text(owner))
    models = [found for words, found in _models(app).items() if wanted and words[-len(wanted) :] == wanted]
    if not models or not all(name in found for found in models):
        return False
    return not _is_own(app, file, owner, name)


def _words(name: str) -> tuple[str, ...]:
    """The words of a name: of `StaticContent` and `static_content` the same."""
    return tuple(word.lower() for word in _WORD.findall(name))


@once_per_app
def _models(app: App) -> dict[tuple[str, ...], frozenset[str]]:
    """The names of the texts of each model, by the words of the model's name."""
    found: dict[tuple[str, ...], set[str]] = {}
    for file in request_files_with(app, b"Property"):
        for words, name in _texts(app, file.file):
            found.setdefault(words, set()).add(name)
    return {words: frozenset(names) for words, names in found.items()}


def _texts(app: App, file: PythonFile) -> Iterator[tuple[tuple[str, ...], str]]:
    for match in file.matches(_FIELDS):
        holder = next((node for node in ancestors(match["name"]) if node.type == "class_definition"), None)
        made = match["made"]
        if holder is None or scope_node(match["name"]) != holder or not text(made).endswith("Property"):
            continue
        is_list = "repeated" in text(made.parent)
        if not is_list and means(app, file, made, *TEXTS):
            yield _words(text(holder.child_by_field_name("name"))), text(match["name"])


def _is_own(app: App, file: PythonFile, owner: Node, name: str) -> bool:
    """Whether the function makes the entity itself, has it from elsewhere, or sets this text of it."""
    known = file.lookup(text(owner), owner)
    if not known or any(b.kind not in {"assign", "parameter", "other"} for b in known):
        return True
    if any(b.value is not None and not _may_fetch(app, file, b.value) for b in known):
        return True
    return is_set_here(file, owner, name)


def _may_fetch(app: App, file: PythonFile, value: Node) -> bool:
    """Whether a value may be an entity: `q[0]`, `self.find(…)`, or what a function of the app returns."""
    if value.type == "none":
        return True
    if value.type == "subscript":
        owner = value.child_by_field_name("value")
        return owner is not None and owner.type == "identifier"
    function = value.child_by_field_name("function") if value.type == "call" else None
    if function is None:
        return False
    owner = function.child_by_field_name("object")
    if owner is not None and text(owner) == "self":
        return True
    found = definitions(app, file, function) if function.type in {"identifier", "attribute"} else ()
    return any(
        (each.node is not None and each.node.type == "function_definition") or each.tail for each in found
    )


def is_set_here(file: PythonFile, owner: Node, name: str) -> bool:
    """Whether the function around `member` sets `member.name` further up: it has that, then."""
    for use in file.identifiers(name, within=scope_node(owner)):
        chain = use.parent
        if use.start_byte > owner.start_byte:
            break
        if chain is None or chain.type != "attribute" or text(chain.children[0]) != text(owner):
            continue
        statement = chain.parent
        is_set = statement is not None and statement.type in {"assignment", "augmented_assignment"}
        if is_set and statement is not None and statement.child_by_field_name("left") == chain:
            return True
    return False
