import re
import time

import pytest

from gaebot import limits
from gaebot.app import App
from gaebot.engine import check
from gaebot.rule import discover
from gaebot.syntax.python import PythonFile
from gaebot.syntax.tree import TOO_DEEP, parse
from gaebot.text import SourceFile
from tests.rules.helpers import HOP

DEEP = {
    "operators in front": b"-" * 400 + b"x",
    "words in front": b"not " * 400 + b"x",
    "operators behind": b"x" + b" + x" * 400,
    "attributes": b"x" + b".y" * 400,
    "calls": b"x" + b"()" * 250,
    "lambdas": b"lambda: " * 200 + b"0",
    "brackets": b"[" * 400 + b"x" + b"]" * 400,
    "open brackets": b"[(" * 400,
    "blocks": b"".join(b" " * n + b"if x:\n" for n in range(200)) + b" " * 200 + b"y\n",
}


APP = b"runtime: python27\nthreadsafe: false\nhandlers:\n- url: /a\n  script: a.app\n- url: /b\n  script: b.app\n"


def depth(node):
    """How many nodes lie around the deepest one."""
    deepest, level = 0, [node]
    while level := [child for each in level for child in each.children]:
        deepest += 1
    return deepest


@pytest.mark.parametrize(
    "code", ["", "x", "x = 1\n" * 5_000, "(" * 90 + ")" * 90, "f(" * 90, "a" + " + a" * 250]
)
def test_what_is_not_deep_is_read(code):
    assert depth(parse(code.encode()).tree.root_node) <= limits.MAX_TREE_DEPTH


@pytest.mark.parametrize("before", [0, 1, 57, 99, 100, 3_000])
@pytest.mark.parametrize("code", DEEP.values(), ids=DEEP)
def test_the_limit_is_found_wherever_it_is(code, before, monkeypatch):
    data = b"y\n" * before + code + b"\n" + b"z = 1\n" * before
    monkeypatch.setattr(limits, "MAX_TREE_DEPTH", 10**6)
    deepest = depth(parse(data).tree.root_node)
    monkeypatch.setattr(limits, "MAX_TREE_DEPTH", deepest)
    assert parse(data).tree is not None
    monkeypatch.setattr(limits, "MAX_TREE_DEPTH", deepest - 1)
    assert parse(data).tree is None


def test_a_deep_file_is_told_and_the_others_are_checked():
    files = {"a.py": b"import md5\nx = " + DEEP["attributes"], "b.py": b"import md5\n", "app.yaml": APP}
    report = check(App({path: SourceFile(path, data) for path, data in files.items()}), discover(HOP))
    assert [(failure.path, failure.message) for failure in report.failures] == [("a.py", TOO_DEEP)]
    assert "b.py" in {finding.place.path for finding in report.findings}


@pytest.mark.parametrize("line", [b"# " + b"x" * 60 + b"\n", b"\\\n", b"    #\r\n"])
def test_thousands_of_comments_take_no_longer_than_others(line):
    data = b"import os\n" + line * 20_000 + b"import sys\n"
    started = time.process_time()
    tree = parse(data).tree
    assert time.process_time() - started < 2
    assert {child.type for child in tree.root_node.children} == {
        "comment",
        "import_statement",
    } or line == b"\\\n"
    assert tree.root_node.end_byte == len(data)


def test_all_comments_are_read_up_to_the_limit(monkeypatch):
    data = b"import os\n" + b"# some words\n" * 500 + b"import sys\n"
    stretch = 500 * 500 * len(b"# some words\n")
    monkeypatch.setattr(limits, "MAX_COMMENT_COST", stretch + 1)
    assert len(parse(data).tree.root_node.children) == 502
    monkeypatch.setattr(limits, "MAX_COMMENT_COST", stretch)
    children = parse(data).tree.root_node.children
    assert [child.type for child in children] == ["import_statement", *["comment"] * 20, "import_statement"]
    assert data[children[-1].start_byte :] == b"import sys\n"
    assert children[-1].start_point == (501, 0)


def test_what_is_left_out_is_still_known_to_be_a_comment(monkeypatch):
    text, comments = b"# in a text\n" * 300, b"# some words\n" * 300
    file = PythonFile(SourceFile("a.py", b"x = '''\n" + text + b"'''\n" + comments + b"y\n"))
    everywhere = [match.start() for match in re.finditer(b"#", file.source.data)]
    known = [file.is_in_comment(offset) for offset in everywhere]
    assert known == [False] * 300 + [True] * 300
    monkeypatch.setattr(limits, "MAX_COMMENT_COST", 1000)
    file = PythonFile(file.source)
    assert [file.is_in_comment(offset) for offset in everywhere] == known
    assert len(file.root.children) == 22
