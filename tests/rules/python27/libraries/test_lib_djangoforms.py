"""`lib-djangoforms`: what it leaves alone, finds and writes."""

from __future__ import annotations

import pytest

from gaebot.finding import Severity
from tests.rules.helpers import find, fixed
from tests.rules.python27.wsgi.scripts import cgi, wsgi

RULE = "lib-djangoforms"
IMPORT = "from google.appengine.ext.db import djangoforms\n"
FORM = "class EntryForm(djangoforms.ModelForm):\n    class Meta:\n        model = Entry\n"


@pytest.mark.parametrize(
    "code",
    [
        "from google.appengine.ext import db",
        "from google.appengine.ext.db import polymodel",
        "from django import forms as djangoforms\nx = djangoforms.Form",
        "import djangoforms",
        "from lib import djangoforms",
        "import ae_djangoforms as djangoforms",
        f"# {IMPORT}",
        f"x = '''\n{IMPORT}'''",
        f"try:\n    {IMPORT}except ImportError:\n    djangoforms = None\nx = djangoforms",
        f"if __name__ == '__main__':\n    {IMPORT}    djangoforms.ModelForm",
    ],
)
def test_leaves_alone(code: str) -> None:
    assert find(RULE, wsgi(f"{code}\n")) == []


def test_tools_and_third_party_code_are_left_alone() -> None:
    assert find(RULE, {**wsgi("app = None\n"), "tool.py": IMPORT + FORM}) == []


@pytest.mark.parametrize(
    "code",
    [
        IMPORT + FORM,
        "from google.appengine.ext.db.djangoforms import ModelForm\nclass F(ModelForm):\n    pass\n",
        "from google.appengine.ext.db.djangoforms import *\nclass F(ModelForm):\n    pass\n",
        "from google.appengine.ext.db import djangoforms as forms\nclass F(forms.ModelForm):\n    pass\n",
        "import google.appengine.ext.db.djangoforms\nF = google.appengine.ext.db.djangoforms.ModelForm\n",
        "import google.appengine.ext.db.djangoforms as f\nF = f.ModelForm\n",
        "from google.appengine.ext.db.djangoforms import ModelForm, FormWithSets\nclass F(ModelForm):\n    pass\n",
        "def view():\n    from google.appengine.ext.db import djangoforms\n    return djangoforms.ModelForm\n",
    ],
)
@pytest.mark.parametrize("app", [wsgi, cgi])
def test_tells(code: str, app: object) -> None:
    (finding,) = find(RULE, app(code))  # type: ignore[operator]
    assert finding.severity is Severity.ERROR
    assert finding.fix is None


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (f"{IMPORT}x = 1\n", "x = 1\n"),
        (
            "from google.appengine.ext.db import djangoforms, polymodel\nx = polymodel\n",
            "from google.appengine.ext.db import polymodel\nx = polymodel\n",
        ),
        ("def f():\n    from google.appengine.ext.db import djangoforms\n", "def f():\n    pass\n"),
        ("import google.appengine.ext.db.djangoforms as f\r\nx = 1\r\n", "x = 1\r\n"),
    ],
)
def test_deletes_an_import_that_nothing_uses(before: str, after: str) -> None:
    assert fixed(RULE, wsgi(before), unsafe=False)["main.py"] == after


def test_an_import_that_another_module_takes_stays() -> None:
    files = wsgi("from forms import djangoforms\nx = djangoforms\n", forms=IMPORT)
    (finding,) = find(RULE, files)
    assert finding.place.path == "forms.py"
    assert finding.fix is None
