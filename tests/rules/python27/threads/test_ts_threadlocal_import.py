"""`ts-threadlocal-import`: what it leaves alone, finds, and how it is mended."""

from __future__ import annotations

from textwrap import indent

import pytest

from gaebot.finding import Severity
from tests.rules.helpers import find, fixed
from tests.rules.python27.wsgi.scripts import wsgi

RULE = "ts-threadlocal-import"

HEAD = "import threading\nimport webapp2\nfrom threading import local\n"
APP = "\napp = webapp2.WSGIApplication([('/', Main)])\n"


def source(module: str, code: str) -> str:
    body = indent(code, "        ")
    return f"{HEAD}{module}\nclass Main(webapp2.RequestHandler):\n    def get(self):\n{body}\n{APP}"


def app(module: str, code: str) -> dict[str, str | bytes]:
    """An app with some statements at module level and some in its one request handler."""
    return wsgi(source(module, code))


SET = "state = threading.local()\nstate.user = None\n"


@pytest.mark.parametrize(
    ("module", "code"),
    [
        (SET, "pass"),
        (SET, "state.user = self"),
        (SET, "state.user = self\nself.show(state.user)"),
        (SET, "x = getattr(state, 'user', None)"),
        (SET, "if hasattr(state, 'user'):\n    self.show(state.user)"),
        (SET, "try:\n    x = state.user\nexcept AttributeError:\n    x = None"),
        (SET, "x = state.__dict__.get('user')\ny = state.user"),
        (SET, "x = state.other"),
        (SET, "load(state)\nx = state.user"),
        (SET, "state = self\nx = state.user"),
        ("state = threading.local()\n", "x = state.user"),
        ("state = object()\nstate.user = None\n", "x = state.user"),
        ("class L(threading.local):\n    user = None\nstate = L()\nstate.user = 1\n", "x = state.user"),
        (
            "class L(local):\n    def __init__(self):\n        self.user = None\nstate = L()\nstate.user = 1\n",
            "x = state.user",
        ),
        (f"{SET}x = state.user\ndef f():\n    return state.user\nf()\n", "pass"),
        (
            "from mine import local as threading_local\nstate = threading_local()\nstate.user = 1",
            "state.user",
        ),
        (f"{SET}def begin(request):\n    state.user = request\n", "begin(self)\nx = state.user"),
    ],
)
def test_leaves_alone(module: str, code: str) -> None:
    assert find(RULE, app(module, code)) == []


def test_tools_are_left_alone() -> None:
    assert find(RULE, {**app("", "pass"), "tool.py": source(SET, "x = state.user")}) == []


@pytest.mark.parametrize(
    ("module", "code"),
    [
        (SET, "x = state.user"),
        ("state = local()\nstate.user = {}\n", "state.user['a'] = 1"),
        ("state = local()\ndef setup():\n    state.user = 1\nsetup()\n", "x = state.user"),
        ("class L(threading.local):\n    other = 1\nstate = L()\nstate.user = 1\n", "x = state.user"),
        (f"{SET}def show():\n    return state.user\n", "x = show()"),
        ("if True:\n    state = local()\n    state.user = 1\n", "x = state.user"),
    ],
)
def test_finds(module: str, code: str) -> None:
    (finding,) = find(RULE, app(module, code))
    assert finding.severity is Severity.ERROR
    assert "`state.user`" in finding.message
    assert "`Main.get`" in finding.message


def test_an_object_of_another_module() -> None:
    files = app("import state\nfrom state import current as now\n", "x = state.current.user\ny = now.day")
    module = "import threading\ncurrent = threading.local()\ncurrent.user = 1\ncurrent.day = 2\n"
    found = find(RULE, {**files, "state.py": module})
    assert [(finding.place.path, finding.place.start.line) for finding in found] == [
        ("state.py", 3),
        ("state.py", 4),
    ]


def test_the_attributes_move_into_a_class() -> None:
    before = source("state = threading.local()\nstate.user = None\nstate.n = 3\n", "x = state.user, state.n")
    after = source(
        "class _Local(threading.local):\n    user = None\n    n = 3\n\nstate = _Local()\n",
        "x = state.user, state.n",
    )
    assert fixed(RULE, wsgi(before))["main.py"] == after


def test_what_can_change_is_made_in_each_thread() -> None:
    before = source("state = local()\nstate.seen = {}\nstate.n = 3\n", "state.seen[state.n] = 1")
    after = source(
        "class _Local(local):\n    def __init__(self):\n        self.seen = {}\n        self.n = 3\n"
        "\nstate = _Local()\n",
        "state.seen[state.n] = 1",
    )
    assert fixed(RULE, wsgi(before))["main.py"] == after


@pytest.mark.parametrize(
    "module",
    [
        "state = local()\nstate.user = load()\n",
        "state = local()\nif x:\n    state.user = 1\nelse:\n    state.user = 2\n",
        "_Local = 1\nstate = local()\nstate.user = 1\n",
        "state = local()\nstate.user = state.other = 1\n",
    ],
)
def test_what_is_not_plain_is_not_patched(module: str) -> None:
    found = find(RULE, app(module, "x = state.user"))
    assert found
    assert {finding.fix for finding in found} == {None}
