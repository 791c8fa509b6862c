"""Which kinds of value expressions may give."""

from __future__ import annotations

import pytest

from gaebot.rules.python27.shared.webapp.kinds import kinds_of
from tests.rules.helpers import make_app
from tests.rules.python27.webapp.handlers import new

HEAD = "import os, cgi, urllib, urlparse\nfrom google.appengine.ext.webapp import template\nADDRESS = u'http://x'\n"
WEBOB = "libraries:\n- name: webob\n  version: '1.2.3'\n"


def kinds(body: str, head: str = HEAD, webob: str = "", modules: dict[str, str] | None = None) -> str:
    """The kinds of what `f(…)` is called with in a handler's method, as the first letters of their names."""
    lines = "".join(f"    {line}\n" for line in body.splitlines())
    files = new(f"{head}class H(webapp.RequestHandler):\n  def get(self, x):\n{lines}")
    files["app.yaml"] = str(files["app.yaml"]) + webob
    app = make_app({**files, **(modules or {})})
    file = app.python("main.py")
    assert file is not None
    assert not file.is_broken
    call = file.identifiers("f")[-1].parent
    argument = call.child_by_field_name("arguments").named_children[0] if call is not None else None
    assert argument is not None
    return "".join(sorted(kind.value[0] for kind in kinds_of(app, file, argument)))


@pytest.mark.parametrize(
    "code",
    [
        "x",
        "y",
        "g(x)",
        "self.title",
        "x.y['z']",
        "'%s' % x",
        "'a' + x",
        "'a'.join(x)",
        "x.decode('hex')",
        "x.decode('base64')",
        "x.decode(y)",
        "coder.decode(x, y)",
        "self.request.get('x', '', True)",
        "self.request.get('x', allow_multiple=True)",
        "self.request.get_all('x')",
        "self.request.application",
        "urllib.quote(self.request.get('x'))",
        "'%(a)s' % x",
        "'a' if x else y",
        "y or 'a'",
        "[u'a']",
        "u'a' == x",
        "self.request.get('x').split(',')",
    ],
)
def test_nothing_is_guessed(code: str) -> None:
    assert kinds(f"f({code})") == ""


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("'a'", "b"),
        ("u'a'", "u"),
        ("ur'a'", "u"),
        ("'a' u'b'", "u"),
        ("'a' 'b'", "b"),
        ("3", "n"),
        ("None", "N"),
        ("(3 + len(x))", "n"),
        ("self.request.get('x')", "bu"),
        ("self.request.get('x', u'')", "u"),
        ("self.request.get('x', None)", "Nu"),
        ("self.request.get('x', default_value=3)", "nu"),
        ("self.request.params['x']", "u"),
        ("self.request.GET.get('x')", "Nu"),
        ("self.request.cookies['x']", "u"),
        ("self.request.cookies.get('x', '')", "bu"),
        ("self.request.headers['X']", "b"),
        ("self.request.headers.get('X')", "Nb"),
        ("self.request.referer", "Nb"),
        ("self.request.referer or '/'", "b"),
        ("self.request.url", "b"),
        ("self.request.path_info", "b"),
        ("'a' + u'b' + x", "u"),
        ("'a' + self.request.get('x') + x", "bu"),
        ("u'%s' % x", "u"),
        ("'%s' % u'a'", "u"),
        ("'%s %s' % (x, u'a')", "u"),
        ("'%d %s' % (3, 'a')", "b"),
        ("'%s %s' % (3, None)", "b"),
        ("'%r' % u'a'", "b"),
        ("'%s %r' % ('a', u'a')", "b"),
        ("'100%% %s' % u'a'", "u"),
        ("'%(a)s' % {'a': u'a', 'b': x}", "u"),
        ("'%(a)d' % {'a': x}", "b"),
        ("'%*s' % (3, u'a')", "u"),
        ("'{}'.format(u'a')", "b"),
        ("u'{}'.format(x)", "u"),
        ("u','.join(x)", "u"),
        ("'a'.replace('a', u'b')", "u"),
        ("self.request.get('x').strip().lower()", "bu"),
        ("self.request.get('x').encode('utf-8')", "b"),
        ("x.encode('utf-8')", "b"),
        ("x.decode('utf-8')", "u"),
        ("str(u'a')", "b"),
        ("unicode(x, 'utf-8')", "u"),
        ("self.request.get('x')[1:]", "bu"),
        ("template.render('a', {})", "u"),
        ("urlparse.urljoin(self.request.url, u'a')", "u"),
        ("cgi.escape(u'a')", "u"),
        ("u'a' if x else 'b'", "bu"),
        ("self.request.get('x') or u'a'", "bu"),
        ("self.request.get('x') and 'a' or 'b'", "b"),
        ("x and u'a' or 'b'", "bu"),
        ("self.request.get('x', u'') and 'a'", "bu"),
        ("(x and y and 'a') or 'b'", "b"),
        ("None or 'b'", ""),
        ("ADDRESS", "u"),
    ],
)
def test_kinds(code: str, expected: str) -> None:
    assert kinds(f"f({code})") == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("y = u'a'\nf(y)", "u"),
        ("y = u'a'\ny = y.encode('utf-8')\nf(y)", "b"),
        ("y = u'a'\ny = str(y)\ny = y + 'b'\nf(y)", "b"),
        ("x = str(x)\nf(x)", "b"),
        ("y = g()\nif x:\n  y = u'a'\nf(y)", ""),
        ("y = 'b'\nif x:\n  y = u'a'\nf(y)", "bu"),
        ("if x:\n  y = u'a'\n  f(y)\nelse:\n  y = 'b'", "u"),
        ("y = u'a'\nif x:\n  y = 'b'\nelse:\n  y = str(y)\nf(y)", "b"),
        ("y = u'a'\nif x:\n  y = 'b'\nelif z:\n  y = 'c'\nf(y)", "bu"),
        ("y = u'a'\ntry:\n  y = str(y)\nexcept UnicodeError:\n  return\nf(y)", "b"),
        ("y = 'a'\ny += u'b'\nf(y)", "bu"),
        ("y = 'a'\ny += 'b'\nf(y)", "b"),
        ("y = 'a'\ny += x\nf(y)", ""),
        ("y = 'a'\nfor z in x:\n  f(y)\n  y = u'b'", "bu"),
        ("f(y)\ny = u'b'", ""),
        ("y = u'a'\nif isinstance(y, unicode):\n  y = y.encode('utf-8')\nf(y)", ""),
        ("for y in x:\n  f(y)", ""),
        ("y, z = u'a', 'b'\nf(y)", ""),
        ("y = y\nf(y)", ""),
        ("y = self.request.POST['file']\nf(y.filename)", "u"),
        ("y = self.request.POST['file']\nf(y.type)", ""),
        ("request = self.request\nf(request.get('x'))", "bu"),
    ],
)
def test_local_names(body: str, expected: str) -> None:
    assert kinds(body) == expected


