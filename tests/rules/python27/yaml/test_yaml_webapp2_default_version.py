"""`yaml-webapp2-default-version`: what it leaves alone, finds and writes."""

from __future__ import annotations

from tests.rules.helpers import find, fixed

RULE = "yaml-webapp2-default-version"

ASKED = 'libraries:\n- name: webapp2\n  version: "2.5.2"\n'


def yaml(more: str, runtime: str = "python27", threadsafe: str = "true") -> str:
    """An app.yaml with more at its end."""
    return (
        f"runtime: {runtime}\napi_version: 1\nthreadsafe: {threadsafe}\n"
        f"handlers:\n- url: /.*\n  script: main.app\n{more}"
    )


def test_leaves_alone() -> None:
    code = "import webapp2\napp = webapp2.WSGIApplication([], debug=True)\n"
    assert find(RULE, {"app.yaml": yaml(ASKED), "main.py": code}) == []
    assert find(RULE, {"app.yaml": yaml("", runtime="python"), "main.py": code}) == []
    assert find(RULE, {"app.yaml": yaml(""), "main.py": "import flask\n"}) == []
    assert find(RULE, {"app.yaml": yaml(""), "main.py": "x = 1\n", "tool.py": code}) == []
    assert find(RULE, {"app.yaml": yaml(""), "main.py": code, "webapp2.py": ""}) == []
    harmless = "import webapp2\napp = webapp2.WSGIApplication([])\n"
    assert find(RULE, {"app.yaml": yaml(""), "main.py": harmless}) == []


def test_the_version_is_asked_for() -> None:
    for code in (
        "import webapp2\napp = webapp2.WSGIApplication([], debug=True)\n",
        "from google.appengine.ext import webapp\napp = webapp.WSGIApplication([], debug=DEBUG)\n",
        "import webapp2\nx = self.request.get_range('n', 0, 9)\n",
    ):
        made = fixed(RULE, {"app.yaml": yaml(""), "main.py": code})["app.yaml"]
        assert made == yaml("") + "\n" + ASKED


def test_beside_other_libraries() -> None:
    jinja = 'libraries:\n- name: jinja2\n  version: "2.6"\n'
    made = fixed(RULE, {"app.yaml": yaml(jinja), "main.py": "import webapp2\ndebug = True\n"})["app.yaml"]
    assert made == yaml(jinja) + ASKED.partition("\n")[2]
