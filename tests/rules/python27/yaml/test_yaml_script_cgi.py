"""`yaml-script-cgi`: what it leaves alone, finds and writes."""

from __future__ import annotations

import pytest

from gaebot.finding import Severity
from tests.rules.helpers import find, fixed
from tests.rules.python27.scripts import APP, GUARD, IMPORTS, KEPT

RULE = "yaml-script-cgi"
MAIN = f"{IMPORTS}app = {APP}\n\ndef main():\n    run_wsgi_app(app)\n{GUARD}"
RAW = "print 'Content-Type: text/plain'\nprint\n"


def service(*scripts: str, head: str = "runtime: python27\nthreadsafe: false\n") -> str:
    handlers = "".join(f"- url: /{number}\n  script: {script}\n" for number, script in enumerate(scripts))
    return f"{head}handlers:\n{handlers}"


@pytest.mark.parametrize(
    "script",
    [
        "main.app",
        "main",
        "main.PY",
        "my-mod.app",
        "$PYTHON_LIB/google/appengine/ext/deferred/handler.py",
        "gone.py",
        "''",
    ],
)
def test_leaves_alone(script: str) -> None:
    assert find(RULE, {"app.yaml": service(script), "main.py": MAIN}) == []


def test_other_keys_are_left_alone() -> None:
    yaml = (
        "runtime: python27\nthreadsafe: true\nhandlers:\n- url: /(.*\\.py)\n  static_files: src/\\1\n"
        "  upload: src/.*\\.py\n"
    )
    assert find(RULE, {"app.yaml": yaml, "src/main.py": MAIN}) == []
    more = "runtime: python27\nbackends:\n- name: b\n  start: main.py\n"
    assert find(RULE, {"app.yaml": more, "main.py": MAIN}) == []


@pytest.mark.parametrize("script", ["main.py", "./main.py", "'main.py'", '"main.py"'])
def test_spellings(script: str) -> None:
    after = fixed(RULE, {"app.yaml": service(script), "main.py": MAIN})
    quote = script[0] if script[0] in "'\"" else ""
    assert after["app.yaml"] == service(f"{quote}main.app{quote}")
    assert after["main.py"] == f"{KEPT}app = {APP}\n"


@pytest.mark.parametrize("script", ["my-mod.py", "404.py", "class.py"])
def test_names_that_no_import_statement_can_spell(script: str) -> None:
    after = fixed(RULE, {"app.yaml": service(script), script: MAIN})
    assert after["app.yaml"] == service(script.replace(".py", ".app"))


def test_folders_get_what_makes_them_packages() -> None:
    after = fixed(RULE, {"app.yaml": service("a/b//c.py"), "a/b/c.py": MAIN, "a/__init__.py": "# ours\n"})
    assert after["app.yaml"] == service("a.b.c.app")
    assert (after["a/__init__.py"], after["a/b/__init__.py"]) == ("# ours\n", "")


@pytest.mark.parametrize("script", ["blog", "blog/__init__.py"])
def test_packages(script: str) -> None:
    files = {"app.yaml": service(f"./{script}"), "blog/__init__.py": MAIN}
    assert fixed(RULE, files)["app.yaml"] == service("blog.app")


def test_keys_and_comments_around_it_stay() -> None:
    yaml = (
        "runtime: python27\nthreadsafe: false\nhandlers:\n# admins\n- script: main.py  # all\n"
        "  login: admin\n  url: /admin\n  secure: always\n"
    )
    assert fixed(RULE, {"app.yaml": yaml, "main.py": MAIN})["app.yaml"] == yaml.replace("main.py", "main.app")


def test_one_finding_for_each_place() -> None:
    files = {"app.yaml": service("main.py", "main.py"), "main.py": MAIN}
    assert [finding.place.start.line for finding in find(RULE, files)] == [5, 7]


def test_one_that_blocks_and_one_that_waits() -> None:
    files = {"app.yaml": service("main.py", "raw.py"), "main.py": MAIN, "raw.py": RAW}
    waiting, blocked = find(RULE, files)
    assert "has to wait until `raw.py` can be converted too" in waiting.message
    assert "must stay a CGI script for now: it prints its answer" in blocked.message
    assert waiting.fix is None
    assert blocked.fix is None
    assert fixed(RULE, files) == files


@pytest.mark.parametrize(
    ("head", "severity"),
    [
        ("runtime: python27\nthreadsafe: true\n", Severity.ERROR),
        ("runtime: python27\nthreadsafe: false\n", Severity.NOTE),
        ("runtime: python\n", Severity.WARNING),
    ],
)
def test_how_bad_it_is(head: str, severity: Severity) -> None:
    (finding,) = find(RULE, {"app.yaml": service("main.py", head=head), "main.py": MAIN})
    assert finding.severity is severity


def test_an_included_file_is_edited_with_its_service() -> None:
    files = {
        "app.yaml": "runtime: python27\nthreadsafe: false\nincludes:\n- lib\n",
        "lib/include.yaml": "handlers:\n- url: /lib\n  script: lib/main.py\n",
        "lib/main.py": MAIN,
    }
    after = fixed(RULE, files)
    assert after["lib/include.yaml"] == "handlers:\n- url: /lib\n  script: lib.main.app\n"
    assert after["lib/__init__.py"] == ""


@pytest.mark.parametrize("runtime", ["python", "python27"])
def test_a_script_that_keeps_visitors_out_stays_one(runtime: str) -> None:
    gate = "    if not users.is_current_user_admin():\n        print 'Status: 403'\n        print\n        return\n"
    main = f"{IMPORTS}def main():\n{gate}    run_wsgi_app({APP})\n{GUARD}"
    files = {"app.yaml": service("main.py", head=f"runtime: {runtime}\n"), "main.py": main}
    (finding,) = find(RULE, files)
    assert "`main()` can end before" in finding.message
    assert finding.fix is None
