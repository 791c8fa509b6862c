"""Statements that get a `with` around them: every byte of theirs stays, but for the indentation."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tree_sitter import Node

from gaebot import limits
from gaebot.syntax.python import PythonFile
from gaebot.syntax.wrap import wrap_in_with
from gaebot.text import SourceFile
from tests.snippets import blocks, functions

APPS = sorted((Path(__file__).parents[1] / "apps").rglob("*.py"))


def parse(source: str | bytes) -> PythonFile:
    return PythonFile(SourceFile("main.py", source if isinstance(source, bytes) else source.encode()))


def chosen(file: PythonFile, first: str, last: str) -> list[Node]:
    """The statements of one block from the first that begins with a text to the first that begins with another."""
    for statements in blocks(file):
        starts = [(node.text or b"").decode("latin-1") for node in statements]
        begin = next((n for n, start in enumerate(starts) if start.startswith(first)), None)
        if begin is not None:
            end = next(n for n, start in enumerate(starts) if n >= begin and start.startswith(last))
            return statements[begin : end + 1]
    raise AssertionError(f"no statement begins with {first}")


def wrapped(source: str | bytes, first: str, last: str = "", context: str = "lock") -> str | None:
    """A file with a `with` around some of its statements; None when there can't be one."""
    file = parse(source)
    edit = wrap_in_with(file, chosen(file, first, last or first), context)
    return file.source.apply([edit]).data.decode("latin-1") if edit is not None else None


@pytest.mark.parametrize(
    ("source", "first"),
    [
        ("def f(): x = 1\n", "x"),
        ("def f(): global x; x += 1\n", "x"),
        ("def f():\n  if x: y\n", "y"),
        ("if a: b\nelse: c\n", "c"),
        ("class A: x = 1; y = 2\n", "y"),
        ("def f():\n  'what it does'\n  x = 1\n", "'what"),
        ("'what it holds'\nx = 1\n", "'what"),
        ("from __future__ import with_statement\n", "from"),
        ("def f():\n  if x:\n    y = = 1\n", "if"),
        ("def f():\n  x = 1 \\\n", "x"),
        # Python 2 ends a line there, the tree does not see it.
        ("def f():\r  x = 1\r", "x"),
        ("def f():\n  x = 1 # one\r  y = 2\n  z\n", "x"),
        # For Python a tab goes to the next multiple of 8, here 8 itself: not right of the `if`.
        ("def f():\n         if x:\n   \ty\n", "if"),
        # Here the last line belongs to `f` for Python, and to `A` for the tree.
        ("class A:\n  def f():\n  \tx\n\ty\n", "def f"),
        # Here it would belong to the `with` for the tree.
        ("if a:\n    if b:\n\tx\n    \ty\n", "x"),
    ],
)
def test_left_alone(source: str, first: str) -> None:
    assert wrapped(source, first) is None


@pytest.mark.parametrize("context", ["", "a b", "a:", "(", "x" * (limits.MAX_FRAGMENT_BYTES + 1), "(" * 101])
def test_no_context(context: str) -> None:
    assert wrapped("def f():\n  x = 1\n", "x", context=context) is None


def test_statements_of_two_blocks_or_with_a_gap() -> None:
    file = parse("def f():\n  a\n  b\n  c\n  if d:\n    e\n")
    a, b, c, d = chosen(file, "a", "if")
    e = chosen(file, "e", "e")[0]
    for statements in ([], [a, c], [b, a], [a, a], [c, e], [d, e], [file.root], [c.children[0]]):
        assert wrap_in_with(file, statements, "lock") is None


@pytest.mark.parametrize(("depth", "fits"), [(18, True), (19, True), (20, False)])
def test_no_more_blocks_than_python_2_takes(depth: int, fits: bool) -> None:  # noqa: FBT001
    source = "def f():\n" + "".join(f"{' ' * n}while x:\n" for n in range(1, depth + 1))
    source += " " * (depth + 1) + "y = 1\n"
    assert (wrapped(source, "y") is not None) == fits
    assert (wrapped(source, "while") is not None) == fits


def test_no_more_indentation_than_python_2_takes() -> None:
    source = "def f():\n" + "".join(f"{' ' * n}if x:\n" for n in range(1, 98))
    assert wrapped(source + " " * 98 + "y = 1\n", "y") is not None
    assert wrapped(source + " " * 98 + "if x:\n" + " " * 99 + "y = 1\n", "y") is None


