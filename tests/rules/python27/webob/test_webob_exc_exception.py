"""`webob-exc-exception`: what it leaves alone, finds and writes."""

from __future__ import annotations

import pytest

from tests.rules.helpers import find, fixed
from tests.rules.python27.webapp.handlers import HEAD, new, old

RULE = "webob-exc-exception"


@pytest.mark.parametrize(
    "code",
    [
        "from webob import exc\ndef f(): raise exc.HTTPNotFound()\n",
        "from webob import exc\ndef f(): x = exc.HTTPNotFound().exception\n",
        "def f(): raise exc().exception\n",
        "import webob\ndef f(): raise other.Error().exception\n",
        "from webob import exc\ndef f(e): raise e.exception\n",
    ],
)
def test_leaves_alone(code: str) -> None:
    assert find(RULE, new(code)) == []


@pytest.mark.parametrize(
    ("head", "error"),
    [
        ("from webob import exc\n", "exc.HTTPNotFound('x')"),
        ("import webob.exc\n", "webob.exc.HTTPFound(location='/')"),
        ("from webob.exc import HTTPFound as Found\n", "Found()"),
    ],
)
def test_errors_are_raised_themselves(head: str, error: str) -> None:
    code = f"{head}def f(): raise {error}.exception\ndef g():\n  raise {error}.exception # x\n"
    for app in (old, new):
        (finding,) = find(RULE, app(code))
        assert len(finding.related) == 1
        assert fixed(RULE, app(code), unsafe=False)["main.py"] == HEAD + code.replace(".exception", "")
