"""What the pages about requests and responses say, asked of webapp, webapp2 and WebOb themselves.

A handler runs in webapp with WebOb 0.9, as on Python 2.5, and in webapp2 with WebOb 1.1.1 and 1.2.3 below the
runtime of python27. What a rule patches answers there as webapp did, and did not before.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from textwrap import indent
from typing import Any

import pytest

from gaebot.finding import RunsOn
from gaebot.prove.python27 import ask
from tests.rules.helpers import find, fixed

# Python 2 code. Each question is a handler's module and one request; the answer is what came back.
STACK = r"""
import imp, json, logging, os, StringIO, sys, urlparse
sdk, webapp2, webob = sys.argv[1:4]
is_old = webapp2 == 'old'
if not is_old:
    os.environ['APPENGINE_RUNTIME'] = 'python27'
libraries = ['webob_0_9'] if is_old else ['webapp2-' + webapp2, 'webob-' + webob]
sys.path[:0] = [sdk + '/lib/' + name for name in libraries + ['django-1.4', 'yaml-3.10']] + [sdk]
from google.appengine.ext import webapp
from google.appengine.ext.webapp import util
from google.appengine.runtime import wsgi
assert webapp.RequestHandler.__module__.endswith('_webapp25') == is_old

class Keep(logging.Handler):
    def emit(self, record):
        if record.exc_info:
            errors.append('%s: %s' % (record.exc_info[0].__name__, record.exc_info[1]))

errors = []
logging.getLogger().handlers[:] = [Keep()]

def old(app, environ):
    out, sys.stdout = sys.stdout, StringIO.StringIO()
    try:
        for part in app(environ, util._start_response):
            sys.stdout.write(part)
        said = sys.stdout.getvalue()
    finally:
        sys.stdout = out
    head, _, body = said.partition('\n\n')
    lines = [line.split(': ', 1) for line in head.split('\n')]
    return int(lines[0][1].split()[0]), lines[1:], body

def new(environ, url, body):
    url = urlparse.urlsplit('http://h' + url)
    got = wsgi.WsgiRequest(environ, 'm.app', url, StringIO.StringIO(body), StringIO.StringIO()).Handle()
    return got.get('response_code', 500), map(list, got.get('headers', [])), got.get('body', '')

def answer(code, method, url, body, headers):
    module = sys.modules['m'] = imp.new_module('m')
    path, _, query = url.partition('?')
    environ = {
        'REQUEST_METHOD': method, 'SCRIPT_NAME': '', 'PATH_INFO': path, 'QUERY_STRING': query,
        'SERVER_NAME': 'h', 'SERVER_PORT': '80', 'SERVER_PROTOCOL': 'HTTP/1.1', 'HTTP_HOST': 'h',
        'CONTENT_LENGTH': str(len(body)), 'wsgi.version': (1, 0), 'wsgi.url_scheme': 'http',
        'wsgi.input': StringIO.StringIO(body), 'wsgi.errors': sys.stderr, 'wsgi.multithread': False,
        'wsgi.multiprocess': True, 'wsgi.run_once': False}
    if body:
        environ['CONTENT_TYPE'] = 'application/x-www-form-urlencoded'
    environ.update(headers)
    del errors[:]
    try:
        exec code in module.__dict__
        status, headers, body = old(module.app, environ) if is_old else new(environ, url, body)
    except Exception, error:
        return {'error': type(error).__name__}
    if status == 500:
        return {'error': (errors or ['?'])[0]}
    headers = [pair for pair in headers if pair[0] not in ('Cache-Control', 'Content-Length', 'Expires')]
    said = [value if isinstance(value, (str, unicode)) or value is None else str(value) for value in module.SAID]
    types = [type(value).__name__ for value in module.SAID]
    return {'status': status, 'headers': sorted(headers), 'body': body, 'said': said, 'types': types}

for question in sys.stdin.read().split('\0'):
    code, method, url, body, headers = json.loads(question)
    headers = dict((str(name), str(value)) for name, value in headers.items())
    got = answer(code.encode('utf-8'), str(method), str(url), str(body), headers)
    print json.dumps(got, encoding='latin-1')
    sys.stdout.flush()