@pytest.mark.parametrize(
    ("source", "first", "last", "expected"),
    [
        ("def f():\n  x = 1\n", "x", "", "def f():\n  with lock:\n    x = 1\n"),
        ("def f():\n    x = 1\n    y\n", "x", "", "def f():\n    with lock:\n        x = 1\n    y\n"),
        ("def f():\n\tx = 1", "x", "", "def f():\n\twith lock:\n\t\tx = 1"),
        ("def f():\r\n\ty\r\n\tx = 1\r\n", "x", "", "def f():\r\n\ty\r\n\twith lock:\r\n\t\tx = 1\r\n"),
        # The block's own step counts, not that of the file.
        (
            "class A:\n    def f(self):\n      x = 1\n",
            "x",
            "",
            "class A:\n    def f(self):\n      with lock:\n        x = 1\n",
        ),
        ("x = 1\n", "x", "", "with lock:\n    x = 1\n"),
        ("x = 1\nif y:\n\tz\n", "x", "", "with lock:\n\tx = 1\nif y:\n\tz\n"),
        ("if y:\n  z\n", "if", "", "with lock:\n  if y:\n    z\n"),
        # Comments and blank lines.
        (
            "def f():\n  # about x\n  x = 1  # one\n\n  # about y\n\n  y = 2  # two\n\n  # about z\n  z\n",
            "x",
            "y",
            "def f():\n  with lock:\n    # about x\n    x = 1  # one\n\n    # about y\n\n    y = 2  # two\n\n"
            "  # about z\n  z\n",
        ),
        (
            "def f():\n  if x:\n    y\n    # in it\n\n    # too\n\n  # below\n",
            "if",
            "",
            "def f():\n  with lock:\n    if x:\n      y\n      # in it\n\n      # too\n\n  # below\n",
        ),
        (
            "def f():\n  a\n#  b\n  c\n\n   # odd\n",
            "a",
            "c",
            "def f():\n  with lock:\n    a\n#  b\n    c\n\n     # odd\n",
        ),
        # Strings and lines that go on.
        (
            "def f():\n  x = '''a\n  b\n'''  # c\n  y\n",
            "x",
            "",
            "def f():\n  with lock:\n    x = '''a\n  b\n'''  # c\n  y\n",
        ),
        ("def f():\n  x = 'a\\\n  b'\n", "x", "", "def f():\n  with lock:\n    x = 'a\\\n  b'\n"),
        (
            "def f():\n  x = y + \\\n      z\n  return\n",
            "x",
            "",
            "def f():\n  with lock:\n    x = y + \\\n        z\n  return\n",
        ),
        (
            "def f():\n    x = g(a,\n          b,\n  c)\n",
            "x",
            "",
            "def f():\n    with lock:\n        x = g(a,\n              b,\n  c)\n",
        ),
        # Statements on one line.
        ("def f():\n  a; b\n", "a", "b", "def f():\n  with lock:\n    a; b\n"),
        ("def f():\n  a;  # c\n", "a", "", "def f():\n  with lock:\n    a;  # c\n"),
        (
            "def f():\n  global x; x += 1\n  return\n",
            "x",
            "",
            "def f():\n  global x\n  with lock:\n    x += 1\n  return\n",
        ),
        ("def f():\n  a ; b  # c\n", "a", "", "def f():\n  with lock:\n    a\n  b  # c\n"),
        ("def f():\n  a; b; c\n", "b", "", "def f():\n  a\n  with lock:\n    b\n  c\n"),
        (
            "def f():\n  a; b = (1,\n    2); c\n  d\n",
            "b",
            "c",
            "def f():\n  a\n  with lock:\n    b = (1,\n      2); c\n  d\n",
        ),
        ("def f():\n  if x: y\n  z\n", "if", "", "def f():\n  with lock:\n    if x: y\n  z\n"),
        # Python 2.
        (
            "def f():\n  try:\n    print >>g, `x`, 0777\n  except E, e:\n    raise E, 'x'\n  exec code\n",
            "try",
            "exec",
            "def f():\n  with lock:\n    try:\n      print >>g, `x`, 0777\n    except E, e:\n      raise E, 'x'\n"
            "    exec code\n",
        ),
        (
            "def f():\n  @a\n  @b\n  def g(): pass\n  return g\n",
            "@a",
            "",
            "def f():\n  with lock:\n    @a\n    @b\n    def g(): pass\n  return g\n",
        ),
        # Tabs and blanks in one block, as Python 2 reads them.
        (
            "class A:\n    def f(self):\n\tx = 1\n        if x:\n\t    y\n            z\n",
            "x",
            "if",
            "class A:\n    def f(self):\n\twith lock:\n\t    x = 1\n            if x:\n\t        y\n"
            "                z\n",
        ),
    ],
)
def test_with_goes_around(source: str, first: str, last: str, expected: str) -> None:
    assert wrapped(source, first, last) == expected


