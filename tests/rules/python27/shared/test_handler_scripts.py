"""Which files answer requests: found through script strings and imports, and nothing else."""

from __future__ import annotations

import pytest

from gaebot.rules.python27.shared.scripts.handler_scripts import (
    handler_scripts,
    request_files,
    writes_itself,
)
from tests.rules.helpers import make_app

HEAD = "runtime: python\napi_version: 1\nhandlers:\n"


def handlers(*pairs: tuple[str, str]) -> str:
    return HEAD + "".join(f"- url: {url}\n  script: {script}\n" for url, script in pairs)


def scripts(yaml: str, *paths: str) -> list[str]:
    app = make_app({"app.yaml": yaml, **dict.fromkeys(paths, "x = 1\n")})
    return [script.path for script in handler_scripts(app)]


@pytest.mark.parametrize(
    ("script", "path"),
    [
        ("main.py", "main.py"),
        ("./main.py", "main.py"),
        ("admin//main.py", "admin/main.py"),
        ("site-map.py", "site-map.py"),
        ("main.app", "main.py"),
        ("main", "main.py"),
        ("main.site.app", "main.py"),
        ("blog/", "blog/__init__.py"),
        ("blog.app", "blog/__init__.py"),
        ("blog.posts.app", "blog/posts.py"),
    ],
)
def test_a_script_string_leads_to_a_file(script: str, path: str) -> None:
    assert path in scripts(handlers(("/", script)), path, "blog/__init__.py", "other.py")
    assert "other.py" not in scripts(handlers(("/", script)), path, "other.py")


@pytest.mark.parametrize(
    "script",
    ["$PYTHON_LIB/main.py", "../main.py", "missing.py", "admin.main.app", r"\1.py", "google.main.app"],
)
def test_some_lead_nowhere(script: str) -> None:
    assert scripts(handlers(("/", script)), "main.py", "admin/main.py") == []


def test_groups_of_the_url_choose_files() -> None:
    paths = ["list_birds.py", "list_trees.py", "lists.py", "tools/dice.py", "tools/dice.txt", "setup.py"]
    assert scripts(handlers((r"/(\w+)/(\w+)", r"\1_\2.py")), *paths) == ["list_birds.py", "list_trees.py"]
    assert scripts(handlers((r"/tools/([a-z]+)", r"tools/\1.py")), *paths) == ["tools/dice.py"]
    assert scripts(handlers((r"/(tools|list_b[a-z]+)", r"\1.py")), *paths) == ["list_birds.py"]
    assert scripts(handlers((r"/(?:x|y)/(?P<n>list\w)", r"\1.py")), *paths) == ["lists.py"]
    assert scripts(handlers((r"/(a+)+$", r"\1.py")), "a" * 60 + "b.py", *paths) == []


def test_templates_and_other_services_count_and_other_languages_do_not() -> None:
    app = make_app(
        {
            "app.yaml.example": handlers(("/", "main.py")),
            "worker.yaml": handlers(("/", "worker.app")),
            "node.yaml": "runtime: nodejs\nhandlers:\n- {url: /, script: tool.py}\n",
            "main.py": "",
            "worker.py": "",
            "tool.py": "",
        }
    )
    found = {script.path: (script.is_cgi, script.is_wsgi) for script in handler_scripts(app)}
    assert found == {"main.py": (True, False), "worker.py": (False, True)}


TOOL = """
def usage():
  print 'usage'
def main():
  usage()
def shared():
  print 'x'
def handler():
  shared()
if __name__ == '__main__':
  main()
  shared()
"""


@pytest.mark.parametrize(("script", "runs"), [("main.py", [True, True]), ("main.app", [False, True])])
def test_code_for_the_command_line_does_not_run_for_requests(script: str, runs: list[bool]) -> None:
    app = make_app({"app.yaml": handlers(("/", script)), "main.py": TOOL})
    (file,) = request_files(app)
    prints = file.file.nodes("(print_statement) @x")
    assert [file.runs(node) for node in prints] == runs


@pytest.mark.parametrize(
    ("code", "keeps"),
    [
        ("def main(): pass\n", True),
        ("def main(argv=None, *rest, **more): pass\n", True),
        ("def real_main(): pass\nmain = real_main\n", True),
        ("def main(argv): pass\n", False),
        ("def run(): pass\n", False),
    ],
)
def test_only_a_main_without_arguments_keeps_a_cgi_script_loaded(code: str, *, keeps: bool) -> None:
    (script,) = handler_scripts(make_app({"app.yaml": handlers(("/", "main.py")), "main.py": code}))
    assert script.has_main is keeps


@pytest.mark.parametrize(
    ("code", "alone"),
    [
        ("print 'Content-Type: text/plain'\n", True),
        ("import base\n", False),
        ("from google.appengine.ext.webapp.util import run_wsgi_app\nrun_wsgi_app(x)\n", False),
        ("from google.appengine.ext import webapp\napp = webapp.WSGIApplication([])\n", False),
    ],
)
def test_scripts_that_write_their_answer_themselves(code: str, *, alone: bool) -> None:
    base = "import wsgiref.handlers\ndef run(app):\n  wsgiref.handlers.CGIHandler().run(app)\n"
    app = make_app({"app.yaml": handlers(("/", "main.py")), "main.py": code, "base.py": base})
    assert writes_itself(app, handler_scripts(app)[0]) is alone
