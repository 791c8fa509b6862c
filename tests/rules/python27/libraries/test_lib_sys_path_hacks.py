"""`lib-sys-path-hacks`: what it leaves alone and finds."""

from __future__ import annotations

import pytest

from gaebot.finding import Severity
from tests.rules.helpers import find
from tests.rules.python27.wsgi.scripts import cgi, wsgi

RULE = "lib-sys-path-hacks"
HEAD = "import os, site, sys\n"
ADD = "sys.path.insert(0, 'lib')\n"


@pytest.mark.parametrize(
    "code",
    [
        "x = sys.path",
        "x = sys.path[0]",
        "x = 'lib' in sys.path",
        "path = []\npath.insert(0, 'lib')",
        "mysys.path.insert(0, 'lib')",
        "# sys.path.insert(0, 'lib')",
        "def view():\n    sys.path.insert(0, 'lib')",
        "class View(object):\n    def get(self):\n        sys.path.append('lib')",
        "if __name__ == '__main__':\n    sys.path.insert(0, 'lib')",
        "from appengine_django import django_zip_path\nsys.path.insert(1, django_zip_path)",
        "sys.modules['path'] = x",
    ],
)
def test_leaves_alone(code: str) -> None:
    assert find(RULE, wsgi(f"{HEAD}{code}\n")) == []


def test_tools_are_left_alone() -> None:
    assert find(RULE, {**wsgi("app = None\n"), "manage.py": HEAD + ADD}) == []


@pytest.mark.parametrize(
    "config",
    [
        HEAD + ADD,
        "import sys\nsys.path.append('lib')\n",
        "from google.appengine.ext import vendor\nvendor.add('lib')\n",
        "import google.appengine.ext.vendor as v\nv.add('lib')\n",
        "import site\nsite.addsitedir('lib')\n",
        "import sys\nsys.path = ['lib'] + sys.path\n",
    ],
)
def test_appengine_config_is_the_right_place(config: str) -> None:
    assert find(RULE, wsgi(HEAD + ADD, appengine_config=config)) == []
    assert find(RULE, wsgi("app = None\n", appengine_config=config)) == []


@pytest.mark.parametrize(
    "code",
    [
        ADD,
        "sys.path.append(os.path.join(os.path.dirname(__file__), 'lib'))\n",
        "sys.path.extend(['lib', 'more'])\n",
        "site.addsitedir('lib')\n",
        "sys.path = ['lib'] + sys.path\n",
        "sys.path += ['lib']\n",
        "sys.path[0:0] = ['lib']\n",
        "if 'lib' not in sys.path:\n\tsys.path[:0] = ['lib']\n",
        "from sys import path\npath.insert(0, 'lib')\n",
        "import sys as s\ns.path.insert(0, 'lib')\n",
        "from sys import path as folders\nfolders += ['lib']\nfolders.append('lib')\n",
        "from site import addsitedir as add\nadd('lib')\n",
        "for name in os.listdir('zips'): sys.path.insert(0, name)\n",
    ],
)
@pytest.mark.parametrize("app", [cgi, wsgi])
def test_tells(code: str, app: object) -> None:
    (finding,) = find(RULE, app(HEAD + code))  # type: ignore[operator]
    assert finding.severity is Severity.NOTE
    assert finding.fix is None
    assert "appengine_config.py" in finding.message


def test_is_told_once_for_an_app() -> None:
    files = wsgi(f"import fix_path\n{HEAD}{ADD}{ADD}", fix_path=HEAD + ADD, appengine_config="x = 1\n")
    (finding,) = find(RULE, files)
    assert len(finding.related) == 2
