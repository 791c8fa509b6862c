"""`py-md5-sha`: what it leaves alone, finds and writes."""

from __future__ import annotations

import pytest

from tests.rules.helpers import find, fixed
from tests.rules.python27.wsgi.scripts import cgi, wsgi

RULE = "py-md5-sha"


@pytest.mark.parametrize(
    "code",
    [
        "import hashlib\n",
        "try:\n  import hashlib\nexcept ImportError:\n  import md5\n",
        "try:\n  from hashlib import md5\nexcept ImportError:\n  from md5 import md5\n",
        "import sys\nif sys.version_info >= (2, 5):\n  import hashlib\nelse:\n  import md5\n",
        "md5 = 1\n",
        "from mine import md5\n",
        "x = 'import md5'\n",
    ],
)
def test_leaves_alone(code: str) -> None:
    assert find(RULE, wsgi(code)) == []


def test_code_that_no_request_reaches_is_left_alone() -> None:
    code = "import md5\nx = md5.digest_size\n"
    assert find(RULE, {**wsgi("app = 1\n"), "tool.py": code}) == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("import md5\nx = md5.new(y)\n", "import hashlib\nx = hashlib.md5(y)\n"),
        ("import sha\nx = sha.new(y).hexdigest()\n", "import hashlib\nx = hashlib.sha1(y).hexdigest()\n"),
        ("import md5\nimport hashlib\nx = md5.md5(y)\n", "import hashlib\nx = hashlib.md5(y)\n"),
        ("from md5 import md5\nx = md5(y)\n", "from hashlib import md5\nx = md5(y)\n"),
        ("from md5 import new as m\nx = m(y)\n", "from hashlib import md5 as m\nx = m(y)\n"),
        ("from sha import new\nx = new(y)\n", "from hashlib import sha1 as new\nx = new(y)\n"),
        ("import os, md5\nx = md5.new(y)\n", "import hashlib\nimport os\nx = hashlib.md5(y)\n"),
        (
            "import hmac, sha\nx = hmac.new(k, m, sha)\n",
            "import hashlib\nimport hmac\nx = hmac.new(k, m, hashlib.sha1)\n",
        ),
        (
            "def f():\n\timport md5\n\treturn md5.new(x)\n",
            "def f():\n\timport hashlib\n\treturn hashlib.md5(x)\n",
        ),
        ("import md5, sha\nx = md5.new(sha.new(y))\n", "import hashlib\nx = hashlib.md5(hashlib.sha1(y))\n"),
    ],
)
def test_what_the_fix_writes(before: str, after: str) -> None:
    for app in (cgi, wsgi):
        assert fixed(RULE, app(before), unsafe=False)["main.py"] == after


@pytest.mark.parametrize(
    "code",
    [
        "import md5\nx = md5.digest_size\n",
        "import md5\nf(md5)\n",
        "import md5\nhashlib = 1\nx = md5.new(y)\n",
    ],
)
def test_what_is_only_reported(code: str) -> None:
    for app in (cgi, wsgi):
        assert [finding.fix for finding in find(RULE, app(code))] == [None]


def test_a_name_that_other_modules_take_is_only_reported() -> None:
    files = wsgi("from util import md5\n", util="import md5\n")
    assert [finding.fix for finding in find(RULE, files)] == [None]


def test_it_is_only_reported_where_hashlib_is_the_apps_own() -> None:
    assert [finding.fix for finding in find(RULE, wsgi("import md5\nx = md5.new()\n", hashlib=""))] == [None]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("import md5\nx = 1\n", "x = 1\n"),
        ("import os, sha\nos.name\n", "import os\nos.name\n"),
        ("from md5 import new\nx = 1\n", "x = 1\n"),
        ("def f():\n  import md5\n", "def f():\n  pass\n"),
    ],
)
def test_an_import_that_nothing_uses_goes(before: str, after: str) -> None:
    assert fixed(RULE, wsgi(before), unsafe=False)["main.py"] == after


def test_a_star_import_is_not_changed() -> None:
    assert all(finding.fix is None for finding in find(RULE, wsgi("from md5 import *\nx = new('a')\n")))
