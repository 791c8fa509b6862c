"""`wsgi-profile-main`: what it leaves alone and finds."""

from __future__ import annotations

import pytest

from gaebot.finding import Severity
from tests.rules.helpers import find
from tests.rules.python27.wsgi.scripts import cgi, wsgi

RULE = "wsgi-profile-main"

RECIPE = """
import cProfile, profile, hotshot
def real_main():
    pass
def profile_main():
    prof = {}
    prof.runctx('real_main()', globals(), locals())
"""


@pytest.mark.parametrize(
    "code",
    [
        RECIPE.format("cProfile.Profile()"),
        RECIPE.format("cProfile.Profile()") + "main = real_main\n",
        RECIPE.format("cProfile.Profile()") + "def main():\n    real_main()\n",
        RECIPE.format("Profile.get_by_key_name('x')") + "main = profile_main\n",
        "def main():\n    profile = users.Profile()\n",
        "def edit_profile(): pass\nmain = edit_profile\n",
    ],
)
def test_leaves_alone(code: str) -> None:
    assert find(RULE, cgi(code)) == []


def test_tools_are_left_alone() -> None:
    tool = RECIPE.format("cProfile.Profile()") + "main = profile_main\n"
    assert find(RULE, {**cgi("x = 1\n"), "tool.py": tool}) == []


@pytest.mark.parametrize("profiler", ["cProfile.Profile()", "profile.Profile()", "hotshot.Profile('x')"])
@pytest.mark.parametrize(
    "main",
    [
        "main = profile_main\n",
        "if DEBUG:\n    main = profile_main\nelse:\n    main = real_main\n",
        "main = PROFILE and profile_main or real_main\n",
        "def main():\n    if DEBUG:\n        profile_main()\n",
        "def set_main():\n    global main\n    main = profile_main\n",
    ],
)
def test_a_main_that_profiles(profiler: str, main: str) -> None:
    code = RECIPE.format(profiler) + main
    (as_cgi,) = find(RULE, cgi(code))
    assert (as_cgi.place.snippet, as_cgi.severity) == (b"profile_main", Severity.WARNING)
    (as_wsgi,) = find(RULE, wsgi(code))
    assert (as_wsgi.place.snippet, as_wsgi.severity) == (b"profile_main", Severity.NOTE)
    assert "never runs" in as_wsgi.message


def test_main_itself_may_profile() -> None:
    (finding,) = find(RULE, cgi("import cProfile\ndef main():\n    cProfile.run('run()')\n"))
    assert finding.place.snippet == b"main"


@pytest.mark.parametrize(
    ("imports", "call"),
    [
        ("from cProfile import Profile as P", "P().runcall(run)"),
        ("import profile as p", "p.runctx('f()', {}, {})"),
        ("import hotshot as h", "h.Profile('x')"),
    ],
)
def test_a_profiler_by_another_name(imports: str, call: str) -> None:
    (finding,) = find(RULE, cgi(f"{imports}\ndef main():\n    {call}\n"))
    assert finding.place.snippet == b"main"
