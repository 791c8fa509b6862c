"""`py-threads-real`: what it leaves alone and finds."""

from __future__ import annotations

import pytest

from tests.rules.helpers import find
from tests.rules.python27.wsgi.scripts import cgi, wsgi

RULE = "py-threads-real"


@pytest.mark.parametrize(
    "code",
    [
        "import threading\nlock = threading.Lock()\n",
        "import threading\nt = threading.Thread(target=f)\nt.start()\nt.join()\n",
        "import threading\nx = threading.local()\n",
        "Thread(target=f)\n",
        "from mine import Thread\nThread()\n",
    ],
)
def test_leaves_alone(code: str) -> None:
    assert find(RULE, wsgi(code)) == []


def test_code_that_no_request_reaches_is_left_alone() -> None:
    code = "import threading\nthreading.Thread(target=f).start()\n"
    assert find(RULE, {**wsgi("app = 1\n"), "tool.py": code}) == []


@pytest.mark.parametrize(
    "code",
    [
        "import threading\ndef get(request):\n    threading.Thread(target=f).start()\n",
        "from threading import Thread, Timer\nTimer(1, f)\nThread(target=f)\n','.join(x)\n",
        "import thread\ndef get(request):\n    thread.start_new_thread(f, ())\n",
        "from threading import Timer as Later\ndef get(request):\n    Later(1, f).start()\n",
        "import thread\nrun = thread.start_new\ndef get(request):\n    run(f, ())\n",
    ],
)
def test_what_is_only_reported(code: str) -> None:
    for app in (cgi, wsgi):
        assert [finding.fix for finding in find(RULE, app(code))] == [None]
