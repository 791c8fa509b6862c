"""Statements that move out of `main()` to module level: which may, and how they look there."""

from __future__ import annotations

import builtins
from collections.abc import Iterable, Iterator, Mapping, Sequence

from tree_sitter import Node

from gaebot.rules.python27.shared.scripts.applications import WSGI_CONSTRUCTORS
from gaebot.rules.python27.shared.scripts.entry import is_member_name, uses
from gaebot.rules.python27.shared.scripts.references import may_be
from gaebot.rules.python27.shared.scripts.request_data import dev_server_tests, request_reads
from gaebot.syntax.lines import cut_from_block, lines_of, within
from gaebot.syntax.nodes import ancestors, text
from gaebot.syntax.python import Binding, PythonFile
from gaebot.text import Edit, SourceFile, Span

_MOVABLE = frozenset(
    {
        "expression_statement",
        "import_statement",
        "import_from_statement",
        "if_statement",
        "for_statement",
        "try_statement",
        "assert_statement",
        "delete_statement",
        "function_definition",
        "decorated_definition",
        "class_definition",
    }
)
_BINDS_TO_FUNCTION = frozenset(
    {"return_statement", "yield", "print_statement", "exec_statement", "global_statement"}
)
_BINDING_WORDS = ("return", "yield", "print", "exec", "global")
_BRACKETS = frozenset(
    {"argument_list", "list", "tuple", "dictionary", "parenthesized_expression", "subscript"}
)
# Functions that mean the names of the function that they are called in.
_READ_LOCALS = frozenset({"locals", "vars", "dir", "eval", "execfile"})
# Constructors that look further than at their arguments.
_READ_SETTINGS = frozenset({"django.core.wsgi.get_wsgi_application"})
_PY2_BUILTINS = frozenset(
    {
        "apply", "basestring", "buffer", "cmp", "coerce", "execfile", "file", "intern", "long", "raw_input",
        "reduce", "reload", "unichr", "unicode", "xrange",
    }
)  # fmt: skip


def is_taken(file: PythonFile, name: str, *, outside: Sequence[Node]) -> bool:
    """Whether a name means something at module level already, apart from inside some statements."""
    if name in _PY2_BUILTINS or hasattr(builtins, name):
        return True
    if any(not within(binding.name, outside) for binding in file.scope.bindings.get(name, ())):
        return True
    # Elsewhere in the file the bare name may be a global that another module puts there.
    return any(not within(node, outside) and not file.lookup(name, node) for node in uses(file, name))


def clashes(file: PythonFile, statement: Node, *, outside: Sequence[Node]) -> list[Binding]:
    """Where a statement binds names that mean something else at module level."""
    found = []
    for name, bindings in bound_in(file, statement).items():
        known = file.scope.bindings.get(name, [])
        is_global = any(binding in known for binding in bindings)
        is_same = bool(known) and all(_is_same_import(one, other) for one in known for other in bindings)
        if not (is_global or is_same) and is_taken(file, name, outside=outside):
            found += bindings
    return found


def _is_same_import(one: Binding, other: Binding) -> bool:
    return one.kind == other.kind == "import" and one.origin == other.origin


def bound_in(file: PythonFile, statement: Node) -> dict[str, list[Binding]]:
    """The names that a statement binds in the scope it stands in, `global` ones included."""
    scope = file.scope_at(statement)
    found: dict[str, list[Binding]] = {}
    for bindings in (scope.bindings, file.scope.bindings):
        for name, known in bindings.items():
            inner = [b for b in known if b.kind != "parameter" and within(b.name, [statement])]
            if inner and (bindings is scope.bindings or name not in found):
                found[name] = inner
    return found


def names_in(file: PythonFile, node: Node) -> set[str]:
    """Every name that a node mentions, attribute and keyword names left out."""
    return {text(name) for name in file.parts("identifier", node) if not is_member_name(name)}


def why_not(file: PythonFile, statement: Node, parameters: Iterable[str]) -> tuple[str, Node] | None:
    """Why a statement can't run when the module is imported, and the node that shows it."""
    return next(_reasons_against(file, statement, parameters), None)


def _reasons_against(
    file: PythonFile, statement: Node, parameters: Iterable[str]
) -> Iterator[tuple[str, Node]]:
    if statement.type not in _MOVABLE:
        yield "it is not a plain statement", statement
    for node in file.keyword_nodes(*_BINDING_WORDS, within=statement):
        if node.type in _BINDS_TO_FUNCTION and not _in_inner_function(node, statement):
            yield f"it holds `{node.type.split('_')[0]}`", node
    for node in _called(file, statement):
        if file.refers_to(node, *_READ_LOCALS):
            yield f"it calls `{text(node)}`, which looks at the names of `main()`", node
    for node in lasting_reads(file, statement):
        yield f"it reads `{text(node)}`, which is different for every request", node
    for name in sorted(names_in(file, statement) & set(parameters)):
        yield f"it uses the parameter `{name}`", statement
    if cut_from_block(file, statement) is None:
        yield "it shares its line with other statements", statement
    if dedented(file, statement) is None:
        yield "its lines are indented in different ways", statement


