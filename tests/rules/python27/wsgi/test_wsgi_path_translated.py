"""`wsgi-path-translated`: what it leaves alone, finds and writes."""

from __future__ import annotations

import pytest

from tests.rules.helpers import find, fixed
from tests.rules.python27.wsgi.scripts import cgi, wsgi

RULE = "wsgi-path-translated"
HEAD = "import os, sys\nfrom os import environ\n"


@pytest.mark.parametrize(
    "code",
    [
        "x = os.environ['PATH_INFO']",
        "x = os.path.dirname(__file__)",
        "os.environ['PATH_TRANSLATED'] = 'x'",
        "del os.environ['PATH_TRANSLATED']",
        "x = settings['PATH_TRANSLATED']",
        "x = sys.argv[1:]",
        "x = sys.argv[1]",
        "x = 'usage: %s' % sys.argv[0]",
        "argv = ['x']\nx = os.path.dirname(argv[0])",
        "# os.environ['PATH_TRANSLATED']",
        "if __name__ == '__main__':\n    x = os.path.dirname(sys.argv[0])",
    ],
)
def test_leaves_alone(code: str) -> None:
    assert find(RULE, wsgi(HEAD + code + "\n")) == []


def test_tools_are_left_alone() -> None:
    assert find(RULE, {**cgi("x = 1\n"), "tool.py": HEAD + "os.path.dirname(sys.argv[0])\n"}) == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("os.environ['PATH_TRANSLATED']", "__file__"),
        ('environ["PATH_TRANSLATED"]', "__file__"),
        ("os.path.dirname(os.environ['PATH_TRANSLATED'])", "os.path.dirname(__file__)"),
        ("os.path.join(os.path.dirname(os.environ.get('PATH_TRANSLATED', '')), 'x')", None),
        ("os.getenv('PATH_TRANSLATED')", "__file__"),
        ("os.path.abspath(sys.argv[0])", "os.path.abspath(__file__)"),
        ("os.path.split(sys.argv[0])[0]", "os.path.split(__file__)[0]"),
    ],
)
def test_a_script_uses_its_file(before: str, after: str | None) -> None:
    after = after or "os.path.join(os.path.dirname(__file__), 'x')"
    for app in (cgi, wsgi):
        assert fixed(RULE, app(f"{HEAD}x = {before}\n"))["main.py"] == f"{HEAD}x = {after}\n"


DIRNAME = HEAD + "x = os.path.dirname(os.environ['PATH_TRANSLATED'])\n"
WHOLE = HEAD + "x = os.environ['PATH_TRANSLATED']\n"


def test_a_module_beside_the_script_has_the_same_folder() -> None:
    assert (
        fixed(RULE, cgi("import util\n", util=DIRNAME))["util.py"] == HEAD + "x = os.path.dirname(__file__)\n"
    )


@pytest.mark.parametrize(
    "files",
    [
        cgi("import util\n", util=WHOLE),
        {**cgi("from lib import util\n", lib__util=DIRNAME), "lib/__init__.py": ""},
    ],
)
def test_elsewhere_the_path_would_be_another(files: dict[str, str | bytes]) -> None:
    assert [finding.fix for finding in find(RULE, files)] == [None]
