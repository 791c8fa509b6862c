"""`lib-use-library`: what it leaves alone, finds and writes."""

from __future__ import annotations

import pytest

from gaebot.app import App
from gaebot.engine import check, fix
from gaebot.finding import Safety, Severity
from tests.rules.helpers import assert_same_alone, find, fixed, rule

RULE = "lib-use-library"
YAML = "runtime: python27\nthreadsafe: true\nhandlers:\n- url: /.*\n  script: main.app\n"
IMPORT = "from google.appengine.dist import use_library\n"


@pytest.mark.parametrize(
    "source",
    [
        "",
        "# from google.appengine.dist import use_library\n# use_library('django', '1.2')\n",
        '"""use_library(\'django\', \'1.2\')"""\n',
        "from google.appengine.dist27 import threading\n",
        "from google.appengine.dist import py_zipimport\n",
        "from mine import use_library\nuse_library('x')\n",
        "import dist\ndist.use_library('x')\n",
        "from google.appengine.ext import db\n",
    ],
)
def test_leaves_alone(source: str) -> None:
    assert find(RULE, {"app.yaml": YAML, "main.py": source}) == []


def test_before_the_switch_there_is_no_patch() -> None:
    yaml = YAML.replace("python27", "python")
    (finding,) = find(RULE, {"app.yaml": yaml, "main.py": f"{IMPORT}use_library('django', '1.2')\n"})
    assert finding.fix is None


@pytest.mark.parametrize(
    "source",
    [
        "from google.appengine.dist import *\nuse_library('django', '1.2')\n",
        "from google.appengine.dist import *\n",
        "from google.appengine import dist as d\nuse = d.use_library\nuse('django', '1.2')\n",
        f"{IMPORT}x = use_library('django', '1.2')\n",
        f"{IMPORT}use_library('django', '1.2')\nload = use_library\n",
        f"{IMPORT}if use_library('django', '1.2'): pass\n",
        f"try:\n  {IMPORT}  use_library('django', '1.2')\nexcept ImportError:\n  import mine\n",
        f"try:\n  {IMPORT}  use_library('django', '1.2')\nexcept ImportError:\n  pass\nelse:\n  mine()\n",
        "import google.appengine.dist\ngoogle.appengine.dist.use_library('django', '1.2')\nprint google.x\n",
        "from google.appengine.dist._library import VersionError\nprint VersionError\n",
    ],
)
def test_what_can_not_be_told_is_left_to_the_reader(source: str) -> None:
    (finding,) = find(RULE, {"app.yaml": YAML, "main.py": source})
    assert finding.fix is None


@pytest.mark.parametrize(
    ("source", "after"),
    [
        (f"import os\n{IMPORT}use_library('django', '1.2')  # new\nx = 1\n", "import os\nx = 1\n"),
        (f"{IMPORT}use_library('django', '1.2'); x = 1\n", "x = 1\n"),
        ("from google.appengine.dist import use_library as use\nuse('django', '1.2')\nx = 1\n", "x = 1\n"),
        ("from google.appengine import dist\ndist.use_library('django', '1.2')\nx = 1\n", "x = 1\n"),
        (
            "from google.appengine import (\n    api,  # keep\n    dist,\n)\ndist.use_library('django')\n",
            "from google.appengine import (\n    api,  # keep\n)\n",
        ),
        (
            "import google.appengine.dist\ngoogle.appengine.dist.use_library('django', '1.2')\nx = 1\n",
            "x = 1\n",
        ),
        (
            "import google.appengine.dist\nimport google.x\ngoogle.appengine.dist.use_library()\ngoogle.x\n",
            "import google.x\ngoogle.x\n",
        ),
        (
            f"def main():\n  {IMPORT}  use_library('django', '1.2')\n\nmain()\n",
            "def main():\n  pass\n\nmain()\n",
        ),
        (
            f"def main():\n  {IMPORT}  use_library('django', '1.2')\n  run()\n",
            "def main():\n  run()\n",
        ),
        (f"{IMPORT}if DEV:\n  use_library('django', '1.2')\n", "if DEV:\n  pass\n"),
        (f"try:\n  {IMPORT}  use_library('django', '1.2')\nexcept ImportError:\n  pass\nx = 1\n", "x = 1\n"),
        (
            f"def f():\n  try:\n    {IMPORT}    use_library('django', '1.2')\n  except:\n    pass\n",
            "def f():\n  pass\n",
        ),
        (f"{IMPORT}\nx = 1\n", "x = 1\n"),
        (f"{IMPORT}use_library('django', '1.2')\nuse_library('django', '1.2')\nx = 1\n", "x = 1\n"),
    ],
)
def test_calls_and_imports_go(source: str, after: str) -> None:
    result = fixed(RULE, {"app.yaml": YAML, "main.py": source}, unsafe=False)
    assert result["main.py"].lstrip("\n") == after
    assert result["app.yaml"] == YAML


def test_the_same_version_is_asked_for_where_django_is_imported() -> None:
    files = {"app.yaml": YAML, "main.py": f"{IMPORT}use_library('django', '1.3')\nimport django\n"}
    after = fixed(RULE, files, unsafe=False)
    assert after["app.yaml"] == f'{YAML}\nlibraries:\n- name: django\n  version: "1.3"\n'
    assert after["main.py"] == "import django\n"


