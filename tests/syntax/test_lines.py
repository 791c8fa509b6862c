"""Whole lines of Python files: comments, gaps, and statements that share a line."""

from __future__ import annotations

import pytest
from tree_sitter import Node

from gaebot.syntax.lines import (
    cut_from_block,
    cut_from_module,
    drop_statement,
    insert_above,
    is_set_off,
    lines_of,
    start_with_comments,
)
from gaebot.syntax.python import PythonFile
from gaebot.text import Edit, SourceFile

STATEMENTS = "[(expression_statement) (import_statement) (import_from_statement) (if_statement)] @x"


def parse(source: str | bytes) -> PythonFile:
    return PythonFile(SourceFile("main.py", source if isinstance(source, bytes) else source.encode()))


def statement(file: PythonFile, start: str) -> Node:
    """The first statement that begins with a text."""
    return next(node for node in file.nodes(STATEMENTS) if (node.text or b"").startswith(start.encode()))


def after(file: PythonFile, edit: Edit | None) -> str | None:
    return file.source.apply([edit]).data.decode("latin-1") if edit is not None else None


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("a\nx()\n", "x()\n"),
        ("a\n# about x\nx()\n", "# about x\nx()\n"),
        ("a\n# one\n# two\nx()\n", "# one\n# two\nx()\n"),
        ("a\n# apart\n\nx()\n", "x()\n"),
        ("a  # of a\nx()\n", "x()\n"),
        ("a\n  # indented\nx()\n", "x()\n"),
        ("#!/usr/bin/python\nx()\n", "x()\n"),
        ("# Copyright\n\n# about x\nx()\n", "x()\n"),
        ("'''What it is.'''\n# coding\nx()\n", "x()\n"),
        ("if a:\n    # about x\n    x()\n", "    # about x\n    x()\n"),
        ("a\r\n# about x\r\nx()\r\n", "# about x\r\nx()\r\n"),
    ],
)
def test_comments_that_belong_to_a_statement(source: str, expected: str) -> None:
    file = parse(source)
    assert file.source.data[start_with_comments(file, statement(file, "x")) :] == expected.encode()


def test_a_byte_order_mark_stays_in_front() -> None:
    file = parse(b"\xef\xbb\xbfx()\n")
    assert start_with_comments(file, statement(file, "x")) == 3
    assert after(file, insert_above(file, statement(file, "x"), b"a\n")) == "\xef\xbb\xbfa\nx()\n"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("def f():\n    x()\n    y()\n", "    x()\n"),
        ("def f():\n    # one\n\n    # two\n    x()\n", "    # one\n\n    # two\n    x()\n"),
        ("def f():\n    a()\n\n    # of x\n    x()\n", "    # of x\n    x()\n"),
        ("def f():\n# old\n    x()\n", "# old\n    x()\n"),
        ("def f():\n    a()  # of a\n    x()  # of x\n", "    x()  # of x\n"),
        ("def f():\n    a(); x(); b()\n", "x()"),
        ("def f(): x()\n", "x()"),
    ],
)
def test_lines_of_a_statement(source: str, expected: str) -> None:
    file = parse(source)
    span = lines_of(file, statement(file, "x"))
    assert file.source.data[span.start : span.end] == expected.encode()


def test_set_off_by_a_blank_line() -> None:
    file = parse("a()\nx()\n\n# of y\ny()\n")
    assert not is_set_off(file, lines_of(file, statement(file, "a")))
    assert not is_set_off(file, lines_of(file, statement(file, "x")))
    assert is_set_off(file, lines_of(file, statement(file, "y")))


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("def f():\n    x()\n    y()\n", "def f():\n    y()\n"),
        ("def f():\n    # of x\n    x()\n\n    y()\n", "def f():\n    y()\n"),
        ("def f():\n\n    x()\n\n    y()\n", "def f():\n    y()\n"),
        ("def f():\n  \n    # of x\n    x()\n    y()\n", "def f():\n    y()\n"),
        (
            "def f():\n    a()\n\n    x()\n   \n\n    # of y\n    y()\n",
            "def f():\n    a()\n\n    # of y\n    y()\n",
        ),
        ("def f():\n    a()\n    x()\n\n\ny()\n", "def f():\n    a()\n\n\ny()\n"),
        ("def f():\n    x(1,\n      2)\n    y()\n", "def f():\n    y()\n"),
        ("def f():\n    x(); y()\n", "def f():\n    y()\n"),
        ("def f(): x(); y()\n", "def f(): y()\n"),
        ("def f():\n    a(); x()\n    y()\n", None),
        ("def f(): x()\n", None),
    ],
)
def test_cut_from_a_block(source: str, expected: str | None) -> None:
    file = parse(source)
    assert after(file, cut_from_block(file, statement(file, "x"))) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("a()\nx()\nb()\n", "a()\nb()\n"),
        ("a()\n\n\n# of x\nx()\n\nb()\n", "a()\n\nb()\n"),
        ("a()\n\nx()\n\n\n", "a()\n"),
        ("a()\n\nx()", "a()\n"),
        ("a()\nx()\n\n# the end\n", "a()\n\n# the end\n"),
        ("#!/usr/bin/python\nx()\nb()\n", "#!/usr/bin/python\nb()\n"),
        ("x()\nb()\n", "b()\n"),
        ("a()\r\n\r\nx()\r\n\r\n", "a()\r\n"),
    ],
)
def test_cut_from_the_module(source: str, expected: str) -> None:
    file = parse(source)
    assert after(file, cut_from_module(file, statement(file, "x"))) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("a()\nx()\nb()\n", "a()\nb()\n"),
        ("a()\n\nx()\n\nb()\n", "a()\n\nb()\n"),
        ("a()\n# of x and b\nx()\nb()\n", "a()\n# of x and b\nb()\n"),
        ("a()\n\n# of x\nx()\n\nb()\n", "a()\n\nb()\n"),
        ("a()\n# of x\nx()\n\nb()\n", "a()\n\nb()\n"),
        ("# Copyright\nx()\n\nb()\n", "# Copyright\n\nb()\n"),
        ("# Copyright\nx()\ndef b(): pass\n", "# Copyright\ndef b(): pass\n"),
        ("a()\nx()\n# of b\ndef b(): pass\n", "a()\n# of b\ndef b(): pass\n"),
        ("a()\n# of x\nx()\n# of b\ndef b(): pass\n", "a()\n# of x\n# of b\ndef b(): pass\n"),
        ("a()\n# of x\nx()\ndef b(): pass\n", "a()\ndef b(): pass\n"),
        ("a()\n\n# of x\nx()\n@c\ndef b(): pass\n", "a()\n\n@c\ndef b(): pass\n"),
        ("def f():\n  a()\n  # of x\n  x()\n  class B: pass\n", "def f():\n  a()\n  class B: pass\n"),
        ("x()\n\nb()\n", "b()\n"),
        ("a(); x(); b()\n", "a(); b()\n"),
        ("x(); b()\n", "b()\n"),
        ("a(); x()\n", "a()\n"),
        ("x();\n", None),
        ("if a: x()\n", None),
        ("if a: x(); b()\n", "if a: b()\n"),
    ],
)
def test_drop_a_statement(source: str, expected: str | None) -> None:
    file = parse(source)
    assert after(file, drop_statement(file, statement(file, "x"))) == expected
