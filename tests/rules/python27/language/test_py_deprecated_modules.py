"""`py-deprecated-modules`: what it leaves alone and finds."""

from __future__ import annotations

import pytest

from tests.rules.helpers import find
from tests.rules.python27.wsgi.scripts import cgi, wsgi

RULE = "py-deprecated-modules"


@pytest.mark.parametrize(
    "code",
    [
        "import email\n",
        "try:\n  import rfc822\nexcept ImportError:\n  rfc822 = None\n",
        "import sys\nif sys.hexversion < 0x2050000:\n  import rfc822\n",
        "rfc822 = 1\n",
        "from mine import rfc822\n",
    ],
)
def test_leaves_alone(code: str) -> None:
    assert find(RULE, wsgi(code)) == []


def test_code_that_no_request_reaches_is_left_alone() -> None:
    code = "import rfc822\n"
    assert find(RULE, {**wsgi("app = 1\n"), "tool.py": code}) == []


@pytest.mark.parametrize(
    "code",
    [
        "import MimeWriter\n",
        "from mimetools import Message\n",
        "import rfc822, os\n",
        "import popen2\n",
    ],
)
def test_what_is_only_reported(code: str) -> None:
    for app in (cgi, wsgi):
        assert [finding.fix for finding in find(RULE, app(code))] == [None]


def test_one_note_for_a_module() -> None:
    files = wsgi("import rfc822, util\n", util="from rfc822 import Message\n")
    (finding,) = find(RULE, files)
    assert len(finding.related) == 1


def test_modules_of_the_app_are_left_alone() -> None:
    assert find(RULE, {**wsgi("import new\n"), "new.py": ""}) == []
