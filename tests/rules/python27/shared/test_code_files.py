"""Which files hold code that may run for a request."""

from __future__ import annotations

import pytest

from gaebot.app import App
from gaebot.rules.python27.shared.reach.code_files import code_files
from gaebot.rules.python27.shared.reach.requests import request_code
from tests.rules.helpers import make_app
from tests.rules.python27.wsgi.scripts import wsgi

APP = "import webapp2\napp = webapp2.WSGIApplication([])\n"
WORK = "def work(request):\n    pass\n"


def files(main: str, *paths: str, **texts: str) -> set[str]:
    """The files besides main.py; `paths` hold a view each, `texts` are modules: `a__b` is a/b.py."""
    more = {
        f"{name.replace('__', '/').replace('/init/', '/__init__')}.py": text for name, text in texts.items()
    }
    packages = {
        f"{folder}/__init__.py": ""
        for path in (*paths, *more)
        for folder in ("/".join(path.split("/")[:depth]) for depth in range(1, path.count("/") + 1))
    }
    app = make_app({**wsgi(APP + main), **packages, **dict.fromkeys(paths, WORK), **more})
    found = {file.path for file in code_files(app)} - {"main.py"}
    return {path for path in found if not path.endswith("__init__.py")}


@pytest.mark.parametrize(
    "main",
    [
        "",
        "# import tools.repair\n",
        "# MODULES = ['tools.repair']\nX = 1\n",
        "MODULES = [\n    # 'tools.repair',\n    'main',\n]\n",
        # The name is known.
        "__import__('main')\nX = ('tools', 'repair')\n",
        # A name is worked out, but not this one.
        "def load(name):\n    return __import__('plugins.' + name)\n",
        "def load(name):\n    return __import__(name)\nX = 'tools'\n",
        "def load(name):\n    return __import__(name)\nX = 'the repair tools'\n",
        "import os\ndef load(name):\n    for each in os.listdir('plugins'):\n        __import__('plugins.' + each)\n",
    ],
)
def test_what_nobody_loads(main: str) -> None:
    assert files(main, "tools/repair.py") == set()


@pytest.mark.parametrize(
    "main",
    [
        "import tools.repair\n",
        "MODULES = ['tools.repair']\n",
        "def load(name):\n    return __import__('tools.%s' % name)\nNAMES = ['repair']\n",
        "from django.utils.importlib import import_module\ndef load(name):\n    import_module(name)\nX = 'tools/%s'\nY = 'repair'\n",
        "import os\nFOLDER = 'tools'\ndef load():\n    for each in os.listdir(FOLDER):\n        __import__('%s.%s' % (FOLDER, each))\n",
        "import glob\ndef load():\n    for each in glob.glob('tools/*.py'):\n        __import__(each)\n",
    ],
)
def test_what_is_loaded_by_name(main: str) -> None:
    assert files(main, "tools/repair.py") == {"tools/repair.py"}


def test_what_a_plugin_imports_is_loaded_with_it() -> None:
    main = "def load(name):\n    return __import__('tools.%s' % name)\nNAMES = ['repair']\n"
    more = {"tools__repair": "import common\n", "common": WORK, "other": WORK}
    assert files(main, **more) == {"tools/repair.py", "common.py"}


def test_words_that_stand_elsewhere_make_up_no_name() -> None:
    loader = "def load(name):\n    return __import__(name)\n"
    said = "import loader\nX = ('tools', 'repair')\n"
    assert "tools/repair.py" not in files(said, "tools/repair.py", loader=loader)
    assert "tools/repair.py" in files(
        said, "tools/repair.py", loader=loader.replace("name)\n", "name + '.repair')\n", 2)
    )


def test_tag_libraries_are_loaded_by_django() -> None:
    settings = "INSTALLED_APPS = ('blog',)\n"
    assert files(settings, "blog/templatetags/dates.py") == {"blog/templatetags/dates.py"}
    assert files("", "blog/templatetags/dates.py") == set()


def test_what_mapreduce_calls() -> None:
    yaml = (
        "mapreduce:\n- name: Count\n  mapper:\n    input_reader: mapreduce.input_readers.DatastoreInputReader\n"
        "    handler: jobs.count\n    params_validator: 'jobs.check'\n"
    )
    jobs = "def count(entity): add(entity)\ndef check(values): pass\ndef add(x): pass\ndef lost(): pass\n"
    app = make_app({**wsgi(APP), "mapreduce.yaml": yaml, "jobs.py": jobs})
    assert {function.title for function in request_code(app).functions()} == {"count", "check", "add"}


def test_a_framework_of_others_that_is_the_only_script_loads_all() -> None:
    yaml = "runtime: python\napi_version: 1\nhandlers:\n- url: .*\n  script: djangoappengine/main/main.py\n"
    framework = {
        "djangoappengine/__init__.py": "",
        "djangoappengine/main/__init__.py": "",
        "djangoappengine/main/main.py": APP,
    }
    files = {"app.yaml": yaml, **framework, "blog/views.py": WORK, "test_blog.py": WORK}
    app = App(
        {path: text.encode() for path, text in files.items()}, vendored={"djangoappengine": "djangoappengine"}
    )
    assert [file.path for file in code_files(app)] == ["blog/views.py"]
