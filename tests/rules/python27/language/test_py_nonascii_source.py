"""`py-nonascii-source`: what it leaves alone, finds and writes."""

from __future__ import annotations

import pytest

from tests.rules.helpers import find, fixed, make_app
from tests.rules.python27.wsgi.scripts import cgi, wsgi

RULE = "py-nonascii-source"
COOKIE = "# -*- coding: utf-8 -*-\n"


@pytest.mark.parametrize(
    "code",
    [
        "x = 1\n",
        COOKIE + "x = 'é'\n",
        "#!/usr/bin/python\n# vim: set fileencoding=utf-8 :\nx = 'é'\n",
        "\ufeffx = 'é'\n",
        "x = '\\xe9'\n",
    ],
)
def test_leaves_alone(code: str) -> None:
    assert find(RULE, wsgi(code)) == []


def test_code_that_no_request_reaches_is_left_alone() -> None:
    assert find(RULE, {**wsgi("app = 1\n"), "tool.py": "x = 'é'\n"}) == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("x = 'é'\n", COOKIE + "x = 'é'\n"),
        ("# é\nx = 1\n", COOKIE + "# é\nx = 1\n"),
        ("#!/usr/bin/python\nx = 'é'\n", "#!/usr/bin/python\n" + COOKIE + "x = 'é'\n"),
        ("\n\n# coding: utf-8\nx = 'é'\n", COOKIE + "\n\n# coding: utf-8\nx = 'é'\n"),
    ],
)
def test_what_the_fix_writes(before: str, after: str) -> None:
    for app in (cgi, wsgi):
        assert fixed(RULE, app(before), unsafe=False)["main.py"] == after


def test_the_line_endings_of_the_file_are_kept() -> None:
    assert (
        fixed(RULE, {**wsgi(""), "main.py": "x = 'é'\r\n".encode()})["main.py"]
        == COOKIE[:-1] + "\r\nx = 'é'\r\n"
    )


def test_other_encodings_are_only_reported() -> None:
    files = {**wsgi(""), "main.py": b"x = '\xe9'\n"}
    assert make_app(files)
    assert [finding.fix for finding in find(RULE, files)] == [None]
