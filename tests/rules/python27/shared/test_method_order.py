"""The order in which Python 2 looks through a class and those above it, as CPython 2.7 has it."""

from __future__ import annotations

import pytest

from gaebot.rules.python27.shared.webapp.method_order import OrderedClass, method_order
from gaebot.syntax.nodes import text
from tests.rules.helpers import make_app

HEAD = "import db\nfrom google.appengine.ext import webapp\nfrom google.appengine.ext.webapp import *\n"


def order(code: str) -> str | None:
    """The names of the classes in the order for the last one of main.py."""
    app = make_app({"main.py": HEAD + code})
    file = app.python("main.py")
    assert file is not None
    found = method_order(app, file, file.keyword_nodes("class")[-1])
    return None if found is None else " ".join(map(_name, found))


def _name(cls: OrderedClass) -> str:
    return text(cls.node.child_by_field_name("name")) if cls.node is not None else cls.origin


@pytest.mark.parametrize(
    "code",
    [
        "class A(make()): pass\n",
        "class A(x[0]): pass\n",
        "B = make()\nclass A(B): pass\n",
        "class A(A): pass\n",
        "class A(B): pass\nclass B(A): pass\n",
        "class A(object): pass\nclass B(A): pass\nclass C(A, B): pass\n",
        "if x:\n  class A: pass\nelse:\n  class A: pass\nclass B(A): pass\n",
        "class A0: pass\n" + "".join(f"class A{n}(A{n - 1}): pass\n" for n in range(1, 100)),
    ],
)
def test_what_can_not_be_told(code: str) -> None:
    assert order(code) is None


@pytest.mark.parametrize(
    ("code", "names"),
    [
        ("class A: pass\n", "A"),
        ("class A(object): pass\nclass B(A): pass\n", "B A"),
        ("class T: pass\nclass A(T): pass\nclass B(T): pass\nclass C(A, B): pass\n", "C A T B"),
        ("class T(object): pass\nclass A(T): pass\nclass B(T): pass\nclass C(A, B): pass\n", "C A B T"),
        # Old-style classes below a new-style one are merged as well.
        (
            "class T: pass\nclass A(T): pass\nclass B(T): pass\nclass C(A, B, webapp.RequestHandler): pass\n",
            "C A B T webapp2.RequestHandler",
        ),
        ("class A(db.B): pass\n", "A db.B"),
        ("class A(RequestHandler): pass\n", "A webapp2.RequestHandler"),
        (
            "class Base(webapp.RequestHandler): pass\n"
            "class A(webapp.blobstore_handlers.BlobstoreUploadHandler, Base): pass\n",
            "A google.appengine.ext.webapp.blobstore_handlers.BlobstoreUploadHandler Base webapp2.RequestHandler",
        ),
    ],
)
def test_the_order(code: str, names: str) -> None:
    assert order(code) == names
