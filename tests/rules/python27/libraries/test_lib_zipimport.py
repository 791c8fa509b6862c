"""`lib-zipimport`: what it leaves alone, finds and writes."""

from __future__ import annotations

import pytest

from tests.rules.helpers import find, fixed
from tests.rules.python27.wsgi.scripts import cgi, wsgi

RULE = "lib-zipimport"


@pytest.mark.parametrize(
    "code",
    [
        "import sys\nsys.path.insert(0, 'x.zip')\n",
        "import zipfile\n",
        "zipimport = 1\n",
        "try:\n  import zipimport\nexcept ImportError:\n  pass\n",
    ],
)
def test_leaves_alone(code: str) -> None:
    assert find(RULE, wsgi(code)) == []


def test_code_that_no_request_reaches_is_left_alone() -> None:
    code = "import zipimport\nx = zipimport.zipimporter('x.zip')\n"
    assert find(RULE, {**wsgi("app = 1\n"), "tool.py": code}) == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("import zipimport\nimport os\n", "import os\n"),
        ("import os, zipimport\n", "import os\n"),
        ("from google.appengine.dist import py_zipimport\nx = 1\n", "x = 1\n"),
    ],
)
def test_what_the_fix_writes(before: str, after: str) -> None:
    for app in (cgi, wsgi):
        assert fixed(RULE, app(before), unsafe=False)["main.py"] == after


@pytest.mark.parametrize(
    "code",
    [
        "import zipimport\nx = zipimport.zipimporter('x.zip')\n",
        "from zipimport import zipimporter\nzipimporter('x')\n",
        "import google.appengine.dist.py_zipimport\n",
    ],
)
def test_what_is_only_reported(code: str) -> None:
    for app in (cgi, wsgi):
        assert [finding.fix for finding in find(RULE, app(code))] == [None]
