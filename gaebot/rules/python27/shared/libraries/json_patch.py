"""What it takes to use the `json` of Python 2.7 where a file imports simplejson."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from tree_sitter import Node

from gaebot.app import App
from gaebot.rules.python27.shared.libraries.json_imports import (
    API,
    DECODE_ERROR,
    DJANGO,
    INNER_MODULES,
    JsonImports,
    blocks,
    is_dotted,
    json_imports,
    module_chain,
    takes_name,
)
from gaebot.rules.python27.shared.scripts.importers import is_taken
from gaebot.syntax.imports import imported_as, is_free, name_in_statement, uses_of
from gaebot.syntax.lines import drop_statement, within
from gaebot.syntax.nodes import ancestors, text
from gaebot.syntax.python import Binding, PythonFile
from gaebot.syntax.rewrite import drop_imported_names
from gaebot.text import Edit


def json_edits(found: JsonImports) -> list[Edit] | None:
    """The edits that make a whole file use `json`; None where that can't be done for all of it."""
    return found.file.remember("json edits", lambda: _json_edits(found))


def can_use_json(app: App, file: PythonFile) -> bool:
    """Whether a file that imports simplejson can be made to use `json` in all places."""
    found = json_imports(app, file)
    return found is not None and json_edits(found) is not None


def _json_edits(found: JsonImports) -> list[Edit] | None:
    if (
        not found.bindings
        or found.differences
        or found.app.module_path("json")
        or found.app.imported_path("json", found.file)
    ):
        return None
    chains = _chains(found)
    return _Patch(found, chains, _can_rename(found)).edits() if chains is not None else None


def _chains(found: JsonImports) -> list[Node] | None:
    """The chains of attempts of the file; None when an import is tried in another way."""
    chains: dict[int, Node] = {}
    for binding in found.bindings:
        chain = found.chain(binding)
        if chain is not None:
            chains[chain.id] = chain
        elif _is_tried(binding) and not _is_of_django(binding):
            return None
    return list(chains.values())


def _is_tried(binding: Binding) -> bool:
    """Whether an import stands directly in a `try` or in one of its clauses, for its failure."""
    block = binding.statement.parent
    holder = block.parent if block is not None else None
    return holder is not None and holder.type in {"try_statement", "except_clause"}


def _is_of_django(binding: Binding) -> bool:
    """Whether it is Django's copy: its import did not fail on Python 2.5, and that of `json` doesn't now."""
    return DJANGO in f"{binding.origin}.{name_in_statement(binding)}"


def _can_rename(found: JsonImports) -> bool:
    """Whether what the file calls simplejson can be called `json` from now on."""
    file = found.file
    names = {b.text for b in found.bindings if not takes_name(b) and not is_dotted(b)}
    if not names or names == {"json"}:
        return False
    known = imported_as(file, "json") == "json" or "json" in names
    others = {b.name.id for b in file.imports() if b.text == "json" and b.origin == "json"}
    bound = {b.name.id for b in file.scope.bindings.get("json", ())}
    if not (known or is_free(file, "json") or (others and bound <= others)):
        return False
    return not any(
        is_taken(found.app, file, name) or _is_listed(file, name) for name in names if name != "json"
    )


def _is_listed(file: PythonFile, name: str) -> bool:
    """Whether a file may say a name in a string, as in `__all__`."""
    return any(quote + name.encode() + quote in file.source.data for quote in (b"'", b'"'))


