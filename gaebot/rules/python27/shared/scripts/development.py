"""Code that runs on the development server only, as far as the test in front of it says so."""

from __future__ import annotations

import re

from tree_sitter import Node

from gaebot.syntax.nodes import ancestors, text

_DEVELOPMENT = re.compile(
    r"SERVER_SOFTWARE|\blocalhost\b|\b(?:DEV|LOCAL|DEVELOPMENT|(?i:(?:on|is)_?(?:local(?:host)?|dev(?:elopment)?))"
    r"|(?i:(?:(?:on|is)_?)?dev(?:elopment)?(?:_?app)?_?server))\b"
)


def asks_for_development(test: Node) -> bool:
    """Whether an `if` asks for the development server: `if is_dev_server():`, `if ON_LOCALHOST:`.

    Or for `'Dev' in os.environ['SERVER_SOFTWARE']`. What holds a `not` is taken for no such test.
    """
    condition = text(test.child_by_field_name("condition"))
    return _DEVELOPMENT.search(condition) is not None and "not " not in condition and "!=" not in condition


def is_for_development(node: Node) -> bool:
    """Whether a node stands below such an `if`, not below its `else`: that server has one visitor."""
    for outer in ancestors(node):
        body = outer.child_by_field_name("consequence") if outer.type == "if_statement" else None
        is_inside = body is not None and body.start_byte <= node.start_byte < body.end_byte
        if is_inside and asks_for_development(outer):
            return True
    return False
