"""`webapp-import`: what it leaves alone, finds and writes."""

from __future__ import annotations

import pytest

from tests.rules.helpers import find, fixed
from tests.rules.python27.wsgi.scripts import cgi, wsgi

RULE = "webapp-import"


@pytest.mark.parametrize(
    "code",
    [
        "import webapp2\n",
        "from google.appengine.ext.webapp import template, util\n",
        "from google.appengine.ext.webapp.util import run_wsgi_app\n",
        "from google.appengine.ext.webapp import blobstore_handlers\n",
        "from google.appengine.ext import db\n",
        "try:\n  import webapp2\nexcept ImportError:\n  from google.appengine.ext import webapp as webapp2\n",
        "from mine import webapp\n",
        "# from google.appengine.ext import webapp\n",
        "if __name__ == '__main__':\n  from google.appengine.ext import webapp\n",
    ],
)
def test_leaves_alone(code: str) -> None:
    assert find(RULE, wsgi(code)) == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "from google.appengine.ext import webapp\nclass H(webapp.RequestHandler): pass\n",
            "import webapp2\nclass H(webapp2.RequestHandler): pass\n",
        ),
        (
            "from google.appengine.ext import webapp as w # old\napp = w.WSGIApplication([])\n",
            "import webapp2 # old\napp = webapp2.WSGIApplication([])\n",
        ),
        (
            "from google.appengine.ext import webapp, db\r\nx = webapp.Request\r\n",
            "import webapp2\r\nfrom google.appengine.ext import db\r\nx = webapp2.Request\r\n",
        ),
        (
            "from google.appengine.ext import webapp\nfrom google.appengine.ext.webapp import template\n"
            "webapp.template.render('x', {})\nx = webapp.Response\n",
            "import webapp2\nfrom google.appengine.ext.webapp import template\n"
            "template.render('x', {})\nx = webapp2.Response\n",
        ),
        (
            "from google.appengine.ext import webapp\nwebapp.template.render('x', {})\nwebapp.util.login_required\n"
            "x = webapp.Request\n",
            "import webapp2\nfrom google.appengine.ext.webapp import template, util\n"
            "template.render('x', {})\nutil.login_required\nx = webapp2.Request\n",
        ),
        (
            "import webapp2\nfrom google.appengine.ext import webapp\nx = webapp.Request, webapp2.Route\n",
            "import webapp2\nx = webapp2.Request, webapp2.Route\n",
        ),
        (
            "from google.appengine.ext import webapp\nwebapp2 = 1\nx = webapp.Request\n",
            "import webapp2 as webapp\nwebapp2 = 1\nx = webapp.Request\n",
        ),
        (
            "from google.appengine.ext.webapp import RequestHandler, WSGIApplication as App\n",
            "from webapp2 import RequestHandler, WSGIApplication as App\n",
        ),
        (
            "from google.appengine.ext.webapp import RequestHandler as H, template\nclass A(H): pass\n",
            "from webapp2 import RequestHandler as H\nfrom google.appengine.ext.webapp import template\nclass A(H): pass\n",
        ),
        ("from google.appengine.ext import webapp\n", "import webapp2\n"),
    ],
)
def test_webapp2_is_imported_by_its_name(before: str, after: str) -> None:
    assert fixed(RULE, wsgi(before), unsafe=False)["main.py"] == after


@pytest.mark.parametrize(
    "code",
    [
        "from google.appengine.ext import webapp\nx = webapp.Error\n",
        "from google.appengine.ext import webapp\nf(webapp)\n",
        "from google.appengine.ext import webapp\nwebapp = 2\n",
        "import google.appengine.ext.webapp as webapp\nx = webapp.Request\n",
        "from google.appengine.ext import webapp\ntemplate = 1\nwebapp.template.render(x, webapp.Request)\n",
    ],
)
def test_without_a_safe_way_there_is_no_fix(code: str) -> None:
    assert [finding.fix for finding in find(RULE, wsgi(code))] == [None]


def test_a_name_that_other_modules_take_is_kept() -> None:
    files = wsgi("from base import webapp\n", base="from google.appengine.ext import webapp\n")
    assert [(finding.path, finding.fix) for finding in find(RULE, files)] == [("base.py", None)]


def test_before_the_switch_there_is_no_fix() -> None:
    assert [finding.fix for finding in find(RULE, cgi("from google.appengine.ext import webapp\n"))] == [None]


@pytest.mark.parametrize(
    "code",
    [
        "from google.appengine.ext import webapp\nregister = webapp.template.create_template_register()\n",
        "from google.appengine.ext import webapp\nwebapp.util.run_wsgi_app(app)\nwebapp.template.x\n",
    ],
)
def test_leaves_alone_what_only_uses_the_modules_that_stay(code: str) -> None:
    assert find(RULE, wsgi(code)) == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "from google.appengine.ext import webapp\nimport os\n\nfrom google.appengine.ext import webapp\n"
            "x = webapp.Request\n",
            "import webapp2\nimport os\n\nx = webapp2.Request\n",
        ),
        (
            "from google.appengine.ext import webapp\nfrom google.appengine.ext import webapp\nx = webapp.Request\n",
            "import webapp2\nx = webapp2.Request\n",
        ),
        (
            "from google.appengine.ext import webapp\nfrom google.appengine.ext import db, webapp\n"
            "x = webapp.Request\n",
            "import webapp2\nfrom google.appengine.ext import db\nx = webapp2.Request\n",
        ),
    ],
)
def test_imported_twice(before: str, after: str) -> None:
    assert len(find(RULE, wsgi(before))) == 1
    assert fixed(RULE, wsgi(before))["main.py"] == after


HEAD = "from google.appengine.ext import webapp\n"
BASE = HEAD + "class Base(webapp.RequestHandler): pass\n"


@pytest.mark.parametrize(
    ("main", "wanted"),
    [
        ("from base import *\nclass H(Base): pass\n", "import webapp2\n"),
        (
            "from google.appengine.ext import webapp\nfrom base import *\nclass H(webapp.RequestHandler): pass\n",
            "import webapp2\n",
        ),
        ("from base import *\nclass H(webapp.RequestHandler): pass\n", HEAD),
        ("from base import Base, webapp\n", HEAD),
        ("from middle import *\nclass H(webapp.RequestHandler): pass\n", HEAD),
        ("from middle import *\nclass H(Base): pass\n", "import webapp2\n"),
    ],
)
def test_a_module_that_others_import_whole(main: str, wanted: str) -> None:
    files = wsgi(main, base=BASE, middle="from base import *\n")
    assert fixed(RULE, files)["base.py"].startswith(wanted)
