"""Where a file imports simplejson, and what it takes to use the `json` of Python 2.7 instead."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tree_sitter import Node

from gaebot.app import App
from gaebot.rules.python27.shared.scripts.importers import is_taken
from gaebot.syntax.imports import imported_as, is_free, name_in_statement, uses_of
from gaebot.syntax.lines import drop_statement, within
from gaebot.syntax.python import Binding, PythonFile, ancestors, arguments, text
from gaebot.syntax.rewrite import drop_imported_names
from gaebot.text import Edit

_NAME = "simplejson"
DJANGO = "django.utils.simplejson"
"""The copy that Django brought along until 1.4."""

_OUTSIDE = (_NAME, DJANGO, f"google.appengine._internal.{DJANGO}")
_API = frozenset({"load", "loads", "dump", "dumps", "JSONEncoder", "JSONDecoder"})
_MODULES = frozenset({"encoder", "decoder", "scanner"})
_ERROR = "JSONDecodeError"
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
            for node, attribute in self._members(binding):
                if attribute in _API or (attribute == _ERROR and self._is_caught(node)):
                    yield from self._missing_options(node, attribute)
                elif attribute in _MODULES:
                    yield from self._inner(node)
                elif attribute:
                    yield Difference(node, f"`{attribute}`")

    def _members(self, binding: Binding) -> Iterator[tuple[Node, str]]:
        """What the file takes of a binding: the chain, and the name of the member ('' for the module)."""
        origin = binding.origin or ""
        if origin.endswith(f"{_NAME}.{binding.text}") or self._is_name(binding):
            for use in uses_of(self.file, binding):
                yield use, origin.rpartition(".")[2]
            return
        for use in uses_of(self.file, binding):
            chain = self._module_chain(binding, use)
            outer = chain.parent if chain is not None else None
            if chain is None:
                continue
            is_member = outer is not None and outer.type == "attribute" and outer.children[0] == chain
            if is_member and outer is not None:
                yield outer, text(outer.child_by_field_name("attribute"))
            else:
                yield chain, ""

    def _is_name(self, binding: Binding) -> bool:
        """Whether an import takes a name out of the module: `from simplejson import loads`."""
        return not (binding.origin or "").endswith(_NAME) and not self._is_dotted(binding)

    def _is_dotted(self, binding: Binding) -> bool:
        """Whether it is `import django.utils.simplejson`, which binds `django`."""
        return name_in_statement(binding).endswith(f".{_NAME}")

    def _module_chain(self, binding: Binding, use: Node) -> Node | None:
        """The node that means the module: the name itself, or `django.utils.simplejson`."""
        if not self._is_dotted(binding):
            return use
        chain: Node | None = use
        dotted = name_in_statement(binding)
        while chain is not None and text(chain) != dotted:
            outer = chain.parent
            chain = outer if outer is not None and outer.type == "attribute" else None
        return chain

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
        elif name not in {*_API, _ERROR, "encode_basestring", "encode_basestring_ascii", "ESCAPE"}:
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
            self._only_imports(block) for block in self._blocks(node)
        )

    def _blocks(self, node: Node) -> Iterator[Node]:
        """The bodies of a `try` and its clauses."""
        body = node.child_by_field_name("body")
        if body is not None:
            yield body
        for clause in node.named_children:
            if clause.type == "except_clause":
                yield from (child for child in clause.named_children if child.type == "block")

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

    # -- the patch -------------------------------------------------------------------------

    def edits(self) -> list[Edit] | None:
        """The edits that make the whole file use `json`; None where that can't be done for all of it."""
        if self.differences or self.app.module_path("json") is not None or self._own_json():
            return None
        chains = self._chains()
        if chains is None:
            return None
        rename = self._can_rename()
        made = [self._collapsed(chain, rename=rename) for chain in chains]
        for binding in self.bindings:
            if not within(binding.statement, chains):
                made += self._exchanged(binding, rename=rename) or [None]
            if rename or self._is_dotted(binding):
                made += self._renamed(binding, chains)
            made += self._errors(binding, chains)
        found = [edit for edit in made if edit is not None]
        return self._merged(found) if len(found) == len(made) else None

    def _chains(self) -> list[Node] | None:
        """The chains of attempts of the file; None when an import is tried in another way."""
        chains: dict[int, Node] = {}
        for binding in self.bindings:
            chain = self.chain(binding)
            if chain is not None:
                chains[chain.id] = chain
            elif self._is_tried(binding):
                return None
        return list(chains.values())

    def _is_tried(self, binding: Binding) -> bool:
        """Whether an import stands directly in a `try` or in one of its clauses, for its failure."""
        block = binding.statement.parent
        return (
            block is not None
            and block.parent is not None
            and block.parent.type
            in {
                "try_statement",
                "except_clause",
            }
        )

    def _own_json(self) -> bool:
        return self.app.imported_path("json", self.file) is not None

    def _can_rename(self) -> bool:
        """Whether what the file calls simplejson can be called `json` from now on."""
        names = {b.text for b in self.bindings if not self._is_name(b) and not self._is_dotted(b)}
        if not names or names == {"json"}:
            return False
        known = imported_as(self.file, "json") == "json" or "json" in names
        others = [b for b in self.file.imports() if b.text == "json" and b.origin == "json"]
        all_json = bool(others) and all(bound in {o.name.id for o in others} for bound in self._bound("json"))
        if not (known or is_free(self.file, "json") or all_json):
            return False
        return not any(is_taken(self.app, self.file, name) for name in names if name != "json")

    def _bound(self, name: str) -> set[int]:
        return {b.name.id for b in self.file.scope.bindings.get(name, ())}

    def _new_import(self, binding: Binding, *, rename: bool) -> str:
        if self._is_dotted(binding) or rename or binding.text == "json":
            return "import json"
        return f"import json as {binding.text}"

    def _exchanged(self, binding: Binding, *, rename: bool) -> list[Edit] | None:
        statement = binding.statement
        if self._is_name(binding):
            return self._exchanged_names(statement)
        new = self._new_import(binding, rename=rename).encode()
        if new == b"import json" and self._has_json_before(statement):
            names = frozenset({name_in_statement(binding)})
            alone = len(statement.children_by_field_name("name")) == 1
            edit = (
                drop_statement(self.file, statement)
                if alone
                else drop_imported_names(self.file, statement, names)
            )
            return [edit] if edit is not None else None
        if len(statement.children_by_field_name("name")) == 1:
            return [self.file.source.edit(self.file.span(statement), new)]
        rest = drop_imported_names(self.file, statement, frozenset({name_in_statement(binding)}))
        if rest is None or rest.start != statement.start_byte or not rest.new:
            return None
        between = self.file.source.newline + self.file.indent(statement)
        if not self.file.stands_alone(statement):
            between = b"; "
        return [self.file.source.edit(rest.span, new + between + rest.new)]

    def _has_json_before(self, statement: Node) -> bool:
        """Whether the module has `json` by that name already, in a statement that is not one of ours."""
        return imported_as(self.file, "json") == "json" and statement.parent == self.file.root

    def _exchanged_names(self, statement: Node) -> list[Edit] | None:
        """`from simplejson import loads` becomes `from json import loads`."""
        module = statement.child_by_field_name("module_name")
        names = [
            text(child.child_by_field_name("name") or child)
            for child in statement.children_by_field_name("name")
        ]
        if module is None or not _API.issuperset(names):
            return None
        return [self.file.source.edit(self.file.span(module), b"json")]

    def _renamed(self, binding: Binding, chains: list[Node]) -> Iterator[Edit]:
        if self._is_name(binding):
            return
        for use in uses_of(self.file, binding):
            chain = self._module_chain(binding, use)
            if chain is not None and text(chain) != "json" and not within(use, chains):
                yield self.file.source.edit(self.file.span(chain), b"json")

    def _errors(self, binding: Binding, chains: list[Node]) -> Iterator[Edit]:
        """`except simplejson.JSONDecodeError` becomes `except ValueError`, which it is below."""
        for node, attribute in self._members(binding):
            outer = node.parent
            if attribute in _MODULES and outer is not None and outer.type == "attribute":
                if text(outer.child_by_field_name("attribute")) == _ERROR:
                    yield self.file.source.edit(self.file.span(outer), b"ValueError")
            elif attribute == _ERROR and not within(node, chains):
                yield self.file.source.edit(self.file.span(node), b"ValueError")

    def _merged(self, edits: list[Edit]) -> list[Edit]:
        """The edits without those that lie in a wider one: the name in an exception that goes as a whole."""
        unique = list(dict.fromkeys(edits))
        return [
            edit
            for edit in unique
            if not any(
                other is not edit and other.start <= edit.start and edit.span.end <= other.span.end
                for other in unique
            )
        ]

    def _collapsed(self, chain: Node, *, rename: bool) -> Edit | None:
        """The edit that puts one branch of a chain of attempts in the place of all."""
        branches = list(self._blocks_within(chain))
        with_json = [block for block in branches if self._imports_in(block, "json")]
        block = (with_json or branches)[0] if branches else None
        if block is None:
            return None
        if len({frozenset(self._names_bound(each, chain, rename=rename)) for each in branches}) > 1:
            return None
        code = self._branch_code(block, rename=rename)
        if code is None:
            return None
        return self.file.source.edit(self.file.span(chain), code)

    def _blocks_within(self, node: Node) -> Iterator[Node]:
        """The innermost branches of a chain, in order."""
        for block in self._blocks(node):
            inner = [child for child in block.named_children if child.type == "try_statement"]
            if inner:
                for each in inner:
                    yield from self._blocks_within(each)
            else:
                yield block

    def _imports_in(self, block: Node, origin: str) -> bool:
        return any(b.origin == origin and within(b.statement, [block]) for b in self.file.imports())

    def _names_bound(self, block: Node, chain: Node, *, rename: bool) -> Iterator[str]:
        """The names that a branch leaves behind for the code outside the chain."""
        for binding in self.file.imports():
            if within(binding.statement, [block]):
                used = any(not within(use, [chain]) for use in uses_of(self.file, binding))
                if used or is_taken(self.app, self.file, binding.text):
                    yield "json" if rename and not self._is_name(binding) else binding.text
        for statement in block.named_children:
            if statement.type == "expression_statement" and statement.named_children[0].type == "assignment":
                yield text(statement.named_children[0].child_by_field_name("left"))

    def _branch_code(self, block: Node, *, rename: bool) -> bytes | None:
        """A branch as plain lines, with `json` in it."""
        statements = [node for node in block.named_children if node.type != "comment"]
        lines = []
        for statement in statements:
            edits: list[Edit] = []
            for binding in self.bindings:
                if within(binding.statement, [statement]):
                    exchanged = self._exchanged(binding, rename=rename)
                    if exchanged is None:
                        return None
                    edits += exchanged
                if rename and not self._is_name(binding):
                    edits += [
                        self.file.source.edit(self.file.span(use), b"json")
                        for use in uses_of(self.file, binding)
                        if within(use, [statement]) and text(use) != "json"
                    ]
            lines.append(_applied(self.file, statement, edits))
        indent = self.file.source.newline + self.file.indent(_outer_statement(block))
        return indent.join(lines)


def _outer_statement(block: Node) -> Node:
    """The outermost `try` of a chain that a block belongs to."""
    outer = block
    for node in ancestors(block):
        if node.type == "try_statement":
            outer = node
        elif node.type not in {"block", "except_clause"}:
            break
    return outer


def _applied(file: PythonFile, statement: Node, edits: list[Edit]) -> bytes:
    """The text of a statement with some edits made in it."""
    data = file.source.data
    parts, done = [], statement.start_byte
    for edit in sorted(set(edits), key=lambda edit: edit.span):
        if edit.start < done:
            continue
        parts += [data[done : edit.start], edit.new]
        done = edit.span.end
    parts.append(data[done : statement.end_byte])
    return b"".join(parts)


def json_imports(app: App, file: PythonFile) -> JsonImports | None:
    """The imports of simplejson in a file, or None."""
    key = (json_imports, file.source.path)
    return app.remember(key, lambda: _json_imports(app, file))


def can_use_json(app: App, file: PythonFile) -> bool:
    """Whether a file that imports simplejson can be made to use `json` in all places."""
    found = json_imports(app, file)
    return found is not None and found.file.remember("can use json", lambda: found.edits() is not None)


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
