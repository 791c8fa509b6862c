"""`ts-shared-client`: what it leaves alone and finds."""

from __future__ import annotations

from textwrap import indent

import pytest

from gaebot.finding import Severity
from tests.rules.helpers import find
from tests.rules.python27.wsgi.scripts import cgi27, wsgi

RULE = "ts-shared-client"

HEAD = """\
import cookielib, hashlib, httplib, threading, urllib2, xmlrpclib
import gdata.docs.service
import httplib2
import markdown
import webapp2
from google.appengine.api import urlfetch
from google.appengine.ext import db
lock = threading.Lock()
"""
APP = "\napp = webapp2.WSGIApplication([('/', Main)])\n"


def source(module: str, code: str) -> str:
    body = indent(code, "        ")
    return f"{HEAD}{module}\nclass Main(webapp2.RequestHandler):\n    def get(self):\n{body}\n{APP}"


@pytest.mark.parametrize(
    ("module", "code"),
    [
        # Made for the call.
        ("", "rpc = urlfetch.create_rpc()\nurlfetch.make_fetch_call(rpc, '/')"),
        ("", "http = httplib2.Http()\nhttp.request('/')"),
        ("def client():\n    return gdata.docs.service.DocsService()", "client().SetOAuthToken(self.token)"),
        ("X = httplib.HTTPConnection", "c = X('a')\nc.request('GET', '/')"),
        ("X = httplib.HTTPConnection('a')", "X = self.connection()\nX.request('GET', '/')"),
        # Not used by requests, or not so.
        ("X = urlfetch.create_rpc()\nurlfetch.make_fetch_call(X, '/')", "pass"),
        ("X = httplib.HTTPConnection('a')\nX.request('GET', '/')\nY = X.getresponse().read()", "print Y"),
        ("X = httplib.HTTPConnection('a')", "print X.host"),
        ("X = hashlib.md5('salt')", "h = X.copy()\nh.update(self.x)"),
        ("X = hashlib.md5('salt')", "print X.hexdigest()"),
        ("X = gdata.docs.service.DocsService()", "print X.GetDocumentListFeed()"),
        ("X = gdata.docs.service.DocsService()\nX.ProgrammaticLogin()", "print X.source"),
        ("X = markdown.Markdown()", "print X.lines"),
        ("X = markdown.markdown('a')", "print X.convert('a')"),
        ("X = db.GqlQuery('SELECT * FROM Page')", "print X.fetch(10)"),
        ("class Page(db.Model):\n    pass\nX = Page.gql('WHERE a = :1')\nX.bind(1)", "print X.get()"),
        ("class Page(db.Model):\n    pass\nX = Page", "q = X.gql('WHERE a = :1')\nq.bind(1)"),
        ("class Page(object):\n    pass\nX = Page.all()", "X.filter('a =', 1)"),
        ("class Page(db.Model):\n    pass\nX = Page.kind()", "X.order(1)"),
        # Behind a lock, or each thread's own.
        ("X = httplib2.Http()", "with lock:\n    X.request('/')"),
        ("X = markdown.Markdown()", "lock.acquire()\ntry:\n    X.convert('a')\nfinally:\n    lock.release()"),
        ("X = threading.local()\nX.http = httplib2.Http()", "X.http.request('/')"),
        # Others.
        ("X = urllib2.build_opener()", "X.open('/')"),
        ("X = httplib.OK", "self.error(X)"),
        ("X = self_made.Http()", "X.request('/')"),
        ("X = httplib2.Http()\nX = None", "X.request('/')"),
        ("X = gdata.docs.DocumentListEntry()", "X.SetToken(1)"),
    ],
)
def test_what_it_leaves_alone(module: str, code: str) -> None:
    assert find(RULE, wsgi(source(module, code))) == []


@pytest.mark.parametrize(
    ("module", "code", "level", "words"),
    [
        ("X = urlfetch.create_rpc()", "urlfetch.make_fetch_call(X, '/')", "error", "AssertionError"),
        ("X = urlfetch.create_rpc(deadline=5)", "X.wait()", "error", "AssertionError"),
        ("X = httplib.HTTPSConnection('a')", "X.request('GET', '/')", "warning", "waits for its answer"),
        ("X = xmlrpclib.ServerProxy('http://a/')", "print X.add(1)", "warning", "waits for its answer"),
        ("X = xmlrpclib.Server('http://a/')", "print X.blog.add(1)", "warning", "waits for its answer"),
        ("X = httplib2.Http(timeout=3)", "X.request('/')", "warning", "waits for its answer"),
        ("X = httplib2.Http()", "service = self.build('drive', http=X)", "warning", "waits for its answer"),
        ("X = markdown.Markdown()", "print X.convert(self.text)", "warning", "parts of other pages"),
        ("X = hashlib.sha1()", "X.update(self.x)", "warning", "gets mixed"),
        ("X = db.GqlQuery('SELECT * FROM P WHERE a = :1')", "X.bind(self.a)", "warning", "bound or filtered"),
        ("X = db.Query(None)", "print X.filter('a =', 1).get()", "warning", "bound or filtered"),
        ("class Page(db.Model):\n    pass\nX = Page.all()", "X.order('a')", "warning", "bound or filtered"),
        (
            "class A(db.Expando):\n    pass\nclass B(A):\n    pass\nX = B.gql('')",
            "X.bind(1)",
            "warning",
            "bound",
        ),
        ("X = gdata.docs.service.DocsService()", "X.SetOAuthToken(self.token)", "error", "another visitor's"),
        (
            "X = gdata.docs.service.DocsService()",
            "X.current_token = self.token",
            "error",
            "another visitor's",
        ),
        ("X = gdata.docs.service.DocsService()", "X.UpgradeToSessionToken()", "error", "another visitor's"),
    ],
)
def test_what_requests_share(module: str, code: str, level: str, words: str) -> None:
    (finding,) = find(RULE, wsgi(source(module, code)))
    assert finding.severity.value == level
    assert words in finding.message
    assert finding.message.startswith("All requests of an instance use this one `X`: ")
    assert finding.message.endswith("Requests run `Main.get` (request handler).")
    assert [related.message for related in finding.related] == ["It is made here."]


def test_all_uses_are_told_together() -> None:
    code = "X.request('GET', '/')\nprint X.getresponse().read()"
    (finding,) = find(RULE, wsgi(source("X = httplib.HTTPConnection('a')", code)))
    assert finding.place.snippet == b"X.request('GET', '/')"
    assert [related.message for related in finding.related] == ["It is made here.", "And here."]


def test_another_module_keeps_it() -> None:
    main = source("import net", "net.http.request('/')")
    (finding,) = find(RULE, wsgi(main, net="import httplib2\nhttp = httplib2.Http()\n"))
    assert (finding.place.path, finding.related[0].place.path) == ("main.py", "net.py")


def test_a_service_that_stays_serial() -> None:
    """An RPC that is used twice fails there as well."""
    main = source("X = httplib2.Http()\nY = urlfetch.create_rpc()", "X.request('/')\nY.wait()")
    main += "def main():\n    webapp2.util.run_wsgi_app(app)\nif __name__ == '__main__':\n    main()\n"
    found = find(RULE, cgi27(main))
    assert [finding.severity for finding in found] == [Severity.NOTE, Severity.ERROR]