"""

OLD = ("old", "0.9")
NEW = (("2.3", "1.1.1"), ("2.5.2", "1.1.1"), ("2.5.2", "1.2.3"))
NEWEST = NEW[-1]

APP_YAML = "runtime: python27\napi_version: 1\nthreadsafe: true\nhandlers:\n- url: /.*\n  script: main.app\n"
WEBOB_12 = "libraries:\n- name: webob\n  version: '1.2.3'\n"
MAIN = """\
from google.appengine.ext import webapp
{head}
SAID = []
class Main(webapp.RequestHandler):
    def {method}(self):
{body}
    def nothing(self):
        self.response.out.write('n')
{more}
app = webapp.WSGIApplication([('/.*', Main)])
"""
URL = "/p/a?x=1&to=http://o/b"


@dataclass(frozen=True)
class Case:
    """A request to a handler. `only` are the versions in which it fails before the patch of `rule`.

    `more` is the code of other methods of the handler.
    """

    body: str
    rule: str = ""
    method: str = "get"
    form: str = ""
    head: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    only: tuple[tuple[str, str], ...] = NEW
    more: str = ""

    @property
    def files(self) -> dict[str, str | bytes]:
        body, more = indent(self.body, " " * 8), indent(self.more, " " * 4)
        main = MAIN.format(head=self.head, method=self.method, body=body, more=more)
        return {"app.yaml": APP_YAML + (WEBOB_12 if self.only == (NEWEST,) else ""), "main.py": main}

    def question(self, main: str | bytes) -> list[Any]:
        return [main, self.method.upper(), URL, self.form, self.headers]


Answers = Callable[[tuple[str, str], list[list[Any]]], list[dict[str, Any]]]


@pytest.fixture(scope="module")
def serve(python27: Path, sdk: Path) -> Answers:
    def answers(stack: tuple[str, str], questions: list[list[Any]]) -> list[dict[str, Any]]:
        said = ask(python27, STACK, [str(sdk), *stack], [json.dumps(each).encode() for each in questions])
        return [json.loads(line or "null") for line in said]

    return answers


INITIALIZE = "def initialize(self, request, response):\n    "
HANDLE = "\ndef handle_exception(self, error, mode):\n    self.response.set_status(503)\n"
PATCHED = [
    Case("self.r.out.write('a')", "webapp-initialize", more=INITIALIZE + "self.r = response\n"),
    Case("SAID.append(1)", "webapp-initialize", more=INITIALIZE + "pass\n"),
    Case(
        "raise ValueError",
        "webapp-initialize",
        more=f"{INITIALIZE}self.request, self.response = request, response{HANDLE}",
    ),
    Case("self.response.headers['X'] = 3", "webapp-header-not-str"),
    Case("self.response.headers['X'] = 1.5", "webapp-header-not-str"),
    Case("self.response.headers['X'] = True", "webapp-header-not-str"),
    Case("self.response.headers[u'X'] = u'a'", "webapp-header-not-str"),
    Case("self.response.headers['X'] = 'a%s' % self.request.get('x')", "webapp-header-not-str"),
    Case("self.response.headers['X'] = self.request.get('x') or 'a'", "webapp-header-not-str"),
    Case("v = self.request.params['x']\nself.response.headers.add_header('X', v)", "webapp-header-not-str"),
    Case("self.response.headers.add_header('X', 'a', b=u'c')", "webapp-header-not-str"),
    Case("self.response.headers.setdefault('X', u'c')", "webapp-header-not-str"),
    Case(
        "self.response.headers['Set-Cookie'] = 'a=%s' % self.request.cookies['c']",
        "webapp-header-not-str",
        headers={"HTTP_COOKIE": "c=d"},
    ),
    Case(
        "self.response.out.write('abc')\nself.response.headers['Content-Length'] = 3", "webapp-header-not-str"
    ),
    Case(
        "self.response.headers['X'] = self.request.path_info",
        "webapp-header-not-str",
        only=(NEWEST,),
    ),
    Case("self.redirect(self.request.get('to'))", "webapp-redirect-unicode"),
    Case("self.redirect(u'http://o/' + 'b')", "webapp-redirect-unicode"),
    Case("self.redirect(u'page')", "webapp-redirect-unicode"),
    Case("self.redirect(u'?b=1', permanent=True)", "webapp-redirect-unicode"),
    Case("SAID.append(self.response.headers['X'])", "webapp-header-missing-key"),
    Case("del self.response.headers['X']", "webapp-header-missing-key"),
    Case("SAID.append(self.response.status == 200)", "webapp-response-status-int"),
    Case("SAID.append(self.response.status >= 400)", "webapp-response-status-int"),
    Case("SAID.append('%d' % self.response.status)", "webapp-response-status-int"),
    Case("self.response.out.writelines(['a', 'b'])", "webapp-response-out-filelike"),
    Case(
        "self.response.out.write('a')\nSAID.append(self.response.out.getvalue())",
        "webapp-response-out-filelike",
    ),
    Case("self.response.out.write(self.nothing())", "webapp-write-none"),
    Case("self.response.out.write(self.request.get('y', None))", "webapp-write-none"),
    Case("SAID.append('a' in self.request.user_agent)", "webob-none-headers"),
    Case("SAID.append(self.request.referer[:3])", "webob-none-headers"),
    Case("SAID.append('a' + self.request.referrer)", "webob-none-headers"),
    Case("SAID.append(len(self.request.pragma))", "webob-none-headers"),
    Case("r = self.request.referer\nSAID.append(re.search('a', r))", "webob-none-headers", head="import re"),
    Case("self.redirect(self.request.referer)", "webob-none-headers"),
    Case("SAID.append(self.request.body_file.getvalue())", "webob-body-file", "post", "a=b"),
    Case("SAID.append(self.request.queryvars['x'])", "webob-queryvars"),
    Case("SAID.append(self.request.postvars['a'])", "webob-queryvars", "post", "a=b"),
    Case("SAID.append(self.request.str_queryvars['x'])", "webob-queryvars", only=NEW[:2]),
    Case("SAID.append(self.request.str_postvars['a'])", "webob-queryvars", "post", "a=b", only=NEW[:2]),
    Case("SAID.append(self.request.charset == 'utf-8')", "webob-charset-upper", only=NEW[1:]),
    Case("SAID.append(self.request.headers.has_key('Host'))", "webob-headers-has-key", only=(NEWEST,)),
    Case("SAID.append(self.request.cookies.has_key('c'))", "webob-headers-has-key", only=(NEWEST,)),
    Case("SAID.append(MultiDict(a=1)['a'])", "webob-removed-modules", head="from webob import MultiDict"),
    Case("SAID.append(webob.MultiDict(a=1)['a'])", "webob-removed-modules", head="import webob"),
    Case(
        "SAID.append(status_reasons[404])",
        "webob-removed-modules",
        head="from webob.statusreasons import status_reasons",
    ),
    *(
        Case(f"SAID.append({name}.__name__)", "webob-removed-modules", head=f"from webob import {name}")
        for name in ("Accept", "NoVars", "Range", "ContentRange", "ETagMatcher", "IfRange", "CacheControl")
    ),
]


@pytest.fixture(scope="module")
def played(serve: Answers) -> dict[tuple[str, str], list[tuple[dict[str, Any], dict[str, Any]]]]:
    """What each case answers before and after its patch, by the versions."""
    mains = [(case.files["main.py"], fixed(case.rule, case.files)["main.py"]) for case in PATCHED]
    pairs = list(zip(PATCHED, mains, strict=True))
    before = [case.question(main) for case, (main, _) in pairs]
    after = [case.question(main) for case, (_, main) in pairs]
    return {stack: list(zip(serve(stack, before), serve(stack, after), strict=True)) for stack in (OLD, *NEW)}


@pytest.mark.parametrize("number", range(len(PATCHED)), ids=lambda n: f"{PATCHED[n].rule}-{n}")
def test_a_patch_answers_as_webapp_did(played: Any, number: int) -> None:
    case = PATCHED[number]
    meant, patched_on_old = played[OLD][number]
    assert "error" not in meant
    for stack in NEW:
        before, after = played[stack][number]
        if stack in case.only:
            assert same(before) != same(meant), stack
            assert same(after) == same(meant), stack
    fixes = [finding.fix for finding in find(case.rule, case.files)]
    if all(fix is not None and fix.runs_on is RunsOn.BOTH for fix in fixes):
        assert same(patched_on_old) == same(meant)


def same(answer: dict[str, Any]) -> dict[str, Any]:
    """What of an answer counts: that texts are bytes or unicode does not."""
    return {key: value for key, value in answer.items() if key != "types"}


def ask_all(serve: Answers, body: str, **more: Any) -> list[dict[str, Any]]:
    """What a handler answers in webapp, then in the newer ones."""
    case = Case(body, **more)
    return [serve(stack, [case.question(case.files["main.py"])])[0] for stack in (OLD, *NEW)]


# Each handler's answer in webapp, then in WebOb 1.1.1 and in 1.2.3: what it said, or the error's name.
@pytest.mark.parametrize(
    ("body", "old", "webob_11", "webob_12"),
    [
        ("self.response.headers['X'] = None", [], "InvalidResponseError", "InvalidResponseError"),
        ("self.response.headers.add_header('X', None, a='b')", [], [], []),
        ("self.response.headers.add_header('X', 3)", "TypeError", "TypeError", "TypeError"),
        ("self.redirect(u'/x')\nself.response.out.write('x')", [], [], []),
        ("self.redirect(u'./x')", [], [], []),
        ("self.response.set_status(600, 'x')", [], "InvalidResponseError", "InvalidResponseError"),
        ("self.error(100)", [], "InvalidResponseError", "InvalidResponseError"),
        ("self.response.out.seek(0)", [], "AttributeError", "AttributeError"),
        ("self.response.out.flush()", [], "AttributeError", "AttributeError"),
        ("x = self.response.out.len", [], "AttributeError", "AttributeError"),
        ("self.response.out = 1", "AttributeError", "AttributeError", "AttributeError"),
        (
            "import zipfile\nzipfile.ZipFile(self.response.out, 'w').writestr('a', 'b')",
            [],
            "AttributeError",
            "AttributeError",
        ),
        (
            "import tarfile\ntarfile.open(fileobj=self.response.out, mode='w')",
            [],
            "AttributeError",
            "AttributeError",
        ),
        ("import tarfile\ntarfile.open(fileobj=self.response.out, mode='w|')", [], [], []),
        ("import gzip\ngzip.GzipFile(fileobj=self.response.out, mode='wb').write('x')", [], [], []),
        ("import csv\ncsv.writer(self.response.out).writerow(['x'])", [], [], []),
        ("print >>self.response.out, 'x'", [], [], []),
        ("self.request.body_file.seek(0)", [], "AttributeError", "UnsupportedOperation"),
        ("self.request.body_file.close()", [], "AttributeError", []),
        ("for line in self.request.body_file: pass", [], "TypeError", []),
        ("SAID.append(self.request.body_file.read())", [""], [""], [""]),
        ("SAID.append(self.request.str_GET['x'])", ["1"], ["1"], "DeprecationWarning"),
        ("SAID.append(self.request.str_cookies)", ["{}"], ["{}"], "DeprecationWarning"),
        ("self.request.if_none_match.weak_match('a')", [], [], "DeprecationWarning"),
        ("self.request.charset = 'iso-8859-1'", [], [], "DeprecationWarning"),
        ("import webob\nwebob.Request(environ_getter=dict)", [], "TypeError", "TypeError"),
        (
            "import webob\nwebob.Request(self.request.environ, charset='latin-1')",
            [],
            [],
            "DeprecationWarning",
        ),
        ("self.request.accept_language.first_match(['en'])", [], [], "DeprecationWarning"),
        ("from webob import cgi", [], "ImportError", "ImportError"),
        ("import webob.headerdict", [], "ImportError", "ImportError"),
        (
            "from webob.multidict import MultiDict\nm = MultiDict(a=1)\nm.update(a=2)\nSAID.append(m.getall('a'))",
            ["[1, 2]"],
            ["[2]"],
            ["[2]"],
        ),
        ("SAID.append('{}'.format(self.request.get('x')))", ["1"], ["1"], ["1"]),
        (
            "g = self.request.GET.copy()\ng.update({'x': '2'})\nSAID.append(len(g.getall('x')))",
            ["1"],
            ["1"],
            ["1"],
        ),
    ],
)
def test_facts(serve: Answers, body: str, old: Any, webob_11: Any, webob_12: Any) -> None:
    answers = ask_all(serve, body)
    said = [answer.get("said", answer.get("error", "").partition(":")[0]) for answer in answers]
    assert said == [old, webob_11, webob_11, webob_12]


def test_best_matches_leaves_out_what_the_fallback_stands_for(serve: Answers) -> None:
    languages = {"HTTP_ACCEPT_LANGUAGE": "de, en-US;q=0.8, en;q=0.5"}
    call = "SAID.append(self.request.accept_language.best_matches({}))"
    said = [answer.get("said") for answer in ask_all(serve, call.format("'en'"), headers=languages)]
    assert said == [["['de', 'en-US', 'en']"], ["['de', 'en']"], ["['de', 'en']"], None]
    said = [answer.get("said") for answer in ask_all(serve, call.format(""), headers=languages)]
    assert said == [*[["['de', 'en-US', 'en']"]] * 3, None]


def test_the_body_of_a_put_request_is_a_form(serve: Answers) -> None:
    answers = ask_all(serve, "SAID.append(self.request.get('a'))", method="put", form="a=b")
    assert [answer["said"] for answer in answers] == [[""], ["b"], ["b"], ["b"]]


def test_line_breaks_stay_in_headers(serve: Answers) -> None:
    answers = ask_all(serve, r"self.redirect('/x\r\nSet-Cookie: a=b')")
    locations = [dict(answer["headers"])["Location"] for answer in answers]
    assert locations == ["http://h/xSet-Cookie: a=b", *["http://h/x\r\nSet-Cookie: a=b"] * 3]


def test_errors_of_webob_need_no_exception(serve: Answers) -> None:
    for raised in ("exc.HTTPNotFound()", "exc.HTTPNotFound().exception"):
        body = f"from webob import exc\ntry:\n    raise {raised}\nexcept exc.HTTPException:\n    SAID.append('x')"
        assert [answer.get("said") for answer in ask_all(serve, body)] == [["x"]] * 4


def test_the_kinds_of_what_a_request_has(serve: Answers) -> None:
    names = (
        *("path", "url", "uri", "host", "host_url", "path_url", "path_qs", "application_url"),
        *("query_string", "query", "method", "body", "scheme", "content_type", "user_agent", "referer"),
        *("headers['Host']", "headers.get('X-Y')", "path_info", "get('x')", "get('y')", "GET['x']"),
        *("params['x']", "cookies['c']", "cookies.get('d')", "GET.get('y')"),
    )
    body = "\n".join(f"SAID.append(self.request.{name})" for name in names)
    sent = {"HTTP_COOKIE": "c=d", "HTTP_USER_AGENT": "a", "HTTP_REFERER": "b"}
    for stack, answer in zip((OLD, *NEW), ask_all(serve, body, headers=sent), strict=True):
        kinds = dict(zip(names, answer["types"], strict=True))
        path_info = "unicode" if stack == NEWEST else "str"
        assert kinds == {
            **dict.fromkeys(names, "str"),
            **dict.fromkeys(("get('x')", "GET['x']", "params['x']", "cookies['c']"), "unicode"),
            **dict.fromkeys(("headers.get('X-Y')", "cookies.get('d')", "GET.get('y')"), "NoneType"),
            "path_info": path_info,
        }, stack


def test_names_of_uploaded_files_are_unicode(serve: Answers) -> None:
    part = 'Content-Disposition: form-data; name="f"; filename="a.txt"\r\nContent-Type: text/plain\r\n\r\nx'
    form = f"--b\r\n{part}\r\n--b--\r\n"
    body = "SAID.append(self.request.POST['f'].filename)\nSAID.append(self.request.POST['f'].type)"
    sent = {"CONTENT_TYPE": "multipart/form-data; boundary=b"}
    for answer in ask_all(serve, body, method="post", form=form, headers=sent):
        assert (answer["said"], answer["types"]) == (["a.txt", "text/plain"], ["unicode", "str"])


ENTITY = r"""
import os, sys
sys.path.insert(0, sys.argv[1])
import dev_appserver
dev_appserver.fix_sys_path()
os.environ['APPLICATION_ID'] = 'a'
from google.appengine.ext import db

class Model(db.Model):
    s, l, t = db.StringProperty(), db.LinkProperty(), db.TextProperty()
    e, c, b = db.EmailProperty(), db.CategoryProperty(), db.BlobProperty()

made = Model(key_name='k', s='a', l='http://x', t='t', e='e', c='c', b=db.Blob('b'))
fetched = db.model_from_protobuf(db.model_to_protobuf(made).Encode())
for name in sys.stdin.read().split('\0'):
    print isinstance(getattr(fetched, name), unicode)
"""


def test_texts_of_fetched_entities_are_unicode(python27: Path, sdk: Path) -> None:
    names = [b"s", b"l", b"t", b"e", b"c", b"b"]
    assert list(ask(python27, ENTITY, [str(sdk)], names)) == [*["True"] * 5, "False"]
