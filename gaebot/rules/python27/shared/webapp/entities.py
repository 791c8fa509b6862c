"""Values of datastore entities: texts in them are unicode when they come out of the datastore."""

from __future__ import annotations

from tree_sitter import Node

from gaebot.app import App
from gaebot.rules.python27.shared.scripts.definitions import definitions
from gaebot.rules.python27.shared.webapp.handler_classes import base_nodes
from gaebot.rules.python27.shared.webapp.local_names import values_of
from gaebot.syntax.nodes import text
from gaebot.syntax.python import PythonFile

_DB = "google.appengine.ext.db"
_NDB = "google.appengine.ext.ndb"
# Properties whose values come back as unicode. SDK: google/appengine/ext/db/__init__.py and
# api/datastore_types.py, `FromPropertyPb`. Byte strings and blobs come back as bytes and are not among them.
TEXTS = frozenset(
    {
        *(f"{_DB}.{name}Property" for name in ("String", "Text", "Link", "Email", "Category")),
        *(f"{_DB}.{name}Property" for name in ("PhoneNumber", "PostalAddress")),
        *(f"{_NDB}.{name}Property" for name in ("String", "Text")),
    }
)
_FETCHING = frozenset({"get", "get_by_key_name", "get_by_id", "get_or_insert"})
_DEPTH = 5  # how many classes above a model are looked at


def is_text_of_entity(app: App, file: PythonFile, entity: Node, name: str) -> bool:
    """Whether an expression fetches an entity whose attribute `name` is a text: `Link.get_by_id(1)`, 'url'.

    The class has to be one of the app's own, with a property of that name that holds texts.
    """
    model = _model(file, entity, _DEPTH)
    found = definitions(app, file, model) if model is not None else ()
    if len(found) != 1 or found[0].node is None or found[0].file is None:
        return False
    return _is_text(app, found[0].file, found[0].node, name, _DEPTH)


def _model(file: PythonFile, entity: Node, depth: int) -> Node | None:
    """The class in `Model.get(…)` and in `Model.all().filter(…).get()`, also by way of a local query."""
    function = entity.child_by_field_name("function") if entity.type == "call" else None
    if function is None or text(function.child_by_field_name("attribute")) not in _FETCHING:
        return None
    return _root(file, function.child_by_field_name("object"), depth)


def _root(file: PythonFile, node: Node | None, depth: int) -> Node | None:
    """What a chain of calls begins with: `Model` in `Model.all().order('x')`."""
    while node is not None and node.type == "call":
        function = node.child_by_field_name("function")
        node = function.child_by_field_name("object") if function is not None else None
    if node is None or node.type not in {"identifier", "attribute"}:
        return None
    values = values_of(file, node) if node.type == "identifier" else None
    if values is None or not depth:
        return node
    return _root(file, values[0], depth - 1) if len(values) == 1 and values[0].type == "call" else None


def _is_text(app: App, file: PythonFile, model: Node, name: str, depth: int) -> bool:
    body = model.child_by_field_name("body")
    if model.type != "class_definition" or body is None or not depth:
        return False
    for statement in body.named_children:
        assignment = statement.named_children[0] if statement.type == "expression_statement" else None
        if assignment is None or assignment.type != "assignment":
            continue
        if text(assignment.child_by_field_name("left")) == name:
            value = assignment.child_by_field_name("right")
            made = (
                value.child_by_field_name("function") if value is not None and value.type == "call" else None
            )
            is_list = value is not None and "repeated" in text(value)
            return made is not None and not is_list and file.refers_to(made, *TEXTS)
    for base in base_nodes(model):
        for found in definitions(app, file, base):
            if found.file is not None and found.node is not None:
                return _is_text(app, found.file, found.node, name, depth - 1)
    return False
