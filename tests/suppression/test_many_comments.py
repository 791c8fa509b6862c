"""Thousands of comments in a row: what is asked about each must not take longer the more there are."""

import time

import pytest

from gaebot.app import App
from gaebot.engine import check, fix
from gaebot.rule import discover
from gaebot.suppression.add import ignore_edits
from gaebot.text import SourceFile
from tests.fakes import WordRule
from tests.rules.helpers import HOP


@pytest.mark.parametrize("path", ["a.py", "app.yaml"])
def test_comments_that_name_no_rule_go_in_one_pass(path):
    data = b"# gaebot: ignore[x]\n" * 5_000
    started = time.process_time()
    result = fix(App({path: SourceFile(path, b"a: 1\n" + data + b"b: 1\n")}), discover(HOP))
    assert result.app.files[path].data.startswith(b"a: 1\nb: 1\n")
    assert not [failure for failure in result.report.failures if failure.internal]
    assert time.process_time() - started < 10


def test_thousands_of_findings_beside_thousands_of_comments():
    data = b"old  # gaebot: ignore[new] x\n" * 4_000
    app = App({"a.py": SourceFile("a.py", data)})
    rules = [WordRule("old", b"old"), WordRule("new", b"x\n")]
    started = time.process_time()
    report = check(app, rules)
    assert (len(report.findings), report.silenced) == (4_000, 4_000)
    edits, left = ignore_edits(app, report.findings, "why")
    assert (len(edits["a.py"]), left) == (4_000, ())
    assert time.process_time() - started < 5
