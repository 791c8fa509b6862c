"""`lib-simplejson`: what it leaves alone, finds and writes."""

from __future__ import annotations

import pytest

from gaebot.finding import Safety, Severity
from tests.rules.helpers import find, fixed
from tests.rules.python27.wsgi.scripts import cgi, wsgi

RULE = "lib-simplejson"


@pytest.mark.parametrize(
    "code",
    [
        "import json\n",
        "from webapp2_extras import json\n",
        "import json as simplejson\nsimplejson.loads(x)\n",
        "# import simplejson\n",
        "x = 'import simplejson'\n",
        "simplejson = None\n",
        "try:\n  import json\nexcept ImportError:\n  import simplejson as json\n",
        "try:\n  import json\nexcept ImportError:\n  from django.utils import simplejson as json\n",
        (
            "try:\n  import json\nexcept:\n  try:\n    import simplejson as json\n"
            "  except ImportError:\n    from django.utils import simplejson as json\n"
        ),
        "from django.utils import encoding\n",
        "import mysimplejson\n",
        "if __name__ == '__main__':\n  import simplejson\n",
        "try:\n  import json\n  json.loads\nexcept (ImportError, AttributeError):\n  import simplejson as json\n",
        "try:\n  import json\nexcept ImportError, e:\n  log(e)\n  from django.utils import simplejson as json\n",
        "try:\n  from json import loads\nexcept ImportError:\n  from simplejson import loads\n",
        "try:\n  import json\nexcept ImportError:\n  import simplejson as json\nelse:\n  x = 1\n",
        "try:\n  import json\nexcept ImportError:\n  json = None\nif not json:\n  import simplejson as json\n",
        "import json\nif not hasattr(json, 'loads'):\n  import simplejson as json\n",
        "import sys\nif sys.version_info < (2, 6):\n  import simplejson as json\nelse:\n  import json\n",
        "import sys\nif sys.version_info >= (2, 6):\n  import json\nelse:\n  import simplejson as json\n",
    ],
)
def test_leaves_alone(code: str) -> None:
    assert find(RULE, wsgi(code)) == []


@pytest.mark.parametrize(
    "code",
    [
        "from django.utils import simplejson\n",
        "try:\n    import simplejson\nexcept ImportError:\n    from django.utils import simplejson\n",
        "from simplejson import loads, dumps\n",
    ],
)
def test_a_module_called_json_can_not_import_the_other_one(code: str) -> None:
    files = {**wsgi("from api import json\n"), "api/__init__.py": "", "api/json.py": code}
    assert [finding.fix for finding in find(RULE, files)] == [None]


