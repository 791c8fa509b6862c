"""Code that App Engine never gets to: behind what always leaves, and in branches for other versions of
Python, for the development server or for other hosts."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator

from tree_sitter import Node

from gaebot.app import App
from gaebot.rules.python27.shared.scripts.development import asks_for_development
from gaebot.rules.python27.shared.scripts.python_versions import NEW, comes_out
from gaebot.syntax.nodes import ancestors, text
from gaebot.syntax.python import PythonFile

_LEAVING = ("return", "raise", "continue", "break")
_OF_GOOGLE = re.compile(
    r"google\.appengine\.(?:api|runtime|ext|api\.(?:app_identity|datastore|images|mail|memcache|taskqueue|urlfetch|"
    r"users|xmpp)|ext\.(?:blobstore|db|deferred|ndb|webapp))$"
)
"""What python27 always has: google/appengine/ in the SDK."""
_VERSION = re.compile(r"\bversion_info\b|\bsys\.(?:hex)?version\b")


def never_runs(app: App, file: PythonFile, node: Node) -> bool:
    """Whether nothing gets to a node of a file, or only other versions of Python do."""
    starts, ends = app.remember((never_runs, file.source.path), lambda: _joined(_spans(file)))
    number = bisect_right(starts, node.start_byte) - 1
    return number >= 0 and node.start_byte < ends[number]


def _joined(spans: list[tuple[int, int]]) -> tuple[list[int], list[int]]:
    """Where spans begin and where they end, in order, those that overlap as one."""
    starts: list[int] = []
    ends: list[int] = []
    for start, end in sorted(spans):
        if ends and start <= ends[-1]:
            ends[-1] = max(ends[-1], end)
        else:
            starts.append(start)
            ends.append(end)
    return starts, ends


def _spans(file: PythonFile) -> list[tuple[int, int]]:
    """From where to where, in byte offsets, a file has such code."""
    found = []
    for statement in file.keyword_nodes(*_LEAVING):
        block = statement.parent
        if statement.type.endswith("_statement") and block is not None and block.type == "block":
            found.append((statement.end_byte, block.end_byte))
    found += [
        (branch.start_byte, branch.end_byte)
        for node in file.keyword_nodes("if", "elif")
        if node.type in {"if_statement", "elif_clause"}
        for branch in _branches_for_others(node)
    ]
    for test in file.keyword_nodes("if"):
        body = test.child_by_field_name("consequence") if test.type == "if_statement" else None
        if body is not None and asks_for_development(test):
            found.append((body.start_byte, body.end_byte))
    found += _for_other_hosts(file)
    return [(start, end) for start, end in found if start < end]


def _branches_for_others(test: Node) -> list[Node]:
    """The branches of an `if` for other versions of Python, which it asks for.

    Where it is not plain how the test comes out, neither branch is taken for one of python27.
    """
    condition = test.child_by_field_name("condition")
    if condition is None or not _VERSION.search(text(condition)):
        return []
    outcome = comes_out(condition, NEW)
    first, others = test.child_by_field_name("consequence"), _otherwise(test)
    return [
        *([first] if first is not None and outcome is not True else []),
        *(others if outcome is not False else []),
    ]


def _otherwise(test: Node) -> list[Node]:
    """What an `if` or `elif` leaves to the clauses behind it."""
    if test.type == "if_statement":
        return test.children_by_field_name("alternative")
    holder = test.parent
    clauses = holder.children_by_field_name("alternative") if holder is not None else []
    return [clause for clause in clauses if clause.start_byte > test.start_byte]


# -- other hosts -----------------------------------------------------------------------------


def _for_other_hosts(file: PythonFile) -> Iterator[tuple[int, int]]:
    """The code of a file that asks for a host without Google's modules: `if not APPENGINE:`, and so on."""
    for test in file.keyword_nodes("if", "elif") if b"google.appengine" in file.source.data else ():
        condition = test.child_by_field_name("condition")
        is_turned = condition is not None and condition.type == "not_operator"
        name = condition.child_by_field_name("argument") if condition is not None and is_turned else condition
        first = test.child_by_field_name("consequence")
        if first is None or name is None or name.type != "identifier" or not _is_always_true(file, name):
            continue
        if is_turned:
            yield first.start_byte, first.end_byte
            continue
        yield from ((clause.start_byte, clause.end_byte) for clause in _otherwise(test))
        last = next((node for node in reversed(first.named_children) if node.type != "comment"), None)
        is_left = last is not None and last.type in {f"{word}_statement" for word in _LEAVING}
        if (
            is_left
            and test.type == "if_statement"
            and test.parent is not None
            and test.parent.type == "block"
        ):
            yield test.end_byte, test.parent.end_byte


def _is_always_true(file: PythonFile, name: Node) -> bool:
    """Whether a name of the module says that importing Google's modules works.

    It is True in the `try` that imports them, and False in the `except` of that, or in front of it.
    """
    known = file.lookup(text(name), name)
    if known != file.scope.bindings.get(text(name)):
        return False
    true = [each for each in known if each.value is not None and each.value.type == "true"]
    false = [each for each in known if each.value is not None and each.value.type == "false"]
    if len(true) != 1 or len(true) + len(false) != len(known):
        return False
    statement = true[0].statement.parent
    body = statement.parent if statement is not None else None
    attempt = body.parent if body is not None else None
    if body is None or attempt is None or attempt.type != "try_statement" or attempt.parent != file.root:
        return False
    if attempt.child_by_field_name("body") != body or not _only_imports_google(file, body):
        return False
    return all(
        each.name.start_byte < attempt.start_byte or _is_in_except(each.name, attempt) for each in false
    )


def _only_imports_google(file: PythonFile, body: Node) -> bool:
    """Whether a block imports modules of Google's, and does nothing else that may fail."""
    imported = list(file.import_statements(body))
    plain = [node for node in body.named_children if node.type != "comment" and node not in imported]
    origins = [
        each.origin or ""
        for each in file.imports()
        if body.start_byte <= each.statement.start_byte < body.end_byte
    ]
    return bool(origins) and all(map(_is_plain, plain)) and all(map(_OF_GOOGLE.match, origins))


def _is_plain(statement: Node) -> bool:
    """Whether a statement assigns True or False to a name."""
    inner = statement.named_children[0] if statement.type == "expression_statement" else statement
    value = inner.child_by_field_name("right") if inner.type == "assignment" else None
    return value is not None and value.type in {"true", "false"}


def _is_in_except(node: Node, attempt: Node) -> bool:
    """Whether a node stands directly in an `except` of a `try`."""
    clause = next((outer for outer in ancestors(node) if outer.type == "except_clause"), None)
    return clause is not None and clause.parent == attempt
