"""Import statements: which name a module goes by in a file, and edits that add or exchange one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tree_sitter import Node

from gaebot.syntax.lines import is_docstring
from gaebot.syntax.nodes import scope_node, text
from gaebot.syntax.python import Binding, PythonFile
from gaebot.syntax.rewrite import drop_imported_names
from gaebot.text import Edit, Span

_IMPORTS = frozenset({"import_statement", "import_from_statement"})


def imported_as(file: PythonFile, origin: str) -> str | None:
    """The name by which the whole module can use what `origin` imports, or None.

    'json' after `import json`, 'sj' after `import json as sj`, 'md5' for 'hashlib.md5' after
    `from hashlib import md5`. Only a name that is bound once in the module, by a plain import
    statement at its top level, counts: then it is there for every line below the imports.
    """
    for binding in file.imports():
        names = file.scope.bindings.get(binding.text, ())
        if binding.text != "*" and binding.origin == origin and len(names) == 1 and is_plain(file, binding):
            return binding.text
    return None


def imported_names(binding: Binding) -> list[str]:
    """The dotted names of the modules that an import loads (with one name too many for `from`)."""
    if binding.statement.type != "import_statement":
        return [binding.origin] if binding.origin else []
    names = binding.statement.children_by_field_name("name")
    return [text(name.child_by_field_name("name") or name) for name in names]


def is_plain(file: PythonFile, binding: Binding) -> bool:
    """Whether an import stands at the top level of the module, in no `try` and no `if`."""
    holder = binding.statement.parent
    return holder is not None and holder.id == file.root.id


def is_free(file: PythonFile, name: str) -> bool:
    """Whether a file says a name nowhere, neither to bind nor to use it: it can be given a meaning.

    Attributes (`x.json`) and keywords of calls (`f(json=1)`) are no names. With a star import
    nothing is known for sure, and the answer is still about what is spelt out.
    """
    return not any(is_name(node) for node in file.identifiers(name))


def uses_of(file: PythonFile, binding: Binding) -> list[Node]:
    """The identifiers that mean what an import binds, in the order of the source.

    The import itself is none. A name that something else binds too in the same scope counts as a use
    of each of them.
    """
    found = []
    for node in file.identifiers(binding.text):
        if not is_name(node) or _is_in_import(node):
            continue
        if any(known.name.id == binding.name.id for known in file.lookup(binding.text, node)):
            found.append(node)
    return found


def attributes_of(nodes: Iterable[Node]) -> list[tuple[Node, Node]] | None:
    """For uses of a module the attribute chain and the attribute's name: `md5.new`, `new`.

    None when one of them is used in another way than as `module.name`, or is assigned to.
    """
    found = []
    for node in nodes:
        parent = node.parent
        name = parent.child_by_field_name("attribute") if parent is not None else None
        if parent is None or name is None or parent.child_by_field_name("object") != node:
            return None
        found.append((parent, name))
    return found


def add_import(file: PythonFile, statement: bytes, before: Node | None = None) -> Edit | None:
    """The edit that adds an import statement (`import json`, without a line ending) to the module.

    It goes above the first import that is not one from `__future__`, else below the docstring. So it does
    where that import comes too late for a node of the module, `before`. None when there is no place for a
    line of its own.
    """
    newline = file.source.newline
    above = _first_import(file)
    if above is not None and (before is None or above.start_byte <= before.start_byte):
        start = max(file.line_span(above).start, len(file.source.bom))
        if file.source.data[start : above.start_byte].strip():
            return None
        return file.source.edit(Span(start, start), statement + newline)
    return _add_at_head(file, statement)


def add_future_import(file: PythonFile, feature: str) -> Edit | None:
    """The edit that adds `from __future__ import feature` where Python wants it: above all but the docstring.

    None when there is no place for a line of its own.
    """
    return _add_at_head(file, b"from __future__ import " + feature.encode())


def _add_at_head(file: PythonFile, statement: bytes) -> Edit | None:
    newline = file.source.newline
    last = _last_of_head(file)
    if last is None:
        start = _below_comments(file)
        return file.source.edit(Span(start, start), statement + newline)
    if not file.stands_alone(last):
        return None
    end = file.line_span(last).end
    if not file.source.data[:end].endswith((b"\n", b"\r")):
        return file.source.edit(Span(end, end), newline + statement + newline)
    return file.source.edit(Span(end, end), statement + newline)


def exchange_import(file: PythonFile, binding: Binding, statement: bytes) -> Edit | None:
    """The edit that imports one name by another statement (`import json`, `from a import b as c`).

    The other names of the old statement stay; the new one is put in front of it. None when the old one
    can't be taken apart. Names that the rest of the file uses are the caller's business.
    """
    old = binding.statement
    if len(old.children_by_field_name("name")) == 1 or binding.text == "*":
        return file.source.edit(file.span(old), statement)
    rest = drop_imported_names(file, old, frozenset({name_in_statement(binding)}))
    if rest is None or rest.start != old.start_byte or not rest.new:
        return None
    between = file.source.newline + file.indent(old) if file.stands_alone(old) else b"; "
    return file.source.edit(rest.span, statement + between + rest.new)


def name_in_statement(binding: Binding) -> str:
    """How an import statement lists the name that it binds: 'a.b' for the `a` of `import a.b`."""
    for child in binding.statement.children_by_field_name("name"):
        if child.start_byte <= binding.name.start_byte and binding.name.end_byte <= child.end_byte:
            return text(child.child_by_field_name("alias") or child)
    return binding.text


def _first_import(file: PythonFile) -> Node | None:
    """The first statement of the module that imports at its top level, also within a `try`."""
    starts = [binding.statement for binding in file.imports() if scope_node(binding.name) == file.root]
    if not starts:
        return None
    first = starts[0]
    while first.parent is not None and first.parent.id != file.root.id:
        first = first.parent
    return first


def _last_of_head(file: PythonFile) -> Node | None:
    """The last of the docstring and the `__future__` imports at the top of the module."""
    last = None
    for node in _statements(file):
        if node.type != "future_import_statement" and not (last is None and is_docstring(node)):
            break
        last = node
    return last


def _below_comments(file: PythonFile) -> int:
    """Byte offset of the line below the comments that a module begins with (`#!`, the encoding)."""
    data, offset = file.source.data, len(file.source.bom)
    while data[offset : offset + 1] == b"#":
        offset = file.source.line_span(offset).end
    return offset


def _statements(file: PythonFile) -> Iterator[Node]:
    return (node for node in file.root.named_children if node.type != "comment")


def is_name(node: Node) -> bool:
    """Whether an identifier is a name: no attribute, no keyword of an argument, no `from` clause."""
    parent = node.parent
    if parent is None or _is_from_clause(parent):
        return parent is None
    if parent.type == "attribute":
        return parent.child_by_field_name("attribute") != node
    return parent.type != "keyword_argument" or parent.child_by_field_name("name") != node


def _is_from_clause(node: Node) -> bool:
    """Whether a dotted name is the module of `from module import …`, which binds nothing."""
    statement = node.parent
    if node.type != "dotted_name" or statement is None or statement.type != "import_from_statement":
        return False
    return statement.child_by_field_name("module_name") == node


def _is_in_import(node: Node) -> bool:
    outer = node.parent
    while outer is not None and outer.type in {"dotted_name", "aliased_import"}:
        outer = outer.parent
    return outer is not None and outer.type in _IMPORTS
