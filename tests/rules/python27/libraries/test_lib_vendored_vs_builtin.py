"""`lib-vendored-vs-builtin`: what it leaves alone and finds."""

from __future__ import annotations

import pytest

from gaebot.app import App
from gaebot.engine import check
from gaebot.finding import Finding, Severity
from tests.rules.helpers import find, rule
from tests.rules.python27.wsgi.scripts import cgi, wsgi

RULE = "lib-vendored-vs-builtin"
APP = wsgi("app = None\n")


def asking(name: str, version: str) -> dict[str, str | bytes]:
    return {**APP, "app.yaml": f'{APP["app.yaml"]!s}libraries:\n- name: {name}\n  version: "{version}"\n'}


@pytest.mark.parametrize(
    "files",
    [
        {},
        {"click.py": "class Click(db.Model):\n    pass\n"},  # the app's own
        {"six/__init__.py": ""},
        {"lib/jinja2/__init__.py": "__version__ = '2.2'\n"},  # not where `import` looks
        {"simplejson/__init__.py": "__version__ = '2.0.9'\n"},  # not of the runtime
        {"jinja2.zip": ""},
        {"main2.py": "import jinja2\n"},
        {"jinja2/environment.py": "__version__ = '2.2'\n"},  # no package
    ],
)
def test_leaves_alone(files: dict[str, str | bytes]) -> None:
    assert find(RULE, {**APP, **files}) == []


def test_an_app_of_another_language_is_left_alone() -> None:
    files = {"app.yaml": "runtime: go\nhandlers: []\n", "jinja2/__init__.py": "__version__ = '2.2'\n"}
    assert find(RULE, {**files}) == []


@pytest.mark.parametrize(
    ("code", "version"),
    [
        ("__version__ = '2.2'\n", " 2.2"),
        ('# jinja\n__version__ = "2.2.1"\n', " 2.2.1"),
        ("VERSION = (2, 2, 0, 'final')\n", " 2.2"),
        ("__version_info__ = (2, 3)\n__version__ = '.'.join(str(n) for n in __version_info__)\n", " 2.3"),
    ],
)
@pytest.mark.parametrize("app", [APP, cgi("x = 1\n")])
def test_tells_the_version(code: str, version: str, app: dict[str, str | bytes]) -> None:
    (finding,) = find(RULE, {**app, "jinja2/__init__.py": code})
    assert finding.message.startswith(f"This copy of `jinja2`{version} comes before")
    assert "2.6" in finding.message
    assert finding.severity is Severity.NOTE
    assert finding.fix is None


def test_a_version_that_is_not_told() -> None:
    files = {path: str(data).encode() for path, data in APP.items()} | {"jinja2/__init__.py": b"x = 1\n"}
    report = check(App(files, vendored={"jinja2": "jinja2"}), [rule(RULE)])
    assert [finding.message[:28] for finding in report.findings] == ["This copy of `jinja2` comes "]


def test_an_empty_file_has_a_place() -> None:
    files = {path: str(data).encode() for path, data in APP.items()} | {"webob/__init__.py": b""}
    (finding,) = check(App(files, vendored={"webob": "webob"}), [rule(RULE)]).findings
    assert finding.place.span == (0, 0)


def one(files: dict[str, str | bytes]) -> Finding:
    (finding,) = find(RULE, files)
    return finding


def test_a_library_that_is_asked_for_is_a_warning() -> None:
    finding = one({**asking("jinja2", "2.6"), "jinja2/__init__.py": "__version__ = '2.2'\n"})
    assert finding.severity is Severity.WARNING
    assert finding.message.endswith("app.yaml asks for that one in vain.")
    finding = one({**asking("flask", "0.12"), "jinja2/__init__.py": "__version__ = '2.2'\n"})
    assert finding.severity is Severity.NOTE


@pytest.mark.parametrize(
    ("path", "code", "severity"),
    [
        ("django/__init__.py", "VERSION = (0, 96, None)\n", Severity.WARNING),
        ("django/__init__.py", "VERSION = (1, 1, 1, 'final', 0)\n", Severity.WARNING),
        ("django/__init__.py", "VERSION = (1, 2, 0, 'final', 0)\n", Severity.NOTE),
        ("webob/__init__.py", "__version__ = '0.9.8'\n", Severity.WARNING),
        ("webob/__init__.py", "__version__ = '1.1.1'\n", Severity.NOTE),
        ("yaml/__init__.py", "__version__ = '3.05'\n", Severity.NOTE),
    ],
)
def test_what_is_too_old_is_a_warning(path: str, code: str, severity: Severity) -> None:
    assert one({**APP, path: code}).severity is severity


def test_webapp2_needs_its_extras() -> None:
    webapp2 = {"webapp2.py": "__version__ = '2.3'\n"}
    finding = one({**APP, **webapp2})
    assert finding.severity is Severity.WARNING
    assert "webapp2_extras" in finding.message
    extras = {"webapp2_extras/__init__.py": "", "webapp2_extras/local.py": ""}
    finding = one({**APP, **webapp2, **extras})
    assert finding.severity is Severity.NOTE
    assert "webapp2_extras" not in finding.message
