"""`yaml-libraries-missing`: what it leaves alone, finds and writes."""

from __future__ import annotations

import time

import pytest

from tests.rules.helpers import find, fixed

RULE = "yaml-libraries-missing"
YAML = "runtime: python27\nthreadsafe: true\nhandlers:\n- url: /.*\n  script: main.app\n"


@pytest.mark.parametrize(
    "source",
    [
        "import webapp2, webob, yaml, pytz, six, werkzeug, protorpc\n",
        "import os, json, sqlite3\n",
        "from google.appengine.api import images\n",
        "from google.appengine.ext.webapp import template\n",
        "import Crypt\n",
        "try:\n  import lxml\nexcept ImportError:\n  lxml = None\n",
        "try:\n  import ssl\nexcept:\n  pass\n",
        "try:\n  import ssl\nexcept Exception, e:\n  pass\n",
        "try:\n  import json\nexcept ImportError:\n  from django.utils import simplejson as json\n",
        "from django.utils import simplejson\nsimplejson.loads(x)\n",
        "import sys\nif sys.version_info < (2, 6):\n  from django.utils import simplejson as json\nelse:\n  import json\n",
        "try:\n  import simplejson as json\nexcept:\n  from django.utils import simplejson as json\n",
        "def run():\n  import numpy\nif __name__ == '__main__':\n  run()\n",
        "if __name__ == '__main__':\n  import numpy\n",
        "# import django\ntext = 'import django'\n",
    ],
)
def test_leaves_alone(source: str) -> None:
    assert find(RULE, {"app.yaml": YAML, "main.py": source}) == []


def test_a_name_with_thousands_of_dots_takes_no_time() -> None:
    """Its beginnings together would fill the memory."""
    files = {"app.yaml": YAML, "main.py": f"import nobody{'.x' * 20_000}\nimport django{'.x' * 20_000}\n"}
    begin = time.process_time()
    (finding,) = find(RULE, files)
    assert "django" in finding.message
    assert time.process_time() - begin < 10


def test_code_that_no_request_reaches_is_left_alone() -> None:
    files = {"app.yaml": YAML, "main.py": "import models\n", "models.py": "", "setup.py": "import django\n"}
    assert find(RULE, {**files, "tests/test_main.py": "import numpy, main\n"}) == []


@pytest.mark.parametrize(
    "path",
    ["django/__init__.py", "lib/django/__init__.py", "lib/Image.py", "lib/django.zip", "lib/django-1.2.egg"],
)
def test_what_the_app_carries_along_is_left_alone(path: str) -> None:
    source = "import Image\n" if "Image" in path else "import django\n"
    if path.endswith(".py"):
        assert find(RULE, {"app.yaml": YAML, "main.py": source, path: ""}) == []
    else:
        assert find(RULE, {"app.yaml": YAML, "main.py": source}, others=(path,)) == []


TAGS = (
    "from google.appengine.ext.webapp import template\ntemplate.register_template_library('filters.mine')\n"
)
LIBRARY = "from django import template\nregister = template.Library()\n"
NODE = "class A(template.Node): pass\n"


@pytest.mark.parametrize(
    "filters", [LIBRARY, LIBRARY + NODE, "from django.template import Node\nclass A(Node): pass\n"]
)
def test_django_for_tags_that_can_do_without_is_left_alone(filters: str) -> None:
    files = {"app.yaml": YAML, "filters/__init__.py": "", "filters/mine.py": filters}
    assert find(RULE, {**files, "main.py": f"{TAGS}template.render('x', {{}})\n"}) == []


@pytest.mark.parametrize(
    ("filters", "main"),
    [
        (LIBRARY, "import django\n"),
        (LIBRARY + NODE, "import django.template\n"),
        (LIBRARY + NODE + "from django.utils.html import escape\n", ""),
        (LIBRARY + NODE + "print template\n", ""),
        (LIBRARY + "x = template.Variable('x')\n", ""),
    ],
)
def test_django_for_tags_that_need_it_is_asked_for(filters: str, main: str) -> None:
    files = {"app.yaml": YAML, "filters/__init__.py": "", "filters/mine.py": filters}
    assert len(find(RULE, {**files, "main.py": f"{TAGS}template.render('x', {{}})\n{main}"})) == 1


