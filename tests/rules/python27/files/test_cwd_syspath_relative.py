"""`cwd-syspath-relative`: what it leaves alone, finds and writes."""

from __future__ import annotations

import pytest

from gaebot.finding import Safety, Severity
from tests.rules.helpers import find, fixed
from tests.rules.python27.files.folders import below
from tests.rules.python27.wsgi.scripts import wsgi

RULE = "cwd-syspath-relative"
HEAD = "import os\nimport sys\n"
THERE = ["admin/lib/x.yaml", "admin/kit.zip"]


@pytest.mark.parametrize(
    "line",
    [
        "sys.path.insert(0, '/abs/lib')",
        "sys.path.insert(0, os.path.join(os.path.dirname(__file__), 'lib'))",
        "sys.path.append(name)",
        "sys.path.append('elsewhere')",
        "sys.path.remove('lib')",
        "paths.append('lib')",
        "x = sys.path",
        "sys.path = sys.path[1:]",
        "sys.path[0] = name",
        "sys.path += names",
        "sys.path.append('..')",
    ],
)
@pytest.mark.parametrize("runtime", ["python", "python27"])
def test_leaves_alone(line: str, runtime: str) -> None:
    assert find(RULE, below(HEAD + line + "\n", *THERE, runtime=runtime)) == []


@pytest.mark.parametrize(
    ("line", "severity", "made"),
    [
        (
            "sys.path.insert(0, 'lib')",
            Severity.ERROR,
            "sys.path.insert(0, os.path.join(os.path.dirname(__file__), 'lib'))",
        ),
        (
            "sys.path.append('./lib')",
            Severity.ERROR,
            "sys.path.append(os.path.join(os.path.dirname(__file__), './lib'))",
        ),
        (
            "sys.path.append('kit.zip')",
            Severity.ERROR,
            "sys.path.append(os.path.join(os.path.dirname(__file__), 'kit.zip'))",
        ),
        (
            "sys.path.extend([name, 'lib'])",
            Severity.ERROR,
            "sys.path.extend([name, os.path.join(os.path.dirname(__file__), 'lib')])",
        ),
        (
            "sys.path += ['lib']",
            Severity.ERROR,
            "sys.path += [os.path.join(os.path.dirname(__file__), 'lib')]",
        ),
        (
            "from sys import path as places; places.append('lib')",
            Severity.ERROR,
            "from sys import path as places; places.append(os.path.join(os.path.dirname(__file__), 'lib'))",
        ),
        (
            "from site import addsitedir as use; use('lib')",
            Severity.ERROR,
            "from site import addsitedir as use; use(os.path.join(os.path.dirname(__file__), 'lib'))",
        ),
        (
            "from google.appengine.ext.vendor import add as use; use('lib')",
            Severity.ERROR,
            "from google.appengine.ext.vendor import add as use; use(os.path.join(os.path.dirname(__file__), 'lib'))",
        ),
        (
            "sys.path[0:0] = ['lib']",
            Severity.ERROR,
            "sys.path[0:0] = [os.path.join(os.path.dirname(__file__), 'lib')]",
        ),
        (
            "sys.path = ['lib'] + sys.path",
            Severity.ERROR,
            "sys.path = [os.path.join(os.path.dirname(__file__), 'lib')] + sys.path",
        ),
    ],
)
@pytest.mark.parametrize("runtime", ["python", "python27"])
def test_starts_at_the_module(line: str, severity: Severity, made: str, runtime: str) -> None:
    files = below(HEAD + line + "\n", *THERE, runtime=runtime)
    (finding,) = find(RULE, files)
    assert finding.severity == severity
    assert finding.fix is not None
    assert fixed(RULE, files)["admin/main.py"] == HEAD + made + "\n"


def test_what_is_in_the_root_too_is_a_question_before_the_switch() -> None:
    code = HEAD + "sys.path.append('lib')\n"
    files = below(code, *THERE, *["lib/x.yaml"], runtime="python")
    (finding,) = find(RULE, files)
    assert finding.severity == Severity.WARNING
    assert finding.fix is not None
    assert finding.fix.safety == Safety.REVIEW
    assert find(RULE, below(code, *THERE, *["lib/x.yaml"])) == []


def test_scripts_in_the_root_and_tools_are_left_alone() -> None:
    code = HEAD + "sys.path.append('lib')\n"
    there = dict.fromkeys(THERE, "x: 1\n")
    assert find(RULE, {**wsgi(code), **there}) == []
    assert find(RULE, {**wsgi("app = 1\n"), "admin/tool.py": code, **there}) == []


def test_appengine_config_serves_all_scripts() -> None:
    files = below("import util\n", "admin/lib/x.yaml", "lib/x.yaml", runtime="python")
    assert find(RULE, {**files, "appengine_config.py": "import sys\nsys.path.append('lib')\n"}) == []