def test_unicode_literals() -> None:
    head = "from __future__ import unicode_literals\n"
    assert kinds("f('a')", head) == "u"
    assert kinds("f(b'a')", head) == "b"
    assert kinds("f('a')", "x = 'unicode_literals'\n") == "b"


def test_webob_12_gives_unicode_paths() -> None:
    assert kinds("f(self.request.path_info)", webob=WEBOB) == "u"
    assert kinds("f(self.request.path)", webob=WEBOB) == "b"


MODELS = {
    "models.py": """\
from google.appengine.ext import db
class Base(db.Model):
  url = db.LinkProperty()
class Link(Base):
  name = db.StringProperty(required=True)
  size = db.IntegerProperty()
  tags = db.StringListProperty()
  title = property(str)
""",
}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("y = Link.get_by_key_name('a')\nf(y.name)", "bu"),
        ("y = models.Link.all().filter('size', 3).get()\nf(y.url)", "bu"),
        ("f(Link.get_by_id(3).name)", "bu"),
        ("y = Link.get_by_id(3)\nf(str(y.name))", "b"),
        ("y = Link.get_by_id(3)\nf('http://%s' % y.name)", "bu"),
        ("q = Link.all()\nq.filter('size', 3)\ny = q.get()\nf(y.name)", "bu"),
        ("q = Link.all()\nq = q.filter('size', 3)\ny = q.get()\nf(y.name)", "bu"),
        ("q = cache\ny = q.get()\nf(y.name)", ""),
        ("y = x.get()\nf(y.name)", ""),
        ("y = Link.get_by_id(3)\nf(y.size)", ""),
        ("y = Link.get_by_id(3)\nf(y.tags)", ""),
        ("y = Link.get_by_id(3)\nf(y.title)", ""),
        ("y = Link.get_by_id(3)\nf(y.other)", ""),
        ("y = Link(name='a')\nf(y.name)", ""),
        ("y = Link.all().fetch(3)\nf(y.name)", ""),
        ("y = Other.get_by_id(3)\nf(y.name)", ""),
        ("y = Link.get_by_id(3)\nif x: y = g()\nf(y.name)", ""),
        ("for y in Link.all():\n  f(y.name)", ""),
        ("f(x.name)", ""),
    ],
)
def test_texts_of_entities(body: str, expected: str) -> None:
    assert kinds(body, "import models\nfrom models import Link\n", modules=MODELS) == expected
