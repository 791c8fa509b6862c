import pytest
from hypothesis import given
from hypothesis import strategies as st

from gaebot.bot.review.statement import MOST_REPLACED, fits, statement_of
from gaebot.finding import Finding, Fix, Place, RunsOn, Safety, Severity
from gaebot.report import Report
from gaebot.text import Edit, NewFile, SourceFile, Span


def lines_of(data, *edits, safety=Safety.SAFE, new_files=(), path="a.py"):
    """The lines that a fix with these edits (start, old, new) replaces."""
    source = SourceFile(path, data)
    fix = Fix("t", tuple(Edit("a.py", *edit) for edit in edits), safety, RunsOn.BOTH, new_files)
    finding = Finding("r", Severity.ERROR, Place(source, Span(0, 1)), "m", fix=fix)
    report = Report((finding,), sources={"a.py": SourceFile("a.py", data)})
    (remark,) = statement_of(report, None, 1, "a" * 40, {}).remarks
    return remark.remedy.lines


@pytest.mark.parametrize(
    ("data", "edit"),
    [
        (b"a\r\nb\r\n", (0, b"a", b"x")),
        (b"a\rb\n", (0, b"a", b"x")),
        (b"a\nb\r\n", (0, b"a", b"x")),
        (b"a\nb", (2, b"b", b"x")),  # no line feed at the end of the file
        (b"caf\xe9\n", (0, b"caf", b"x")),
        (b"a\0\n", (0, b"a", b"x")),
        (b"a\nb\n", (1, b"\n", b"")),  # joins lines
        (b"a\n", (0, b"a", b"a")),
        (b"a\n", (0, b"a", "\u202ex".encode())),
        (b"a\n", (0, b"a", b"\x1b[1m")),
        (b"a\n", (0, b"a", b"x" * 9000)),
        (b"a\n", (0, b"a", b"x\n" * 100)),
        (b"a\n" * (MOST_REPLACED + 1), (0, b"a\n" * (MOST_REPLACED + 1), b"")),
    ],
)
def test_no_suggestion_where_lines_do_not_say_it(data, edit):
    assert lines_of(data, edit) is None


def test_no_suggestion_for_more_than_this_file_or_what_is_only_shown():
    assert lines_of(b"a\n", (0, b"a", b"x"), new_files=(NewFile("b.py", b""),)) is None
    assert lines_of(b"a\n", (0, b"a", b"x"), safety=Safety.DISPLAY) is None


def test_what_edits_make_of_lines():
    lines = lines_of(b"one\ntwo\nthree\n", (0, b"one", b"1"), (8, b"", b"2b\n"))
    assert (lines.start, lines.end, lines.old, lines.new) == (
        1,
        3,
        ("one", "two", "three"),
        ("1", "two", "2b", "three"),
    )
    assert lines_of(b"one\ntwo\n", (0, b"one\n", b"")).new == ()
    assert lines_of(b"\tone\n", (1, b"one", b"```")).new == ("\t```",)


TEXT = st.text(st.sampled_from("ab\n\r \té"), max_size=60)


@given(TEXT, st.lists(st.tuples(st.integers(0, 60), st.integers(0, 9), TEXT), min_size=1, max_size=3))
def test_a_suggestion_comes_to_the_same_as_the_fix(text, wanted):
    data = text.encode()
    edits, done = [], 0
    for start, length, new in sorted(wanted):
        if done <= start <= len(data):
            old = data[start : start + length]
            edits.append((start, old, new.encode()))
            done = start + len(old) + 1
    if not data or not edits:
        return
    lines = lines_of(data, *edits)
    if lines is None:
        return
    assert fits(lines)
    before = data.decode().split("\n")
    assert tuple(before[lines.start - 1 : lines.end]) == lines.old
    after = SourceFile("a.py", data).apply(Edit("a.py", *edit) for edit in edits)
    assert "\n".join([*before[: lines.start - 1], *lines.new, *before[lines.end :]]) == after.data.decode()


def test_lines_are_those_of_git():
    source = SourceFile("a.py", b"a\rb\rc\nbad\n")
    found = Finding("r", Severity.ERROR, Place(source, Span(6, 10)), "m")
    (remark,) = statement_of(Report((found,)), None, 1, "a" * 40, {}).remarks
    assert (remark.line, remark.end_line, remark.quote) == (2, 2, ("bad",))
