"""`lib-native-modules`: what it leaves alone, finds and writes."""

from __future__ import annotations

import pytest

from tests.rules.helpers import find, fixed
from tests.rules.python27.wsgi.scripts import cgi, wsgi

RULE = "lib-native-modules"


@pytest.mark.parametrize(
    "code",
    [
        "import lxml, numpy\n",
        "try:\n  import pycurl\nexcept ImportError:\n  pycurl = None\n",
        "import json\n",
        "from mine import pycurl\n",
        "import xml.etree.cElementTree\n",
    ],
)
def test_leaves_alone(code: str) -> None:
    assert find(RULE, wsgi(code)) == []


def test_code_that_no_request_reaches_is_left_alone() -> None:
    code = "import pycurl\n"
    assert find(RULE, {**wsgi("app = 1\n"), "tool.py": code}) == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("import cElementTree\n", "import xml.etree.cElementTree as cElementTree\n"),
        ("import cElementTree as ET, os\n", "import xml.etree.cElementTree as ET\nimport os\n"),
    ],
)
def test_what_the_fix_writes(before: str, after: str) -> None:
    for app in (cgi, wsgi):
        assert fixed(RULE, app(before), unsafe=False)["main.py"] == after


@pytest.mark.parametrize(
    "code",
    [
        "import pycurl\n",
        "import sqlite3 as s\n",
        "from scipy import stats\n",
    ],
)
def test_what_is_only_reported(code: str) -> None:
    for app in (cgi, wsgi):
        assert [finding.fix for finding in find(RULE, app(code))] == [None]


def test_what_the_app_carries_along_is_left_alone() -> None:
    assert find(RULE, {**wsgi("import yajl\n"), "yajl.py": ""}) == []
