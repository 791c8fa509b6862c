"""What a file loads, and which files may lead to one: the same way in both directions."""

from __future__ import annotations

import pytest

from gaebot.app import App
from gaebot.disk import find_apps, read_app
from gaebot.rules.python27.shared.scripts.handler_scripts import (
    request_file,
    request_files,
    request_files_by_path,
    request_files_with,
)
from gaebot.rules.python27.shared.scripts.loading import may_lead_to, reachable
from tests.rules.helpers import make_app
from tests.rules.python27.shared.test_handler_scripts import handlers
from tests.test_every_rule import RULES, TESTS, example

MAIN = """
import os
from blog import posts
def f():
  import late
X = 'lazy.Handler'
Y = 'tool.html'
"""


def test_imports_are_followed_within_the_app() -> None:
    app = make_app(
        {
            "app.yaml": handlers(("/", "main.py")),
            "main.py": MAIN,
            "blog/__init__.py": "",
            "blog/posts.py": "import helper, models\n",
            "blog/helper.py": "",
            "models.py": "import main\n",
            "late.py": "",
            "lazy.py": "class Handler: pass\n",
            "tool.py": "",
            "appengine_config.py": "",
        }
    )
    expected = ["appengine_config.py", "blog/__init__.py", "blog/helper.py", "blog/posts.py"]
    expected += ["late.py", "lazy.py", "main.py", "models.py"]
    assert sorted(reachable(app, "main.py")) == expected
    assert [file.path for file in request_files(app)] == expected


def test_a_script_may_have_the_name_of_its_package() -> None:
    files: dict[str, str | bytes] = {"app.yaml": handlers(("/", "blog/blog.py")), "blog/__init__.py": ""}
    files |= {"blog/posts.py": "", "blog/pages.py": ""}
    for code in ("from blog.posts import *\nimport blog.pages\n", "from blog import posts, pages\n"):
        app = make_app({**files, "blog/blog.py": code})
        expected = ("blog/blog.py", "blog/__init__.py", "blog/pages.py", "blog/posts.py")
        assert sorted(reachable(app, "blog/blog.py")) == sorted(expected)


def test_third_party_code_and_tests_are_not_entered() -> None:
    app = make_app(
        {
            "app.yaml": handlers(("/", "main.py")),
            "main.py": "import gdata, test_main, attest\nfrom tests import x\n",
            "gdata/__init__.py": "",
            "test_main.py": "",
            "tests/__init__.py": "",
            "tests/x.py": "",
            "attest.py": "",
        }
    )
    app.vendored["gdata"] = "gdata"
    assert [file.path for file in request_files(app)] == ["attest.py", "main.py"]


# -- back from a file ----------------------------------------------------------------------


def alone(app: App, path: str) -> App:
    """The same app, in which findings in one file are wanted, and of which nothing is known."""
    return app.without_files(()).asking_for(path.__eq__)


def parsed(app: App) -> list[str]:
    """The files that were parsed so far."""
    return sorted(path for path, file in app._python.items() if "root" in vars(file))  # noqa: SLF001


def assert_same_in_both_directions(app: App) -> None:
    known = request_files_by_path(app)
    for path in app.files:
        found, expected = request_file(alone(app, path), path), known.get(path)
        assert (found is None) == (expected is None), path
        if found is not None and expected is not None:
            assert [script.path for script in found.scripts] == [script.path for script in expected.scripts]
            assert (found.script is None) == (expected.script is None)


