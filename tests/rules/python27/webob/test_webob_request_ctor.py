"""`webob-request-ctor`: what it leaves alone and finds."""

from __future__ import annotations

import pytest

from tests.rules.helpers import find
from tests.rules.python27.webapp.handlers import new, old

RULE = "webob-request-ctor"
WEBOB = 'libraries:\n- name: webob\n  version: "1.2.3"\n'


@pytest.mark.parametrize(
    "code",
    [
        "import webob\nr = webob.Request(environ)\n",
        "import webob\nr = webob.Request(environ, charset='latin-1')\n",
        "from webob import Request\nr = Request.blank('/')\n",
        "from mine import Request\nr = Request(environ_getter=f)\n",
        "import urllib2\nr = urllib2.Request('http://x')\n",
    ],
)
def test_leaves_alone(code: str) -> None:
    assert find(RULE, new(code)) == []


@pytest.mark.parametrize(
    "code",
    [
        "import webob\nr = webob.Request(environ_getter=f)\n",
        "from webob import Request as R\nr = R(environ_getter=f)\n",
        "r = webapp.Request(environ_getter=f)\n",
    ],
)
def test_environ_getter(code: str) -> None:
    for app in (old, new):
        assert [finding.fix for finding in find(RULE, app(code))] == [None]


@pytest.mark.parametrize(("charset", "count"), [("latin-1", 1), ("UTF-8", 0), ("utf8", 0)])
def test_charsets_with_webob_12(charset: str, count: int) -> None:
    files = new(f"import webob\nr = webob.Request(environ, charset='{charset}')\n")
    files["app.yaml"] = str(files["app.yaml"]) + WEBOB
    assert len(find(RULE, files)) == count
