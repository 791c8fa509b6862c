"""`ts-multithread-check`: what it leaves alone and finds."""

from __future__ import annotations

import pytest

from gaebot.finding import Severity
from tests.rules.helpers import find
from tests.rules.python27.wsgi.scripts import wsgi

RULE = "ts-multithread-check"


@pytest.mark.parametrize(
    "code",
    [
        "environ = {'wsgi.multithread': False}",
        "environ['wsgi.multithread'] = False",
        "del environ['wsgi.multithread']",
        "environ['wsgi.multiprocess']",
        "environ.setdefault('wsgi.multithread', False)",
        "x = 'wsgi.multithread'",
        "'''wsgi.multithread'''",
        "# environ['wsgi.multithread']",
        "KEYS = ['wsgi.multithread']",
        "if __name__ == '__main__':\n    print environ['wsgi.multithread']",
    ],
)
def test_leaves_alone(code: str) -> None:
    assert find(RULE, wsgi(f"app = None\n{code}\n")) == []


def test_tools_are_left_alone() -> None:
    code = "def app(environ, start):\n    return environ['wsgi.multithread']\n"
    assert find(RULE, {**wsgi("app = None\n"), "tool.py": code}) == []


@pytest.mark.parametrize(
    "code",
    [
        "environ['wsgi.multithread']",
        "environ.get('wsgi.multithread')",
        "self.request.environ.get('wsgi.multithread', False)",
        "os.environ['wsgi.multithread'] == 'x' or environ['wsgi.multithread']",
    ],
)
def test_finds(code: str) -> None:
    (finding,) = find(RULE, wsgi(f"def app(environ, start):\n    return {code}\n"))
    assert finding.severity is Severity.NOTE
