"""`webapp-header-not-str`: what it leaves alone, finds and writes."""

from __future__ import annotations

import pytest

from gaebot.finding import Severity
from tests.rules.helpers import find, fixed
from tests.rules.python27.webapp.handlers import HEAD, new, old

RULE = "webapp-header-not-str"
CLASS = "class H(webapp.RequestHandler):\n  def get(self, x):\n"
SET = "    self.response.headers['X-A'] = "


@pytest.mark.parametrize(
    "body",
    [
        SET + "'plain'\n",
        SET + "str(self.request.get('x'))\n",
        SET + "self.request.get('x').encode('utf-8')\n",
        SET + "'a %s' % str(x)\n",
        SET + "'a %d' % 3\n",
        SET + "x\n",
        SET + "entity.content_type\n",
        SET + "self.request.path\n",
        SET + "self.request.headers['X']\n",
        SET + "hashlib.md5(x).hexdigest()\n",
        SET + "'%s' % x.name\n",
        "    self.response.headers['Content-Length'] = len(x)\n",
        "    y = self.response.headers['X-A']\n",
        "    headers[u'X'] = u'y'\n",
        "    other.response.headers['X'] = u'y'\n",
        "    self.response.headers.get(u'X', u'y')\n",
        "    v = u'a'\n    v = f()\n    self.response.headers['X'] = v\n",
        "    self.response.out.write(u'text')\n",
        SET + "'{}'.format(self.request.get('x'))\n",
        SET + "'%r' % u'x'\n",
        SET + "x.decode('base64')\n",
        "    v = self.request.get('x')\n    v = v.encode('utf-8')\n" + SET + "v\n",
        "    v = self.request.get('x')\n    v = str(v) + 'a'\n" + SET + "v\n",
        "    x = str(x)\n" + SET + "x\n",
        "    v = self.request.get('x')\n    if isinstance(v, unicode): v = str(v)\n" + SET + "v\n",
        "    o = self.request.headers.get('Origin')\n    if o:\n  " + SET + "o\n",
        "    o = self.request.headers.get('Origin')\n    if not o: return\n" + SET + "o\n",
        SET + "self.request.headers.get('Origin', '*')\n",
        SET + "self.request.path_info\n",
        "    self.response.headers.add_header('X', None, a='b')\n",
        "    self.response.headers.add_header('X', 3)\n",
        "    self.response.headers.add_header('X', 'a', b=3)\n",
        "    self.response.headers['Content-Length'] = len(x)\n    self.response.out.write(x)\n",
    ],
)
def test_leaves_alone(body: str) -> None:
    assert find(RULE, new(CLASS + body)) == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("u'plain'", "'plain'"),
        ("3", "str(3)"),
        ("len(x)", "str(len(x))"),
        ("self.request.get('x')", "self.request.get('x').encode('utf-8')"),
        ("self.request.GET['x']", "self.request.GET['x'].encode('utf-8')"),
        ("'a %s' % self.request.get('x')", "('a %s' % self.request.get('x')).encode('utf-8')"),
        ("'a' + self.request.get('x') + x", "('a' + self.request.get('x') + x).encode('utf-8')"),
        ("u'é'", "u'é'.encode('utf-8')"),
        ("self.request.get('x') or 'none'", "(self.request.get('x') or 'none').encode('utf-8')"),
        (
            "'%s' % (1, self.request.get('x').strip())",
            "('%s' % (1, self.request.get('x').strip())).encode('utf-8')",
        ),
    ],
)
def test_values_become_byte_strings(before: str, after: str) -> None:
    head = "# -*- coding: utf-8 -*-\n"
    for app in (old, new):
        files = app(head + CLASS + SET + before + "\n")
        made = fixed(RULE, files)["main.py"]
        if before == "u'é'":
            assert after in made or f"({before}).encode('utf-8')" in made
        else:
            assert made == HEAD + head + CLASS + SET + after + "\n"


def test_names_locals_and_methods_that_set_headers() -> None:
    assert fixed(RULE, new(CLASS + "    self.response.headers[u'X'] = 'y'\n"))["main.py"].endswith(
        "['X'] = 'y'\n"
    )
    body = "    self.response.headers.add_header('X', self.request.get('x'))\n"
    assert "get('x').encode('utf-8'))" in fixed(RULE, new(CLASS + body))["main.py"]
    body = "    v = self.request.get('x')\n    r = self.response\n    r.headers['X'] = v\n"
    assert "= v.encode('utf-8')\n" in fixed(RULE, new(CLASS + body))["main.py"]


@pytest.mark.parametrize(
    ("value", "severity"),
    [
        ("u'a'", Severity.ERROR),
        ("u'%s' % x", Severity.ERROR),
        ("3", Severity.ERROR),
        ("self.request.get('x')", Severity.WARNING),
        ("'a' + self.request.get('x')", Severity.WARNING),
        ("self.request.get('x', u'')", Severity.ERROR),
        ("self.request.params['x']", Severity.ERROR),
    ],
)
def test_only_what_fails_in_any_case_is_an_error(value: str, severity: Severity) -> None:
    assert [finding.severity for finding in find(RULE, new(CLASS + SET + value + "\n"))] == [severity]