def test_what_is_installed_before_the_upload_is_left_alone() -> None:
    source = "import flask\n"
    assert find(RULE, {"app.yaml": YAML, "main.py": source}, others=("requirements.txt",)) == []
    assert find(RULE, {"app.yaml": YAML, "main.py": source}, others=("requirements_vnd.txt",)) == []
    vendored = "from google.appengine.ext import vendor\nvendor.add('lib')\n"
    assert find(RULE, {"app.yaml": YAML, "main.py": source, "appengine_config.py": vendored}) == []
    assert len(find(RULE, {"app.yaml": YAML, "main.py": source}, others=("docs/requirements.txt",))) == 1
    assert len(find(RULE, {"app.yaml": YAML, "main.py": source}, others=(".gitmodules",))) == 1
    (finding,) = find(RULE, {"app.yaml": YAML, "main.py": "import lxml\n"}, others=("requirements.txt",))
    assert "lxml" in finding.message


@pytest.mark.parametrize(
    ("asked", "source"),
    [
        ("django", "import django\n"),
        ("jinja2", "import jinja2, markupsafe\n"),
        ("flask", "import flask, jinja2, itsdangerous\n"),
        ("mysqlclient", "import MySQLdb\n"),
        ("PIL", "import Image\n"),
        ("pycrypto", "from Crypto.Cipher import AES\n"),
    ],
)
def test_what_is_asked_for_is_left_alone(asked: str, source: str) -> None:
    versions = {"jinja2": "2.6", "flask": "0.12", "mysqlclient": "1.4.4"}
    entry = f'libraries:\n- name: {asked}\n  version: "{versions.get(asked, "latest")}"\n'
    assert find(RULE, {"app.yaml": YAML + entry, "main.py": source}) == []


def test_a_script_with_a_dash_in_its_name_is_not_carried_along() -> None:
    yaml = YAML.replace("main.app", "django-gae.app")
    assert len(find(RULE, {"app.yaml": yaml, "django-gae.py": "import django\n"})) == 1


def test_a_package_in_a_package_does_not_count_as_carried_along() -> None:
    files = {"app.yaml": YAML, "main.py": "import django\n", "raven/__init__.py": "", "raven/django.py": ""}
    assert len(find(RULE, files)) == 1


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("import django\n", "django"),
        ("from django.utils.simplejson import OrderedDict\n", "django"),
        ("import django.core.handlers.wsgi\n", "django"),
        ("from webapp2_extras import jinja2\n", "jinja2"),
        ("import PIL.Image\n", "PIL"),
        ("import Image\n", "PIL"),
        # Python 2.5 always had it: without it the code would do something else.
        ("try:\n  from Crypto.Cipher import AES\nexcept ImportError:\n  AES = None\n", "pycrypto"),
        ("try:\n  from PIL import Image\nexcept ImportError:\n  import Image\n", "PIL"),
        ("from Crypto.Cipher import AES\n", "pycrypto"),
        ("import MySQLdb as db\n", "MySQLdb"),
        ("def get():\n  import lxml.etree\napp = get\n", "lxml"),
        ("try:\n  import ssl\nexcept KeyError:\n  pass\n", "ssl"),
        ("try:\n  import ssl\nfinally:\n  pass\n", "ssl"),
        ("import markupsafe\n", "markupsafe"),
    ],
)
def test_an_import_of_what_is_not_asked_for(source: str, name: str) -> None:
    (finding,) = find(RULE, {"app.yaml": YAML, "main.py": source})
    assert f"`{name}`" in finding.message


def test_only_simplejson_of_django() -> None:
    files = {"app.yaml": YAML, "main.py": "from django.utils.simplejson import OrderedDict\n"}
    assert "`import json`" in find(RULE, files)[0].message
    files["main.py"] += "from django import http\n"
    assert "`import json`" not in find(RULE, files)[0].message


def test_modules_that_the_script_imports_count() -> None:
    files = {"app.yaml": YAML, "main.py": "import views\n", "views.py": "import numpy\n"}
    (finding,) = find(RULE, files)
    assert [related.place.path for related in finding.related] == ["views.py"]


def test_the_builtin_for_django_needs_django() -> None:
    assert len(find(RULE, {"app.yaml": f"{YAML}builtins:\n- django_wsgi: on\n", "main.py": ""})) == 1
    assert find(RULE, {"app.yaml": f"{YAML}builtins:\n- django_wsgi: off\n", "main.py": ""}) == []


