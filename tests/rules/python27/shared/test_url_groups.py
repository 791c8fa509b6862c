"""The groups of a URL pattern, and what the pattern becomes when they are filled in."""

from __future__ import annotations

import re

import pytest

from gaebot.rules.python27.shared.config.url_groups import escape, fill_in, is_literal, rest, url_groups


@pytest.mark.parametrize(
    ("pattern", "inner", "fixed"),
    [
        ("/", [], []),
        ("/(.*)", [".*"], [True]),
        ("/(a)(?:b)(?P<n>c)", ["a", "c"], [True, True]),
        ("/((a)b)", ["(a)b", "a"], [True, False]),
        ("/(?:(a)b)", ["a"], [False]),
        ("/(a)?(b)*(c)+(d){2}", ["a", "b", "c", "d"], [False] * 4),
        ("/(a|b)", ["a|b"], [True]),
        ("/(a)|/b", ["a"], [False]),
        (r"/\((a)\)[(](b)[]()](c)[^]()](d)", ["a", "b", "c", "d"], [True] * 4),
        ("/(a", [], []),
        ("/a)(b)", ["b"], [True]),
        ("/[(a", [], []),
    ],
)
def test_groups_are_found(pattern: str, inner: list[str], fixed: list[bool]) -> None:
    found = url_groups(pattern)
    assert [group.inner for group in found] == inner
    assert [group.is_fixed for group in found] == fixed


@pytest.mark.parametrize("pattern", ["/(a)(b(c))", "/(?P<x>a)[(]b(?:c)(d)", r"/\((a)"])
def test_the_numbers_are_those_of_re(pattern: str) -> None:
    assert len(url_groups(pattern)) == re.compile(pattern).groups


def test_values_are_taken_literally() -> None:
    assert fill_in(r"/(.*)/x(\d)\.html", {1: "a.b", 2: "1+1"}) == r"/a\.b/x1\+1\.html"
    assert fill_in("/(a)(b)", {2: "x"}) == "/(a)x"


def test_rest_is_what_stands_around_the_groups() -> None:
    assert rest(r"/(a)\.(b)x") == r"/\.x"


@pytest.mark.parametrize("pattern", [r"/a\.html", "/a-b", ""])
def test_literal_patterns(pattern: str) -> None:
    assert is_literal(pattern)


@pytest.mark.parametrize("pattern", ["/a.b", r"/\d", "/a?"])
def test_patterns_that_match_more_than_one_text(pattern: str) -> None:
    assert not is_literal(pattern)


@pytest.mark.parametrize("text", ["a.b", "a+b-c", "(x)[y]{z}", "a|b^c$", "\\d"])
def test_an_escaped_text_matches_itself_alone(text: str) -> None:
    assert re.fullmatch(escape(text), text)
    assert is_literal(escape(text))
