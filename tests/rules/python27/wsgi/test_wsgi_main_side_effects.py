"""`wsgi-main-side-effects`: what it leaves alone and finds."""

from __future__ import annotations

import pytest

from tests.rules.helpers import APP_YAML, find, fixed
from tests.rules.python27.scripts import APP, GUARD, IMPORTS

RULE = "wsgi-main-side-effects"
WSGI = "runtime: python27\nthreadsafe: true\nhandlers:\n- url: /\n  script: main.app\n"


def script(inside: str, guard: str = GUARD) -> str:
    return f"{IMPORTS}import logging, os\napp = {APP}\n\ndef main():\n{inside}    run_wsgi_app(app)\n{guard}"


@pytest.mark.parametrize(
    "inside",
    [
        "",
        "    '''Run.'''\n",
        "    pass\n",
        "    global app\n",
        "    import logging\n",
        "    from os import path\n",
        "    logging.getLogger().setLevel(logging.DEBUG)\n",
        "    webapp.template.register_template_library('tags')\n",
        "    os.environ['DJANGO_SETTINGS_MODULE'] = 'settings'\n",
        "    if DEBUG:\n        logging.getLogger().setLevel(logging.DEBUG)\n",
        "    unused = {'a': 1}\n",
        "    handler = None\n",
    ],
)
def test_leaves_alone(inside: str) -> None:
    assert find(RULE, {"app.yaml": APP_YAML, "main.py": script(inside)}) == []


def test_other_scripts_are_left_alone() -> None:
    assert find(RULE, {"app.yaml": APP_YAML, "main.py": "def main():\n    load()\nmain()\n"}) == []
    assert find(RULE, {"app.yaml": APP_YAML, "main.py": "", "tool.py": script("    load()\n")}) == []


@pytest.mark.parametrize(
    "inside",
    [
        "    counters.visit()\n",
        "    logging.info('hello')\n",
        "    namespace_manager.set_namespace('x')\n",
        "    os.environ['KEY'] = 'x'\n",
        "    print 'x'\n",
        "    if closed():\n        return\n",
        "    global hits\n    hits = 1\n",
        "    user = users.get_current_user()\n",
    ],
)
def test_what_would_be_lost(inside: str) -> None:
    (finding,) = find(RULE, {"app.yaml": APP_YAML, "main.py": script(inside)})
    assert "would never run" in finding.message
    assert finding.fix is None


def test_in_the_guard() -> None:
    guard = "\nif __name__ == '__main__':\n    check()\n    main()\n"
    (finding,) = find(RULE, {"app.yaml": APP_YAML, "main.py": script("", guard)})
    assert finding.place.snippet == b"check()"


def test_in_a_wsgi_script_it_never_runs() -> None:
    inside = "    logging.getLogger().setLevel(10)\n    load()\n"
    files = {"app.yaml": WSGI, "main.py": script(inside)}
    (finding,) = find(RULE, files)
    assert finding.message.startswith("This never runs")
    assert fixed(RULE, files)["main.py"] == (
        f"{IMPORTS}import logging, os\napp = {APP}\n\nlogging.getLogger().setLevel(10)\n\n\n"
        f"def main():\n    load()\n    run_wsgi_app(app)\n{GUARD}"
    )
