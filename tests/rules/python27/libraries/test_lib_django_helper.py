"""`lib-django-helper`: what it leaves alone, finds and writes."""

from __future__ import annotations

import pytest

from gaebot.app import App
from gaebot.engine import check, fix
from gaebot.rule import discover
from tests.rules.helpers import HOP, find, fixed, rule
from tests.rules.python27.wsgi.scripts import cgi, wsgi

RULE = "lib-django-helper"
PATH = "appengine_django/__init__.py"
MAIN = """\
from appengine_django import InstallAppengineHelperForDjango
InstallAppengineHelperForDjango()

import django.core.handlers.wsgi

app = django.core.handlers.wsgi.WSGIHandler()
"""
INSTALL = """

def InstallAppengineHelperForDjango(version=None):
  LoadDjango(version)
"""
LOAD = (
    """\
import os


def LoadDjango(version=None):
  global have_django_zip

  from google.appengine.dist import use_library
  from google.appengine.dist._library import UnacceptableVersionError

  # Must set this env var first.
  os.environ['DJANGO_SETTINGS_MODULE'] = 'settings'

  # If we have set a version explicitly, force that
  if version:
    use_library('django', version)
    return

  if os.path.exists('django.zip'):
    have_django_zip = True
    return

  # If we aren't loading from a zip or local copy then try
  for check_version in ('1.1', '1.0'):
    try:
      use_library('django', check_version)
      return
    except UnacceptableVersionError:
      pass

  raise UnacceptableVersionError()
"""
    + INSTALL
)
LOAD_AFTER = (
    """\
import os


def LoadDjango(version=None):
  global have_django_zip

  # Must set this env var first.
  os.environ['DJANGO_SETTINGS_MODULE'] = 'settings'

  # If we have set a version explicitly, force that
  if version:
    return

  if os.path.exists('django.zip'):
    have_django_zip = True
    return
"""
    + INSTALL
)


def app(helper: str, main: str = MAIN) -> dict[str, str | bytes]:
    return {**wsgi(main), PATH: helper}


@pytest.mark.parametrize(
    "helper",
    [
        "def InstallAppengineHelperForDjango(version=None):\n  pass\n",
        "from google.appengine.dist import use_library\n",  # not the helper
        "def Load():\n  try:\n    from google.appengine.dist import use_library\n  except ImportError:\n    pass\n"
        + INSTALL,
        "def Load():\n  from google.appengine.dist import py_zipimport_not\n",
        "# from google.appengine.dist import use_library\n" + INSTALL,
    ],
)
def test_leaves_alone(helper: str) -> None:
    assert find(RULE, app(helper)) == []


def test_a_helper_that_no_request_loads_is_left_alone() -> None:
    assert find(RULE, app(LOAD, "app = None\n")) == []
    assert find(RULE, app(LOAD, "app = None\nif __name__ == '__main__':\n  import appengine_django\n")) == []


def test_is_found_before_the_switch_and_patched_after_it() -> None:
    (finding,) = find(RULE, {**cgi(MAIN), PATH: LOAD})
    assert finding.fix is None
    (finding,) = find(RULE, app(LOAD))
    assert finding.fix is not None


def test_takes_use_library_out_and_sets_the_settings() -> None:
    after = fixed(RULE, app(LOAD))
    assert after[PATH] == LOAD_AFTER
    assert after["app.yaml"].endswith("\nenv_variables:\n  DJANGO_SETTINGS_MODULE: 'settings'\n")


def test_settings_that_are_set_stay() -> None:
    files = app(LOAD)
    files["app.yaml"] = str(files["app.yaml"]) + "env_variables:\n  DJANGO_SETTINGS_MODULE: other\n"
    assert fixed(RULE, files)["app.yaml"] == files["app.yaml"]


def test_the_settings_are_those_that_the_helper_names() -> None:
    after = fixed(RULE, app(LOAD.replace("= 'settings'", "= 'conf.settings'")))
    assert "DJANGO_SETTINGS_MODULE: 'conf.settings'" in after["app.yaml"]


