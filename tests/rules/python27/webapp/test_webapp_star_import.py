"""`webapp-star-import`: what it leaves alone, finds and writes."""

from __future__ import annotations

import pytest

from tests.rules.helpers import find, fixed
from tests.rules.python27.wsgi.scripts import cgi, wsgi

RULE = "webapp-star-import"
STAR = "from google.appengine.ext.webapp import *\n"


@pytest.mark.parametrize(
    "code",
    [
        "from google.appengine.ext.webapp import RequestHandler\n",
        "from google.appengine.ext.webapp.util import *\n",
        "from webapp2 import *\n",
    ],
)
def test_leaves_alone(code: str) -> None:
    assert find(RULE, wsgi(code)) == []


@pytest.mark.parametrize(
    ("code", "first"),
    [
        ("class H(RequestHandler): pass\n", "from webapp2 import RequestHandler\n"),
        ("app = WSGIApplication([])\nx = Request\n", "from webapp2 import Request, WSGIApplication\n"),
        ("x = os.path\ny = RequestHandler\n", None),
    ],
)
def test_names_are_said(code: str, first: str | None) -> None:
    made = fixed(RULE, wsgi(STAR + code))["main.py"]
    assert made == (first or "import os\nfrom webapp2 import RequestHandler\n") + code


def test_without_a_fix() -> None:
    for code in ("x = StringIO.StringIO()\ny = RequestHandler\n", "pass\n"):
        assert [finding.fix for finding in find(RULE, wsgi(STAR + code))] == [None]
    assert [finding.fix for finding in find(RULE, cgi(STAR + "x = Request\n"))] == [None]
    files = wsgi("from base import *\n", base=STAR + "x = Request\n")
    assert [finding.fix for finding in find(RULE, files)] == [None]
