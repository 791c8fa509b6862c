"""`yaml-threadsafe-false`: what it leaves alone and finds."""

from __future__ import annotations

import pytest

from tests.rules.helpers import find

RULE = "yaml-threadsafe-false"


@pytest.mark.parametrize(
    "yaml",
    [
        "runtime: python27\nthreadsafe: true\n",
        "runtime: python27\nthreadsafe: yes\n",
        "runtime: python27\nthreadsafe: 'false'\n",
        "runtime: python27\nthreadsafe:\n",
        "runtime: python27\n",
        "runtime: python\nthreadsafe: false\n",
        "runtime: go\nthreadsafe: false\n",
    ],
)
def test_leaves_alone(yaml: str) -> None:
    assert find(RULE, {"app.yaml": yaml}) == []


@pytest.mark.parametrize("value", ["false", "no", "0", "Off"])
def test_wsgi_only(value: str) -> None:
    yaml = f"runtime: python27\nthreadsafe: {value}\nhandlers:\n- {{url: /, script: main.app}}\n"
    (finding,) = find(RULE, {"app.yaml": yaml})
    assert "Nothing that gaebot can see is in the way" in finding.message
    assert finding.fix is None


def test_names_what_requests_would_change_under_each_other() -> None:
    yaml = "runtime: python27\nthreadsafe: false\nhandlers:\n- {url: /, script: main.app}\n"
    code = (
        "import webapp2\nhits = 0\nclass Home(webapp2.RequestHandler):\n  def get(self):\n    global hits\n"
        "    hits += 1\napp = webapp2.WSGIApplication([('/', Home)])\n"
    )
    (finding,) = find(RULE, {"app.yaml": yaml, "main.py": code})
    assert "mend what requests would change at the same time: `hits`." in finding.message


def test_names_what_stands_in_the_way() -> None:
    handlers = "".join(f"- {{url: /{n}, script: {n}.py}}\n" for n in "abcda")
    yaml = f"runtime: python27\nthreadsafe: false\nincludes: [more.yaml]\nhandlers:\n{handlers}"
    (finding,) = find(RULE, {"app.yaml": yaml, "more.yaml": "handlers:\n- {url: /, script: e.py}\n"})
    assert "`a.py`, `b.py`, `c.py` and 2 more" in finding.message
    assert len(finding.related) == 6
