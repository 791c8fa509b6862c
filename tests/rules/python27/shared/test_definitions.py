"""What a name means in the end."""

from __future__ import annotations

import pytest

from gaebot.rules.python27.shared.scripts.definitions import definitions, means
from tests.rules.helpers import make_app

HANDLER = "google.appengine.ext.webapp.RequestHandler"


def meanings(expression: str, main: str, **others: str) -> set[str]:
    """The origins of the last expression statement of main.py, or 'file:name' inside the app."""
    files = {f"{name.replace('__', '/')}.py": code for name, code in others.items()}
    app = make_app({**files, "main.py": f"{main}\n{expression}\n"})
    file = app.python("main.py")
    assert file is not None
    node = file.root.named_children[-1].named_children[0]
    return {
        f"{found.file.source.path}:{found.binding.text}{'.' + found.tail if found.tail else ''}"
        if found.file is not None and found.binding is not None
        else found.origin
        for found in definitions(app, file, node)
    }


@pytest.mark.parametrize(
    ("expression", "main"),
    [
        ("webapp.RequestHandler", "from google.appengine.ext import webapp"),
        ("w.RequestHandler", "from google.appengine.ext import webapp as w"),
        ("google.appengine.ext.webapp.RequestHandler", "import google.appengine.ext.webapp"),
        ("RequestHandler", "from google.appengine.ext.webapp import RequestHandler"),
        ("H", "from google.appengine.ext.webapp import RequestHandler as H"),
        ("H", "from google.appengine.ext import webapp\nH = webapp.RequestHandler"),
        ("common.webapp.RequestHandler", "import common"),
        ("webapp.RequestHandler", "from common import webapp"),
        ("webapp.RequestHandler", "from common import *"),
        ("common.Base", "import common"),
    ],
)
def test_a_name_from_outside(expression: str, main: str) -> None:
    common = "from google.appengine.ext import webapp\nBase = webapp.RequestHandler\n"
    assert HANDLER in meanings(expression, main, common=common)


def test_a_star_import_from_outside_may_bring_it() -> None:
    assert HANDLER in meanings("RequestHandler", "from google.appengine.ext.webapp import *")


def test_a_class_of_the_app() -> None:
    base = "class Base(object):\n  def get(self): pass\n"
    assert meanings("base.Base", "import base", base=base) == {"base.py:Base"}
    assert "base.py:Base" in meanings("Base", "from base import *", base=base)
    assert meanings("Base.get", "from base import Base", base=base) == {"base.py:Base.get"}
    assert meanings("Base", base) == {"main.py:Base"}


def test_a_script_in_a_folder_that_is_no_package() -> None:
    app = make_app({"admin/main.py": "class Base: pass\nBase\n"})
    file = app.python("admin/main.py")
    assert file is not None
    found = definitions(app, file, file.root.named_children[-1].named_children[0])
    assert [each.node for each in found] == [file.root.named_children[0]]


def test_circles_end() -> None:
    assert meanings("a.x", "import a", a="from b import x\n", b="from a import x\n") == set()
    assert meanings("x", "from a import *", a="from b import *\n", b="from a import *\n") == {"x"}


def test_nothing_is_said_of_parameters() -> None:
    app = make_app({"main.py": "def f(webapp):\n  return webapp.RequestHandler\n"})
    file = app.python("main.py")
    assert file is not None
    assert not any(means(app, file, node, HANDLER) for node in file.nodes("(attribute) @a"))