def test_tools_are_left_alone() -> None:
    assert find(RULE, {**wsgi("app = 1\n"), "tool.py": "import simplejson\n"}) == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("import simplejson\nx = simplejson.loads(y)\n", "import json\nx = json.loads(y)\n"),
        ("import simplejson as json\nx = json.loads(y)\n", "import json\nx = json.loads(y)\n"),
        ("import simplejson as sj\nx = sj.loads(y)\n", "import json\nx = json.loads(y)\n"),
        (
            "from django.utils import simplejson\nx = simplejson.dumps(y)\n",
            "import json\nx = json.dumps(y)\n",
        ),
        (
            "from django.utils import simplejson as json\nx = json.dumps(y)\n",
            "import json\nx = json.dumps(y)\n",
        ),
        (
            # `decode` was an error with Django's copy, too.
            "from django.utils import simplejson as json\nx = json.dumps(json.decode(y))\n",
            "import json\nx = json.dumps(json.decode(y))\n",
        ),
        ("import django.utils.simplejson as json\n", "import json\n"),
        (
            "import django.utils.simplejson\nx = django.utils.simplejson.loads(y)\n",
            "import json\nx = json.loads(y)\n",
        ),
        (
            "from simplejson import loads, dumps as d\nd(loads(x))\n",
            "from json import loads, dumps as d\nd(loads(x))\n",
        ),
        ("from django.utils.simplejson import loads\n", "from json import loads\n"),
        (
            "from google.appengine._internal.django.utils import simplejson\nsimplejson.loads(x)\n",
            "import json\njson.loads(x)\n",
        ),
        ("import os, simplejson\nsimplejson.loads(x)\n", "import json\nimport os\njson.loads(x)\n"),
        (
            "from django.utils import encoding, simplejson\nsimplejson.loads(x)\n",
            "import json\nfrom django.utils import encoding\njson.loads(x)\n",
        ),
        (
            "def f(x):\n    from django.utils import simplejson\n    return simplejson.loads(x)\n",
            "def f(x):\n    import json\n    return json.loads(x)\n",
        ),
        (
            (
                "def f(x):\n  import simplejson\n  return simplejson.loads(x)\n"
                "def g(x):\n  import simplejson\n  return simplejson.dumps(x)\n"
            ),
            "def f(x):\n  import json\n  return json.loads(x)\ndef g(x):\n  import json\n  return json.dumps(x)\n",
        ),
        (
            "import json\nimport simplejson\nx = simplejson.loads(json.dumps(y))\n",
            "import json\nx = json.loads(json.dumps(y))\n",
        ),
        ("import simplejson\r\nsimplejson.loads(x)\r\n", "import json\r\njson.loads(x)\r\n"),
        (
            "import simplejson\nclass E(simplejson.JSONEncoder):\n\tdef default(self, o):\n\t\treturn str(o)\n",
            "import json\nclass E(json.JSONEncoder):\n\tdef default(self, o):\n\t\treturn str(o)\n",
        ),
        (
            "import simplejson\ntry:\n  simplejson.loads(x)\nexcept simplejson.JSONDecodeError, e:\n  pass\n",
            "import json\ntry:\n  json.loads(x)\nexcept ValueError, e:\n  pass\n",
        ),
        (
            "import simplejson\ntry:\n  f()\nexcept (KeyError, simplejson.decoder.JSONDecodeError):\n  pass\n",
            "import json\ntry:\n  f()\nexcept (KeyError, ValueError):\n  pass\n",
        ),
        (
            "from simplejson import loads, JSONDecodeError\ntry:\n  loads(x)\nexcept JSONDecodeError, e:\n  print e\n",
            "from json import loads\ntry:\n  loads(x)\nexcept ValueError, e:\n  print e\n",
        ),
        (
            "import simplejson\nfrom simplejson.decoder import JSONDecodeError as E\ntry:\n  f()\nexcept E:\n  pass\n",
            "import json\ntry:\n  f()\nexcept ValueError:\n  pass\n",
        ),
        ("from django.utils.simplejson import *\nloads(x)\n", "from json import *\nloads(x)\n"),
        (
            "import simplejson\ntry:\n  f()\nexcept simplejson.JSONDecodeError as e: # no\n  self.msg = e\n",
            "import json\ntry:\n  f()\nexcept ValueError as e: # no\n  self.msg = e\n",
        ),
        ("from simplejson import decoder\n", "from json import decoder\n"),
        (
            "import simplejson\n__all__ = ['simplejson']\n",
            "import json as simplejson\n__all__ = ['simplejson']\n",
        ),
        (
            "import simplejson  # fast\nprint simplejson.dumps(x)\n",
            "import json  # fast\nprint json.dumps(x)\n",
        ),
    ],
)
def test_json_takes_its_place(before: str, after: str) -> None:
    assert [finding.severity for finding in find(RULE, wsgi(before))][:1] == [
        Severity.NOTE if "encoding" in before else Severity.ERROR
    ]
    assert fixed(RULE, wsgi(before), unsafe=False)["main.py"] == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "import simplejson\njson = 1\nsimplejson.loads(x)\n",
            "import json as simplejson\njson = 1\nsimplejson.loads(x)\n",
        ),
        (
            "import simplejson\ndef f(json):\n  return simplejson.loads(json)\n",
            "import json as simplejson\ndef f(json):\n  return simplejson.loads(json)\n",
        ),
        ("import simplejson as sj\njson = sj.loads(x)\n", "import json as sj\njson = sj.loads(x)\n"),
    ],
)
def test_a_name_that_is_taken_is_respected(before: str, after: str) -> None:
    assert fixed(RULE, wsgi(before))["main.py"] == after


