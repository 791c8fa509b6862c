"""`py-sandbox-os`: what it leaves alone and finds."""

from __future__ import annotations

import pytest

from tests.rules.helpers import find
from tests.rules.python27.wsgi.scripts import cgi, wsgi

RULE = "py-sandbox-os"


@pytest.mark.parametrize(
    "code",
    [
        "import os\nos.getcwd()\nos.listdir('.')\nos.popen('ls')\nos.system('ls')\n",
        "import os\ntry:\n  os.chdir('x')\nexcept OSError:\n  pass\n",
        "import os\nif hasattr(os, 'chdir'):\n  os.chdir('x')\n",
        "import os\nif os.environ['SERVER_SOFTWARE'].startswith('Dev'):\n  os.chdir('x')\n",
        "import os\nf = os.chdir\n",
        "ftp.chdir('x')\n",
        "import mine as os\nos.chdir('x')\n",
        "def chdir(x): pass\nchdir('x')\n",
        "import os\nif __name__ == '__main__':\n  os.chdir('x')\n",
        "import signal\nprint signal\n",
    ],
)
def test_leaves_alone(code: str) -> None:
    assert find(RULE, wsgi(code)) == []


def test_code_that_no_request_reaches_is_left_alone() -> None:
    assert find(RULE, {**wsgi("app = 1\n"), "tool.py": "import os\nos.chdir('x')\n"}) == []


@pytest.mark.parametrize(
    "code",
    [
        "import os\nos.chdir('x')\n",
        "from os import chdir\nchdir('x')\n",
        "from os import chdir as cd\ncd('x')\n",
        "import os\ncd = os.chdir\ncd('x')\n",
        "import os as o\ndef f():\n  return o.tempnam()\n",
        "import os; name = os.tmpnam()\n",
        "import signal\nsignal.signal(signal.SIGALRM, f)\n",
    ],
)
def test_what_is_only_reported(code: str) -> None:
    for app in (cgi, wsgi):
        assert [finding.fix for finding in find(RULE, app(code))] == [None]


def test_each_function_is_told_of_once() -> None:
    code = "import os, util\nos.chdir('x')\nos.chdir('y')\nos.tempnam()\n"
    findings = find(RULE, wsgi(code, util="import os\nos.chdir('z')\n"))
    assert sorted(len(finding.related) for finding in findings) == [0, 2]
