"""`test-suite-imports`: what it leaves alone and finds."""

from __future__ import annotations

import pytest

from tests.rules.helpers import find

RULE = "test-suite-imports"

HEAD = "import unittest\nfrom google.appengine.ext import webapp\nimport main\n"
MAKES = "handler = main.Main()\nresponse = webapp.Response()\n"


def app(
    code: str, path: str = "main_test.py", script: str = "main.py", main: str = ""
) -> dict[str, str | bytes]:
    """An app with one file more, and a script."""
    runtime = "python" if script.endswith(".py") else "python27"
    return {
        "app.yaml": f"runtime: {runtime}\napi_version: 1\nthreadsafe: false\nhandlers:\n- url: /.*\n  script: {script}\n",
        "main.py": main or "def main(): pass\nif __name__ == '__main__': main()\n",
        path: code,
    }


@pytest.mark.parametrize("code", [
    HEAD,
    HEAD + MAKES,
    HEAD + MAKES + "self.assertEqual(response.status, '200 OK')",
    HEAD + MAKES + "self.assertEqual(response.status_int, 200)",
    HEAD + MAKES + "self.assertEqual(job.status, 200)",
    HEAD + MAKES + "self.log(response.status, 200)",
    HEAD + MAKES + "self.assertEqual('Hello', response.body)",
    HEAD + MAKES + "out = StringIO()\nself.assertEqual(out.getvalue(), 'Hello')",
    HEAD + MAKES + "handler.response.out.write('x')",
    # Another library's response: its status may well be a number.
    HEAD + "response = connection.getresponse()\nself.assertEqual(response.status, 200)",
    HEAD + "self.assertEqual(handler.response.status, 200)",
    HEAD + "self.assertEqual(process.out.getvalue(), 'Hello')",
    # Not a script's main.
    HEAD + "unittest.main()",
    HEAD + "def main(): pass\nmain()",
    HEAD + "import other\nother.main()",
    HEAD + "main.Main()",
    HEAD + "run = main.main",
])  # fmt: skip
def test_leaves_alone(code: str) -> None:
    assert find(RULE, app(code)) == []


def test_leaves_alone_what_is_no_test() -> None:
    code = "from google.appengine.ext import webapp\nimport main\nmain.main()\nwebapp.Response().out.getvalue()\n"
    assert find(RULE, app(code, "tool.py")) == []
    assert len(find(RULE, app(code, "tests/tool.py"))) == 1


def test_leaves_alone_what_requests_run() -> None:
    files = app("", main=HEAD + MAKES + "response.out.getvalue()\n")
    assert find(RULE, files) == []


def test_leaves_a_main_alone_that_stayed() -> None:
    assert find(RULE, app(HEAD + "main.main()", script="main.app")) == []


@pytest.mark.parametrize("code", [
    MAKES + "self.assertEqual(handler.response.out.getvalue(), 'Hello')",
    MAKES + "self.assertEqual(response.out.getvalue(), 'Hello')",
    MAKES + "self.assertEqual(response.status, 200)",
    MAKES + "self.assertEquals(404, response.status)",
    MAKES + "assert response.status == 200",
    MAKES + "assert 200 != handler.response.status",
    MAKES + "self.failUnlessEqual(200, handler.response.status)",
    "self.assertEqual(200, self.resp._Response__status[0])",
    "main.main()",
    "from main import main as run\nrun()",
    "from main import main\nmain()",
])  # fmt: skip
def test_finds(code: str) -> None:
    (finding,) = find(RULE, app(HEAD + code))
    assert finding.place.source.path == "main_test.py"
    assert finding.fix is None


def test_a_main_that_is_gone() -> None:
    assert len(find(RULE, app(HEAD + "main.main()", script="main.app", main="app = None\n"))) == 1


def test_a_helper_may_make_the_response() -> None:
    files = app(HEAD + "self.assertEqual(self.handler.response.out.getvalue(), 'Hello')")
    files["testutil.py"] = (
        "import unittest\nfrom google.appengine.ext import webapp\nRESPONSE = webapp.Response()\n"
    )
    assert len(find(RULE, files)) == 1


def test_one_note_for_an_app() -> None:
    files = app(HEAD + MAKES + "main.main()\nresponse.out.getvalue()\nassert response.status == 200\n")
    files["tests/test_other.py"] = HEAD + "main.main()\n" * 9
    (finding,) = find(RULE, files)
    assert [related.place.source.path for related in finding.related][:3] == ["main_test.py"] * 2 + [
        "tests/test_other.py"
    ]
    assert len(finding.related) == 5
