"""Python 2 functions of every kind of layout, for property tests, and the statements in files."""

from __future__ import annotations

from collections.abc import Iterator

from hypothesis import strategies as st
from tree_sitter import Node

from gaebot.syntax.python import PythonFile

BLOCKS = "[(module) (block)] @x"

_SIMPLE = (
    "x = 1",
    "print 'a', `x`",
    "print >>f, 'x',",
    "raise E, 'x'",
    "exec code in names",
    "x = 0777 <> 1",
    "x = u'caf\\xe9' + ur'a'",
    "a = 1; b = 2",
    "a = 1 ; b = 2;  # two",
    "x = '''a\n  b\n\tc\n'''",
    'x = """a\r\n# no comment\n    b""" % (y,\n z)',
    "x = 'a\\\n    b'",
    "x = (1,\n      2,  # two\n  # three\n    3)",
    "x = f(a,\n\n\t\tb)",
    "x = 1 + \\\n    2",
    "x = y and \\\nz",
    "pass  # why",
    "if x: y = 1",
    "while x: y = 1; break",
    "del x[0]",
    "assert x, 'y'",
    "return x",
    "global g; g = 1",
    "from m import (a,\n    b)",
)
_COMPOUND = (
    ("if x:", "elif y :  # or", "else:"),
    ("for x in y:",),
    ("while x and \\\n  y:", "else:"),
    ("try:", "except E, e:", "else:", "finally:"),
    ("@d\n@e(1)\ndef g(x,\n      y):",),
    ("class A(B):",),
    ("with m:",),
)
_STEPS = ("  ", "    ", "\t", "   ", "        ", "\t\t")


@st.composite
def _block(draw: st.DrawFn, indent: str, depth: int) -> str:
    """The lines of a block; it ends with a line feed."""
    lines = draw(st.lists(_item(indent, depth), max_size=3))
    lines.append(indent + draw(st.sampled_from(_SIMPLE)))
    lines += draw(st.lists(_filler(indent), max_size=2))
    return "".join(line + "\n" for line in lines)


def _filler(indent: str) -> st.SearchStrategy[str]:
    """A comment or a blank line."""
    return st.sampled_from(
        ["", indent, "   ", "# at the edge", indent + "# alike", indent + "  # deeper", "\t# tab"]
    )


@st.composite
def _item(draw: st.DrawFn, indent: str, depth: int) -> str:
    kind = draw(st.integers(0, 4))
    if kind == 0:
        return draw(_filler(indent))
    if kind < 4 or not depth:
        return indent + draw(st.sampled_from(_SIMPLE))
    lines = []
    for clause in draw(st.sampled_from(_COMPOUND)):
        step = draw(st.sampled_from(_STEPS))
        head = clause.replace("\n@", f"\n{indent}@").replace("\ndef", f"\n{indent}def")
        lines.append(f"{indent}{head}\n{draw(_block(indent + step, depth - 1))}".rstrip("\n"))
    return "\n".join(lines)


@st.composite
def functions(draw: st.DrawFn) -> bytes:
    """A Python 2 file with one function, or one in a class; tabs and blanks may be mixed as Python 2 reads them."""
    outer = draw(st.sampled_from(["", "", *_STEPS]))
    indent = outer + draw(st.sampled_from(_STEPS))
    code = draw(_block(indent, 2))
    end = draw(st.sampled_from(["", "after()\n", "# end"]))
    code = f"{'class A:' if outer else ''}\n{outer}def f(a):\n{code}{end}".replace("\r\n", "\n")
    if draw(st.booleans()):
        ways = st.sampled_from([_as_it_is, _with_tabs, _with_blanks])
        code = "\n".join(draw(ways)(line) for line in code.split("\n"))
    newline = draw(st.sampled_from(["\n", "\r\n"]))
    return code.replace("\n", newline).encode("latin-1")


def _as_it_is(line: str) -> str:
    return line


def _with_blanks(line: str) -> str:
    """A line that is indented as far with blanks alone."""
    code = line.lstrip()
    return line[: len(line) - len(code)].expandtabs(8) + code


def _with_tabs(line: str) -> str:
    """A line that is indented as far with as many tabs as possible."""
    blanks = _with_blanks(line)
    tabs, rest = divmod(len(blanks) - len(blanks.lstrip()), 8)
    return "\t" * tabs + " " * rest + blanks.lstrip()


def blocks(file: PythonFile) -> Iterator[list[Node]]:
    """The statements of every block of a file, without the comments."""
    for block in file.nodes(BLOCKS):
        found = [node for node in block.named_children if node.type != "comment"]
        if found:
            yield found
