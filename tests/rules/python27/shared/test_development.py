"""Which tests ask for the development server, and what stands below them."""

from __future__ import annotations

import pytest

from gaebot.rules.python27.shared.scripts.development import asks_for_development, is_for_development
from gaebot.syntax.python import PythonFile
from gaebot.text import SourceFile


def file(code: str) -> PythonFile:
    return PythonFile(SourceFile("main.py", code.encode()), "main")


@pytest.mark.parametrize(
    "condition",
    [
        "local.user",
        "locale == 'de'",
        "device",
        "developer",
        "not is_dev_server()",
        "'Dev' not in os.environ['SERVER_SOFTWARE']",
        "os.environ['HTTP_HOST'] != 'localhost'",
        "users.is_current_user_admin()",
        "server",
    ],
)
def test_other_tests(condition: str) -> None:
    (test,) = file(f"if {condition}:\n    a()\n").keyword_nodes("if")
    assert not asks_for_development(test)


@pytest.mark.parametrize(
    "condition",
    [
        "'Dev' in os.environ['SERVER_SOFTWARE']",
        "os.environ.get('SERVER_SOFTWARE', '').startswith('Development')",
        "ON_LOCALHOST",
        "on_localhost",
        "IS_DEV",
        "DEV",
        "utils.is_dev_app_server()",
        "is_dev_appserver()",
        "dev_server",
        "isDevServer",
        "os.environ['HTTP_HOST'].startswith('localhost')",
    ],
)
def test_tests_for_the_development_server(condition: str) -> None:
    (test,) = file(f"if {condition}:\n    a()\n").keyword_nodes("if")
    assert asks_for_development(test)


def test_what_stands_below() -> None:
    code = file("if DEV:\n    if x:\n        a()\nelse:\n    b()\nc()\n")
    found = {name: is_for_development(node) for name in "abc" for node in code.identifiers(name)}
    assert found == {"a": True, "b": False, "c": False}
