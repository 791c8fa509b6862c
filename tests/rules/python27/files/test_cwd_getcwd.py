"""`cwd-getcwd`: what it leaves alone, finds and writes."""

from __future__ import annotations

from tests.rules.helpers import find, fixed
from tests.rules.python27.files.folders import below
from tests.rules.python27.wsgi.scripts import cgi

RULE = "cwd-getcwd"
CODE = "import os\nx = os.getcwd()\n"


def test_leaves_alone() -> None:
    assert find(RULE, cgi(CODE)) == []
    assert find(RULE, below(CODE)) == []
    assert find(RULE, below("x = getcwd()\n", runtime="python")) == []
    assert find(RULE, {**cgi("x = 1\n"), "admin/tool.py": CODE}) == []


def test_the_module_knows_its_folder() -> None:
    made = fixed(RULE, below(CODE, runtime="python"), unsafe=False)["admin/main.py"]
    assert made == "import os\nx = os.path.dirname(__file__)\n"
    made = fixed(RULE, below("from os import getcwd\nx = getcwd()\n", runtime="python"))["admin/main.py"]
    assert made == "import os\nfrom os import getcwd\nx = os.path.dirname(__file__)\n"


def test_a_module_elsewhere_is_only_reported() -> None:
    files = below("import util\n", util=CODE, runtime="python")
    assert [finding.fix for finding in find(RULE, files)] == [None]
