"""Modules that are imported by names which code makes up."""

from __future__ import annotations

import pytest

from gaebot.rules.python27.shared.scripts.handler_scripts import request_files
from gaebot.rules.python27.shared.scripts.made_up_names import made_up_paths
from tests.rules.helpers import make_app
from tests.rules.python27.shared.test_handler_scripts import handlers
from tests.rules.python27.shared.test_loading import assert_same_in_both_directions

MODULES = dict.fromkeys(
    [
        "apps/__init__.py",
        "apps/shop/__init__.py",
        "apps/shop/urls.py",
        "apps/shop/models.py",
        "apps/blog/__init__.py",
        "apps/blog/urls.py",
        "plugins/__init__.py",
        "plugins/first.py",
        "jobs_controller.py",
        "tool.py",
    ],
    "",
)
URLS = ["apps/blog/urls.py", "apps/shop/urls.py"]
PLUGINS = ["plugins/first.py"]


def made_up(code: str) -> list[str]:
    app = make_app({**MODULES, "main.py": code})
    file = app.python("main.py")
    assert file is not None
    return sorted(made_up_paths(app, file))


@pytest.mark.parametrize(
    "code",
    [
        "__import__('apps.shop.urls')\n",  # told elsewhere, as any name in a text
        "__import__(name)\n",
        "__import__(a + '.' + b)\n",
        "__import__('%s' % name)\n",
        "__import__('%s.%s.%s.urls' % (a, b, c))\n",
        "load('plugins.' + name)\n",
        "'plugins.' + name\n",
        "import os\nos.import_module('plugins.' + name)\n",
        "def __import__(name): pass\n__import__('plugins.' + name)\n",
        "import json\njson.loads('plugins.' + name)\n",
    ],
)
def test_leaves_alone(code: str) -> None:
    assert made_up(code) == []


@pytest.mark.parametrize(
    ("code", "paths"),
    [
        ("__import__('apps.%s.urls' % app)\n", URLS),
        ("__import__('apps.%(app)s.urls' % locals(), {}, {}, ['x'])\n", URLS),
        ("__import__('apps.{0}.urls'.format(app))\n", URLS),
        ("__import__('apps.' + app + '.urls')\n", URLS),
        ("__import__(('plugins.' + name))\n", PLUGINS),
        ("name = 'plugins.' + x\n__import__(name)\n", PLUGINS),
        ("def f(x):\n  name = 'plugins.%s' % x\n  return __import__(name, globals())\n", PLUGINS),
        ("__import__(x + '_controller')\n", ["jobs_controller.py"]),
        ("from django.utils.importlib import import_module\nimport_module('plugins.' + x)\n", PLUGINS),
        ("import webapp2\nwebapp2.import_string('plugins.%s' % x)\n", PLUGINS),
        (
            "__import__('apps.' + app, {}, {}, ['models'])\n",
            [*sorted(p for p in MODULES if p.startswith("apps/") and p != "apps/__init__.py")],
        ),
    ],
)
def test_names_that_are_made_up(code: str, paths: list[str]) -> None:
    assert made_up(code) == paths


def test_what_they_load_answers_requests() -> None:
    loader = "def load(name): return __import__('plugins.' + name)\n"
    files = {
        **MODULES,
        "app.yaml": handlers(("/", "main.py")),
        "main.py": "import loader\n",
        "loader.py": loader,
    }
    app = make_app(files)
    assert {"plugins/__init__.py", "plugins/first.py"} <= {file.path for file in request_files(app)}
    assert "tool.py" not in {file.path for file in request_files(app)}
    assert_same_in_both_directions(app)
