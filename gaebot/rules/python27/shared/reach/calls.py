"""The places in the app's code that name its functions and classes: calls, and names that are handed on."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from tree_sitter import Node

from gaebot.app import App, once_per_app
from gaebot.rules.python27.shared.reach.code import AppCode, ClassCode, Code, FunctionCode, app_code
from gaebot.rules.python27.shared.reach.dead_code import never_runs
from gaebot.rules.python27.shared.scripts.applications import find_origin
from gaebot.syntax.imports import is_name
from gaebot.syntax.python import PythonFile, arguments, scope_node, text

MAKING = frozenset({"__init__", "__new__"})
"""Methods that run while an object is made."""


_OF_FRAMEWORKS = re.compile(
    r"(?:self\.)?(?:request|response)(?:\.(?:GET|POST|REQUEST|COOKIES|META|FILES|args|cookies|form|headers|out))?$"
)
_ASKING = frozenset({"super", "isinstance", "issubclass"})
_HOLDERS = frozenset(
    {"argument_list", "keyword_argument", "list", "tuple", "dictionary", "pair", "set", "assignment"}
)


@dataclass(frozen=True, eq=False)
class Mention:
    """A place in code that names functions or classes of the app.

    `function` is the one whose code it stands in, None for import code; `sure` the functions and classes
    that it means, `method` the name of the method that it may mean of an object that is not known.
    """

    file: PythonFile
    node: Node
    function: FunctionCode | None
    sure: tuple[Code, ...]
    method: str = ""

    @property
    def call(self) -> Node | None:
        """The call of what is named, or None where it is only handed on."""
        parent = self.node.parent
        is_called = parent is not None and parent.type == "call"
        return parent if is_called and parent.child_by_field_name("function") == self.node else None  # type: ignore[union-attr]

    @property
    def is_handed_on(self) -> bool:
        """Whether it is an argument, in a table, or bound to something else than a name of the module.

        What the module only gives another name is found under that one.
        """
        parent = self.node.parent
        if parent is not None and parent.type == "assignment" and scope_node(parent).type == "module":
            left = parent.child_by_field_name("left")
            return left is not None and left.type != "identifier"
        return parent is not None and parent.type in _HOLDERS and not self.is_only_asked_for

    @property
    def is_only_asked_for(self) -> bool:
        """Whether a class is named as a base, in `super(…)` or in `isinstance(…)`, which make no object."""
        holder = self.node.parent
        if holder is not None and holder.type == "tuple":
            holder = holder.parent
        outer = holder.parent if holder is not None and holder.type == "argument_list" else None
        if outer is None or outer.type == "class_definition":
            return outer is not None
        return text(outer.child_by_field_name("function")) in _ASKING

    @property
    def is_decorator(self) -> bool:
        """Whether it stands behind the `@` of a decorator."""
        parent = self.node.parent
        if parent is not None and parent.type == "call":
            parent = parent.parent
        return parent is not None and parent.type == "decorator"


@dataclass(eq=False)
class Mentions:
    """All places that name the app's functions and classes."""

    all: list[Mention] = field(default_factory=list)
    in_function: dict[int, list[Mention]] = field(default_factory=lambda: defaultdict(list))
    in_import_code: list[Mention] = field(default_factory=list)
    of: dict[int, list[Mention]] = field(default_factory=lambda: defaultdict(list))

    def add(self, mention: Mention) -> None:
        """Take a mention up."""
        self.all.append(mention)
        if mention.function is None:
            self.in_import_code.append(mention)
        else:
            self.in_function[id(mention.function)].append(mention)
        for code in mention.sure:
            self.of[id(code)].append(mention)


@once_per_app
def mentions(app: App) -> Mentions:
    """The places in the app's request files that name functions and classes of the app."""
    code = app_code(app)
    found = Mentions()
    words = _words(code)
    for request_file in code.files.values():
        file = request_file.file
        for node in file.identifiers(*words):
            if request_file.runs(node) and not _is_definition(node) and not never_runs(app, file, node):
                mention = _mention(code, file, node)
                if mention is not None:
                    found.add(mention)
    return found


def _words(code: AppCode) -> frozenset[str]:
    """The names that may stand for a function or class of the app.

    Those are included that imports give them, and assignments of modules: `main = profile_main`.
    """
    names = set(code.names)
    for request_file in code.files.values():
        names.update(_other_names(request_file.file, code.names))
    for request_file in code.files.values():
        for binding in request_file.file.imports():
            if (binding.origin or "").rpartition(".")[2] in names:
                names.add(binding.text)
    return frozenset(names)


