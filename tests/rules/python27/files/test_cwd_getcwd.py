"""`cwd-getcwd`: what it leaves alone, finds and writes."""

from __future__ import annotations

import pytest

from tests.rules.helpers import find, fixed
from tests.rules.python27.files.folders import below
from tests.rules.python27.wsgi.scripts import cgi

RULE = "cwd-getcwd"
CODE = "import os\nx = os.getcwd()\n"


def test_leaves_alone() -> None:
    assert find(RULE, cgi(CODE)) == []
    assert find(RULE, below(CODE)) == []
    assert find(RULE, below("x = getcwd()\n", runtime="python")) == []
    assert find(RULE, below("import os\nx = os.getpid()  # getcwd\n", runtime="python")) == []
    assert find(RULE, {**cgi("x = 1\n"), "admin/tool.py": CODE}) == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (CODE, "import os\nx = os.path.dirname(__file__)\n"),
        (
            "from os import getcwd\nx = getcwd()\n",
            "import os\nfrom os import getcwd\nx = os.path.dirname(__file__)\n",
        ),
        (
            "import os, os.path\nx = os.path.join(os.getcwdu(), 'a')\n",
            "import os, os.path\nx = os.path.join(os.path.dirname(__file__), 'a')\n",
        ),
    ],
)
def test_the_module_knows_its_folder(before: str, after: str) -> None:
    assert fixed(RULE, below(before, runtime="python"), unsafe=False)["admin/main.py"] == after


def test_a_module_elsewhere_knows_the_way() -> None:
    made = fixed(RULE, below("import util\n", util=CODE, runtime="python"))["util.py"]
    assert made == "import os\nx = os.path.join(os.path.dirname(__file__), 'admin')\n"


def test_code_that_scripts_of_several_folders_share_is_only_reported() -> None:
    files = below("import util\n", util=CODE, runtime="python")
    files["app.yaml"] = f"{files['app.yaml']!s}- url: /x\n  script: main.py\n"
    assert [finding.fix for finding in find(RULE, {**files, "main.py": "import util\n"})] == [None]


def test_after_the_switch_only_what_follows_can_tell() -> None:
    code = "import os\nx = os.path.join(os.getcwd(), 'pages', name)\n"
    there, root = "admin/pages/tea.yaml", "pages/tea.yaml"
    assert find(RULE, below(code)) == []
    assert find(RULE, below(code, there, root)) == []
    assert find(RULE, below(code.replace("'pages'", "name"), there)) == []
    made = fixed(RULE, below(code, there), unsafe=False)["admin/main.py"]
    assert made == code.replace("os.getcwd()", "os.path.dirname(__file__)")
