"""Thousands of comments in a row: what is asked about each must not take longer the more there are."""

import time

import pytest

from gaebot.app import App
from gaebot.engine import fix
from gaebot.rule import discover
from gaebot.text import SourceFile
from tests.rules.helpers import HOP


@pytest.mark.parametrize("path", ["a.py", "app.yaml"])
def test_comments_that_name_no_rule_go_in_one_pass(path):
    data = b"# gaebot: ignore[x]\n" * 5_000
    started = time.process_time()
    result = fix(App({path: SourceFile(path, b"a: 1\n" + data + b"b: 1\n")}), discover(HOP))
    assert result.app.files[path].data.startswith(b"a: 1\nb: 1\n")
    assert not [failure for failure in result.report.failures if failure.internal]
    assert time.process_time() - started < 10
