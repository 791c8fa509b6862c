"""`py-shadow-new-stdlib`: what it leaves alone and finds."""

from __future__ import annotations

import pytest

from tests.rules.helpers import find
from tests.rules.python27.wsgi.scripts import cgi, wsgi

RULE = "py-shadow-new-stdlib"


@pytest.mark.parametrize(
    "path", ["models.py", "util/json.py", "json/data.py", "code.py", "user.py", "lib/io.py"]
)
def test_leaves_alone(path: str) -> None:
    assert find(RULE, {**wsgi("app = 1\n"), path: "x = 1\n"}) == []


@pytest.mark.parametrize(
    "path", ["json.py", "io.py", "ast.py", "fractions.py", "abc/__init__.py", "numbers.py"]
)
def test_modules_at_the_root(path: str) -> None:
    for app in (cgi, wsgi):
        assert [finding.path for finding in find(RULE, {**app("app = 1\n"), path: "x = 1\n"})] == [path]


def test_whether_the_app_imports_it_is_said() -> None:
    (finding,) = find(RULE, wsgi("import json\n", json="def read(x): pass\n"))
    assert "The app imports it." in finding.message
