"""`wsgi-main-dispatch`: what it leaves alone and finds."""

from __future__ import annotations

import pytest

from tests.rules.helpers import APP_YAML, find
from tests.rules.python27.scripts import APP, GUARD, IMPORTS

RULE = "wsgi-main-dispatch"
HEAD = f"{IMPORTS}import os\nsite = {APP}\napi = {APP}\n\ndef main():\n"
HOST = "os.environ['HTTP_HOST'].startswith('api.')"


@pytest.mark.parametrize(
    "inside",
    [
        "    run_wsgi_app(site)\n",
        # the same application on both ways
        f"    if {HOST}:\n        run_wsgi_app(site)\n    else:\n        run_wsgi_app(site)\n",
        # decided once for the whole process
        "    if DEBUG:\n        run_wsgi_app(debugged(site))\n    else:\n        run_wsgi_app(site)\n",
        (
            "    if os.environ['SERVER_SOFTWARE'].startswith('Dev'):\n        run_wsgi_app(api)\n"
            "    else:\n        run_wsgi_app(site)\n"
        ),
    ],
)
def test_leaves_alone(inside: str) -> None:
    assert find(RULE, {"app.yaml": APP_YAML, "main.py": f"{HEAD}{inside}{GUARD}"}) == []


def test_two_functions_of_which_one_is_started_are_left_alone() -> None:
    main = f"{HEAD}    run_wsgi_app(site)\n\ndef moved():\n    run_wsgi_app(api)\n{GUARD}"
    assert find(RULE, {"app.yaml": APP_YAML, "main.py": main}) == []


def test_wsgi_scripts_are_left_alone() -> None:
    main = f"{HEAD}    if {HOST}:\n        run_wsgi_app(api)\n    else:\n        run_wsgi_app(site)\n{GUARD}"
    yaml = APP_YAML.replace("main.py", "main.site")
    assert find(RULE, {"app.yaml": yaml, "main.py": main}) == []


@pytest.mark.parametrize(
    "inside",
    [
        f"    if {HOST}:\n        run_wsgi_app(api)\n    else:\n        run_wsgi_app(site)\n",
        f"    if {HOST}:\n        run_wsgi_app(api)\n        return\n    run_wsgi_app(site)\n",
        (
            "    host = os.environ['HTTP_HOST']\n    if host == 'api':\n        run_wsgi_app(api)\n"
            "    elif host:\n        run_wsgi_app(site)\n"
        ),
    ],
)
def test_one_of_several(inside: str) -> None:
    (finding,) = find(RULE, {"app.yaml": APP_YAML, "main.py": f"{HEAD}{inside}{GUARD}"})
    assert "(`api`, `site`)" in finding.message
    assert finding.fix is None
    assert len(finding.related) == 1
