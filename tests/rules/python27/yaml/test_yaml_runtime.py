"""`yaml-runtime`: what it leaves alone, finds and writes."""

from __future__ import annotations

import pytest

from gaebot.finding import RunsOn, Safety, Severity
from tests.rules.helpers import APP_YAML, find, fixed
from tests.rules.python27.scripts import APP, GUARD, IMPORTS, KEPT

RULE = "yaml-runtime"
MAIN = f"{IMPORTS}app = {APP}\n\ndef main():\n    run_wsgi_app(app)\n{GUARD}"
RAW = "print 'Content-Type: text/plain'\nprint\n"


@pytest.mark.parametrize(
    "yaml",
    [
        APP_YAML.replace("runtime: python", "runtime: python27"),
        APP_YAML.replace("runtime: python", "runtime: python39"),
        APP_YAML.replace("runtime: python", "runtime: go"),
        APP_YAML.replace("runtime: python", "runtime: [python]"),
        APP_YAML.replace("runtime: python", "runtime:"),
        APP_YAML.replace("runtime: python", "runtime: python\nenv: flex"),
        APP_YAML.replace("runtime: python", "runtime: python\nvm: true"),
        APP_YAML.replace("runtime: python\n", ""),
        "runtime: [\n",
    ],
)
def test_leaves_alone(yaml: str) -> None:
    assert find(RULE, {"app.yaml": yaml, "main.py": MAIN}) == []


def test_other_yaml_files_are_left_alone() -> None:
    assert find(RULE, {"app.yaml": "application: a\n", "jobs.yaml": "runtime: python\njobs: []\n"}) == []


def test_with_aliases_there_is_no_patch() -> None:
    yaml = "runtime: python\nhandlers:\n- &a\n  url: /\n  script: main.py\n- *a\n"
    (finding,) = find(RULE, {"app.yaml": yaml, "main.py": MAIN})
    assert finding.fix is None


def test_it_waits_for_handlers_that_can_be_written_out() -> None:
    yaml = "runtime: python\nhandlers:\n- url: /(home)\n  script: \\1.py\n"
    (finding,) = find(RULE, {"app.yaml": yaml, "home.py": MAIN})
    assert finding.fix is None
    assert "First write a handler for each script" in finding.message


def test_the_finding() -> None:
    (finding,) = find(RULE, {"app.yaml": APP_YAML, "main.py": MAIN})
    assert finding.severity is Severity.ERROR
    assert finding.place.snippet == b"runtime: python"
    assert finding.fix is not None
    assert (finding.fix.safety, finding.fix.runs_on) == (Safety.REVIEW, RunsOn.TARGET)
    assert "can become a WSGI application" in finding.message


def test_what_blocks_is_shown() -> None:
    yaml = f"{APP_YAML}- url: /raw\n  script: raw.py\n"
    (finding,) = find(RULE, {"app.yaml": yaml, "main.py": MAIN, "raw.py": RAW})
    assert "1 of 2" in finding.message
    (related,) = finding.related
    assert "`raw.py` stays a CGI script" in related.message


@pytest.mark.parametrize("quoted", ["python", "'python'", '"python"', "python  # old"])
def test_spellings(quoted: str) -> None:
    yaml = APP_YAML.replace("runtime: python", f"runtime: {quoted}")
    after = fixed(RULE, {"app.yaml": yaml, "main.py": MAIN})
    assert f"runtime: {quoted.replace('python', 'python27')}\n" in after["app.yaml"]
    assert "api_version: 1\nthreadsafe: true\n" in after["app.yaml"]
    assert "  script: main.app\n" in after["app.yaml"]
    assert after["main.py"] == f"{KEPT}app = {APP}\n"


def test_several_services_are_moved_by_one_fix_each() -> None:
    files = {
        "app.yaml": APP_YAML,
        "api.yaml": APP_YAML.replace("application: guestbook", "service: api"),
        "app.yaml.example": APP_YAML,
        "main.py": MAIN,
    }
    assert len(find(RULE, files)) == 3
    after = fixed(RULE, files)
    assert all("runtime: python27\n" in after[path] for path in files if path != "main.py")


def test_nothing_is_applied_without_unsafe() -> None:
    files = {"app.yaml": APP_YAML, "main.py": MAIN}
    assert fixed(RULE, files, unsafe=False) == files
