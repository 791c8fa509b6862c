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
        ("import os\nx = os.environ.data.get('A')\n", "import os\nx = os.environ.get('A')\n"),
        ("import os\nos.environ.data['A'] = 'b'\n", "import os\nos.environ['A'] = 'b'\n"),
        ("import os\nos.environ.data.update(a='b')\n", "import os\nos.environ.update(a='b')\n"),
        (
            "from os import environ\nx = environ.data['A']\n",
            "from os import environ\nx = environ['A']\n",
        ),
    ],
)
def test_what_the_fix_writes(before: str, after: str) -> None:
    for app in (cgi, wsgi):
        assert fixed(RULE, app(before), unsafe=False)["main.py"] == after


def test_a_dict_that_goes_elsewhere_wants_a_reader() -> None:
    app = wsgi("import os\nf(os.environ.data)\n")
    assert fixed(RULE, app, unsafe=False)["main.py"] == app["main.py"]
    assert fixed(RULE, app)["main.py"] == "import os\nf(dict(os.environ))\n"


@pytest.mark.parametrize(
    "code",
    [
        "import os\nos.environ.data = {}\n",
        "import os\nos.putenv('A', 'b')\n",
        "import os\nisinstance(os.environ, dict)\n",
    ],
)
def test_what_is_only_reported(code: str) -> None:
    for app in (cgi, wsgi):
        assert [finding.fix for finding in find(RULE, app(code))] == [None]