def _other_names(file: PythonFile, names: frozenset[str]) -> Iterator[str]:
    """The names of a module that it gives to functions and classes which have one already."""
    for name, bindings in file.scope.bindings.items():
        values = (binding.value for binding in bindings if binding.kind == "assign")
        if any(value is not None and value.type == "identifier" and text(value) in names for value in values):
            yield name


def _is_definition(node: Node) -> bool:
    """Whether a name is given there to a definition, a parameter or a keyword, or imported."""
    parent = node.parent
    if parent is None or parent.type in {"dotted_name", "aliased_import", "parameters", "global_statement"}:
        return True
    if parent.type in {"function_definition", "class_definition", "default_parameter", "keyword_argument"}:
        return parent.child_by_field_name("name") == node
    return False


def _mention(code: AppCode, file: PythonFile, name: Node) -> Mention | None:
    parent = name.parent
    is_member = parent is not None and parent.type == "attribute" and not is_name(name)
    if not is_member:
        sure = code.meanings(file, name)
        return Mention(file, name, code.around(file, name), sure) if sure else None
    node = parent if parent is not None else name
    function = code.around(file, name)
    sure = code.meanings(file, node) or tuple(_of_receiver(code, node, function))
    is_known = text(name) in code.methods_by_name and text(name) not in MAKING
    if not sure and (not is_known or _is_from_outside(code, file, node)):
        return None
    return Mention(file, node, function, sure, "" if sure else text(name))


def _is_from_outside(code: AppCode, file: PythonFile, node: Node) -> bool:
    """Whether an attribute is surely one of something from outside of the app: `taskqueue.Task().add`.

    So are those of the request and the response, which frameworks make: `self.request.get`.
    """
    if _OF_FRAMEWORKS.match(text(node.child_by_field_name("object"))):
        return True
    origins = file.origins(node)
    return bool(origins) and all(_is_outside(code, file, origin) for origin in origins)


def _is_outside(code: AppCode, file: PythonFile, origin: str) -> bool:
    head = origin.partition("(")[0]
    first = head.partition(".")[0]
    is_bare = not file.scope.bindings.get(first) and first == origin.partition(".")[0]
    if is_bare and "*" in file.scope.bindings:
        return False
    return find_origin(code.app, head, file) is None and not head.startswith(f"{file.module}.")


def _of_receiver(code: AppCode, node: Node, function: FunctionCode | None) -> Iterator[FunctionCode]:
    """The methods that `self.name` may mean in a method: those of its class, above it and below it."""
    owner = node.child_by_field_name("object")
    cls = class_of(owner, function) if owner is not None else None
    if cls is None:
        return
    name = text(node.child_by_field_name("attribute"))
    for each in code.family(cls):
        if name in each.methods:
            found = code.at(each.file, each.methods[name])
            if isinstance(found, FunctionCode):
                yield found


def class_of(node: Node, function: FunctionCode | None) -> ClassCode | None:
    """The class whose instance, or which itself, `self`, `cls`, `self.__class__`, `type(self)` or
    `super(…)` is in a method; None for other expressions."""
    if node.type == "attribute" and text(node.child_by_field_name("attribute")) == "__class__":
        node = node.child_by_field_name("object") or node
    elif node.type == "call" and text(node.child_by_field_name("function")) in {"type", "super"}:
        positional, _ = arguments(node)
        node = positional[-1] if positional else node
    elif node.type == "parenthesized_expression" and is_type_call(node):
        node = node.named_children[0]
    if node.type != "identifier":
        return None
    holder = function
    while holder is not None:
        if holder.receiver and text(node) == holder.receiver:
            return holder.owner
        if text(node) in holder.parameters:
            return None
        holder = holder.outer
    return None


def is_type_call(brackets: Node) -> bool:
    """Whether brackets belong to `type(self)` at the beginning of an assignment.

    The grammar takes `type(self).x = 1` for an alias of a type, which Python has from 3.12 on.
    """
    outer = brackets.parent
    while outer is not None and outer.type in {"attribute", "subscript", "type"}:
        outer = outer.parent
    return (
        outer is not None
        and outer.type == "type_alias_statement"
        and outer.named_children[0].start_byte == brackets.start_byte
        and len(brackets.named_children) == 1
    )
