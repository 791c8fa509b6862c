"""`wsgi-unguarded-run`: what it leaves alone, finds and writes."""

from __future__ import annotations

import pytest

from tests.rules.helpers import find, fixed
from tests.rules.python27.scripts import APP, GUARD, IMPORTS, KEPT

RULE = "wsgi-unguarded-run"
YAML = "runtime: python27\nthreadsafe: true\nhandlers:\n- url: /\n  script: main.app\n"


@pytest.mark.parametrize(
    "main",
    [
        f"{KEPT}app = {APP}\n",
        f"{IMPORTS}app = {APP}\ndef main():\n    run_wsgi_app(app)\n{GUARD}",
        f"{IMPORTS}app = {APP}\nif '__main__' == __name__: run_wsgi_app(app)\n",
        f"{IMPORTS}app = {APP}\nif __name__ == '__main__':\n    run_wsgi_app(app)\nelse:\n    x()\n",
        f"{IMPORTS}app = {APP}\nif __name__ == '__main__' and x:\n    run_wsgi_app(app)\n",
        f"{KEPT}app = {APP}\ndef main():\n    load()\nmain()\n",
        "from flask import Flask\napp = Flask(__name__)\napp.run()\n",
        f"{IMPORTS}app = {APP}\nmain = lambda: run_wsgi_app(app)\n",
    ],
)
def test_leaves_alone(main: str) -> None:
    assert find(RULE, {"app.yaml": YAML, "main.py": main}) == []


def test_cgi_scripts_are_left_alone() -> None:
    yaml = YAML.replace("main.app", "main.py").replace("true", "false")
    assert find(RULE, {"app.yaml": yaml, "main.py": f"{IMPORTS}app = {APP}\nrun_wsgi_app(app)\n"}) == []


@pytest.mark.parametrize(
    "call",
    [
        "run_wsgi_app(app)\n",
        "def main():\n    run_wsgi_app(app)\n\nmain()\n",
        "def main():\n    run_wsgi_app(app)\n\nsys.exit(main())\n",
        "def real_main():\n    run_wsgi_app(app)\n\nmain = real_main\nmain()\n",
    ],
)
def test_the_call_goes(call: str) -> None:
    files = {"app.yaml": YAML, "main.py": f"{IMPORTS}app = {APP}\n\n{call}"}
    (finding,) = find(RULE, files)
    assert "handled twice" in finding.message
    assert fixed(RULE, files)["main.py"] == f"{KEPT}app = {APP}\n"


def test_web_py() -> None:
    main = "import web\nsite = web.application((), globals())\napp = site.wsgifunc()\nmain = site.cgirun()\n"
    (finding,) = find(RULE, {"app.yaml": YAML, "main.py": main})
    assert finding.place.snippet == b"main = site.cgirun()"


def test_under_a_condition_there_is_advice_only() -> None:
    main = f"{IMPORTS}app = {APP}\ndef main():\n    run_wsgi_app(app)\n\nif x:\n    main()\n"
    (finding,) = find(RULE, {"app.yaml": YAML, "main.py": main})
    assert finding.fix is None
