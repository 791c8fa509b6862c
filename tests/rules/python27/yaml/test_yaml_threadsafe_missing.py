"""`yaml-threadsafe-missing`: what it leaves alone, finds and writes."""

from __future__ import annotations

import pytest

from tests.rules.helpers import find, fixed

RULE = "yaml-threadsafe-missing"
HEAD = "runtime: python27\napi_version: 1\n"
WSGI = "handlers:\n- url: /\n  script: main.app\n"
CGI = "handlers:\n- url: /\n  script: raw.py\n"
RAW = "print 'Content-Type: text/plain'\nprint\n"


@pytest.mark.parametrize(
    "value", ["true", "false", "True", "yes", "no", "on", "0", "'false'", "[true]", "&a true"]
)
def test_a_value_is_left_alone(value: str) -> None:
    assert find(RULE, {"app.yaml": f"{HEAD}threadsafe: {value}\n{WSGI}"}) == []


@pytest.mark.parametrize("runtime", ["go", "python39", "php55", ""])
def test_other_runtimes_are_left_alone(runtime: str) -> None:
    assert find(RULE, {"app.yaml": f"runtime: {runtime}\n{WSGI}"}) == []


def test_includes_are_left_alone() -> None:
    files = {"app.yaml": f"{HEAD}threadsafe: true\nincludes:\n- more.yaml\n{WSGI}", "more.yaml": WSGI}
    assert find(RULE, files) == []


def test_with_aliases_there_is_no_patch() -> None:
    yaml = f"{HEAD}handlers:\n- &a\n  url: /\n  script: main.app\n- *a\n"
    (finding,) = find(RULE, {"app.yaml": yaml})
    assert finding.fix is None


def test_it_waits_for_handlers_that_can_be_written_out() -> None:
    yaml = f"{HEAD}handlers:\n- url: /(raw)\n  script: \\1.py\n"
    (finding,) = find(RULE, {"app.yaml": yaml, "raw.py": RAW})
    assert finding.fix is None
    assert "first" in finding.message


@pytest.mark.parametrize(
    ("yaml", "expected"),
    [
        (f"{HEAD}{WSGI}", f"{HEAD}threadsafe: true\n{WSGI}"),
        (f"{HEAD}{CGI}", f"{HEAD}threadsafe: false\n{CGI}"),
        (f"runtime: python27\n{WSGI}", f"runtime: python27\nthreadsafe: true\n{WSGI}"),
        (f"{HEAD}threadsafe:\n{WSGI}", f"{HEAD}threadsafe: true\n{WSGI}"),
        (f"{HEAD}threadsafe: ~  # what?\n{WSGI}", f"{HEAD}threadsafe: true  # what?\n{WSGI}"),
        (f"{HEAD}threadsafe: null\n{CGI}", f"{HEAD}threadsafe: false\n{CGI}"),
        ("{runtime: python27, api_version: 1}\n", "{runtime: python27, api_version: 1, threadsafe: true}\n"),
        (f"{WSGI}{HEAD}", f"{WSGI}{HEAD}threadsafe: true\n"),
        ("runtime: python27\r\n", "runtime: python27\r\nthreadsafe: true\r\n"),
        ("handlers: []\nruntime: python27", "handlers: []\nruntime: python27\nthreadsafe: true"),
        ("beta_settings:\n  vm_runtime: python27\nvm: true\nruntime: vm\n",
         "beta_settings:\n  vm_runtime: python27\nvm: true\nruntime: vm\nthreadsafe: true\n"),
    ],
)  # fmt: skip
def test_the_line_is_written(yaml: str, expected: str) -> None:
    assert fixed(RULE, {"app.yaml": yaml.encode(), "raw.py": RAW})["app.yaml"] == expected


def test_two_fixes_at_one_place_come_one_after_the_other() -> None:
    files: dict[str, str | bytes] = {"app.yaml": f"runtime: python27\n{WSGI}"}
    from gaebot.engine import fix
    from tests.rules.helpers import make_app, rule

    result = fix(make_app(files), [rule(RULE), rule("yaml-api-version")], unsafe=True)
    lines = result.app.files["app.yaml"].data.decode().splitlines()
    assert sorted(lines[:3]) == ["api_version: 1", "runtime: python27", "threadsafe: true"]


def test_the_reason_is_told() -> None:
    (finding,) = find(RULE, {"app.yaml": f"{HEAD}{CGI}", "raw.py": RAW})
    assert "set it to `false`, because a script stays CGI" in finding.message


def test_a_script_that_several_handlers_name_is_one() -> None:
    yaml = f"{HEAD}handlers:\n- url: /a\n  script: raw.py\n- url: /b\n  script: raw.py\n"
    (finding,) = find(RULE, {"app.yaml": yaml, "raw.py": RAW})
    assert "a script stays CGI" in finding.message
