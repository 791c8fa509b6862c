from time import perf_counter

import pytest
import regex

from gaebot import limits, patterns
from gaebot.disk import skip
from gaebot.patterns import Pattern


def test_match_is_anchored_at_the_start_only():
    pattern = Pattern(r"/admin")
    assert pattern.match("/admin/users")
    assert not pattern.match("/x/admin")


def test_fullmatch_is_anchored_at_both_ends():
    pattern = Pattern(r"/(.*)\.html")
    assert pattern.fullmatch("/a/b.html").group(1) == "a/b"
    assert not pattern.fullmatch("/a/b.html5")


@pytest.mark.parametrize("text", ["*.py", "(", "[a-Z", "a**", "(?P<x", "\\", "(" * 9000 + ")" * 9000])
def test_an_invalid_pattern_matches_nothing(text):
    pattern = Pattern(text)
    assert not pattern.is_usable
    assert pattern.match(text) is None
    assert pattern.fullmatch("") is None


def test_a_catastrophic_pattern_ends_and_matches_nothing_any_more():
    pattern = Pattern(r"(a|aa)+$")
    assert pattern.match("aaa")
    started = perf_counter()
    assert pattern.match("a" * 60 + "b") is None
    assert perf_counter() - started < 10 * limits.PATTERN_SECONDS
    assert not pattern.is_usable
    assert pattern.match("aaa") is None


@pytest.mark.parametrize(
    "text", ["(a|a)(a|a)(a|a)(a|a)(a|a)(a|a).*.*b", "(|)(|)(|)(|)(|)(|).*.+x", "(?:(?:.*)?.|.)x", ".*.*$b"]
)
@pytest.mark.parametrize("value", ["a" * 255, "/a" * 127 + "\n", "ab" * 100 + "."])
def test_a_plain_pattern_is_quick_and_means_the_same_to_both_engines(text, value):
    assert patterns.is_plain(text)
    pattern = Pattern(text)
    started = perf_counter()
    found = pattern.match(value), pattern.fullmatch(value)
    assert perf_counter() - started < limits.PATTERN_SECONDS
    expected = regex.match(text, value), regex.fullmatch(text, value)
    assert [m and (m.span(), m.groups()) for m in found] == [m and (m.span(), m.groups()) for m in expected]


@pytest.mark.parametrize(
    "text",
    [
        "(a|aa)+$",
        "(.*)*x",
        ".*?x",
        "a?a?a?",
        ".*.*.*x",
        "(a|a)" * 7,
        "[ab]",
        r"\d",
        r"(.)\1",
        "(?i)a",
        "a{2}",
    ],
)
def test_what_may_be_slow_or_read_otherwise_is_not_plain(text):
    assert not patterns.is_plain(text)


def test_a_plain_pattern_matches_a_long_text_too():
    pattern = Pattern("/.*/b")
    assert pattern.fullmatch("/" + "a" * 10_000 + "/b")
    assert not pattern.fullmatch("/" + "a" * 10_000 + "/c")
    assert pattern.is_usable


def test_a_pattern_of_ours_is_quick_on_any_path():
    pattern = Pattern(skip.DEFAULT_SKIP, is_ours=True)
    for path in ("a/" * 127 + "b", "a/RCS" * 50, ".py/" * 63 + "c", "#/~" * 80 + "x"):
        started = perf_counter()
        assert bool(pattern.match(path)) == bool(regex.match(skip.DEFAULT_SKIP, path))
        assert perf_counter() - started < limits.PATTERN_SECONDS


def test_a_pattern_that_is_slow_many_times_is_given_up(monkeypatch):
    clock = iter([0, 0.1, 1, 1 + limits.PATTERN_TOTAL_SECONDS])
    monkeypatch.setattr(patterns, "perf_counter", lambda: next(clock))
    pattern = Pattern("a")
    assert pattern.match("a")
    assert pattern.match("a")
    assert pattern.match("a") is None


@pytest.mark.parametrize(
    "text", ["((a{1000}){1000}){1000}", "a{100000000}", "(?x) a{1 000 000}", "a" * 20_000]
)
def test_a_pattern_that_needs_all_memory_is_not_compiled(text):
    started = perf_counter()
    assert not Pattern(text).is_usable
    assert perf_counter() - started < 1


def test_repeats_that_people_write_are_fine():
    uuid = Pattern(r"/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
    assert uuid.fullmatch("/01234567-89ab-cdef-0123-456789abcdef")


def test_what_other_engines_know_but_python_does_not_changes_nothing_common():
    assert Pattern(r"^(.*/)?(app\.yaml|#.*#|.*~|)$").match("a/b/#x#")
    assert Pattern(r"[a&&b]").fullmatch("&")
