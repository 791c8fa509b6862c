"""What the SDK lets an app open of the files that its static handlers cover."""

from __future__ import annotations

from pathlib import Path

import pytest

from gaebot.prove.python27 import ask
from tests.rules.helpers import find, fixed

# Python 2 code. Each question is an app.yaml; the answer says whether the app can open data/menu.txt.
PROGRAM = r"""
import os, sys
sdk, root = sys.argv[1:3]
sys.path.insert(0, sdk)
import wrapper_util
sys.path[:0] = wrapper_util.Paths(sdk).script_paths('dev_appserver.py')
from google.appengine.api import appinfo
from google.appengine.tools.devappserver2 import module
from google.appengine.tools.devappserver2.python.runtime.stubs import FakeFile
os.chdir(root)
for question in sys.stdin.read().split('\0'):
    handlers = appinfo.LoadSingleAppInfo(question).handlers
    FakeFile.set_allowed_paths(root, [])
    FakeFile.set_skip_files('^$')
    FakeFile.set_static_files(module._static_files_regex_from_handlers(handlers))
    FakeFile._availability_cache = {}
    try:
        print FakeFile('data/menu.txt').read()
    except IOError, error:
        print error.strerror
    sys.stdout.flush()
"""
HEAD = "runtime: python27\napi_version: 1\nthreadsafe: true\nhandlers:\n"
FOLDER = "- url: /data\n  static_dir: data\n"
FILES = "- url: /m\n  static_files: data/menu.txt\n  upload: data/menu\\.txt\n"
SCRIPT = "- url: /.*\n  script: main.app\n"


def says(python27: Path, sdk: Path, root: Path, app_yaml: str) -> str | None:
    """What comes of opening the file under an app.yaml."""
    (root / "data").mkdir(exist_ok=True)
    (root / "data" / "menu.txt").write_text("tea")
    return ask(python27, PROGRAM, [str(sdk), str(root)], [app_yaml.encode()])[0]


@pytest.mark.parametrize("handlers", [FOLDER, FILES, FOLDER + FILES])
def test_the_rule_speaks_where_the_file_is_kept_from_the_app(
    python27: Path, sdk: Path, tmp_path: Path, handlers: str
) -> None:
    app_yaml = HEAD + handlers + SCRIPT
    files: dict[str, str | bytes] = {
        "app.yaml": app_yaml,
        "main.py": "open('data/menu.txt')\napp = None\n",
        "data/menu.txt": "tea",
    }
    assert says(python27, sdk, tmp_path.resolve(), app_yaml) == "file not accessible"
    assert find("yaml-static-not-readable", files)
    after = fixed("yaml-static-not-readable", files)["app.yaml"]
    assert says(python27, sdk, tmp_path.resolve(), after) == "tea"


@pytest.mark.parametrize("handlers", ["", FOLDER.replace("static_dir: data", "static_dir: dat")])
def test_other_files_can_be_opened(python27: Path, sdk: Path, tmp_path: Path, handlers: str) -> None:
    assert says(python27, sdk, tmp_path.resolve(), HEAD + handlers + SCRIPT) == "tea"