LARGE = {
    "app.yaml": handlers(("/a", "main.py"), ("/b", "admin/start.py"), ("/.*", "rest.app")),
    "main.py": MAIN + "import gate\n",
    "gate.py": "from pages import p1, p2\n",
    "rest.py": "from pages.p3 import Page\n",
    "late.py": "",
    "lazy.py": "class Handler: pass\n",
    "blog/__init__.py": "import drafts\n",
    "blog/posts.py": "from . import feeds\n",
    "blog/feeds.py": "from .. import models\n",
    "blog/drafts.py": "",
    "models.py": "",
    "admin/start.py": "import tools\nfrom django.core.handlers import wsgi\nimport django.core.handlers.wsgi\n",
    "admin/tools.py": "",
    "site/__init__.py": "",
    "site/config.py": "ROOT_URLCONF = 'urls'\nINSTALLED_APPS = ['shop']\n",
    "urls.py": "from django.conf.urls.defaults import patterns\nu = patterns('shop', (r'^$', 'views.index'))\n",
    "shop/__init__.py": "",
    "shop/views.py": "def index(request): pass\n",
    "pages/__init__.py": "",
    **{f"pages/p{number}.py": "from google.appengine.ext import db\n" for number in range(1, 10)},
    "test_main.py": "import main\n",
    "tool.py": "import main, gate\n",
}


def test_the_way_back_from_a_file_is_the_way_there() -> None:
    app = make_app(LARGE)
    assert_same_in_both_directions(app)
    assert {"shop/views.py", "site/config.py", "site/__init__.py", "blog/drafts.py"} <= {
        file.path for file in request_files(app)
    }
    # What the runtime itself loads belongs to every script.
    assert_same_in_both_directions(make_app({**LARGE, "appengine_config.py": "import tool\n"}))


@pytest.mark.parametrize(
    "code",
    [
        "try: import page\nexcept ImportError: page = None\n",
        "x = 1; from page import *\n",
        "from lib import (other, # :)\n  page)\n",
        "import \\\n  page\n",
        "def f(): import page as p\n",
        "ROUTES = [('/', 'page.Page')]\n",
        "ROUTES = [('/', \"lib.page.Page\")]\n",
    ],
)
def test_the_way_back_from_a_module_however_it_is_named(code: str) -> None:
    modules = {"page.py": "class Page: pass\n", "lib/__init__.py": "", "lib/page.py": "class Page: pass\n"}
    app = make_app({"app.yaml": handlers(("/", "main.py")), "main.py": code, **modules})
    assert_same_in_both_directions(app)
    assert {"page.py", "lib/page.py"} & {file.path for file in request_files(app)}


def test_files_that_lead_elsewhere_are_not_parsed() -> None:
    app = alone(make_app(LARGE), "pages/p1.py")
    found = request_file(app, "pages/p1.py")
    assert found is not None
    assert [script.path for script in found.scripts] == ["main.py"]
    assert not {"rest.py", "pages/p2.py", "pages/p3.py", "models.py", "pages/p4.py"}.intersection(parsed(app))


def test_a_file_to_which_too_much_leads_is_looked_up_among_all() -> None:
    many = {f"pages/q{number}.py": "import models\n" for number in range(100)}
    app = make_app({**LARGE, **many, "gate.py": "from pages import q1\nfrom pages import p1, p2\n"})
    assert may_lead_to(app, "models.py") is None
    assert may_lead_to(app, "lazy.py") is not None
    assert_same_in_both_directions(app)


def test_request_files_with_a_word() -> None:
    app = make_app(LARGE)
    app.vendored["pages/p2.py"] = "p2"
    for each in (app, alone(app, "main.py")):
        assert [file.path for file in request_files_with(each, b"ROOT_URLCONF", b"Page", b"p2")] == [
            "gate.py",
            "rest.py",
            "site/config.py",
        ]


def test_a_request_file_is_one_object_however_it_was_found() -> None:
    app = alone(make_app(LARGE), "rest.py")
    found = request_file(app, "rest.py")
    assert found is not None
    assert found is request_files_by_path(app)["rest.py"]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_both_directions_in_the_examples_of_rules(rule) -> None:
    assert_same_in_both_directions(example(rule))


@pytest.mark.parametrize("root", find_apps(str(TESTS / "apps")))
def test_both_directions_in_the_example_apps(root: str) -> None:
    assert_same_in_both_directions(read_app(root))
