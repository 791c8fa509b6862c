"""A `with` around statements leaves all else as Python 2.7 compiles it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tree_sitter import Node

from gaebot.prove.python27 import ask
from gaebot.syntax.python import PythonFile
from gaebot.syntax.wrap import wrap_in_with
from gaebot.text import SourceFile
from tests.snippets import blocks, functions

APPS = Path(__file__).parents[1] / "apps"
LOCK = "the_only_lock"

# Python 2 code. Each question is two files, before and after, and says whether they differ in one `with`.
COMPARE = r"""
import ast, sys
class Unlock(ast.NodeTransformer):
    count = 0
    def visit_With(self, node):
        self.generic_visit(node)
        if getattr(node.context_expr, 'id', None) != 'the_only_lock':
            return node
        self.count += 1
        return node.body
for question in sys.stdin.read().split('\0'):
    before, after = question.split('\1')
    try:
        old = ast.parse(before)
    except SyntaxError:
        print 'uncompilable'
        continue
    try:
        compile(before, 'before.py', 'exec')
        can = True
    except SyntaxError:
        can = False
    try:
        unlock = Unlock()
        new = unlock.visit(ast.parse(after))
        if can:
            compile(after, 'after.py', 'exec')
    except SyntaxError, error:
        print 'broken', error
        continue
    print unlock.count == 1 and ast.dump(old) == ast.dump(new) and 'alike' or 'different'
    sys.stdout.flush()
"""


def question(file: PythonFile, statements: list[Node]) -> bytes | None:
    edit = wrap_in_with(file, statements, LOCK)
    if edit is None:
        return None
    return file.source.data + b"\1" + file.source.apply([edit]).data


def compare(python27: Path, questions: list[bytes]) -> set[str | None]:
    answers = ask(python27, COMPARE, [], questions)
    for text, answer in zip(questions, answers, strict=True):
        if answer not in {"alike", "uncompilable"}:
            pytest.fail(f"{answer}:\n" + text.replace(b"\1", b"\n-----\n").decode("latin-1"))
    return set(answers)


def test_the_comparison_sees_a_difference(python27: Path) -> None:
    pairs = [
        b"x = 1\n\1with the_only_lock:\n  x = 1\n",
        b"x = 1\n\1with the_only_lock:\n  x = 2\n",
        b"x = 1\n\1x = 1\n",
        b"x = 1\n\1with the_only_lock:\nx = 1\n",
        b"x =\n\1x = 1\n",
    ]
    answers = ask(python27, COMPARE, [], pairs)
    assert [str(answer).split()[0] for answer in answers] == [
        "alike",
        "different",
        "different",
        "broken",
        "uncompilable",
    ]


@given(
    st.lists(st.tuples(functions(), st.integers(0, 99), st.integers(0, 99), st.integers(0, 99)), min_size=10)
)
@settings(max_examples=15)
def test_any_function(python27: Path, samples: list[tuple[bytes, int, int, int]]) -> None:
    questions = []
    for data, block, begin, length in samples:
        file = PythonFile(SourceFile("main.py", data))
        found = list(blocks(file))
        statements = found[block % len(found)]
        first = begin % len(statements)
        asked = question(file, statements[first : first + 1 + length % (len(statements) - first)])
        questions += [asked] if asked is not None else []
    if questions:
        compare(python27, questions)


def test_every_block_of_the_example_apps(python27: Path) -> None:
    questions = []
    for path in sorted(APPS.rglob("*.py")):
        file = PythonFile(SourceFile(path.name, path.read_bytes()))
        for statements in blocks(file):
            for run in (statements, statements[:1], statements[len(statements) // 2 :]):
                asked = question(file, run)
                questions += [asked] if asked is not None else []
    assert len(questions) > 500
    answers = compare(python27, questions)
    assert "alike" in answers


def test_as_many_blocks_and_levels_as_python_2_takes(python27: Path) -> None:
    """The limits that the patch respects are those of the compiler."""
    for line, most in (("while x:", 20), ("with x:", 20), ("if x:", 98)):
        for depth in (most, most + 1):
            head = "def f():\n" + "".join(f"{' ' * n}{line}\n" for n in range(1, depth + 1))
            code = head + " " * (depth + 1) + "y = 1\n"
            answer = ask(python27, COMPARE, [], [b"x\1with the_only_lock:x\n" + code.encode()])[0]
            assert answer is not None
            assert answer.startswith("broken") == (depth > most), (line, depth, answer)