@pytest.mark.parametrize("version", ["0.96", "1.0", "1.1"])
def test_a_version_that_python27_lacks_needs_a_reader(version: str) -> None:
    files = {"app.yaml": YAML, "main.py": f"{IMPORT}use_library('django', '{version}')\nimport django\n"}
    (finding,) = find(RULE, files)
    assert finding.fix is not None
    assert finding.fix.safety is Safety.REVIEW
    assert f"does not offer {version}" in finding.message
    assert fixed(RULE, files)["app.yaml"].endswith('version: "1.2"\n')


def test_every_service_that_needs_it_asks_for_it() -> None:
    files = {
        "app.yaml": YAML,
        "worker.yaml": YAML + 'service: worker\nlibraries:\n- name: numpy\n  version: "1.6.1"\n',
        "main.py": "import config, django\n",
        "config.py": f"{IMPORT}use_library('django', '1.2')\n",
    }
    after = fixed(RULE, files, unsafe=False)
    assert "- name: django" in after["app.yaml"]
    assert after["worker.yaml"].endswith('version: "1.6.1"\n- name: django\n  version: "1.2"\n')


def test_two_files_with_calls() -> None:
    files = {
        "app.yaml": YAML,
        "main.py": f"{IMPORT}use_library('django', '1.2')\nimport django, other\n",
        "other.py": f"{IMPORT}use_library('django', '1.2')\nimport django\n",
    }
    after = fixed(RULE, files, unsafe=False)
    assert after["app.yaml"].count("name: django") == 1
    assert (after["main.py"], after["other.py"]) == ("import django, other\n", "import django\n")


def test_what_is_asked_for_already_is_not_added() -> None:
    yaml = f'{YAML}libraries:\n- name: django\n  version: "1.4"\n'
    files = {"app.yaml": yaml, "main.py": f"{IMPORT}use_library('django', '1.2')\nimport django\n"}
    assert fixed(RULE, files, unsafe=False)["app.yaml"] == yaml


def test_a_guarded_import_does_no_harm() -> None:
    source = f"try:\n  {IMPORT}  use_library('django', '1.2')\nexcept ImportError:\n  import mine\n"
    (finding,) = find(RULE, {"app.yaml": YAML, "main.py": source})
    assert finding.severity is Severity.WARNING


def test_a_file_that_no_request_loads_is_a_note() -> None:
    source = f"{IMPORT}use_library('django', '1.2')\n"
    (finding,) = find(RULE, {"app.yaml": YAML, "main.py": "app = None\n", "manage.py": source})
    assert finding.severity is Severity.NOTE
    (finding,) = find(RULE, {"app.yaml": YAML, "main.py": f"import boot\n{source}", "boot.py": ""})
    assert finding.severity is Severity.ERROR


# -- third-party code that is a handler script ---------------------------------------------------

VENDORED_YAML = YAML.replace("- url: /.*", "- url: /test.*\n  script: {script}\n- url: /.*")
RUNNER = f"{IMPORT}use_library('django', '1.0')\nimport unittest\n"


def vendored(script: str = "gaeunit.application", path: str = "gaeunit.py", data: str = RUNNER) -> App:
    yaml = VENDORED_YAML.format(script=script)
    files = {"app.yaml": yaml.encode(), "main.py": b"import gaeunit\n", path: data.encode()}
    return App(files, vendored={path: "gaeunit"})


@pytest.mark.parametrize(
    "app",
    [
        vendored(script="main.tests"),
        vendored(path="lib/gaeunit.py"),
        vendored(data="import unittest\n"),
        vendored(data="# use_library('django', '1.0')\nimport unittest\n"),
        # This may name anything.
        App(
            {
                "app.yaml": YAML.replace("url: /.*", r"url: /(.*)").replace("main.app", r"\1.py").encode(),
                "gaeunit.py": RUNNER.encode(),
            },
            vendored={"gaeunit.py": "gaeunit"},
        ),
    ],
)
def test_third_party_code_that_is_no_script_is_left_alone(app: App) -> None:
    assert check(app, [rule(RULE)]).findings == ()


@pytest.mark.parametrize("script", ["gaeunit.application", "gaeunit.py"])
def test_a_third_party_script_is_looked_at(script: str) -> None:
    app = vendored(script=script)
    (finding,) = check(app, [rule(RULE)]).findings
    assert (finding.place.path, finding.severity) == ("gaeunit.py", Severity.ERROR)
    assert finding.fix is not None
    assert finding.fix.safety is Safety.REVIEW
    assert not fix(app, [rule(RULE)], unsafe=False).changes
    result = fix(app, [rule(RULE)], unsafe=True)
    assert [(change.path, change.new) for change in result.changes] == [("gaeunit.py", b"import unittest\n")]
    assert_same_alone(app, "gaeunit.py", [rule(RULE)], [finding])


def test_a_guarded_import_of_a_third_party_script_does_no_harm() -> None:
    source = f"try:\n  {IMPORT}  use_library('django', '1.0')\nexcept ImportError:\n  pass\n"
    (finding,) = check(vendored(data=source), [rule(RULE)]).findings
    assert finding.severity is Severity.WARNING
