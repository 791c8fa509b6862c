"""`cwd-review`: what it leaves alone and finds."""

from __future__ import annotations

import pytest

from tests.rules.helpers import find
from tests.rules.python27.files.folders import below
from tests.rules.python27.wsgi.scripts import cgi

RULE = "cwd-review"
CODE = "def f(name):\n  return open(name)\n"


@pytest.mark.parametrize(
    "code",
    [
        "x = 1\n",
        "x = open('menu.yaml')\n",
        "HERE = __file__\n" + CODE,
        "x = open('/abs/menu.txt')\n",
        "def f(name):\n  open(name, 'w')\n",
        "def f():\n  return open(path())\n",
    ],
)
def test_leaves_alone(code: str) -> None:
    assert find(RULE, below(code, "admin/menu.yaml", runtime="python")) == []


PLACES = """import os
from os.path import dirname, join as j
HERE = os.path.dirname(__file__)
TEMPLATES = os.path.join(HERE, 'templates')
DIRS = (HERE + '/a', HERE + '/b')
MIXED = [HERE + '/a', 'b']
OTHERS = {'pages': HERE + '/a', 'data': HERE + '/b'}
ALL = {'pages': j(dirname(__file__), 'pages')}
SAME = os.path.abspath(TEMPLATES)
def of(name):
  return os.path.join(HERE, name)
def beside(name):
  return os.path.join(os.path.dirname(__file__), name)
class Paths:
  pages = 'pages'
RELATIVE = os.path.join('data', 'pages')
ENV = os.environ['PAGES']
FOUND = find()
"""


@pytest.mark.parametrize(
    "code",
    [
        "import places\nx = open(places.TEMPLATES + '/x.html')\n",
        "import places\nx = open(places.SAME + '/' + name + '.html')\n",
        "import places\nx = open((places.TEMPLATES + '/%s.html') % name)\n",
        "import places\nx = open('%s/x.html' % places.TEMPLATES)\n",
        "import places\nx = open('%s/%s.html' % (places.TEMPLATES, name))\n",
        "import places\nx = open(places.DIRS[0] + '/x')\n",
        "import places\nx = open(places.ALL['pages'])\n",
        "import places\nx = open(places.OTHERS['data'] + '/x')\n",
        "import places as p, os\ndef f(n):\n  path = os.path.join(p.TEMPLATES, n)\n  return open(path)\n",
        "from places import TEMPLATES\ndef f(n):\n  path = TEMPLATES + '/x'\n  return open(path)\n",
        "from places import *\ndef f(n):\n  path = TEMPLATES + '/x'\n  return open(path)\n",
        "import places\nDIR = places.HERE\ndef f(n):\n  path = DIR\n  path += n\n  return open(path)\n",
        "import places\ndef f(n):\n  path = places.HERE\n  path = path + n\n  return open(path)\n",
        (
            "import places\ndef f(n):\n  path = places.HERE + n\n  if n:\n    path = places.SAME + n\n"
            "  return open(path)\n"
        ),
        "import places\ndef f(n):\n  path = places.beside(n)\n  return open(path)\n",
        "import views\nx = open(views.places.TEMPLATES + '/x')\n",
        "import views\nx = open(views.PAGES + '/x')\n",
    ],
)
def test_paths_that_begin_at_a_modules_file_are_left_alone(code: str) -> None:
    views = "import places\nPAGES = places.TEMPLATES + '/pages'\n"
    assert find(RULE, below(code, runtime="python", places=PLACES, views=views)) == []


@pytest.mark.parametrize(
    "code",
    [
        "import places\nx = open(places.RELATIVE + '/x')\n",
        "import places\nx = open(places.ENV + '/x')\n",
        "import places\nx = open(places.FOUND)\n",
        "import places\nx = open(places.MIXED[0])\n",
        "import places\nx = open(places.MISSING + '/x')\n",
        "import places\nx = open(places.Paths.pages + places.HERE)\n",
        "import places\nx = open(name + places.HERE)\n",
        "import places\nx = open('%s/%s' % (name, places.HERE))\n",
        "import places\ndef f(places):\n  return open(places.TEMPLATES)\n",
        "import places\ndef f(path=places.HERE):\n  return open(path)\n",
        "import places\ndef f(n):\n  path = n\n  if not n:\n    path = places.HERE\n  return open(path)\n",
        "def f(path):\n  path = path + '.html'\n  return open(path)\n",
        "from elsewhere import places\nx = open(places.TEMPLATES)\n",
    ],
)
def test_other_paths_are_doubtful(code: str) -> None:
    assert len(find(RULE, below(code, runtime="python", places=PLACES))) == 1


def test_leaves_root_scripts_and_moved_apps_alone() -> None:
    assert find(RULE, cgi(CODE)) == []
    assert find(RULE, below(CODE)) == []


def test_one_note_for_an_app() -> None:
    (finding,) = find(RULE, below("import util\n" + CODE, util=CODE, runtime="python"))
    assert len(finding.related) == 1


def test_a_file_that_is_not_with_the_code() -> None:
    (finding,) = find(RULE, below("x = open('menu.txt')\ny = __file__\n", runtime="python"))
    assert finding.place.snippet == b"'menu.txt'"
