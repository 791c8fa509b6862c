"""Page templates in Django's language."""

from __future__ import annotations

import pytest

from gaebot import limits
from gaebot.syntax.page import Kind, Page, has_markup
from gaebot.text import SourceFile


def page(text: str | bytes) -> Page:
    return Page(SourceFile("index.html", text if isinstance(text, bytes) else text.encode()))


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("", []),
        ("<p>{ % x % }", []),
        ("{{ x }}", [(Kind.VARIABLE, "x")]),
        ("{{x}}{{y}}", [(Kind.VARIABLE, "x"), (Kind.VARIABLE, "y")]),
        ("{% if a %}{{ a }}{% endif %}", [(Kind.TAG, "if a"), (Kind.VARIABLE, "a"), (Kind.TAG, "endif")]),
        ("{# {{ x }} #}", []),
        ("{% comment %}{{ x }}{% endcomment %}{{ y }}", [(Kind.VARIABLE, "y")]),
        ("{{ x\n}}", []),
        ("{% x", []),
    ],
)
def test_tokens(text: str, tokens: list[tuple[Kind, str]]) -> None:
    assert [(token.kind, token.text) for token in page(text).tokens] == tokens


@pytest.mark.parametrize(
    ("text", "expression"),
    [
        ("{{ x }}", ("x", ())),
        ("{{ a.b|escape }}", ("a.b", ("escape",))),
        ('{{ d|date:"a|b"|upper }}', ("d", ("date", "upper"))),
        ("{{ 'a|b' | lower }}", ("'a|b'", ("lower",))),
        ("{{ x|default:y|safe }}", ("x", ("default", "safe"))),
        ("{{ }}", ("", ())),
    ],
)
def test_expressions(text: str, expression: tuple[str, tuple[str, ...]]) -> None:
    assert page(text).tokens[0].expression == expression


def test_filters_with_their_places() -> None:
    found = page("{{ x | date:'a|b'|upper }}")
    filters = found.filters(found.variables[0])
    assert [(name, found.source.decode(span)) for name, span in filters] == [
        ("date", "date:'a|b'"),
        ("upper", "upper"),
    ]


def test_words_and_loaded_libraries() -> None:
    found = page("{% load a b.c %}{% extends \"base file.html\" %}{% url x y,'z w' %}")
    assert [token.words for token in found.tags()] == [
        ["load", "a", "b.c"],
        ["extends", '"base file.html"'],
        ["url", "x", "y,'z w'"],
    ]
    assert found.loaded == {"a", "b.c"}
    assert [token.name for token in found.tags("url", "load")] == ["load", "url"]


def test_places_are_bytes_and_characters() -> None:
    found = page("é {{ x }}")
    place = found.place(found.variables[0])
    assert (place.span, place.start) == ((3, 10), (1, 3))


def test_scripts() -> None:
    found = page("{{ a }}<script type='x'>{{ b }}</script>{{ c }}<STYLE>{{ d }}</STYLE>")
    assert [token.text for token in found.variables if found.is_in_script(token)] == ["b", "d"]


def test_text_fields_and_attributes() -> None:
    found = page(
        "{{ a }}<textarea x='1'>{{ b }}</textarea><p title='{{ c }}'>{{ d }}</p><title>{{ e }}</title>"
    )
    assert [token.text for token in found.variables if found.is_in_text(token)] == ["b", "c", "e"]


def test_code_is_no_tag() -> None:
    found = page(
        "<script src='{{ a }}'>\n<!--\nvar x = {{ b }}; if (x < {{ c }}) y();\n//-->\n</script><p {{ d }}>"
    )
    assert [token.text for token in found.variables if found.is_in_text(token)] == ["a", "d"]


def test_any_bytes_are_read() -> None:
    assert [token.text for token in page(b"\xff{{ \xe9 }}\x00{% \xff %}").tokens] == ["é", "ÿ"]


def test_markup() -> None:
    assert not has_markup(b"<p>{ }</p>")
    assert has_markup(b"{{")
    assert has_markup(b"x {% y")


@pytest.mark.parametrize(
    "part", [b"{%", b"{{", b"{%{{{#", b"<script>", b"{% x", b"{{ 'x ", b"%}{%", b"{%x%}"]
)
def test_time_grows_with_the_size(part: bytes) -> None:
    found = page(part * (limits.MAX_PAGE_BYTES // len(part)))
    for token in found.tokens[:1000]:
        assert not found.is_in_script(token)
        assert len(token.words) + len(token.expression) < limits.MAX_TAG_BYTES + 3
