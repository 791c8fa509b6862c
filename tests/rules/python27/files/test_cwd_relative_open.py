"""`cwd-relative-open`: what it leaves alone, finds and writes."""

from __future__ import annotations

import pytest

from gaebot.finding import Safety, Severity
from tests.rules.helpers import find, fixed
from tests.rules.python27.files.folders import below
from tests.rules.python27.wsgi.scripts import wsgi

RULE = "cwd-relative-open"
HEAD = "import os\nimport codecs, io, zipfile, imp\nfrom ConfigParser import SafeConfigParser as Parser\nfrom xml.dom import minidom\nNAME = 'menu.yaml'\n"
THERE = ["admin/menu.yaml", "admin/data/tea.yaml"]


@pytest.mark.parametrize(
    "line",
    [
        "x = open('/abs/menu.yaml')",
        "x = open(os.path.join(os.path.dirname(__file__), 'menu.yaml'))",
        "x = open(name)",
        "x = open(name + 'menu.yaml')",
        "x = open('elsewhere.yaml')",
        "x = open('menu.yaml', 'w')",
        "x = open('menu.yaml', mode='ab')",
        "x = urlopen('menu.yaml')",
        "x = db.open('menu.yaml')",
        "x = open('http://x/menu.yaml')",
        "def open(x): pass\nx = open('menu.yaml')",
        "def f(NAME):\n  open(NAME)",
        "x = open('data')",
        "if __name__ == '__main__':\n  open(name)",
        "x = open('menu.' + kind)",
        "x = open('%s/menu.yaml' % name)",
    ],
)
@pytest.mark.parametrize("runtime", ["python", "python27"])
def test_leaves_alone(line: str, runtime: str) -> None:
    assert find(RULE, below(HEAD + line + "\n", *THERE, runtime=runtime)) == []


