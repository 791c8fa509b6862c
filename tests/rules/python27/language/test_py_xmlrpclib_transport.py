"""`py-xmlrpclib-transport`: what it leaves alone, finds and fixes."""

from __future__ import annotations

import pytest

from gaebot.finding import Severity
from tests.rules.helpers import find, fixed
from tests.rules.python27.wsgi.scripts import cgi, wsgi

RULE = "py-xmlrpclib-transport"


def _module(*lines: str, base: str = "xmlrpclib.Transport", method: str = "make_connection") -> str:
    body = "".join(f"    {line}\n" for line in lines)
    return f"import httplib, xmlrpclib\nclass T({base}):\n  def {method}(self, host):\n{body}"


@pytest.mark.parametrize(
    "code",
    [
        _module("return httplib.HTTPConnection(host)"),
        _module("return httplib.HTTP(host)", base="object"),
        _module("return httplib.HTTP(host)", base="xmlrpclib.Server"),
        _module("return httplib.HTTP(host)", method="connect"),
        _module("h = httplib.HTTP(host)", "return Wrapped(h)"),
        _module("return httplib.HTTP(host)", base="Mixin, xmlrpclib.Transport"),
        _module("return httplib.HTTP(host)") + "  def request(self, *args):\n    pass\n",
        _module("return httplib.HTTP(host)") + "  def single_request(self, *args):\n    pass\n",
        "import httplib\ndef make_connection(host):\n  return httplib.HTTP(host)\n",
    ],
)
def test_leaves_alone(code: str) -> None:
    assert find(RULE, wsgi(code)) == []


def test_code_that_no_request_reaches_is_left_alone() -> None:
    assert find(RULE, {**wsgi("app = 1\n"), "tool.py": _module("return httplib.HTTP(host)")}) == []


def test_it_is_only_reported_before_the_switch() -> None:
    (finding,) = find(RULE, cgi(_module("return httplib.HTTP(host)")))
    assert finding.fix is None
    assert finding.severity is Severity.ERROR


def test_a_name_of_its_own_is_only_reported() -> None:
    code = _module("return HTTP(host)").replace("import httplib, ", "from httplib import HTTP\nimport ")
    assert [finding.fix for finding in find(RULE, wsgi(code))] == [None]


@pytest.mark.parametrize("old", ["HTTP", "HTTPS"])
@pytest.mark.parametrize("base", ["xmlrpclib.Transport", "xmlrpclib.SafeTransport"])
def test_makes_the_new_kind(old: str, base: str) -> None:
    code = _module(f"return httplib.{old}(host)  # direct", base=base)
    new = code.replace(f"{old}(host)", f"{old}Connection(host)")
    assert fixed(RULE, wsgi(code))["main.py"] == new
