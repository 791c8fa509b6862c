"""Restructuring one statement with LibCST, put back as one range edit.

LibCST reads Python 3 and takes some Python 2 for something else without a word, so only statements
that mean the same in both get here, and each is bounded in size and nesting.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gaebot import limits
from gaebot.syntax.lines import drop_statement
from gaebot.syntax.nodes import text
from gaebot.syntax.python import PythonFile
from gaebot.text import Edit

if TYPE_CHECKING:
    import libcst
    from tree_sitter import Node


def drop_imported_names(file: PythonFile, statement: Node, names: frozenset[str]) -> Edit | None:
    """Take names out of an import statement: the names as the file uses them, after `as`.

    A statement that loses all its names goes with its line, or becomes `pass` where a block would
    be left empty. None when the statement can't be rewritten.
    """
    if statement.has_error:
        return None
    local = [_local_name(child) for child in statement.children_by_field_name("name")]
    if not local or not names.issuperset(local):
        return _drop_some(file, statement, names) if names.intersection(local) else None
    block = statement.parent
    if block is not None and block.type == "block" and len(block.named_children) == 1:
        return file.source.edit(file.span(statement), b"pass")
    return drop_statement(file, statement)


def _drop_some(file: PythonFile, statement: Node, names: frozenset[str]) -> Edit | None:
    import libcst  # noqa: PLC0415 - 350 ms that a check without such a patch need not pay

    code = statement.text or b""
    if not _is_readable(code):
        return None
    encoding = file.source.encoding
    try:
        tree = libcst.parse_module(code.decode(encoding))
    except (libcst.ParserSyntaxError, RecursionError, UnicodeError):
        return None
    line = tree.body[0] if len(tree.body) == 1 else None
    small = line.body[0] if isinstance(line, libcst.SimpleStatementLine) and len(line.body) == 1 else None
    if not isinstance(small, (libcst.Import, libcst.ImportFrom)) or isinstance(
        small.names, libcst.ImportStar
    ):
        return None
    kept = [alias for alias in small.names if _alias_name(alias) not in names]
    if not isinstance(small, libcst.ImportFrom) or small.lpar is None:
        kept[-1] = kept[-1].with_changes(comma=libcst.MaybeSentinel.DEFAULT)
    elif small.names[-1] not in kept:
        # Inside parentheses the last comma carries the line break in front of the closing one.
        kept[-1] = kept[-1].with_changes(comma=_last_comma(kept[-1].comma, small.names[-1].comma))
    rewritten = tree.deep_replace(small, small.with_changes(names=kept))
    if not isinstance(rewritten, libcst.Module):  # never: a module stays one
        return None
    return file.source.edit(file.span(statement), rewritten.code.rstrip("\r\n").encode(encoding))


def _last_comma(
    own: libcst.Comma | libcst.MaybeSentinel, last: libcst.Comma | libcst.MaybeSentinel
) -> libcst.Comma | libcst.MaybeSentinel:
    """The comma for a name that becomes the last one: the last comma, with the name's own comment."""
    import libcst  # noqa: PLC0415 - as above

    kinds = libcst.ParenthesizedWhitespace
    before = own.whitespace_after if isinstance(own, libcst.Comma) else None
    if not isinstance(before, kinds) or before.first_line.comment is None:
        return last
    behind = last.whitespace_after if isinstance(last, libcst.Comma) else None
    if not isinstance(last, libcst.Comma) or not isinstance(behind, kinds):
        return own
    return last.with_changes(whitespace_after=behind.with_changes(first_line=before.first_line))


def _is_readable(code: bytes) -> bool:
    if len(code) > limits.MAX_FRAGMENT_BYTES:
        return False
    return code.count(b"(") <= limits.MAX_FRAGMENT_NESTING


def _local_name(child: Node) -> str:
    """The name that an import binds: `import a.b` binds `a`, but is asked for as `a.b`."""
    return text(child.child_by_field_name("alias") or child)


def _alias_name(alias: libcst.ImportAlias) -> str:
    if alias.asname is not None:
        return str(alias.evaluated_alias)
    return str(alias.evaluated_name)
