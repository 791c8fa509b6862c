"""`yaml-static-not-readable`: what it leaves alone, finds and writes."""

from __future__ import annotations

import pytest

from tests.rules.helpers import find, fixed

RULE = "yaml-static-not-readable"

FOLDER = "- url: /data\n  static_dir: data\n"


def app(code: str, handlers: str = FOLDER, script: str = "main.app") -> dict[str, str | bytes]:
    """An app whose main.py holds some code."""
    head = "runtime: python27\napi_version: 1\nthreadsafe: true\nhandlers:\n"
    return {
        "app.yaml": f"{head}{handlers}- url: /.*\n  script: {script}\n",
        "main.py": f"import codecs, os\nfrom os.path import dirname, join\n{code}\napp = None\n",
        "data/menu.txt": "tea\n",
        "pages/menu.txt": "tea\n",
    }


@pytest.mark.parametrize("code", [
    "open('pages/menu.txt')",  # no handler covers it
    "open('data/other.txt')",  # not there
    "open('/data/menu.txt')",
    "open('menu.txt')",
    "open('data/menu.txt', 'w')",
    "open(mode='r')",
    "open()",
    "open(name)",
    "open('data/' + name)",
    "open('data/%s' % name)",
    "open(os.path.join('data', name))",
    "open(os.path.join(ROOT, 'data', 'menu.txt'))",
    "open('../data/menu.txt')",
    "zipfile.open('data/menu.txt')",
    "def open(name): pass\nopen('data/menu.txt')",
    "__file__ = 'x/y.py'\nopen(join(dirname(__file__), 'data/menu.txt'))",
    "os.path.exists('data/menu.txt')",
    "link = 'data/menu.txt'",
    "if __name__ == '__main__':\n    open('data/menu.txt')",
])  # fmt: skip
def test_leaves_other_code_alone(code: str) -> None:
    assert find(RULE, app(code)) == []


@pytest.mark.parametrize("handlers", [
    "",
    FOLDER + "  application_readable: true\n",
    FOLDER + "  application_readable: yes\n",
    FOLDER.replace("static_dir: data", "static_dir: dat"),
    "- url: /data\n  script: main.app\n",
    "- url: /(.*\\.png)\n  static_files: \\1\n  upload: .*\\.png\n",
    "- url: /m\n  static_files: data/menu\n  upload: data/menu\n",  # as a whole, so without .txt
    "- url: /data\n  static_files: data/menu.txt\n",  # nothing is uploaded
    "- url: /x\n  static_files: \\1\n  upload: '(('\n",
    # The first handler that covers a file decides.
    "- url: /m\n  static_files: data/menu.txt\n  upload: data/menu.txt\n  application_readable: true\n" + FOLDER,
])  # fmt: skip
def test_leaves_other_handlers_alone(handlers: str) -> None:
    assert find(RULE, app("open('data/menu.txt')", handlers)) == []


def test_leaves_alone_what_no_request_runs() -> None:
    files = app("")
    files["tool.py"] = "open('data/menu.txt')\n"
    assert find(RULE, files) == []


def test_leaves_services_alone_that_do_not_run_the_code() -> None:
    files = app("open('data/menu.txt')", "")
    files["static.yaml"] = (
        f"module: s\nruntime: python27\nthreadsafe: true\nhandlers:\n{FOLDER}- url: /.*\n  script: other.app\n"
    )
    files["other.py"] = "app = None\n"
    assert find(RULE, files) == []


@pytest.mark.parametrize("code", [
    "open('data/menu.txt')",
    "open('./data/menu.txt', 'rb')",
    "file('data/menu.txt')",
    "codecs.open('data/menu.txt', 'r', 'utf-8')",
    "NAME = 'data/menu.txt'\ndef get():\n    return open(NAME)",
    "open(os.path.join('data', 'menu.txt'))",
    "open(os.path.join(os.path.dirname(__file__), 'data', 'menu.txt'))",
    "open(join(dirname(os.path.abspath(__file__)), 'data/menu.txt'))",
    "open(os.path.dirname(__file__) + '/data/menu.txt')",
    "ROOT = dirname(__file__)\nopen(join(ROOT, ('data'), 'menu.txt'))",
    "import io\nio.open('data/menu.txt')",
    "from google.appengine.ext.webapp import template\ntemplate.render('data/menu.txt', {})",
])  # fmt: skip
def test_finds(code: str) -> None:
    (finding,) = find(RULE, app(code))
    assert finding.place.source.path == "app.yaml"
    assert "`data/menu.txt`" in finding.message
    assert [related.place.source.path for related in finding.related] == ["main.py"]


def test_a_module_in_a_folder_starts_there() -> None:
    files = app("import lib.menu")
    files["lib/__init__.py"] = ""
    files["lib/menu.py"] = (
        "import os\nopen(os.path.join(os.path.dirname(__file__), '..', 'data', 'menu.txt'))\n"
    )
    (finding,) = find(RULE, files)
    assert [related.place.source.path for related in finding.related] == ["lib/menu.py"]


def test_one_finding_for_a_handler() -> None:
    (finding,) = find(RULE, app("open('data/menu.txt')\nopen('data/menu.txt')"))
    assert len(finding.related) == 2


@pytest.mark.parametrize(("before", "after"), [
    (FOLDER, FOLDER + "  application_readable: true\n"),
    (FOLDER + "  application_readable: false\n", FOLDER + "  application_readable: true\n"),
    ("- static_dir: data\n  url: /data\n", "- static_dir: data\n  application_readable: true\n  url: /data\n"),
    ("- {url: /data, static_dir: data}\n", "- {url: /data, static_dir: data, application_readable: true}\n"),
    (
        "- url: /m\n  static_files: data/menu.txt\n  upload: data/menu\\.txt  # all\n",
        "- url: /m\n  static_files: data/menu.txt\n  upload: data/menu\\.txt  # all\n  application_readable: true\n",
    ),
    # The development server asks every handler that covers the file.
    (FOLDER + FOLDER, (FOLDER + "  application_readable: true\n") * 2),
])  # fmt: skip
def test_the_fix(before: str, after: str) -> None:
    files = app("open('data/menu.txt')", before)
    assert fixed(RULE, files)["app.yaml"] == app("", after)["app.yaml"]


def test_crlf_stays() -> None:
    files = app("open('data/menu.txt')")
    files["app.yaml"] = str(files["app.yaml"]).replace("\n", "\r\n").encode()
    assert "  static_dir: data\r\n  application_readable: true\r\n- url" in fixed(RULE, files)["app.yaml"]
