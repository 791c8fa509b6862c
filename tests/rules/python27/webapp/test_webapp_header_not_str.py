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


def test_none_is_only_reported() -> None:
    (finding,) = find(RULE, new(CLASS + SET + "None\n"))
    assert (finding.severity, finding.fix) == (Severity.ERROR, None)


MODEL = """\
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
        # An entity that was made here has what it was given.
        ENTITY + "    content = StaticContent(content_type='a/b')\n" + SET + "content.content_type\n",
        ENTITY
        + "    content = models.StaticContent.get(x)\n    content.note = str(x)\n"
        + SET
        + "content.note\n",
        # A module is no entity.
        "import content\n" + ENTITY + SET + "content.content_type\n",
    ],
)
def test_leaves_entities_alone(code: str) -> None:
    assert find(RULE, {**new(code), "models.py": MODEL}) == []


def test_leaves_alone_what_is_no_property_in_all_models_of_that_name() -> None:
    other = "class Content(db.Model):\n  note = db.StringProperty()\n"
    code = LOADED + SET + "content.content_type\n"
    assert find(RULE, {**new(code), "models.py": MODEL + other}) == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("content.content_type", "content.content_type.encode('utf-8')"),
        ("static_content.note", "static_content.note.encode('utf-8')"),
        ("'a %s' % content.note", "('a %s' % content.note).encode('utf-8')"),
        ("'a=' + content.note + x", "('a=' + content.note + x).encode('utf-8')"),
    ],
)
def test_texts_of_entities(before: str, after: str) -> None:
    for code in (LOADED, ENTITY.replace("x)", "x, content)")):
        files = {**new(code + SET + before + "\n"), "models.py": MODEL}
        found = find(RULE, files)
        assert [each.severity for each in found] == [Severity.WARNING]
        assert "can be unicode" in found[0].message
        assert fixed(RULE, files)["main.py"].endswith(SET + after + "\n")
