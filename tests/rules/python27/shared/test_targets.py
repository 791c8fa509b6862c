"""What a WSGI script name loads. The SDK's own answers are in tests/sdk/test_targets.py."""

from __future__ import annotations

import pytest

from gaebot.rules.python27.shared.scripts.targets import Kind, Status, find_target
from tests.rules.helpers import make_app

MAIN = "import webapp2\napp = webapp2.WSGIApplication([])\n"


@pytest.mark.parametrize(
    "name",
    [
        "google.appengine.ext.deferred.application",
        "webapp2.WSGIApplication",
        "flask.Flask",
        "site.app",
        "django.core.handlers.wsgi.WSGIHandler",
    ],
)
def test_the_sdk_and_libraries_are_outside(name: str) -> None:
    assert find_target(make_app({"main.py": MAIN}), name).status is Status.OUTSIDE


@pytest.mark.parametrize(
    "source",
    [
        "from urls import *\n",
        "globals()['app'] = object()\n",
        "globals().update(app=1)\n",
        "import sys\nsetattr(sys.modules[__name__], 'app', 1)\n",
        "exec 'app = 1'\n",
        "try:\n  app = 1\nexcept ImportError:\n  app = 2\n",
        "if DEBUG:\n  app = 1\n",
        "from somewhere import app\n",
        "import app\n",
        "def load():\n  global app\n  app = 1\nload()\n",
        "for app in range(3):\n  pass\n",
        "app, other = make()\n",
        "a = app = make()\n",
        "with lock:\n  app = make()\n",
        "class Config(:\n",
    ],
)
def test_a_name_that_may_be_bound_counts_as_bound(source: str) -> None:
    target = find_target(make_app({"main.py": source}), "main.app")
    assert (target.status, target.kind) == (Status.FOUND, Kind.OTHER)


@pytest.mark.parametrize(
    ("files", "name"),
    [
        (
            {"lib/shop/__init__.py": MAIN, "appengine_config.py": "import sys\nsys.path.insert(0, 'lib')\n"},
            "shop.app",
        ),
        (
            {"lib/shop.py": MAIN, "main.py": "from google.appengine.ext import vendor\nvendor.add('lib')\n"},
            "shop.app",
        ),
        ({"pkg/__init__.py": "__path__.append('elsewhere')\n"}, "pkg.shop.app"),
        (
            {"pkg/__init__.py": "import pkgutil\n__path__ = pkgutil.extend_path(__path__, __name__)\n"},
            "pkg.a.app",
        ),
    ],
)
def test_a_changed_search_path_is_not_guessed_at(files: dict[str, str | bytes], name: str) -> None:
    assert find_target(make_app(files), name).status is Status.OUTSIDE


@pytest.mark.parametrize("other", ["shop.pyc", "shop.so", "requirements.txt", ".gitmodules"])
def test_a_module_that_may_come_otherwise_is_outside(other: str) -> None:
    assert find_target(make_app({"main.py": MAIN}, others=(other,)), "shop.app").status is Status.OUTSIDE


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        ("def app(environ, start_response): pass\n", Kind.FUNCTION),
        ("@cached\ndef app(): pass\n", Kind.OTHER),
        ("class app(object): pass\n", Kind.CLASS),
        ("app = [('/', 1)]\n", Kind.CONSTANT),
        ("app = None\napp = make()\n", Kind.OTHER),
        ("app = 'x'\nif DEBUG:\n  app = make()\n", Kind.OTHER),
        ("def run(): pass\napp = run\n", Kind.FUNCTION),
        ("import helper as app\n", Kind.MODULE),
        ("from helper import page as app\n", Kind.FUNCTION),
        ("from pkg import sub as app\n", Kind.MODULE),
        ("from pkg.sub import Page as app\n", Kind.CLASS),
    ],
)
def test_what_the_name_holds(source: str, kind: Kind) -> None:
    files: dict[str, str | bytes] = {
        "main.py": source,
        "helper.py": "def page(): pass\n",
        "pkg/__init__.py": "",
        "pkg/sub.py": "class Page: pass\n",
    }
    target = find_target(make_app(files), "main.app")
    assert (target.status, target.kind) == (Status.FOUND, kind)


