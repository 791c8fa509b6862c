"""`ts-import-in-request`: what it leaves alone, finds, and how it is mended."""

from __future__ import annotations

from textwrap import indent

import pytest

from gaebot.finding import Safety, Severity
from tests.rules.helpers import find, fixed
from tests.rules.python27.wsgi.scripts import wsgi

RULE = "ts-import-in-request"

HEAD = "import datetime, time\nfrom datetime import datetime as dt\nimport webapp2\n"
APP = "\napp = webapp2.WSGIApplication([('/', Main)])\n"


def source(module: str, code: str = "pass") -> str:
    body = indent(code, "        ")
    return f"{HEAD}{module}\nclass Main(webapp2.RequestHandler):\n    def get(self):\n{body}\n{APP}"


@pytest.mark.parametrize(
    ("module", "code"),
    [
        ("", "pass"),
        ("import _strptime", "x = time.strptime('1', '%d')"),
        ("x = time.strptime('1', '%d')", "x = time.strptime('1', '%d')"),
        ("START = dt.strptime('1', '%d')", "x = dt.strptime('1', '%d')"),
        ("def parse(x):\n    return time.strptime(x, '%d')", "pass"),
        ("", "x = time.strftime('%d')"),
        ("", "x = self.strptime('1', '%d')"),
        ("", "time = self\nx = time.strptime('1', '%d')"),
        ("", "import json\nimport os"),
        (
            "from google.appengine.tools import bulkloader\nclass Loader(bulkloader.Loader):\n"
            "    def convert(self, x):\n        return time.strptime(x, '%d')\nloaders = [Loader]",
            "pass",
        ),
        ("def main():\n    time.strptime('1', '%d')\nif __name__ == '__main__':\n    main()", "pass"),
    ],
)
def test_leaves_alone(module: str, code: str) -> None:
    assert find(RULE, wsgi(source(module, code))) == []


def test_tools_and_apps_that_import_it_elsewhere_are_left_alone() -> None:
    code = source("", "x = time.strptime('1', '%d')")
    assert find(RULE, {**wsgi(source("")), "tool.py": code}) == []
    assert find(RULE, {**wsgi(code), "appengine_config.py": "import _strptime\n"}) == []


@pytest.mark.parametrize(
    ("module", "code"),
    [
        ("", "x = time.strptime('1', '%d')"),
        ("", "x = datetime.datetime.strptime('1', '%d')"),
        ("", "x = dt.strptime('1', '%d')\ny = dt.strptime('2', '%d')"),
        ("from time import strptime", "x = strptime('1', '%d')"),
        ("def parse(x):\n    return time.strptime(x, '%d')", "x = parse('1')"),
    ],
)
def test_finds(module: str, code: str) -> None:
    before = source(module, code)
    (finding,) = find(RULE, wsgi(before))
    assert finding.severity is Severity.WARNING
    assert finding.fix is not None
    assert finding.fix.safety is Safety.SAFE
    after = fixed(RULE, wsgi(before), unsafe=False)["main.py"]
    assert after == f"import _strptime  # for threads: Python issue 7980\n{before}"


def test_each_file_that_calls_it_imports_it() -> None:
    files = wsgi(source("import dates", "x = dt.strptime('1', '%d') or dates.parse('2')"))
    files["dates.py"] = "import time\n\ndef parse(x):\n    return time.strptime(x, '%d')\n"
    (finding,) = find(RULE, files)
    assert len(finding.related) == 1
    made = fixed(RULE, files)
    assert made["dates.py"].startswith("import _strptime")
    assert made["main.py"].startswith("import _strptime")


def test_one_request_at_a_time_is_a_note() -> None:
    files = wsgi(source("", "x = time.strptime('1', '%d')"))
    files["app.yaml"] = str(files["app.yaml"]).replace("threadsafe: true", "threadsafe: false")
    assert [finding.severity for finding in find(RULE, files)] == [Severity.NOTE]
