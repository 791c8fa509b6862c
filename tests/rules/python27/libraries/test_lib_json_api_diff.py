"""`lib-json-api-diff`: what it leaves alone and finds."""

from __future__ import annotations

import pytest

from tests.rules.helpers import find
from tests.rules.python27.wsgi.scripts import cgi, wsgi

RULE = "lib-json-api-diff"
HEAD = "import simplejson\n"
USE = "from google.appengine.dist import use_library\nuse_library('django', "


@pytest.mark.parametrize(
    "code",
    [
        HEAD + "simplejson.dumps(x, indent=2, sort_keys=True, cls=E, ensure_ascii=False)\n",
        HEAD + "simplejson.loads(x, encoding='utf-8', object_hook=f, parse_float=float)\n",
        HEAD
        + "class E(simplejson.JSONEncoder):\n  def default(self, o): return simplejson.JSONEncoder.default(self, o)\n",
        HEAD + "try: pass\nexcept simplejson.JSONDecodeError: pass\n",
        HEAD + "try: pass\nexcept simplejson.JSONDecodeError, e: print e, self.pos\n",
        HEAD + "try: pass\nexcept KeyError, e: print e.msg\n",
        HEAD + "simplejson.encoder.JSONEncoder\n",
        "import json\njson.dumps(x, use_decimal=True)\n",
        "from simplejson import loads\n",
        "other.dumps(x, indent='  ')\n",
        HEAD + "simplejson.stringify(x)\n",
        HEAD + "simplejson.JSONDecoderError\n",
        "from django.utils import simplejson as json\nx = json.decode(y)\n",
        "from django.utils import simplejson\nx = simplejson.encode(y)\n",
        "import django.utils.simplejson\nx = django.utils.simplejson.decode(y)\n",
        "from django.utils.simplejson import decode\ndecode(y)\n",
        f"{USE}'1.1')\nfrom django.utils import simplejson\nx = simplejson.decode(y)\n",
        f"{USE}'1.2')\nfrom django.utils import simplejson\nx = simplejson.decode(y)\n",
    ],
)
def test_leaves_alone(code: str) -> None:
    for app in (cgi, wsgi):
        assert find(RULE, app(code)) == []


def test_apps_with_a_copy_are_left_alone() -> None:
    files = {**wsgi(HEAD + "simplejson.dumps(x, use_decimal=True)\n"), "simplejson/__init__.py": ""}
    assert find(RULE, files) == []


@pytest.mark.parametrize(
    ("code", "what"),
    [
        (HEAD + "simplejson.dumps(x, use_decimal=True)\n", "`use_decimal`"),
        (HEAD + "simplejson.dumps(x, indent='  ')\n", "`indent`"),
        (HEAD + "simplejson.dumps(x, for_json=True)\n", "`for_json`"),
        (
            HEAD + "try: pass\nexcept simplejson.JSONDecodeError, e: print e.lineno\n",
            "`lineno` on its errors",
        ),
        (HEAD + "simplejson.OrderedDict()\n", "`OrderedDict`"),
        (HEAD + "simplejson.encoder.FLOAT_REPR = f\n", "`FLOAT_REPR`"),
        (HEAD + "class E(simplejson.JSONEncoder):\n  def _iterencode(self, o): pass\n", "`_iterencode`"),
        ("from simplejson import OrderedDict\nOrderedDict()\n", "`OrderedDict`"),
        (HEAD + "raise simplejson.JSONDecodeError('x', 'y', 0)\n", "`JSONDecodeError`"),
        (HEAD + "simplejson.RawJSON('1')\n", "`RawJSON`"),
        (HEAD + "simplejson.decode(x)\n", "`decode`"),
        (HEAD + "simplejson.write(x)\n", "`write`"),
        ("from django.utils import simplejson as json\njson.read(x)\n", "`read`"),
        (f"{USE}'1.0')\nfrom django.utils import simplejson\nsimplejson.decode(x)\n", "`decode`"),
    ],
)
def test_what_json_has_not(code: str, what: str) -> None:
    for app in (cgi, wsgi):
        (finding,) = find(RULE, app(code))
        assert what in finding.message
