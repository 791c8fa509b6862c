"""`yaml-skip-files`: what it leaves alone, finds and writes."""

from __future__ import annotations

import pytest

from gaebot.app import App
from gaebot.engine import check
from gaebot.finding import Severity
from tests.rules.helpers import find, fixed, rule

RULE = "yaml-skip-files"
HEAD = "runtime: python27\napi_version: 1\nthreadsafe: true\n"


BYTECODE = r"- ^(.*/)?.*\.py[co]$"


@pytest.mark.parametrize(
    "yaml",
    [
        "",
        "skip_files:\n",
        f"skip_files:\n{BYTECODE}\n",
        "skip_files:\n- ^(.*/)?app\\.yaml\n- ^(.*/)?.*\\.pyc\n",
        "skip_files: |\n  ^(.*/)?(\n  (.*\\.py[co])|\n  (\\..*)|\n  )$\n",
        "skip_files:\n- .*\n",
        "skip_files:\n- (\n",
        "skip_files:\n- '*.pyc'\n",
    ],
)
def test_leaves_alone(yaml: str) -> None:
    assert find(RULE, {"app.yaml": HEAD + yaml}) == []


def test_other_runtimes_are_left_alone() -> None:
    assert find(RULE, {"app.yaml": "runtime: go\nskip_files:\n- docs\n"}) == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("skip_files:\n- ^docs/\n", f"skip_files:\n- ^docs/\n{BYTECODE}\n"),
        ("skip_files:\n  - ^docs/  # x\n", f"skip_files:\n  - ^docs/  # x\n  {BYTECODE}\n"),
        ("skip_files:\n- ^main.pyc$\nversion: 1\n", f"skip_files:\n- ^main.pyc$\n{BYTECODE}\nversion: 1\n"),
    ],
)
def test_bytecode_is_added(before: str, after: str) -> None:
    assert fixed(RULE, {"app.yaml": HEAD + before})["app.yaml"] == HEAD + after


def test_crlf_and_a_missing_final_newline_are_kept() -> None:
    before = "runtime: python27\r\nskip_files:\r\n- ^docs/"
    assert fixed(RULE, {"app.yaml": before})["app.yaml"] == f"{before}\r\n{BYTECODE}"


@pytest.mark.parametrize("yaml", ["skip_files: []\n", "skip_files: ^docs/\n", "skip_files: [^docs/]\n"])
def test_a_list_that_is_not_patched(yaml: str) -> None:
    (finding,) = find(RULE, {"app.yaml": HEAD + yaml})
    assert finding.severity is Severity.NOTE
    assert finding.fix is None


@pytest.mark.parametrize(
    ("script", "skipped", "there"),
    [
        ("main.app", ["test_main.py"], ["main.py"]),
        ("shop.main.app", ["shop/main.py"], ["shop/main/__init__.py"]),
        ("gone.app", [], []),
        ("$PYTHON_LIB/google/appengine/ext/admin", ["google/appengine/ext/admin"], []),
        ("\\1.py", ["1.py"], []),
    ],
)
def test_modules_that_are_uploaded(script: str, skipped: list[str], there: list[str]) -> None:
    yaml = f"{HEAD}handlers:\n- url: /(.*)\n  script: {script}\n"
    app = App({"app.yaml": yaml.encode()}, others=there, skipped=skipped)
    assert check(app, [rule(RULE)]).findings == ()


@pytest.mark.parametrize(
    ("script", "path"),
    [("main.app", "main.py"), ("a/b.py", "a/b.py"), ("a.b.app", "a/b.py"), ("shop.app", "shop/__init__.py")],
)
def test_a_module_that_is_not_uploaded(script: str, path: str) -> None:
    yaml = f"{HEAD}skip_files:\n- .*\nhandlers:\n- url: /\n  script: {script}\n"
    report = check(App({"app.yaml": yaml.encode()}, skipped=[path]), [rule(RULE)])
    (finding,) = report.findings
    assert finding.severity is Severity.ERROR
    assert f"keeps {path} from the upload" in finding.message