@pytest.mark.parametrize(
    ("value", "severity"),
    [
        ("None", Severity.ERROR),
        ("self.request.headers.get('Origin')", Severity.WARNING),
        ("self.request.referer", Severity.WARNING),
        ("self.request.get('x', None)", Severity.ERROR),
        ("self.request.get('x', 3)", Severity.ERROR),
    ],
)
def test_none_is_only_reported(value: str, severity: Severity) -> None:
    (finding,) = find(RULE, new(CLASS + SET + value + "\n"))
    assert (finding.severity, finding.fix) == (severity, None)


def test_a_length_that_is_set_last_stays_a_number() -> None:
    body = "    self.response.out.write(x)\n    self.response.headers['Content-Length'] = len(x)\n"
    assert fixed(RULE, new(CLASS + body), unsafe=False)["main.py"].endswith("= str(len(x))\n")
    assert find(RULE, new(CLASS.replace("get", "finish") + body)) == []


def test_parameters_of_add_header() -> None:
    body = "    self.response.headers.add_header('X', 'a', filename=u'b')\n"
    assert "filename='b')" in fixed(RULE, new(CLASS + body), unsafe=False)["main.py"]


def test_files_with_unicode_literals() -> None:
    code = "# coding: utf-8\nfrom __future__ import unicode_literals\n" + HEAD + CLASS
    code += "    self.response.headers['X'] = 'é'\n"
    made = fixed(RULE, {**new(""), "main.py": code})["main.py"]
    assert made.endswith("    self.response.headers[b'X'] = 'é'.encode('utf-8')\n")


STATIC = """\
from google.appengine.ext import db
class StaticContent(db.Model):
  content_type = db.StringProperty()
  note = db.TextProperty(default='x')
  body = db.BlobProperty()
  size = db.IntegerProperty()
"""
ENTITY = "from models import StaticContent\nclass H(webapp.RequestHandler):\n  def get(self, x):\n"
LOADED = ENTITY + "    content = StaticContent.get(x)\n"


@pytest.mark.parametrize(
    "code",
    [
        LOADED + SET + "str(content.content_type)\n",
        LOADED + SET + "content.content_type.encode('ascii')\n",
        LOADED + SET + "content.body\n",
        LOADED + SET + "content.size\n",
        LOADED + SET + "content.unknown\n",
        LOADED + SET + "other.content_type\n",
        LOADED + SET + "content.kind.content_type\n",
        ENTITY + "    content = models.StaticContent(key_name=x)\n" + SET + "content.content_type\n",
        # An entity that was made here has what it was given.
        ENTITY + "    content = StaticContent(content_type='a/b')\n" + SET + "content.content_type\n",
        ENTITY
        + "    content = models.StaticContent.get(x)\n    content.note = str(x)\n"
        + SET
        + "content.note\n",
        ENTITY + "    content = Other(x)\n" + SET + "content.content_type\n",
        ENTITY + "    content = feed.entries[0]\n" + SET + "content.content_type\n",
        ENTITY + "    content = urlfetch.fetch(x)\n" + SET + "content.content_type\n",
        # A module is no entity.
        "import content\n" + ENTITY + SET + "content.content_type\n",
    ],
)
def test_leaves_entities_alone(code: str) -> None:
    assert find(RULE, {**new(code), "models.py": STATIC}) == []


def test_leaves_alone_what_is_no_property_in_all_models_of_that_name() -> None:
    other = "class Content(db.Model):\n  note = db.StringProperty()\n"
    code = ENTITY.replace("x)", "x, content)") + SET + "content.content_type\n"
    assert find(RULE, {**new(code), "models.py": STATIC + other}) == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("content.content_type", "content.content_type.encode('utf-8')"),
        ("'a %s' % content.note", "('a %s' % content.note).encode('utf-8')"),
        ("'a=' + content.note + x", "('a=' + content.note + x).encode('utf-8')"),
    ],
)
def test_texts_of_entities(before: str, after: str) -> None:
    for code in (LOADED, ENTITY.replace("x)", "x, content)")):
        files = {**new(code + SET + before + "\n"), "models.py": STATIC}
        found = find(RULE, files)
        assert [each.severity for each in found] == [Severity.WARNING]
        assert "can be unicode" in found[0].message
        assert fixed(RULE, files)["main.py"].endswith(SET + after + "\n")


def test_the_name_of_the_variable_may_be_the_whole_name_of_the_model() -> None:
    code = ENTITY.replace("x)", "x, static_content)") + SET + "static_content.note\n"
    assert len(find(RULE, {**new(code), "models.py": STATIC})) == 1
    assert find(RULE, {**new(code.replace("static_content", "static")), "models.py": STATIC}) == []
    assert find(RULE, {**new(code.replace("x, static_content", "x")), "models.py": STATIC}) == []


@pytest.mark.parametrize("value", ["find(x)", "self.find(x)", "rows[0]"])
def test_entities_that_come_from_elsewhere_in_the_app(value: str) -> None:
    code = (
        f"def find(x):\n  return memcache.get(x)\n{ENTITY}    content = {value}\n{SET}content.content_type\n"
    )
    assert len(find(RULE, {**new(code), "models.py": STATIC})) == 1
