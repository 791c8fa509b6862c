"""Where a file imports simplejson, in which attempts, and what it takes of it that `json` has not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tree_sitter import Node

from gaebot.app import App
from gaebot.syntax.imports import name_in_statement, uses_of
from gaebot.syntax.lines import within
from gaebot.syntax.python import Binding, PythonFile, ancestors, arguments, text

_NAME = "simplejson"
DJANGO = "django.utils.simplejson"
"""The copy that Django brought along until 1.4."""

_OUTSIDE = (_NAME, DJANGO, f"google.appengine._internal.{DJANGO}")
API = frozenset({"load", "loads", "dump", "dumps", "JSONEncoder", "JSONDecoder"})
"""What simplejson and `json` have in common."""

INNER_MODULES = frozenset({"encoder", "decoder", "scanner"})
DECODE_ERROR = "JSONDecodeError"
"""What `json` has not: a subclass of ValueError, which is what `json` raises."""

# What later versions of simplejson take and the json of Python 2.7 does not.
_ONLY_SIMPLEJSON = frozenset(
    {
        *("use_decimal", "for_json", "item_sort_key", "namedtuple_as_object", "tuple_as_array", "ignore_nan"),
        *("bigint_as_string", "int_as_string_bitcount", "iterable_as_array", "allow_nan_inf"),
    }
)
_CLAUSES = frozenset({"except_clause"})


@dataclass(frozen=True, eq=False)
class Difference:
    """One place where a file relies on what `json` does not have: `node`, and what that is."""

    node: Node
    what: str


@dataclass(frozen=True, eq=False)
class JsonImports:
    """The imports of simplejson in one file.

    `bindings` are the names that they bind; `is_own` says that the app carries the module along.
    """

    app: App
    file: PythonFile
    bindings: tuple[Binding, ...]
    is_own: bool

    @property
    def differences(self) -> tuple[Difference, ...]:
        """What stands in the way of `json`."""
        return self.file.remember(("json differences",), lambda: tuple(self._differences()))

    def _differences(self) -> Iterator[Difference]:
        for binding in self.bindings:
            if binding.text == "*":
                yield Difference(binding.statement, "a star import")
            for node, attribute in self.members(binding):
                if attribute in API or (attribute == DECODE_ERROR and self._is_caught(node)):
                    yield from self._missing_options(node, attribute)
                elif attribute in INNER_MODULES:
                    yield from self._inner(node)
                elif attribute:
                    yield Difference(node, f"`{attribute}`")

    def members(self, binding: Binding) -> Iterator[tuple[Node, str]]:
        """What the file takes of a binding: the chain, and the name of the member ('' for the module)."""
        origin = binding.origin or ""
        if origin.endswith(f"{_NAME}.{binding.text}") or takes_name(binding):
            for use in uses_of(self.file, binding):
                yield use, origin.rpartition(".")[2]
            return
        for use in uses_of(self.file, binding):
            chain = module_chain(binding, use)
            outer = chain.parent if chain is not None else None
            if chain is None:
                continue
            is_member = outer is not None and outer.type == "attribute" and outer.children[0] == chain
            if is_member and outer is not None:
                yield outer, text(outer.child_by_field_name("attribute"))
            else:
                yield chain, ""

    def _is_caught(self, node: Node) -> bool:
        return any(outer.type in _CLAUSES for outer in list(ancestors(node))[:3])

    def _missing_options(self, node: Node, attribute: str) -> Iterator[Difference]:
        call = node.parent
        if call is None or call.type != "call" or call.child_by_field_name("function") != node:
            if attribute == "JSONEncoder" and self._overrides_iterencode(node):
                yield Difference(node, "`_iterencode`")
            return
        named = arguments(call)[1]
        for name, value in named.items():
            if name in _ONLY_SIMPLEJSON:
                yield Difference(value, f"`{name}`")
            elif name == "indent" and value.type == "string":
                yield Difference(value, "an `indent` that is a string")

    def _overrides_iterencode(self, node: Node) -> bool:
        outer = next((each for each in ancestors(node) if each.type == "class_definition"), None)
        return outer is not None and b"def _iterencode" in (outer.text or b"")

    def _inner(self, node: Node) -> Iterator[Difference]:
        """What is taken of `simplejson.encoder` and `simplejson.decoder`."""
        outer = node.parent
        name = text(outer.child_by_field_name("attribute")) if outer is not None else ""
        if outer is None or outer.type != "attribute":
            yield Difference(node, f"`{text(node)}`")
        elif name == "FLOAT_REPR":
            yield Difference(outer, "`FLOAT_REPR`")
        elif name not in {*API, DECODE_ERROR, "encode_basestring", "encode_basestring_ascii", "ESCAPE"}:
            yield Difference(outer, f"`{name}`")

    # -- how it works on python27 ----------------------------------------------------------

    def falls_back(self, binding: Binding) -> bool:
        """Whether a `try` around an import ends up with `json` where there is no simplejson."""
        chain = self.chain(binding)
        return chain is not None and any(
            other.origin == "json" and within(other.statement, [chain]) for other in self.file.imports()
        )

    def chain(self, binding: Binding) -> Node | None:
        """The outermost `try` that does nothing but import JSON modules, one after another; else None."""
        found = None
        for outer in ancestors(binding.statement):
            if outer.type == "try_statement" and self._is_chain(outer):
                found = outer
            elif outer.type in {"function_definition", "class_definition"}:
                break
        return found

    def _is_chain(self, node: Node) -> bool:
        inside = [b for b in self.file.imports() if within(b.statement, [node])]
        if not inside or any(child.type in {"else_clause", "finally_clause"} for child in node.children):
            return False
        known = {b.name.id for b in self.bindings}
        return all(b.name.id in known or b.origin == "json" for b in inside) and all(
            self._only_imports(block) for block in blocks(node)
        )

    def _only_imports(self, block: Node) -> bool:
        """Whether a block imports, and does nothing else but give names to what it imports."""
        statements = [node for node in block.named_children if node.type != "comment"]
        for statement in statements:
            is_assignment = (
                statement.type == "expression_statement"
                and statement.named_children[0].type == "assignment"
                and statement.named_children[0].child_by_field_name("right") is not None
            )
            known = {"import_statement", "import_from_statement", "try_statement"}
            if statement.type not in known and not is_assignment:
                return False
        return any(node.type != "expression_statement" for node in statements)


def json_imports(app: App, file: PythonFile) -> JsonImports | None:
    """The imports of simplejson in a file, or None."""
    key = (json_imports, file.source.path)
    return app.remember(key, lambda: _json_imports(app, file))


def takes_name(binding: Binding) -> bool:
    """Whether an import takes a name out of the module: `from simplejson import loads`."""
    return not (binding.origin or "").endswith(_NAME) and not is_dotted(binding)


def is_dotted(binding: Binding) -> bool:
    """Whether it is `import django.utils.simplejson`, which binds `django`."""
    return name_in_statement(binding).endswith(f".{_NAME}")


def module_chain(binding: Binding, use: Node) -> Node | None:
    """The node that means the module: the name itself, or `django.utils.simplejson`."""
    if not is_dotted(binding):
        return use
    chain: Node | None = use
    dotted = name_in_statement(binding)
    while chain is not None and text(chain) != dotted:
        outer = chain.parent
        chain = outer if outer is not None and outer.type == "attribute" else None
    return chain


def blocks(node: Node) -> Iterator[Node]:
    """The bodies of a `try` and its clauses."""
    body = node.child_by_field_name("body")
    if body is not None:
        yield body
    for clause in node.named_children:
        if clause.type == "except_clause":
            yield from (child for child in clause.named_children if child.type == "block")


def _json_imports(app: App, file: PythonFile) -> JsonImports | None:
    if _NAME.encode() not in file.source.data:
        return None
    bindings = tuple(binding for binding in file.imports() if _is_simplejson(binding))
    if not bindings:
        return None
    is_own = all(app.imported_path(_module_of(binding), file) is not None for binding in bindings)
    return JsonImports(app, file, bindings, is_own)


def _module_of(binding: Binding) -> str:
    origin = binding.origin or ""
    dotted = name_in_statement(binding)
    whole = dotted if dotted.endswith(f".{_NAME}") else origin
    return whole[: whole.index(_NAME) + len(_NAME)]


def _is_simplejson(binding: Binding) -> bool:
    """Whether an import brings simplejson, or a name out of it, by whatever way."""
    dotted = name_in_statement(binding)
    whole = dotted if binding.statement.type == "import_statement" and "." in dotted else binding.origin or ""
    parts = whole.split(".")
    return _NAME in parts and (whole.startswith(_OUTSIDE) or parts.index(_NAME) >= len(parts) - 2)