@pytest.mark.parametrize(
    ("line", "severity", "made"),
    [
        (
            "x = open('menu.yaml').read()",
            Severity.ERROR,
            "x = open(os.path.join(os.path.dirname(__file__), 'menu.yaml')).read()",
        ),
        (
            "x = file('./data/tea.yaml', 'rb')",
            Severity.ERROR,
            "x = file(os.path.join(os.path.dirname(__file__), './data/tea.yaml'), 'rb')",
        ),
        (
            "x = open(name='menu.yaml')",
            Severity.ERROR,
            "x = open(name=os.path.join(os.path.dirname(__file__), 'menu.yaml'))",
        ),
        ("x = open(NAME)", Severity.ERROR, "x = open(os.path.join(os.path.dirname(__file__), NAME))"),
        (
            "x = codecs.open(u'menu.yaml', 'r', 'utf-8')",
            Severity.ERROR,
            "x = codecs.open(os.path.join(os.path.dirname(__file__), u'menu.yaml'), 'r', 'utf-8')",
        ),
        (
            "x = io.open(r'data/tea.yaml')",
            Severity.ERROR,
            "x = io.open(os.path.join(os.path.dirname(__file__), r'data/tea.yaml'))",
        ),
        (
            "x = open('data/' + name)",
            Severity.ERROR,
            "x = open(os.path.join(os.path.dirname(__file__), 'data/' + name))",
        ),
        (
            "x = open('data/%s.yaml' % name)",
            Severity.ERROR,
            "x = open(os.path.join(os.path.dirname(__file__), 'data/%s.yaml' % name))",
        ),
        (
            "x = open('data/{0}'.format(name))",
            Severity.ERROR,
            "x = open(os.path.join(os.path.dirname(__file__), 'data/{0}'.format(name)))",
        ),
        (
            "x = open(os.path.join('data', name))",
            Severity.ERROR,
            "x = open(os.path.join(os.path.dirname(__file__), 'data', name))",
        ),
        (
            "x = open(os.path.join('.', NAME))",
            Severity.ERROR,
            "x = open(os.path.join(os.path.dirname(__file__), NAME))",
        ),
        (
            "x = open(('menu.yaml'))",
            Severity.ERROR,
            "x = open(os.path.join(os.path.dirname(__file__), ('menu.yaml')))",
        ),
        (
            "x = minidom.parse('menu.yaml')",
            Severity.ERROR,
            "x = minidom.parse(os.path.join(os.path.dirname(__file__), 'menu.yaml'))",
        ),
        (
            "x = zipfile.ZipFile('menu.yaml')",
            Severity.ERROR,
            "x = zipfile.ZipFile(os.path.join(os.path.dirname(__file__), 'menu.yaml'))",
        ),
        (
            "x = imp.load_source('x', 'menu.yaml')",
            Severity.ERROR,
            "x = imp.load_source('x', os.path.join(os.path.dirname(__file__), 'menu.yaml'))",
        ),
        (
            "p = Parser()\np.read('menu.yaml')",
            Severity.WARNING,
            "p = Parser()\np.read(os.path.join(os.path.dirname(__file__), 'menu.yaml'))",
        ),
        (
            "p = Parser()\np.read(['menu.yaml', other])",
            Severity.WARNING,
            "p = Parser()\np.read([os.path.join(os.path.dirname(__file__), 'menu.yaml'), other])",
        ),
        (
            "if 1: x = open('menu.yaml'); y = 2  # both",
            Severity.ERROR,
            "if 1: x = open(os.path.join(os.path.dirname(__file__), 'menu.yaml')); y = 2  # both",
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
    code = HEAD + "x = open('menu.yaml')\n"
    files = below(code, *THERE, *["menu.yaml"], runtime="python")
    (finding,) = find(RULE, files)
    assert finding.severity == Severity.WARNING
    assert finding.fix is not None
    assert finding.fix.safety == Safety.REVIEW
    assert find(RULE, below(code, *THERE, *["menu.yaml"])) == []


def test_scripts_in_the_root_and_tools_are_left_alone() -> None:
    code = HEAD + "x = open('menu.yaml')\n"
    there = dict.fromkeys(THERE, "x: 1\n")
    assert find(RULE, {**wsgi(code), **there}) == []
    assert find(RULE, {**wsgi("app = 1\n"), "admin/tool.py": code, **there}) == []


def test_code_shared_by_scripts_of_two_folders_may_mean_either() -> None:
    files = below("import util\n", "admin/menu.yaml", "shop/menu.yaml", util="open('menu.yaml')\n")
    files["app.yaml"] = f"{files['app.yaml']!s}- url: /shop\n  script: shop.main.app\n"
    files |= {"shop/__init__.py": "", "shop/main.py": "import util\n"}
    (finding,) = find(RULE, files)
    assert finding.fix is None
    assert "`admin` and `shop`" in finding.message


def test_a_script_with_its_own_copy_has_nothing_to_do_with_the_other() -> None:
    files = below("open('menu.yaml')\n", "admin/menu.yaml", "shop/menu.yaml")
    files["app.yaml"] = f"{files['app.yaml']!s}- url: /shop\n  script: shop.main.app\n"
    files |= {"shop/__init__.py": "", "shop/main.py": "open('menu.yaml')\n"}
    made = fixed(RULE, files)
    for path in ("admin/main.py", "shop/main.py"):
        assert made[path] == "import os\nopen(os.path.join(os.path.dirname(__file__), 'menu.yaml'))\n"


def test_a_join_that_a_star_import_brings() -> None:
    code = "from os.path import *\nimport os\nopen(join('data', name))\n"
    made = fixed(RULE, below(code, *THERE))["admin/main.py"]
    assert made == code.replace("join(", "join(os.path.dirname(__file__), ")


def test_what_lies_above_the_script() -> None:
    files = below("open('../menu.yaml')\n", "menu.yaml")
    made = fixed(RULE, files)["admin/main.py"]
    assert made == "import os\nopen(os.path.join(os.path.dirname(__file__), '../menu.yaml'))\n"


def test_scripts_named_by_groups_of_the_url() -> None:
    files = below("open('menu.yaml')\n", "admin/menu.yaml", runtime="python")
    files["app.yaml"] = "runtime: python\napi_version: 1\nhandlers:\n- url: /(.*)\n  script: \\1.py\n"
    assert [finding.severity for finding in find(RULE, files)] == [Severity.ERROR]
