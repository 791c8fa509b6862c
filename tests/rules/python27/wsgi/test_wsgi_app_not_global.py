"""`wsgi-app-not-global`: what it leaves alone, finds and writes. The forms are in test_conversion.py."""

from __future__ import annotations

import pytest

from gaebot.finding import RunsOn, Safety, Severity
from tests.rules.helpers import APP_YAML, find, fixed
from tests.rules.python27.scripts import APP, GUARD, IMPORTS, KEPT

RULE = "wsgi-app-not-global"
LOCAL = f"{IMPORTS}\ndef main():\n    app = {APP}\n    run_wsgi_app(app)\n{GUARD}"


@pytest.mark.parametrize(
    "main",
    [
        f"{KEPT}app = {APP}\n",
        f"{IMPORTS}app = {APP}\ndef main():\n    run_wsgi_app(app)\n{GUARD}",
        "from wsgiref.handlers import CGIHandler\nfrom shop import app\nCGIHandler().run(app)\n",
        "print 'Content-Type: text/plain'\n",
        f"{IMPORTS}def main(app):\n    run_wsgi_app(app)\n",
        f"{KEPT}app = {APP}\nif __name__ == '__main__':\n    app.run(debug=True)\n",
    ],
)
def test_leaves_alone(main: str) -> None:
    assert find(RULE, {"app.yaml": APP_YAML, "main.py": main}) == []


def test_files_that_no_handler_names_are_left_alone() -> None:
    assert find(RULE, {"app.yaml": APP_YAML, "main.py": "", "tool.py": LOCAL}) == []
    assert find(RULE, {"app.yaml": "runtime: go\n", "main.py": LOCAL}) == []


def test_what_is_proven_is_safe_and_runs_on_both() -> None:
    (finding,) = find(RULE, {"app.yaml": APP_YAML, "main.py": LOCAL})
    assert finding.severity is Severity.WARNING
    assert finding.place.snippet == b"app"
    assert finding.fix is not None
    assert (finding.fix.safety, finding.fix.runs_on) == (Safety.SAFE, RunsOn.BOTH)
    after = fixed(RULE, {"app.yaml": APP_YAML, "main.py": LOCAL}, unsafe=False)
    assert after["app.yaml"] == APP_YAML
    assert after["main.py"] == f"{IMPORTS}\napp = {APP}\n\n\ndef main():\n    run_wsgi_app(app)\n{GUARD}"


def test_what_calls_other_code_is_to_be_read() -> None:
    main = LOCAL.replace(APP, "make_app()")
    (finding,) = find(RULE, {"app.yaml": APP_YAML, "main.py": main})
    assert finding.fix is not None
    assert finding.fix.safety is Safety.REVIEW


def test_a_wsgi_name_makes_it_an_error() -> None:
    yaml = APP_YAML.replace("python\n", "python27\n").replace("main.py", "main.app")
    (finding,) = find(RULE, {"app.yaml": yaml, "main.py": LOCAL})
    assert finding.severity is Severity.ERROR


@pytest.mark.parametrize(
    ("imports", "run"),
    [
        ("from google.appengine.ext.webapp.util import run_wsgi_app as serve", "serve(app)"),
        ("from google.appengine.ext.webapp import util as u", "u.run_bare_wsgi_app(app)"),
        ("from google.appengine.ext.webapp.util import *", "run_wsgi_app(app)"),
        ("from wsgiref.handlers import CGIHandler as H", "H().run(app)"),
        ("from wsgiref.handlers import *", "CGIHandler().run(app)"),
        ("from wsgiref.handlers import CGIHandler\nclass H(CGIHandler): pass\n", "H().run(app)"),
        ("import bottle as b", "b.run(app, server='gae')"),
        ("from bottle import run_app as go", "go(app, server='gae')"),
        ("import web as w", "app.cgirun()"),
        ("import web as w", "app.gaerun()"),
    ],
)
def test_an_adapter_by_another_name(imports: str, run: str) -> None:
    code = f"{imports}\nimport webapp2\ndef main():\n    app = webapp2.WSGIApplication([])\n    {run}\n"
    (finding,) = find(RULE, {"app.yaml": APP_YAML, "main.py": f"{code}{GUARD}"})
    assert finding.place.start.line > 1
