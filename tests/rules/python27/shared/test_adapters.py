"""Which calls run an application as a CGI script."""

from __future__ import annotations

import pytest

from gaebot.rules.python27.shared.scripts.adapters import adapter_calls
from tests.rules.helpers import make_app

UTIL = "from google.appengine.ext.webapp.util import run_wsgi_app\n"


def expressions(source: str) -> list[str]:
    file = make_app({"main.py": source}).python("main.py")
    assert file is not None
    return [call.expression for call in adapter_calls(file)]


@pytest.mark.parametrize(
    "source",
    [
        "",
        "run_wsgi_app(app)\n",
        "def run_wsgi_app(app): pass\nrun_wsgi_app(app)\n",
        "from mylib import run_wsgi_app\nrun_wsgi_app(app)\n",
        f"{UTIL}run_wsgi_app()\n",
        f"{UTIL}go = run_wsgi_app\n",
        "from google.appengine.ext.webapp import util\nutil.login_required(app)\n",
        "import wsgiref.handlers\nwsgiref.handlers.CGIHandler()\n",
        "import wsgiref.handlers\nwsgiref.handlers.SimpleHandler(i, o, e, env).run(app)\n",
        "from flask import Flask\napp = Flask(__name__)\napp.run(debug=True)\n",
        "import unittest\nunittest.TextTestRunner().run(suite)\n",
        "import threading\nthreading.Thread().run()\n",
        "import bottle\nbottle.run(host='localhost', port=8080)\n",
        "import bottle\nbottle.run(server='paste')\n",
        "class Handler(object): pass\nHandler().run(app)\n",
        "from subprocess import *\nrun(app)\n",
    ],
)
def test_other_calls(source: str) -> None:
    assert expressions(source) == []


@pytest.mark.parametrize(
    "source",
    [
        f"{UTIL}run_wsgi_app(app)\n",
        f"{UTIL}run_wsgi_app(application=app)\n",
        f"{UTIL}def main():\n  return run_wsgi_app(app)\n",
        "from google.appengine.ext.webapp.util import run_wsgi_app as go\ngo(app)\n",
        "from google.appengine.ext.webapp.util import *\nrun_wsgi_app(app)\n",
        "from google.appengine.ext.webapp import *\nutil.run_wsgi_app(app)\n",
        "from common import *\nwsgiref.handlers.CGIHandler().run(app)\n",
        "from google.appengine.ext.webapp import util\nutil.run_wsgi_app(app)\n",
        "from google.appengine.ext.webapp import util as u\nu.run_bare_wsgi_app(app)\n",
        "from google.appengine.ext import webapp\nwebapp.util.run_wsgi_app(app)\n",
        "import google.appengine.ext.webapp.util\ngoogle.appengine.ext.webapp.util.run_wsgi_app(app)\n",
        "import wsgiref.handlers\nwsgiref.handlers.CGIHandler().run(app)\n",
        "from wsgiref import handlers\nhandlers.CGIHandler().run(app)\n",
        "from wsgiref.handlers import CGIHandler as H\nH().run(app)\n",
        (
            "from wsgiref.handlers import BaseCGIHandler\nimport os, sys\n"
            "BaseCGIHandler(sys.stdin, sys.stdout, sys.stderr, os.environ).run(app)\n"
        ),
        "from wsgiref.handlers import IISCGIHandler\nIISCGIHandler().run(app)\n",
        "import wsgiref.handlers\nh = wsgiref.handlers.CGIHandler()\nh.run(app)\n",
        "import wsgiref.handlers\nrun = wsgiref.handlers.CGIHandler().run\nrun(app)\n",
        "import wsgiref.handlers\nclass H(wsgiref.handlers.CGIHandler): pass\nH().run(app)\n",
        "import webapp2\napp = webapp2.WSGIApplication([])\napp.run()\n",
        "import bottle\nbottle.run(app=app, server='gae')\n",
        "import bottle\nbottle.run(app, server=bottle.GAEServer)\n",
        "from bottle import run\nrun(app, server='cgi')\n",
    ],
)
def test_spellings(source: str) -> None:
    assert expressions(source) == ["app"]


@pytest.mark.parametrize(
    ("source", "expression"),
    [
        ("import web\napp = web.application(urls, globals())\napp.cgirun()\n", "app.wsgifunc()"),
        (
            "import web\nweb.application(urls, globals()).gaerun(Log)\n",
            "web.application(urls, globals()).wsgifunc(Log)",
        ),
        ("import bottle\nbottle.run(server='gae')\n", "bottle.default_app()"),
        ("import bottle as b\nfrom bottle import run\nrun(server='gae')\n", "b.default_app()"),
        ("from bottle import *\nrun(server=GAEServer)\n", "default_app()"),
        ("from bottle import run, default_app as d\nrun(server='gae')\n", "d()"),
        ("from bottle import route, run\nrun(server='gae')\n", "default_app()"),
    ],
)
def test_frameworks_whose_object_is_no_application(source: str, expression: str) -> None:
    assert expressions(source) == [expression]


def test_the_class_of_the_app_is_told() -> None:
    source = "from wsgiref.handlers import CGIHandler\nclass Mine(CGIHandler): pass\nMine().run(app)\n"
    file = make_app({"main.py": source}).python("main.py")
    assert file is not None
    (call,) = adapter_calls(file)
    assert call.handler is not None