def test_a_name_that_other_modules_take_is_kept() -> None:
    files = wsgi("from util import simplejson\nsimplejson.loads(x)\n", util="import simplejson\n")
    assert fixed(RULE, files)["util.py"] == "import json as simplejson\n"
    files = wsgi("import util\nutil.simplejson.loads(x)\n", util="from django.utils import simplejson\n")
    assert fixed(RULE, files)["util.py"] == "import json as simplejson\n"


@pytest.mark.parametrize(
    ("before", "after", "severity"),
    [
        (
            "try:\n  import simplejson as json\nexcept ImportError:\n  import json\n",
            "import json\n",
            Severity.NOTE,
        ),
        (
            "try:\n  from django.utils import simplejson as json\nexcept:\n  import json\n",
            "import json\n",
            Severity.NOTE,
        ),
        (
            "try:\n  import simplejson as json\nexcept ImportError:\n  from django.utils import simplejson as json\n",
            "import json\n",
            Severity.ERROR,
        ),
        (
            (
                "try:\n    import simplejson\nexcept ImportError:\n    from django.utils import simplejson\n"
                "x = simplejson.loads(y)\n"
            ),
            "import json\nx = json.loads(y)\n",
            Severity.ERROR,
        ),
        (
            (
                "# JSON\ntry: # For Google AppEngine\n    from django.utils import simplejson\n"
                "    _parse_json = lambda s: simplejson.loads(s)\nexcept ImportError:\n    import json\n"
                "    _parse_json = lambda s: json.loads(s)\n"
            ),
            "# JSON\nimport json\n_parse_json = lambda s: json.loads(s)\n",
            Severity.NOTE,
        ),
        (
            (
                "try:\n    import simplejson\n    _parse_json = lambda s: simplejson.loads(s)\nexcept ImportError:\n"
                "    try:\n        from django.utils import simplejson\n"
                "        _parse_json = lambda s: simplejson.loads(s)\n    except ImportError:\n        import json\n"
                "        _parse_json = lambda s: json.loads(s)\n"
            ),
            "import json\n_parse_json = lambda s: json.loads(s)\n",
            Severity.NOTE,
        ),
        (
            "def f():\n  try:\n    import simplejson as json\n  except ImportError:\n    import json\n  return json\n",
            "def f():\n  import json\n  return json\n",
            Severity.NOTE,
        ),
    ],
)
def test_a_chain_becomes_one_import(before: str, after: str, severity: Severity) -> None:
    assert [finding.severity for finding in find(RULE, wsgi(before))] == [severity]
    assert fixed(RULE, wsgi(before), unsafe=False)["main.py"] == after


@pytest.mark.parametrize(
    "code",
    [
        "from simplejson import *\n",
        "import simplejson\nsimplejson.dumps(x, use_decimal=True)\n",
        "import simplejson\nsimplejson.OrderedDict()\n",
        "try:\n  import simplejson\nexcept ImportError:\n  simplejson = None\n",
        "from simplejson import OrderedDict\n",
        "import simplejson\ntry:\n  f()\nexcept simplejson.JSONDecodeError, e:\n  print e.pos\n",
        "import simplejson\ntry:\n  f()\nexcept (A, simplejson.decoder.JSONDecodeError) as e:\n  print e.msg\n",
        "def f():\n  try:\n    import simplejson\n    return simplejson.loads(x)\n  except ImportError:\n    return x\n",
    ],
)
def test_without_a_safe_way_there_is_no_fix(code: str) -> None:
    findings = find(RULE, wsgi(code))
    assert [finding.fix for finding in findings] == [None]


def test_djangos_copy_gives_way_within_a_try_that_does_more() -> None:
    code = "def f(x):\n  try:\n    {0}\n    return json.loads(x)\n  except Exception, e:\n    log(e)\n"
    files = wsgi(code.format("from django.utils import simplejson as json"))
    assert [finding.severity for finding in find(RULE, files)] == [Severity.WARNING]
    assert fixed(RULE, files, unsafe=False)["main.py"] == code.format("import json")