def test_a_module_that_is_not_there_is_named() -> None:
    files: dict[str, str | bytes] = {"pkg/__init__.py": "", "main.py": MAIN}
    assert find_target(make_app(files), "mian.app").missing == "mian"
    target = find_target(make_app(files), "pkg.sub.app")
    assert (target.status, target.missing) == (Status.MODULE_MISSING, "pkg.sub")


def test_every_missing_init_is_named() -> None:
    target = find_target(make_app({"a/b/c.py": MAIN}), "a.b.c.app")
    assert target.status is Status.INIT_MISSING
    assert target.missing_inits == ("a/__init__.py", "a/b/__init__.py")
    assert target.file is not None
    assert target.file.source.path == "a/b/c.py"
    half = find_target(make_app({"a/b/c.py": MAIN, "a/__init__.py": ""}), "a.b.c.app")
    assert half.missing_inits == ("a/b/__init__.py",)


def test_an_attribute_that_is_not_there_is_named_with_its_module() -> None:
    target = find_target(make_app({"main.py": MAIN}), "main.application")
    assert (target.status, target.missing) == (Status.ATTRIBUTE_MISSING, "application")
    assert target.file is not None
    assert target.file.source.path == "main.py"


def test_what_only_the_guard_binds_is_not_there() -> None:
    source = "if __name__ == '__main__':\n  app = make()\n"
    assert find_target(make_app({"main.py": source}), "main.app").status is Status.ATTRIBUTE_MISSING


@pytest.mark.parametrize("name", ["site.app", "google.pages.app", "tempfile.app"])
def test_a_file_named_like_a_loaded_module_is_shadowed(name: str) -> None:
    files: dict[str, str | bytes] = {"site.py": MAIN, "google/pages.py": MAIN, "tempfile.py": MAIN}
    assert find_target(make_app(files), name).status is Status.SHADOWED


def test_a_package_attribute_hides_a_sub_module() -> None:
    files: dict[str, str | bytes] = {"pkg/__init__.py": "def sub(): pass\n", "pkg/sub.py": MAIN}
    target = find_target(make_app(files), "pkg.sub.app")
    assert (target.status, target.missing) == (Status.SHADOWED, "sub")


@pytest.mark.parametrize(
    "init",
    ["import sub\n", "from pkg import sub\n", "import pkg.sub\n", "from other import *\n", "sub = load()\n"],
)
def test_a_package_that_may_hold_its_sub_module_hides_nothing(init: str) -> None:
    files: dict[str, str | bytes] = {"pkg/__init__.py": init, "pkg/sub.py": MAIN, "other.py": ""}
    assert find_target(make_app(files), "pkg.sub.app").status is Status.FOUND


def test_init_is_an_attribute_of_every_module() -> None:
    target = find_target(make_app({"pkg/__init__.py": MAIN}), "pkg.__init__.app")
    assert (target.status, target.missing) == (Status.SHADOWED, "__init__")


@pytest.mark.parametrize("name", ["main", "pkg.sub", "pkg"])
def test_a_name_without_attribute_is_a_module(name: str) -> None:
    files: dict[str, str | bytes] = {"main.py": MAIN, "pkg/__init__.py": "", "pkg/sub.py": ""}
    target = find_target(make_app(files), name)
    assert (target.status, target.kind) == (Status.FOUND, Kind.MODULE)


@pytest.mark.parametrize("name", ["", ".", "main.", ".app", "main..app"])
def test_names_with_empty_parts_are_not_found(name: str) -> None:
    missing = {Status.MODULE_MISSING, Status.ATTRIBUTE_MISSING}
    assert find_target(make_app({"main.py": MAIN}), name).status in missing
