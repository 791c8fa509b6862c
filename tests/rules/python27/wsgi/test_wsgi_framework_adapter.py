"""`wsgi-framework-adapter`: what it leaves alone and finds."""

from __future__ import annotations

import pytest

from gaebot.finding import Severity
from tests.rules.helpers import find
from tests.rules.python27.wsgi.scripts import cgi, wsgi

RULE = "wsgi-framework-adapter"


@pytest.mark.parametrize(
    "code",
    [
        "from google.appengine.ext.webapp import util\nutil.run_wsgi_app(app)\n",
        "import wsgiref.handlers\nwsgiref.handlers.CGIHandler().run(app)\n",
        "import web\napp = web.application(urls, globals())\nmain = app.cgirun()\n",
        "import bottle\nbottle.run(server='gae')\n",
        "import bottle\nbottle.run(server=MyServer)\n",
        "import cherrypy\napp = cherrypy.tree.mount(Root())\n",
        "def main(): pass\nmain()\n",
        "class Handler(object):\n    def run(self): pass\nHandler().run()\n",
        "from google.appengine.ext.remote_api import handler\nhandler.application\n",
    ],
)
def test_leaves_alone(code: str) -> None:
    assert find(RULE, cgi(code)) == []


def test_wsgi_applications_and_tools_are_left_alone() -> None:
    code = "import cherrypy\nif __name__ == '__main__':\n    cherrypy.quickstart(Root())\n"
    assert find(RULE, wsgi(code)) == []
    assert find(RULE, {**cgi("x = 1\n"), "serve.py": code}) == []


@pytest.mark.parametrize(
    ("code", "advice"),
    [
        ("import cherrypy\ncherrypy.quickstart(Root())\n", "cherrypy.tree.mount"),
        ("import web\nweb.run(urls, globals())\n", ".wsgifunc()"),
        ("import web\nmyapp = web.application(urls, globals())\nmyapp.run()\n", ".wsgifunc()"),
        ("from bottle import run, GAEServer\nrun(server=GAEServer)\n", "bottle.default_app()"),
        (
            "from SimpleXMLRPCServer import CGIXMLRPCRequestHandler as H\nH().handle_request()\n",
            "_marshaled_dispatch",
        ),
        (
            "from protorpc.webapp import service_handlers\nservice_handlers.run_services([('/x', X)])\n",
            "service_mapping",
        ),
        ("from flup.server.cgi import WSGIServer\nWSGIServer(app).run()\n", "module-level `app`"),
        ("from paste.servers.cgi_wsgi import run_with_cgi\nrun_with_cgi(app)\n", "loadapp"),
        (
            "from google.appengine.ext.remote_api import handler\nhandler.main()\n",
            "script: google.appengine.ext.remote_api.handler.application",
        ),
        (
            "from google.appengine.ext.appstats.ui import main\nmain()\n",
            "script: google.appengine.ext.appstats.ui.app",
        ),
    ],
)
def test_each_framework_gets_its_advice(code: str, advice: str) -> None:
    found = find(RULE, cgi(code))
    assert [finding.severity for finding in found] == [Severity.WARNING]
    assert advice in found[0].message


def test_a_cgi_handler_of_the_apps_own() -> None:
    base = "import wsgiref.handlers\nclass Quiet(wsgiref.handlers.CGIHandler):\n    pass\n"
    (finding,) = find(RULE, cgi("from base import Quiet\nQuiet().run(app)\n", base=base))
    assert (finding.place.path, finding.place.snippet) == ("base.py", b"Quiet")


@pytest.mark.parametrize(
    ("script", "name"),
    [
        ("mapreduce/main.py", "mapreduce.main.APP"),
        ("djangoappengine/main/main.py", "djangoappengine.main.application"),
        ("gaehandler.py", "gaehandler.wsgiapp"),
    ],
)
def test_scripts_of_libraries(script: str, name: str) -> None:
    yaml = f"runtime: python\napi_version: 1\nhandlers:\n- url: /x\n  script: {script}\n"
    (finding,) = find(RULE, {"app.yaml": yaml})
    assert finding.place.snippet == script.encode()
    assert f"`script: {name}`" in finding.message