def lasting_reads(file: PythonFile, node: Node) -> list[Node]:
    """What a piece of code reads of the request, tests for localhost left out."""
    harmless = [test for test, _ in dev_server_tests(file, node)]
    return [read for read in request_reads(file, node) if not within(read, harmless)]


def _in_inner_function(node: Node, statement: Node) -> bool:
    for outer in ancestors(node):
        if outer == statement:
            return outer.type in {"function_definition", "class_definition", "decorated_definition"}
        if outer.type in {"function_definition", "lambda"}:
            return True
    return False


def is_provable(file: PythonFile, nodes: Sequence[Node]) -> bool:
    """Whether running some statements at import is provably the same as in `main()`.

    They import nothing and call nothing but constructors of applications that only look at their
    arguments.
    """
    if any(True for node in nodes for _ in file.import_statements(node)):
        return False
    called = [function for node in nodes for function in _called(file, node)]
    return all(may_be(file, function, WSGI_CONSTRUCTORS - _READ_SETTINGS) for function in called)


def _called(file: PythonFile, node: Node) -> Iterator[Node]:
    """What is called in a piece of code, in the order of the source."""
    for call in file.parts("call", node):
        yield from call.children_by_field_name("function")


def dedented(file: PythonFile, statement: Node, changes: Iterable[Edit] = ()) -> bytes | None:
    """The lines of a statement, comments above it included, as they read at module level.

    `changes` are edits of the file inside the statement, made on the way; tests for localhost
    become tests for the development server. The result ends without a line ending. None when the
    lines are not indented alike.
    """
    source = file.source
    region = lines_of(file, statement)
    first = source.line_span(statement.start_byte)
    line_start = source.data[first.start : statement.start_byte]
    prefix = line_start[: len(line_start) - len(line_start.lstrip(b" \t"))]
    if file.stands_alone(statement) and line_start != prefix:
        return None
    strings = [file.span(node) for node in file.parts("string", statement)]
    edits = list(changes)
    edits += [source.edit(file.span(test), new.encode()) for test, new in dev_server_tests(file, statement)]
    for start in source.line_starts:
        if (
            not region.start <= start < region.end
            or not prefix
            or any(s.start < start < s.end for s in strings)
        ):
            continue
        content = source.data[start : source.line_span(start).end]
        if any(edit.start <= start < edit.span.end for edit in edits):
            continue
        if content.startswith(prefix):
            edits.append(source.edit(Span(start, start + len(prefix)), b""))
        elif content.strip() and not _is_loose(file, statement, start):
            return None
    return _edited(source, region, edits).rstrip(b"\r\n")


def drawn_left(file: PythonFile, expression: Node, prefix: bytes, changes: Iterable[Edit] = ()) -> bytes:
    """An expression that moves to module level, its further lines drawn left by `prefix`.

    Changes and tests for localhost as in `dedented`.
    """
    edits = list(changes)
    edits += [
        file.source.edit(file.span(test), new.encode()) for test, new in dev_server_tests(file, expression)
    ]
    strings = [file.span(node) for node in file.parts("string", expression)]
    span = file.span(expression)
    for start in file.source.line_starts:
        is_inside = span.start < start < span.end and not any(s.start < start < s.end for s in strings)
        if prefix and is_inside and file.source.data.startswith(prefix, start):
            edits.append(file.source.edit(Span(start, start + len(prefix)), b""))
    return _edited(file.source, span, edits)


def _edited(source: SourceFile, span: Span, edits: Iterable[Edit]) -> bytes:
    """What a span reads once some edits inside it are made."""
    piece = SourceFile("", source.data[span.start : span.end])
    return piece.apply(Edit("", edit.start - span.start, edit.old, edit.new) for edit in edits).data


def renaming(file: PythonFile, holder: Node, names: Mapping[str, str]) -> list[Edit]:
    """The edits that give names other spellings inside `holder`, a statement or an expression.

    Names of the same spelling that belong to functions inside are left alone.
    """
    return [
        file.source.edit(file.span(node), names[text(node)].encode())
        for node in file.parts("identifier", holder)
        if text(node) in names
        and not (is_member_name(node) or _is_parameter(node))
        and file.lookup(text(node), node) == file.lookup(text(node), holder)
    ]


def _is_parameter(node: Node) -> bool:
    parent = node.parent
    if parent is not None and parent.type == "default_parameter":
        return parent.child_by_field_name("name") == node
    return parent is not None and parent.type in {"parameters", "lambda_parameters"}


def _is_loose(file: PythonFile, statement: Node, offset: int) -> bool:
    """Whether the line at `offset` may be indented in any way.

    It is a comment, or goes on with a bracket or a backslash of the line before.
    """
    line = file.source.line_span(offset)
    before = file.source.data[:offset].rstrip(b"\r\n")
    if before.endswith(b"\\") or file.source.data[line.start : line.end].lstrip().startswith(b"#"):
        return True
    node = statement.descendant_for_byte_range(offset, offset)
    while node is not None and node.start_byte >= statement.start_byte:
        if node.type in _BRACKETS and node.start_byte < offset:
            return True
        if node.type == "block":
            return False
        node = node.parent
    return False