@pytest.mark.parametrize(
    ("code", "path"),
    [
        ("import sys\nsys.path.insert(0, 'lib')\nimport simplejson\n", "lib/simplejson/__init__.py"),
        ("import sys\nsys.path.insert(0, 'simplejson.zip')\nimport simplejson\n", "simplejson.zip"),
        ("import sys\nsys.path.insert(0, 'django.zip')\nfrom django.utils import simplejson\n", "django.zip"),
    ],
)
def test_a_copy_that_is_found_by_the_path_is_a_note(code: str, path: str) -> None:
    assert [finding.severity for finding in find(RULE, {**wsgi(code), path: b""})] == [Severity.NOTE]


def test_the_helper_takes_django_from_the_runtime_when_told_a_version() -> None:
    helper = (
        "from appengine_django import InstallAppengineHelperForDjango\nInstallAppengineHelperForDjango({})\n"
    )
    for version, severity in (("", Severity.NOTE), ("version='1.2'", Severity.ERROR)):
        files = wsgi(helper.format(version) + "from django.utils import simplejson\n")
        files |= {"appengine_django/__init__.py": "", "django.zip": b""}
        assert [finding.severity for finding in find(RULE, files)] == [severity]


def test_copies_are_told_of_once_and_not_where_more_than_json_is_asked_of_them() -> None:
    files = wsgi("import simplejson, util\nsimplejson.loads(x)\n", util="from simplejson import loads\n")
    files["simplejson/__init__.py"] = ""
    (finding,) = find(RULE, files)
    assert [related.place.path for related in finding.related] == ["util.py"]
    made = fixed(RULE, files)
    assert made["main.py"] == "import json\nimport util\njson.loads(x)\n"
    assert made["util.py"] == "from json import loads\n"
    code = "import simplejson\nsimplejson.dumps(x, use_decimal=True)\n"
    assert find(RULE, {**wsgi(code), "simplejson/__init__.py": ""}) == []


def test_a_module_that_passes_the_name_on_is_what_is_patched() -> None:
    files = wsgi("from util import simplejson\nsimplejson.loads(x)\n", util="import simplejson\n")
    assert [finding.place.path for finding in find(RULE, files)] == ["util.py"]
    files = wsgi("from util import simplejson\n", util="import json as simplejson\n")
    assert find(RULE, files) == []


def test_with_an_own_module_of_that_name_there_is_no_fix() -> None:
    files = {**wsgi("import simplejson\n"), "json.py": "def read(x): pass\n"}
    assert [finding.fix for finding in find(RULE, files)] == [None]


def test_before_the_switch_there_is_no_fix() -> None:
    assert [finding.fix for finding in find(RULE, cgi("import simplejson\n"))] == [None]


def test_the_copy_in_a_django_that_is_there_is_a_note() -> None:
    files = wsgi("from django.utils import simplejson\nsimplejson.loads(x)\n")
    files["app.yaml"] = str(files["app.yaml"]) + 'libraries:\n- name: django\n  version: "1.4"\n'
    assert [finding.severity for finding in find(RULE, files)] == [Severity.NOTE]
    assert fixed(RULE, files)["main.py"] == "import json\njson.loads(x)\n"
    files["app.yaml"] = str(files["app.yaml"]).replace("1.4", "1.11")
    assert [finding.severity for finding in find(RULE, files)] == [Severity.ERROR]


def test_the_copy_in_a_django_that_the_app_needs_anyway_is_a_note() -> None:
    pages = "from django.template import Context\nfrom django.utils import simplejson\nsimplejson.loads(x)\n"
    found = find(RULE, cgi(pages))
    assert [each.severity for each in found] == [Severity.NOTE]
    found = find(RULE, cgi("from django.utils import simplejson\nsimplejson.loads(x)\n"))
    assert [each.severity for each in found] == [Severity.ERROR]


def test_a_copy_of_the_app_is_a_note_to_be_reviewed() -> None:
    files = {**wsgi("import simplejson\nsimplejson.loads(x)\n"), "simplejson/__init__.py": ""}
    (finding,) = find(RULE, files)
    assert finding.severity is Severity.NOTE
    assert finding.fix is not None
    assert finding.fix.safety is Safety.REVIEW
    files = {**wsgi("from lib import simplejson\nsimplejson.loads(x)\n"), "lib/__init__.py": ""}
    made = fixed(RULE, {**files, "lib/simplejson.py": ""})
    assert made["main.py"] == "import json\njson.loads(x)\n"
