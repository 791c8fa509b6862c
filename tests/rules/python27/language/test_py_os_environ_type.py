"""`py-os-environ-type`: what it leaves alone, finds and writes."""

from __future__ import annotations

import pytest

from tests.rules.helpers import find, fixed
from tests.rules.python27.wsgi.scripts import cgi, wsgi

RULE = "py-os-environ-type"


@pytest.mark.parametrize(
    "code",
    [
        "import os\nos.environ['X']\n",
        "import os\nos.environ.get('X')\n",
        "import os\nisinstance(x, dict)\n",
        "environ.data\n",
        "import os\ndict(os.environ)\n",
    ],
)
def test_leaves_alone(code: str) -> None:
    assert find(RULE, wsgi(code)) == []


def test_code_that_no_request_reaches_is_left_alone() -> None:
    code = "import os\nos.putenv('A', 'b')\n"
    assert find(RULE, {**wsgi("app = 1\n"), "tool.py": code}) == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("import os\nx = os.environ.data\n", "import os\nx = dict(os.environ)\n"),
        (
            "from os import environ\nx = environ.data['A']\n",
            "from os import environ\nx = dict(environ)['A']\n",
        ),
    ],
)
def test_what_the_fix_writes(before: str, after: str) -> None:
    for app in (cgi, wsgi):
        assert fixed(RULE, app(before), unsafe=False)["main.py"] == after


@pytest.mark.parametrize(
    "code",
    [
        "import os\nos.putenv('A', 'b')\n",
        "import os\nisinstance(os.environ, dict)\n",
    ],
)
def test_what_is_only_reported(code: str) -> None:
    for app in (cgi, wsgi):
        assert [finding.fix for finding in find(RULE, app(code))] == [None]