class _Patch(NamedTuple):
    """The patch of one file; `rename` says that what it calls simplejson becomes `json`."""

    found: JsonImports
    chains: list[Node]
    rename: bool

    @property
    def app(self) -> App:
        return self.found.app

    @property
    def file(self) -> PythonFile:
        return self.found.file

    def edits(self) -> list[Edit] | None:
        """All edits of the file, or None."""
        made = [self._collapsed(chain) for chain in self.chains]
        for binding in self.found.bindings:
            if not within(binding.statement, self.chains):
                made += self._exchanged(binding) or [None]
            if self.rename or is_dotted(binding):
                made += self._renamed(binding)
            made += self._errors(binding)
        found = [edit for edit in made if edit is not None]
        return _merged(found) if len(found) == len(made) else None

    def _new_import(self, binding: Binding) -> str:
        if is_dotted(binding) or self.rename or binding.text == "json":
            return "import json"
        return f"import json as {binding.text}"

    def _exchanged(self, binding: Binding) -> list[Edit] | None:
        statement = binding.statement
        if takes_name(binding):
            return self._exchanged_names(statement)
        new = self._new_import(binding).encode()
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
        """`from simplejson import loads` becomes `from json import loads`; JSONDecodeError is left out."""
        module = statement.child_by_field_name("module_name")
        names = {
            text(child.child_by_field_name("name") or child): text(
                child.child_by_field_name("alias") or child
            )
            for child in statement.children_by_field_name("name")
        }
        if module is None or not {*API, *INNER_MODULES, DECODE_ERROR}.issuperset(names):
            return None
        if DECODE_ERROR not in names:
            return [self.file.source.edit(self.file.span(module), b"json")]
        local = names[DECODE_ERROR]
        rest = drop_imported_names(self.file, statement, frozenset({local}))
        is_there = is_taken(self.app, self.file, local) or _is_listed(self.file, local)
        if rest is None or is_there or within(statement, self.chains):
            return None
        old = b"from " + (module.text or b"")
        new = rest.new.replace(old, b"from json", 1)
        is_whole = len(names) == 1 or new.startswith(b"from json ")
        return [self.file.source.edit(rest.span, new)] if is_whole else None

    def _renamed(self, binding: Binding) -> Iterator[Edit]:
        if takes_name(binding):
            return
        for use in uses_of(self.file, binding):
            chain = module_chain(binding, use)
            if chain is not None and text(chain) != "json" and not within(use, self.chains):
                yield self.file.source.edit(self.file.span(chain), b"json")

    def _errors(self, binding: Binding) -> Iterator[Edit]:
        """`except simplejson.JSONDecodeError` becomes `except ValueError`, which it is below."""
        for node, attribute in self.found.members(binding):
            outer = node.parent
            if attribute in INNER_MODULES and outer is not None and outer.type == "attribute":
                if text(outer.child_by_field_name("attribute")) == DECODE_ERROR:
                    yield self.file.source.edit(self.file.span(outer), b"ValueError")
            elif attribute == DECODE_ERROR and not within(node, self.chains):
                yield self.file.source.edit(self.file.span(node), b"ValueError")

    def _collapsed(self, chain: Node) -> Edit | None:
        """The edit that puts one branch of a chain of attempts in the place of all."""
        branches = list(_blocks_within(chain))
        with_json = [block for block in branches if self._imports_in(block, "json")]
        block = (with_json or branches)[0] if branches else None
        if block is None:
            return None
        if len({frozenset(self._names_bound(each, chain)) for each in branches}) > 1:
            return None
        code = self._branch_code(block)
        if code is None:
            return None
        return self.file.source.edit(self.file.span(chain), code)

    def _imports_in(self, block: Node, origin: str) -> bool:
        return any(b.origin == origin and within(b.statement, [block]) for b in self.file.imports())

    def _names_bound(self, block: Node, chain: Node) -> Iterator[str]:
        """The names that a branch leaves behind for the code outside the chain."""
        for binding in self.file.imports():
            if within(binding.statement, [block]):
                used = any(not within(use, [chain]) for use in uses_of(self.file, binding))
                if used or is_taken(self.app, self.file, binding.text):
                    yield "json" if self.rename and not takes_name(binding) else binding.text
        for statement in block.named_children:
            if statement.type == "expression_statement" and statement.named_children[0].type == "assignment":
                yield text(statement.named_children[0].child_by_field_name("left"))

    def _branch_code(self, block: Node) -> bytes | None:
        """A branch as plain lines, with `json` in it."""
        statements = [node for node in block.named_children if node.type != "comment"]
        lines = []
        for statement in statements:
            edits: list[Edit] = []
            for binding in self.found.bindings:
                if within(binding.statement, [statement]):
                    exchanged = self._exchanged(binding)
                    if exchanged is None:
                        return None
                    edits += exchanged
                if self.rename and not takes_name(binding):
                    edits += [
                        self.file.source.edit(self.file.span(use), b"json")
                        for use in uses_of(self.file, binding)
                        if within(use, [statement]) and text(use) != "json"
                    ]
            lines.append(_applied(self.file, statement, edits))
        indent = self.file.source.newline + self.file.indent(_outer_statement(block))
        return indent.join(lines)


def _merged(edits: list[Edit]) -> list[Edit]:
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


def _blocks_within(node: Node) -> Iterator[Node]:
    """The innermost branches of a chain, in order."""
    for block in blocks(node):
        inner = [child for child in block.named_children if child.type == "try_statement"]
        if inner:
            for each in inner:
                yield from _blocks_within(each)
        else:
            yield block


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
