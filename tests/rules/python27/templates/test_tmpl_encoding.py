"""`tmpl-encoding`: what it leaves alone and finds."""

from __future__ import annotations

import pytest

from tests.rules.helpers import find
from tests.rules.python27.templates.pages import app25, app27
from tests.rules.python27.wsgi.scripts import wsgi

RULE = "tmpl-encoding"


@pytest.mark.parametrize("page", [b"{{ x }}", "{{ x }} é".encode(), b"\xef\xbb\xbf{{ x }}"])
def test_leaves_alone(page: bytes) -> None:
    assert find(RULE, app27(page)) == []


def test_pages_that_webapp_does_not_render_are_left_alone() -> None:
    assert find(RULE, {**wsgi("app = 1\n"), "index.html": b"{{ x }} \xe9"}) == []


@pytest.mark.parametrize("page", [b"{{ x }} \xe9\n\xe9", "{{ x }} é".encode("utf-16"), b"{{ x }} \x93y\x94"])
def test_the_first_foreign_byte_is_shown(page: bytes) -> None:
    for app in (app25, app27):
        findings = find(RULE, app(page))
        assert len(findings) == (1 if b"{{" in page else 0)
