"""`lib-djangoforms`: what it leaves alone, finds and writes."""

from __future__ import annotations

import pytest

from gaebot.finding import RunsOn, Safety, Severity
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
    (finding,) = find(RULE, cgi(before))
    assert finding.fix is not None
    assert finding.fix.runs_on is RunsOn.BOTH


@pytest.mark.parametrize("name", ["get_form_field", "get_value_for_form", "make_value_from_form"])
@pytest.mark.parametrize("path", ["main", "util", "tool"])
def test_where_the_methods_that_it_adds_may_be_used_the_patch_is_for_python27_and_to_be_read(
    name: str, path: str
) -> None:
    use = f"def f(model):\n    return model.title.{name}\n"
    files = {"main": IMPORT + "import util\n", "util": "", "tool": ""}
    files[path] += use
    for app in (wsgi, cgi):
        (finding,) = find(RULE, app(**files))
        assert finding.fix is not None
        assert (finding.fix.safety, finding.fix.runs_on) == (Safety.REVIEW, RunsOn.TARGET)
        assert fixed(RULE, app(**files), unsafe=False)["main.py"] == files["main"]
        assert fixed(RULE, app(**files), unsafe=True)["main.py"] == files["main"].replace(IMPORT, "")


def test_a_comment_above_it_goes_with_it_where_a_function_follows() -> None:
    before = (
        "def f():\n    from a import b\n    # Patches come first.\n    {}    def g():\n        return b\n"
    )
    expected = "def f():\n    from a import b\n    def g():\n        return b\n"
    assert fixed(RULE, wsgi(before.format(IMPORT)))["main.py"] == expected


def test_an_import_that_another_module_takes_stays() -> None:
    files = wsgi("from forms import djangoforms\nx = djangoforms\n", forms=IMPORT)
    (finding,) = find(RULE, files)
    assert finding.place.path == "forms.py"
    assert finding.fix is None