def test_all_fixes_together_ask_for_django() -> None:
    files = {path: str(data).encode() for path, data in app(LOAD).items()}
    for version, wanted in (("", "1.2"), ("'1.3'", "1.3")):
        files["main.py"] = MAIN.replace("ForDjango()", f"ForDjango({version})").encode()
        after = fix(App(files), discover(HOP), unsafe=True).app
        assert f'name: django\n  version: "{wanted}"' in after.files["app.yaml"].data.decode()


def test_a_django_zip_is_used_unless_a_version_is_given() -> None:
    files = {path: str(data).encode() for path, data in app(LOAD).items()}
    for version, asked in (("", False), ("'1.3'", True)):
        files["main.py"] = MAIN.replace("ForDjango()", f"ForDjango({version})").encode()
        after = fix(App(files, others=["django.zip"]), discover(HOP), unsafe=True).app
        assert (b"libraries" in after.files["app.yaml"].data) is asked


def test_works_where_the_helper_counts_as_third_party_code() -> None:
    files = {path: str(data).encode() for path, data in app(LOAD).items()}
    vendored = App(files, vendored={"appengine_django": "appengine_django"})
    assert len(check(vendored, [rule(RULE)]).findings) == 1


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "def Forms():\n  from google.appengine.ext.db import djangoforms as f\n  use(f)\n",
            "def Forms():\n  try:\n    from google.appengine.ext.db import djangoforms as f\n"
            "  except ImportError:\n"
            "    return  # python27 has none\n  use(f)\n",
        ),
        (
            "def Load():\n  from google.appengine.dist import use_library\n  use_library('django', '1.0')\n"
            "  x = 1\n",
            "def Load():\n  x = 1\n",
        ),
        (
            "def Load():\n  from google.appengine.dist import use_library\n  use_library('django', '1.0')\n",
            "def Load():\n  pass\n",
        ),
    ],
)
def test_patches(before: str, after: str) -> None:
    assert fixed(RULE, app(before + INSTALL))[PATH] == after + INSTALL


@pytest.mark.parametrize(
    "helper",
    [
        "from google.appengine.ext.db import djangoforms\n",  # not in a function
        "def Load():\n  from google.appengine.dist import use_library\n  register(use_library)\n",
        "def Load():\n  from google.appengine.dist import *\n  use_library('django', '1.0')\n",
        "def Load():\n  from google.appengine.dist import use_library\n  x = use_library('django', '1')\n",
    ],
)
def test_reports_only(helper: str) -> None:
    (finding,) = find(RULE, app(helper + INSTALL))
    assert finding.fix is None


@pytest.mark.parametrize(
    "code", ["from ragendja.template import render", "import common.appenginepatch.appenginepatcher"]
)
def test_app_engine_patch_is_told(code: str) -> None:
    (finding,) = find(RULE, wsgi(f"{code}\napp = None\n"))
    assert "app-engine-patch" in finding.message
    assert finding.fix is None


def test_django_nonrel_is_told_once() -> None:
    (finding,) = find(
        RULE, wsgi("from djangoappengine import boot\nimport djangoappengine.utils\napp = None\n")
    )
    assert "django-nonrel" in finding.message


@pytest.mark.parametrize(
    "code",
    [
        "import appengine_django_tools\n",
        "x = 'ragendja'\n",
        "# from ragendja.template import render\n",
        "if __name__ == '__main__':\n    import djangoappengine\n",
    ],
)
def test_other_code_is_left_alone(code: str) -> None:
    assert find(RULE, wsgi(f"{code}app = None\n")) == []


def test_tabs_and_crlf_stay() -> None:
    helper = "def Forms():\r\n\tfrom google.appengine.ext.db import djangoforms\r\n\tuse(djangoforms)\r\n"
    after = fixed(RULE, app(helper + INSTALL.replace("\n", "\r\n")))[PATH]
    assert after.startswith(
        "def Forms():\r\n\ttry:\r\n\t\tfrom google.appengine.ext.db import djangoforms\r\n"
        "\texcept ImportError:\r\n\t\treturn  # python27 has none\r\n\tuse(djangoforms)\r\n"
    )
