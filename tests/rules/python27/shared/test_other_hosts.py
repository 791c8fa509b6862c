"""Code for other hosts than App Engine: `if not APPENGINE:`, where an import of Google's decides."""

from __future__ import annotations

import pytest

from tests.rules.python27.threads.apps import lines

RULE = "ts-process-global-call"
DECIDED = "try:\n    from google.appengine.api import urlfetch\n    APPENGINE = True\nexcept%s:\n    APPENGINE = False\n"
TOLD = ["warning: socket.setdefaulttimeout(h.x)"]


def _found(test: str, decided: str = DECIDED % " ImportError") -> list[str]:
    return lines(RULE, f"import socket\n{decided}def work(h):\n{test}")


def _body(text: str) -> str:
    return "\n".join(f"    {line}" for line in text.splitlines()) + "\n"


NOT_REACHED = {
    "not there": "if not APPENGINE:\n    socket.setdefaulttimeout(h.x)",
    "else": "if APPENGINE:\n    pass\nelse:\n    socket.setdefaulttimeout(h.x)",
    "elif": "if APPENGINE:\n    pass\nelif h:\n    socket.setdefaulttimeout(h.x)",
    "behind a return": "if APPENGINE:\n    return urlfetch\nsocket.setdefaulttimeout(h.x)",
    "behind a raise in a block": "if h:\n    if APPENGINE:\n        raise h\n    socket.setdefaulttimeout(h.x)",
}


@pytest.mark.parametrize("test", NOT_REACHED.values(), ids=NOT_REACHED.keys())
def test_app_engine_does_not_get_there(test: str) -> None:
    assert _found(_body(test)) == []


def test_a_function_that_only_such_code_calls() -> None:
    dial = "def dial(h):\n    socket.setdefaulttimeout(h.x)\n"
    assert _found("    if not APPENGINE:\n        dial(h)\n" + dial) == []
    assert _found("    if APPENGINE:\n        dial(h)\n" + dial) == TOLD


@pytest.mark.parametrize(
    "decided",
    [
        DECIDED % "",
        DECIDED % " Exception, e",
        "APPENGINE = False\ntry:\n    from google.appengine.ext import db, webapp\n    APPENGINE = True\nexcept:\n    pass\n",
    ],
)
def test_ways_to_decide(decided: str) -> None:
    assert _found(_body(NOT_REACHED["not there"]), decided) == []


REACHED = {
    "there": "if APPENGINE:\n    socket.setdefaulttimeout(h.x)",
    "the other way round": "if not APPENGINE:\n    return\nsocket.setdefaulttimeout(h.x)",
    "else of not": "if not APPENGINE:\n    pass\nelse:\n    socket.setdefaulttimeout(h.x)",
    "behind what does not leave": "if APPENGINE:\n    h.x = 1\nsocket.setdefaulttimeout(h.x)",
    "something else as well": "if APPENGINE and h.x:\n    return\nsocket.setdefaulttimeout(h.x)",
    "or something else": "if not APPENGINE or h.x:\n    socket.setdefaulttimeout(h.x)",
    "a local name": "APPENGINE = h.x\nif not APPENGINE:\n    socket.setdefaulttimeout(h.x)",
    "another block": "if h.x:\n    if APPENGINE:\n        return\nsocket.setdefaulttimeout(h.x)",
}


@pytest.mark.parametrize("test", REACHED.values(), ids=REACHED.keys())
def test_app_engine_gets_there(test: str) -> None:
    assert _found(_body(test)) == TOLD


@pytest.mark.parametrize(
    "decided",
    [
        "try:\n    import json\n    APPENGINE = True\nexcept ImportError:\n    APPENGINE = False\n",
        "try:\n    import lxml\n    from google.appengine.api import users\n    APPENGINE = True\n"
        "except ImportError:\n    APPENGINE = False\n",
        "try:\n    from google.appengine.api import nothing\n    APPENGINE = True\nexcept ImportError:\n"
        "    APPENGINE = False\n",
        "try:\n    from google.appengine.api import users\n    os.listdir('/x')\n    APPENGINE = True\n"
        "except Exception:\n    APPENGINE = False\n",
        f"{DECIDED % ''}APPENGINE = False\n",
        f"{DECIDED % ''}APPENGINE = os.environ.get('X')\n",
        f"{DECIDED % ''}def switch():\n    global APPENGINE\n    APPENGINE = False\n",
        "APPENGINE = False\n",
        "try:\n    from google.appengine.api import users\n    APPENGINE = False\nexcept ImportError:\n"
        "    APPENGINE = True\n",
    ],
)
def test_what_does_not_decide(decided: str) -> None:
    assert _found(_body(NOT_REACHED["not there"]), decided) == TOLD