def test_each_service_asks_for_its_own() -> None:
    files = {
        "app.yaml": YAML,
        "worker.yaml": YAML.replace("main.app", "work.app") + "service: worker\n",
        "main.py": "import webapp2\n",
        "work.py": "import numpy\n",
    }
    assert [finding.path for finding in find(RULE, files)] == ["worker.yaml"]


def test_before_the_switch_there_is_no_patch() -> None:
    files = {"app.yaml": YAML.replace("python27", "python"), "main.py": "import django\n"}
    assert [finding.fix for finding in find(RULE, files)] == [None]


def test_libraries_are_added_at_the_end() -> None:
    files = {"app.yaml": YAML, "main.py": "import numpy, lxml\n"}
    assert fixed(RULE, files)["app.yaml"] == (
        f'{YAML}\nlibraries:\n- name: lxml\n  version: "3.7.3"\n- name: numpy\n  version: "1.6.1"\n'
    )


def test_libraries_are_added_to_a_list() -> None:
    top = 'runtime: python27\nlibraries:\n  - name: numpy\n    version: "1.6.1"  # fast\n\n# pages\n'
    rest = "handlers:\n- url: /.*\n  script: main.app\n"
    after = fixed(RULE, {"app.yaml": top + rest, "main.py": "import numpy, lxml, jinja2\n"})
    added = '  - name: jinja2\n    version: "2.6"\n  - name: lxml\n    version: "3.7.3"\n'
    assert after["app.yaml"] == top.replace("# fast\n", f"# fast\n{added}") + rest


def test_flow_lists_crlf_and_a_missing_last_line_end() -> None:
    top = 'runtime: python27\nlibraries: [{name: numpy, version: "1.6.1"}]  # fast\n'
    flow = f"{top}handlers:\n- url: /\n  script: main.app"
    after = fixed(RULE, {"app.yaml": flow, "main.py": "import lxml\n"})["app.yaml"]
    assert after == flow.replace("}]", '}, {name: lxml, version: "3.7.3"}]')
    crlf = YAML.replace("\n", "\r\n").removesuffix("\r\n").encode()
    after = fixed(RULE, {"app.yaml": crlf, "main.py": "import lxml, numpy\n"})["app.yaml"]
    first, second = '- name: lxml\r\n  version: "3.7.3"', '- name: numpy\r\n  version: "1.6.1"'
    assert after.endswith(f"main.app\r\n\r\nlibraries:\r\n{first}\r\n{second}")


@pytest.mark.parametrize("tail", ["libraries:\n", "libraries: []\n", "libraries: {}\n"])
def test_an_empty_list_is_not_patched(tail: str) -> None:
    (finding,) = find(RULE, {"app.yaml": YAML + tail, "main.py": "import lxml\n"})
    assert finding.fix is None


@pytest.mark.parametrize(
    ("config", "version"),
    [
        ("", "1.2"),
        ("webapp_django_version = '1.3'\n", "1.3"),
        ("webapp_django_version = 1.1\n", "1.2"),
        ("from google.appengine.dist import use_library\nuse_library('django', '1.4')\n", "1.4"),
        ("from google.appengine.dist import use_library\nuse_library('django', '0.96')\n", "1.2"),
    ],
)
def test_the_version_of_django_is_that_of_the_app(config: str, version: str) -> None:
    files = {"app.yaml": YAML, "main.py": "import django\n", "appengine_config.py": config}
    assert f'- name: django\n  version: "{version}"\n' in fixed(RULE, files)["app.yaml"]


SIMPLEJSON_FIRST = "try:\n  import simplejson as json\nexcept:\n  from django.utils import simplejson as json\njson.OrderedDict()\n"


def test_a_fallback_is_needed_where_the_first_choice_is_not_there() -> None:
    (finding,) = find(RULE, {"app.yaml": YAML, "main.py": SIMPLEJSON_FIRST})
    assert "`django`" in finding.message


def test_a_fallback_is_not_needed_where_the_app_carries_the_first_choice() -> None:
    assert find(RULE, {"app.yaml": YAML, "main.py": SIMPLEJSON_FIRST, "simplejson/__init__.py": ""}) == []
