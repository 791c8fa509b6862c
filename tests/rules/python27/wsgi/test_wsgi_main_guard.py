"""`wsgi-main-guard`: what it leaves alone, finds and writes. The forms are in test_conversion.py."""

from __future__ import annotations

import pytest

from gaebot.finding import Safety, Severity
from tests.rules.helpers import find, fixed
from tests.rules.python27.scripts import APP, GUARD, IMPORTS, KEPT

RULE = "wsgi-main-guard"
YAML = "runtime: python27\nthreadsafe: true\nhandlers:\n- url: /\n  script: main.app\n"
MAIN = f"{IMPORTS}app = {APP}\n\ndef main():\n    run_wsgi_app(app)\n{GUARD}"


@pytest.mark.parametrize(
    "main",
    [
        f"{KEPT}app = {APP}\n",
        # not an adapter: tools, tests, the server of a framework
        f"{KEPT}app = {APP}\nif __name__ == '__main__':\n    import unittest\n    unittest.main()\n",
        f"{KEPT}app = {APP}\ndef main():\n    load()\n{GUARD}",
        "from flask import Flask\napp = Flask(__name__)\nif __name__ == '__main__':\n    app.run()\n",
        # more in it than the adapter
        f"{IMPORTS}app = {APP}\ndef main():\n    load()\n    run_wsgi_app(app)\n{GUARD}",
        (
            f"{IMPORTS}app = {APP}\ndef main():\n    run_wsgi_app(app)\n\nif __name__ == '__main__':\n"
            "    main()\nelse:\n    x()\n"
        ),
        # used by something else
        f"{IMPORTS}app = {APP}\ndef main():\n    run_wsgi_app(app)\n\nagain = [main]\n{GUARD}",
        # runs on import: a rule of its own
        f"{IMPORTS}app = {APP}\nrun_wsgi_app(app)\n",
        # has to move first: a rule of its own
        f"{IMPORTS}def main():\n    app = {APP}\n    run_wsgi_app(app)\n{GUARD}",
    ],
)
def test_leaves_alone(main: str) -> None:
    assert find(RULE, {"app.yaml": YAML, "main.py": main}) == []


@pytest.mark.parametrize("script", ["main.py", "main.app\n- url: /x\n  script: main.py"])
def test_scripts_that_run_as_cgi_are_left_alone(script: str) -> None:
    assert (
        find(RULE, {"app.yaml": YAML.replace("main.app", script).replace("true", "false"), "main.py": MAIN})
        == []
    )


def test_a_main_that_a_test_calls_is_left_alone() -> None:
    assert find(RULE, {"app.yaml": YAML, "main.py": MAIN, "tests.py": "import main\nmain.main()\n"}) == []


def test_other_files_are_left_alone() -> None:
    assert find(RULE, {"app.yaml": YAML, "main.py": f"{KEPT}app = {APP}\n", "tool.py": MAIN}) == []


def test_it_goes() -> None:
    (finding,) = find(RULE, {"app.yaml": YAML, "main.py": MAIN})
    assert finding.severity is Severity.NOTE
    assert finding.fix is not None
    assert finding.fix.safety is Safety.SAFE
    assert fixed(RULE, {"app.yaml": YAML, "main.py": MAIN}, unsafe=False)["main.py"] == f"{KEPT}app = {APP}\n"


def test_set_up_moves_which_is_to_be_read() -> None:
    main = MAIN.replace(
        "    run_wsgi", "    import logging\n    logging.getLogger().setLevel(10)\n    run_wsgi"
    )
    (finding,) = find(RULE, {"app.yaml": YAML, "main.py": main})
    assert finding.fix is not None
    assert finding.fix.safety is Safety.REVIEW
    assert fixed(RULE, {"app.yaml": YAML, "main.py": main})["main.py"] == (
        f"{KEPT}app = {APP}\n\nimport logging\nlogging.getLogger().setLevel(10)\n"
    )