def test_what_the_context_says() -> None:
    assert wrapped("def f():\n  x\n", "x", context="self.__class__._lock").split("\n")[1] == (
        "  with self.__class__._lock:"
    )


def test_encodings() -> None:
    latin = b"# coding: latin-1\ndef f():\n  # caf\xe9\n  x = 'caf\xe9'\n"
    assert wrapped(latin, "x") == (
        "# coding: latin-1\ndef f():\n  with lock:\n    # caf\xe9\n    x = 'caf\xe9'\n"
    )
    assert wrapped(b"\xef\xbb\xbfx = 1\n", "x") == "\xef\xbb\xbfwith lock:\n    x = 1\n"
    assert wrapped(b"\xef\xbb\xbfif x: y\n", "if") == "\xef\xbb\xbfwith lock:\n    if x: y\n"


def test_comments_that_a_module_begins_with_stay_on_top() -> None:
    assert wrapped("#!/usr/bin/env python\nx = 1\n", "x") == "#!/usr/bin/env python\nwith lock:\n    x = 1\n"


def test_libcst_is_loaded_for_the_patch_alone() -> None:
    code = "import sys, gaebot.syntax.wrap; sys.exit('libcst' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


# -- any statements ------------------------------------------------------------------------


def leaves(nodes: list[Node]) -> list[tuple[str, bytes]]:
    """The tokens, comments and strings in some nodes; how lines go on is no matter."""
    found, waiting = [], nodes[::-1]
    while waiting:
        node = waiting.pop()
        if node.children:
            waiting += reversed(node.children)
        elif node.type != "line_continuation":
            found.append((node.type, node.text or b""))
    return found


def check(data: bytes, numbers: st.DataObject) -> None:
    """Wrap some statements of a file and take the `with` away again."""
    file = parse(data)
    statements = numbers.draw(st.sampled_from(list(blocks(file))))
    begin = numbers.draw(st.integers(0, len(statements) - 1))
    statements = statements[begin : numbers.draw(st.integers(begin, len(statements) - 1)) + 1]
    edit = wrap_in_with(file, statements, "the_only_lock")
    if edit is None:
        return
    after = PythonFile(file.source.apply([edit]))
    assert len(after.errors) <= len(file.errors)
    name = after.identifiers("the_only_lock")[0]
    frame = name.parent
    while frame is not None and frame.type != "with_statement":
        frame = frame.parent
    assert frame is not None
    body = [node for node in frame.children[-1].children if node.type not in {"comment", ";"}]
    old = leaves([node for node in statements if node.type != "comment"])
    assert [leaf for leaf in leaves(body) if leaf[0] != "comment"] == [
        leaf for leaf in old if leaf[0] != "comment"
    ]
    assert [leaf for leaf in leaves([after.root]) if leaf[0] == "comment"] == [
        leaf for leaf in leaves([file.root]) if leaf[0] == "comment"
    ]
    assert without_frame(edit.new, edit.old) == edit.old


def without_frame(new: bytes, old: bytes) -> bytes:
    """The lines of an edit without the `with` and moved back to the left, as far as they were moved."""
    before, _, body = re.split(rb"(with the_only_lock:\r?\n)", new, maxsplit=1)
    if before.strip() or before.startswith((b"\r", b"\n")) or b";" in old:  # statements left a shared line
        return old if b"".join(new.replace(b"with the_only_lock:", b"").split()) in _closed(old) else new
    lines = [line + end for line, end in zip(re.split(rb"\r?\n", body), _ends(body), strict=True)]
    olds = [line + end for line, end in zip(re.split(rb"\r?\n", old), _ends(old), strict=True)]
    moved = {len(_columns(n)) - len(_columns(o)) for n, o in zip(lines, olds, strict=True) if n != o}
    assert len(moved) == 1
    assert all(n.lstrip() == o.lstrip() for n, o in zip(lines, olds, strict=True))
    return old


def _closed(old: bytes) -> set[bytes]:
    """How the text of an edit may read without blanks: the semicolons at its ends are gone, or not."""
    text = b"".join(old.split())
    return {text, text.strip(b";"), text.lstrip(b";"), text.rstrip(b";")}


def _ends(text: bytes) -> list[bytes]:
    return [*re.findall(rb"\r?\n", text), b""]


def _columns(line: bytes) -> bytes:
    return line[: len(line) - len(line.lstrip())].expandtabs(8)


@given(functions(), st.data())
def test_statements_of_any_function(source: bytes, numbers: st.DataObject) -> None:
    check(source, numbers)


@given(st.sampled_from(APPS), st.data())
def test_statements_of_the_example_apps(path: Path, numbers: st.DataObject) -> None:
    data = path.read_bytes()
    if list(blocks(parse(data))):
        check(data, numbers)
