"""Statements that move out of `main()` to module level: which may, and how they look there."""

from __future__ import annotations

import builtins
from collections.abc import Iterable, Sequence

from tree_sitter import Node

from gaebot.rules.python27.applications import WSGI_CONSTRUCTORS
from gaebot.rules.python27.entry import is_member_name, uses
from gaebot.rules.python27.request_data import dev_server_tests, request_reads
from gaebot.syntax.lines import start_with_comments
from gaebot.syntax.python import Binding, PythonFile, ancestors, text
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
_BINDS_TO_FUNCTION = "[(return_statement) (yield) (print_statement) (exec_statement) (global_statement)] @x"
_STRINGS = "(string) @x"
_IDENTIFIERS = "(identifier) @x"
_CALLED = "(call function: (_) @x)"

# Set-up that people keep in main() and that does no harm, and all its good, when the module is
# imported: matched against the dotted origin of what is called or assigned to.
_SETUP_PREFIXES = (
    "logging.getLogger().",
    "logging.getLogger",
    "logging.basicConfig",
    "logging.disable",
    "logging.root.",
    "google.appengine.ext.webapp.template.register_template_library",
    "google.appengine.dist.use_library",
    "google.appengine.ext.ereporter.register_logger",
    "google.appengine.ext.webapp.template.django.template.add_to_builtins",
    "django.template.add_to_builtins",
    "django.core.signals.",
    "django.dispatch.",
    "django.conf.settings.",
    "sys.path",
    "sys.setrecursionlimit",
    "sys.setdefaultencoding",
    "reload",
    "mimetypes.add_type",
    "mimetypes.init",
    "gettext.",
    "locale.setlocale",
    "os.environ",
    "os.putenv",
)
_PY2_BUILTINS = frozenset(
    {"file", "unicode", "unichr", "reload", "raw_input", "xrange", "reduce", "long", "cmp"}
)


def is_taken(file: PythonFile, name: str, *, outside: Sequence[Node]) -> bool:
    """Whether a name means something at module level already, apart from inside some statements."""
    if name in _PY2_BUILTINS or hasattr(builtins, name):
        return True
    if any(not within(binding.name, outside) for binding in file.scope.bindings.get(name, ())):
        return True
    # Elsewhere in the file the bare name may be a global that another module puts there.
    return any(not within(node, outside) and not file.lookup(name, node) for node in uses(file, name))


def within(node: Node, holders: Iterable[Node]) -> bool:
    """Whether a node lies in one of some other nodes."""
    return any(h.start_byte <= node.start_byte and node.end_byte <= h.end_byte for h in holders)


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
    return {text(name) for name in file.nodes(_IDENTIFIERS, node) if not is_member_name(name)}


def is_setup(file: PythonFile, statement: Node) -> bool:
    """Whether a statement is set-up that belongs at module level anyway: an import, a log level, a
    template library, `sys.path`, a constant of `os.environ`."""
    if statement.type in {"import_statement", "import_from_statement"}:
        return True
    if statement.type != "expression_statement" or len(statement.named_children) != 1:
        return False
    inner = statement.named_children[0]
    if inner.type == "call":
        target = inner.child_by_field_name("function")
    elif inner.type in {"assignment", "augmented_assignment"}:
        target = inner.child_by_field_name("left")
        if target is not None and target.type == "subscript":
            target = target.child_by_field_name("value")
    else:
        return False
    if target is None:
        return False
    origins = file.origins(target)
    if any(origin == "reload" for origin in origins) and text(inner) != "reload(sys)":
        return False
    return any(origin.startswith(_SETUP_PREFIXES) for origin in origins)


def why_not(file: PythonFile, statement: Node, parameters: Iterable[str]) -> tuple[str, Node] | None:
    """Why a statement can't run when the module is imported, and the node that shows it."""
    if statement.type not in _MOVABLE:
        return "it is not a plain statement", statement
    for node in file.nodes(_BINDS_TO_FUNCTION, statement):
        if not _in_inner_function(node, statement):
            return f"it holds `{node.type.split('_')[0]}`", node
    harmless = [test for test, _ in dev_server_tests(file, statement)]
    for node in request_reads(file, statement):
        if within(node, harmless):
            continue
        return f"it reads `{text(node)}`, which is different for every request", node
    for name in names_in(file, statement) & set(parameters):
        return f"it uses the parameter `{name}`", statement
    if not file.stands_alone(statement):
        return "it shares its line with another statement", statement
    if dedented(file, statement) is None:
        return "its lines are indented in different ways", statement
    return None


def _in_inner_function(node: Node, statement: Node) -> bool:
    for outer in ancestors(node):
        if outer == statement:
            return outer.type in {"function_definition", "class_definition", "decorated_definition"}
        if outer.type in {"function_definition", "lambda"}:
            return True
    return False


def is_provable(file: PythonFile, nodes: Iterable[Node]) -> bool:
    """Whether building the application at import is provably the same as in `main()`: nothing but
    known constructors is called."""
    called = [function for node in nodes for function in file.nodes(_CALLED, node)]
    return all(file.origins(function) & WSGI_CONSTRUCTORS for function in called)


def dedented(file: PythonFile, statement: Node, changes: Iterable[Edit] = ()) -> bytes | None:
    """The lines of a statement, comments above it included, as they read at module level.

    `changes` are edits of the file inside the statement, made on the way; tests for localhost
    become tests for the development server. The result ends without a line ending. None when the
    lines are not indented alike.
    """
    source = file.source
    prefix = file.indent(statement)
    if prefix.strip(b" \t"):
        return None
    region = Span(start_with_comments(file, statement), file.line_span(statement).end)
    strings = [file.span(node) for node in file.nodes(_STRINGS, statement)]
    edits = list(changes)
    edits += [source.edit(file.span(test), new.encode()) for test, new in dev_server_tests(file, statement)]
    start = region.start
    while start < region.end:
        line = source.line_span(start)
        if not any(s.start < start < s.end for s in strings) and prefix:
            content = source.data[line.start : line.end]
            if content.startswith(prefix):
                edits.append(source.edit(Span(line.start, line.start + len(prefix)), b""))
            elif content.strip() and not _continues(file, statement, line.start):
                return None
        start = line.end
    piece = SourceFile("", source.data[region.start : region.end])
    shifted = (Edit("", edit.start - region.start, edit.old, edit.new) for edit in edits)
    return piece.apply(shifted).data.rstrip(b"\r\n")


def renaming(file: PythonFile, statement: Node, old: str, new: str) -> list[Edit]:
    """The edits that give a name another spelling inside a statement."""
    return [
        file.source.edit(file.span(node), new.encode())
        for node in file.nodes(_IDENTIFIERS, statement)
        if text(node) == old and not is_member_name(node)
    ]


def _continues(file: PythonFile, statement: Node, offset: int) -> bool:
    """Whether the line at `offset` goes on with a bracket or a backslash of the line before."""
    before = file.source.data[:offset].rstrip(b"\r\n")
    if before.endswith(b"\\"):
        return True
    node = statement.descendant_for_byte_range(offset, offset)
    brackets = {"argument_list", "list", "tuple", "dictionary", "parenthesized_expression", "subscript"}
    while node is not None and node.start_byte >= statement.start_byte:
        if node.type in brackets and node.start_byte < offset:
            return True
        if node.type == "block":
            return False
        node = node.parent
    return False
