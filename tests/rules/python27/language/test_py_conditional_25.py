"""`py-conditional-25`: what it leaves alone and finds."""

from __future__ import annotations

import pytest

from tests.rules.helpers import find
from tests.rules.python27.wsgi.scripts import cgi, wsgi

RULE = "py-conditional-25"


@pytest.mark.parametrize(
    "code",
    [
        "import sys\nprint sys.version\n",
        "import sys\nif sys.version_info[0] == 3: pass\n",
        "import sys\nif sys.version_info >= (3,): pass\n",
        "version_info = (2, 5)\n",
        "import sys\nx = sys.version_info\n",
        "if x.version_info[:2] == (2, 5): pass\n",
        "import sys\nif sys.version_info >= (2, 5): pass\n",
        "import sys\nif sys.version_info[:3] >= (2,5,): pass\n",
        "import sys\nif sys.version_info[:2] < (2, 5): pass\n",
        "import sys\nif (2, 5) <= sys.version_info: pass\n",
    ],
)
def test_leaves_alone(code: str) -> None:
    assert find(RULE, wsgi(code)) == []


def test_code_that_no_request_reaches_is_left_alone() -> None:
    code = "import sys\nif sys.version_info[:2] == (2, 5): pass\n"
    assert find(RULE, {**wsgi("app = 1\n"), "tool.py": code}) == []


@pytest.mark.parametrize(
    "code",
    [
        "import sys\nif sys.version_info[:2] == (2, 5): pass\n",
        "import sys\nif sys.version_info < (2, 6): pass\n",
        "import sys\nif sys.version_info[:2] > (2, 5): pass\n",
        "import sys\nif (2, 6) > sys.version_info: pass\n",
        "import sys\nif sys.version_info >= (2, 7): pass\n",
        "import sys\nif sys.version.startswith('2.5'): pass\n",
        "import sys\nif sys.version[:3] == '2.5': pass\n",
    ],
)
def test_what_is_only_reported(code: str) -> None:
    for app in (cgi, wsgi):
        assert [finding.fix for finding in find(RULE, app(code))] == [None]
