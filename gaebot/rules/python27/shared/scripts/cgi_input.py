"""Where code reads what was posted as only a CGI script can: from standard input."""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from gaebot.syntax.nodes import ancestors, arguments, text
from gaebot.syntax.python import PythonFile

_NAMES = "[(identifier) (attribute)] @name"


def form_reads(file: PythonFile) -> Iterator[tuple[Node, str]]:
    """Calls of the `cgi` module that are not told where to read from."""
    for call in file.calls("cgi.FieldStorage", "cgi.parse"):
        positional, named = arguments(call)
        if not positional and "fp" not in named:
            name = text(call.child_by_field_name("function"))
            yield call, f"`{name}()` reads what was posted from standard input"


def stdin_reads(file: PythonFile) -> Iterator[tuple[Node, str]]:
    """Uses of `sys.stdin`."""
    if b"stdin" not in file.source.data:
        return
    for node in file.nodes(_NAMES):
        if not _is_only_named(node) and file.refers_to(node, "sys.stdin"):
            yield node, "This reads the request's body from `sys.stdin`"


def _is_only_named(node: Node) -> bool:
    """Whether a name is no read: it stands in an import, behind a dot, or gets a value here."""
    parent = node.parent
    if parent is not None and node in map(parent.child_by_field_name, ("left", "attribute")):
        return True
    return any(outer.type.startswith("import") for outer in ancestors(node))
