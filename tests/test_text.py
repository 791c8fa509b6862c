import pytest
from hypothesis import given
from hypothesis import strategies as st

from gaebot.text import Edit, OverlappingEditsError, Position, SourceFile, Span, StaleEditError

BOM = b"\xef\xbb\xbf"


def source(data):
    return SourceFile("a.py", data)


# -- encodings -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (b"", "utf-8"),
        (b"x = 1\n", "utf-8"),
        ("# ä\n".encode(), "utf-8"),
        (b"# -*- coding: latin-1 -*-\n\xe4\n", "latin-1"),
        (b"#!/usr/bin/python\n# vim: set fileencoding=cp1252 :\n\x80\n", "cp1252"),
        (b"\n# coding: iso-8859-15\n\xa4", "iso-8859-15"),
        (b"x = 1\n# coding: cp1252\n\x80", "latin-1"),  # too late: a statement stands before
        (b"\n\n# coding: cp1252\n\x80", "latin-1"),  # the third line
        (b"\xe4\n", "latin-1"),  # says nothing and is no UTF-8
        (b"# coding: utf-8\n\xe4\n", "latin-1"),  # lies
        (b"# coding: nonsense\n", "latin-1"),
        (b"# coding: hex\n00", "latin-1"),  # a codec, but none for text
        (b"# coding: idna\nx = 1\n", "latin-1"),  # one that leaves nothing out
        (BOM + b"# coding: cp1252\n", "utf-8"),
    ],
)
def test_encoding(data, encoding):
    assert source(data).encoding == encoding


def test_text_is_without_the_byte_order_mark():
    assert source(BOM + "ä\n".encode()).decode() == "ä\n"
    assert source(b"abc").decode(Span(1, 2)) == "b"


@pytest.mark.parametrize(
    ("data", "newline"),
    [(b"", b"\n"), (b"a", b"\n"), (b"a\nb\r\n", b"\n"), (b"a\r\nb\n", b"\r\n"), (b"a\rb", b"\r")],
)
def test_newline_is_that_of_the_first_line(data, newline):
    assert source(data).newline == newline


# -- positions -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "offset", "position"),
    [
        (b"", 0, (1, 1)),
        (b"abc", 2, (1, 3)),
        (b"abc", 3, (1, 4)),
        (b"a\nb", 2, (2, 1)),
        (b"a\r\nb", 3, (2, 1)),
        (b"a\rb", 2, (2, 1)),
        (b"a\x0cb", 2, (1, 3)),  # a form feed ends no line
        ("ä\u2028b".encode(), 5, (1, 3)),
        ("ä b".encode(), 3, (1, 3)),
        (b"# coding: latin-1\n\xe4 b", 20, (2, 3)),
        (BOM + b"ab", 3, (1, 1)),
        (BOM + b"ab", 4, (1, 2)),
        (BOM + b"ab", 0, (1, 1)),
        (BOM + b"a\nb", 5, (2, 1)),
    ],
)
def test_position(data, offset, position):
    assert source(data).position(offset) == Position(*position)


LINES = st.lists(
    st.sampled_from(["a", "ä", "漢", "\n", "\r\n", "\r", "\t", "\ufeff", "\x0c"]), max_size=30
).map("".join)


@given(LINES)
def test_positions_count_characters(text):
    file = source(text.encode())
    offset = len(file.bom)
    for number, line in enumerate(split_lines(file.decode()), start=1):
        for column, character in enumerate(line, start=1):
            assert file.position(offset) == Position(number, column)
            offset += len(character.encode())


def split_lines(text):
    """The lines with their ends, split where Python 2 ends a line."""
    lines = [""]
    for index, character in enumerate(text):
        lines[-1] += character
        if character == "\n" or (character == "\r" and text[index + 1 : index + 2] != "\n"):
            lines.append("")
    return lines


@given(LINES)
def test_lines_join_to_the_whole(text):
    file = source(text.encode())
    spans = [file.line_span(start) for start in file.line_starts]
    assert b"".join(file.data[start:end] for start, end in spans) == file.data
    texts = [file.line_text(number) for number in range(1, len(spans) + 1)]
    assert texts == [line.rstrip("\r\n") for line in split_lines(file.decode())]


def test_line_text():
    file = source(BOM + "ä\r\nb".encode())
    assert (file.line_text(1), file.line_text(2)) == ("ä", "b")


# -- edits ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ((0, 2), (2, 4), False),
        ((0, 3), (2, 4), True),
        ((0, 4), (1, 2), True),
        ((2, 2), (2, 2), True),  # two insertions at one place: which comes first?
        ((2, 2), (0, 4), True),
        ((2, 2), (2, 4), False),
        ((2, 2), (0, 2), False),
        ((1, 3), (1, 3), True),
    ],
)
def test_overlaps(one, other, expected):
    assert Span(*one).overlaps(Span(*other)) is expected
    assert Span(*other).overlaps(Span(*one)) is expected


def test_apply():
    file = source(b"abc def\r\n")
    edits = [file.edit(Span(4, 7), b"D"), file.edit(Span(0, 0), b"#"), Edit("a.py", 3, b" ", b"")]
    assert file.apply(edits).data == b"#abcD\r\n"
    assert file.data == b"abc def\r\n"
    assert file.apply([]).data == file.data


def test_equal_edits_count_once():
    file = source(b"abc")
    assert file.apply([file.edit(Span(1, 1), b"x"), file.edit(Span(1, 1), b"x")]).data == b"axbc"


def test_edits_of_other_bytes_are_refused():
    file = source(b"abc")
    for edit in (Edit("a.py", 0, b"x", b""), Edit("a.py", 2, b"cd", b""), Edit("a.py", 9, b"a", b"")):
        with pytest.raises(StaleEditError, match="a.py"):
            file.apply([edit])
    with pytest.raises(ValueError, match="b.py was given to a.py"):
        file.apply([Edit("b.py", 0, b"a", b"")])


def test_overlapping_edits_are_refused():
    file = source(b"abc")
    for edits in (
        [file.edit(Span(0, 2), b"x"), file.edit(Span(1, 3), b"y")],
        [file.edit(Span(0, 1), b"x"), file.edit(Span(0, 1), b"y")],
        [file.edit(Span(1, 1), b"x"), file.edit(Span(1, 1), b"y")],
        [file.edit(Span(0, 3), b"x"), file.edit(Span(1, 1), b"y")],
        [file.edit(Span(0, 3), b"x"), file.edit(Span(1, 2), b"y"), file.edit(Span(2, 3), b"z")],
    ):
        with pytest.raises(OverlappingEditsError):
            file.apply(edits)


@given(st.binary(max_size=40), st.data())
def test_edits_change_what_they_say_and_nothing_else(data, draw):
    cuts = sorted(draw.draw(st.lists(st.integers(0, len(data)), max_size=8, unique=True)))
    spans = [Span(*pair) for pair in zip(cuts[::2], cuts[1::2], strict=False)]
    file = source(data)
    news = [draw.draw(st.binary(max_size=3)) for _ in spans]
    edits = [file.edit(span, new) for span, new in zip(spans, news, strict=True)]
    expected, done = b"", 0
    for span, new in zip(spans, news, strict=True):
        expected += data[done : span.start] + new
        done = span.end
    expected += data[done:]
    assert file.apply(draw.draw(st.permutations(edits))).data == expected
