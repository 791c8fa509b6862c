"""`lib-environ-at-import`: what it leaves alone, finds and writes."""

from __future__ import annotations

import pytest

from tests.rules.helpers import find, fixed
from tests.rules.python27.wsgi.scripts import cgi, wsgi

RULE = "lib-environ-at-import"
SET = "import os\nos.environ['HOST'] = 'example.com'\n"
READ = "def view():\n    return os.environ['HOST']\n"


@pytest.mark.parametrize(
    "code",
    [
        SET,  # nothing reads it
        SET + "x = os.environ['HOST']\n",  # read at import only
        SET + "def view():\n    return os.environ['OTHER']\n",
        "import os\n" + READ,
        "import os\ndef set():\n    os.environ['HOST'] = 'example.com'\n" + READ,
        "import os\nos.environ['DJANGO_SETTINGS_MODULE'] = 'x'\n"
        "def view():\n    os.environ['DJANGO_SETTINGS_MODULE']\n",
        "import os\nenviron = {}\nenviron['HOST'] = 'x'\n" + READ,
        "import os\nif __name__ == '__main__':\n    os.environ['HOST'] = 'x'\n" + READ,
        "import os\nos.environ[NAME] = 'x'\n" + READ,
        "import os\n# os.environ['HOST'] = 'x'\n" + READ,
        SET + "def view(request):\n    return request.headers['HOST']\n",
        SET + "def view():\n    return {'HOST': 1}\n",
    ],
)
def test_leaves_alone(code: str) -> None:
    assert find(RULE, wsgi(code)) == []


def test_app_yaml_may_set_it_already() -> None:
    files = wsgi(SET + READ)
    files["app.yaml"] = f"{files['app.yaml']!s}env_variables:\n  HOST: x\n"
    assert find(RULE, files) == []


@pytest.mark.parametrize(
    "code",
    [
        SET + READ,
        SET + "def view():\n    return os.environ.get('HOST')\n",
        SET + "def view():\n    return os.getenv('HOST', None)\n",
        SET + "class View(object):\n    def get(self):\n        return os.environ['HOST']\n",
        SET + "view = lambda: os.environ['HOST']\n",
        SET + "def view():\n    return 'HOST' in os.environ\n",
        "import os\nos.environ.setdefault('HOST', 'example.com')\n" + READ,
        "import os\nos.environ.update(HOST='example.com')\n" + READ,
        "from os import environ\nenviron['HOST'] = 'example.com'\ndef view():\n    return environ['HOST']\n",
        "import os\nfrom os import putenv as put\nput('HOST', 'example.com')\n" + READ,
        "import os\nput = os.environ.setdefault\nput('HOST', 'example.com')\n" + READ,
    ],
)
def test_app_yaml_sets_it(code: str) -> None:
    before = wsgi(code)
    after = fixed(RULE, before)
    assert after["app.yaml"] == f"{before['app.yaml']!s}\nenv_variables:\n  HOST: 'example.com'\n"
    assert after["main.py"] == before["main.py"]


def test_another_module_may_read_it() -> None:
    (finding,) = find(RULE, cgi(f"import util\n{SET}", util="import os\n" + READ))
    assert "`HOST`" in finding.message


@pytest.mark.parametrize(
    "value",
    ["name()", "'a' + b", '"it\'s"', "r'a\\b' % x"],
)
def test_other_values_are_only_told(value: str) -> None:
    (finding,) = find(RULE, wsgi(f"import os\nos.environ['HOST'] = {value}\n{READ}"))
    assert finding.fix is None


def test_two_values_are_only_told() -> None:
    code = "if x:\n    os.environ['HOST'] = 'b'\n"
    findings = find(RULE, wsgi(SET + code + READ))
    assert [finding.fix for finding in findings] == [None]
