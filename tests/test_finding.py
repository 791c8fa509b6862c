import os

import pytest

from gaebot.finding import Failure, Finding, Fix, Place, RunsOn, Safety, Severity, full_path
from gaebot.report import Report
from gaebot.text import SourceFile, Span


def finding(data, word, *, path="a.py", rule="r", app="", severity=Severity.ERROR, fix=None, nth=0):
    start = -1
    for _ in range(nth + 1):
        start = data.index(word, start + 1)
    place = Place(SourceFile(path, data), Span(start, start + len(word)))
    return Finding(rule, severity, place, "m", fix=fix, app=app)


def test_severities_are_ordered():
    assert Severity.ERROR > Severity.WARNING > Severity.NOTE
    assert max(Severity) is Severity.ERROR
    with pytest.raises(TypeError):
        assert Severity.ERROR < 3


@pytest.mark.parametrize(
    ("app", "path", "full"),
    [
        ("", "a.py", "a.py"),
        ("x/y", "a/b.py", "x/y/a/b.py"),
        ("../x", "a.py", "../x/a.py"),
        ("/x", "a.py", "/x/a.py"),
    ],
)
def test_full_path(app, path, full):
    assert full_path(app, path) == full
    assert finding(b"x", b"x", path=path, app=app).path == full
    assert Failure("m", path, app=app).full_path == full


def test_a_failure_may_be_about_no_file():
    assert Failure("m").full_path == ""
    assert Failure("m", app="x").full_path == "x"


def test_fingerprints_do_not_know_lines():
    before = Report((finding(b"a old", b"old"),)).fingerprints
    assert Report((finding(b"new\nlines\n  a\told", b"old"),)).fingerprints == before
    assert Report((finding(b"a old", b"old", path="b.py"),)).fingerprints != before
    assert Report((finding(b"a old", b"old", rule="s"),)).fingerprints != before
    assert Report((finding(b"a old", b"a"),)).fingerprints != before


def test_equal_findings_have_different_fingerprints():
    data = b"old old old"
    names = Report(tuple(finding(data, b"old", nth=nth) for nth in range(3))).fingerprints
    assert len(set(names)) == 3


def test_fingerprints_of_names_that_are_no_text():
    assert len(Report((finding(b"x", b"x", path=os.fsdecode(b"\xff.py")),)).fingerprints) == 1


def test_counts():
    def fix(safety):
        return Fix("t", (), safety, RunsOn.BOTH)

    report = Report(
        (
            finding(b"abc", b"a", fix=fix(Safety.SAFE)),
            finding(b"abc", b"b", fix=fix(Safety.REVIEW), severity=Severity.NOTE),
            finding(b"abc", b"c", severity=Severity.NOTE),
        )
    )
    assert [report.count(severity) for severity in Severity] == [1, 0, 2]
    assert [report.fixable(safety) for safety in Safety] == [1, 1, 0]


def test_reports_merge_in_order():
    source = SourceFile("a.py", b"x")
    one = Report((finding(b"x", b"x"),), (Failure("f"),), vendored=("lib (x)",), sources={"a.py": source})
    merged = Report.merge(one.for_app(app) for app in ("one", "two"))
    assert merged.apps == ("one", "two")
    assert [f.path for f in merged.findings] == ["one/a.py", "two/a.py"]
    assert [f.full_path for f in merged.failures] == ["one", "two"]
    assert merged.vendored == ("one/lib (x)", "two/lib (x)")
    assert merged.sources == {"one/a.py": source, "two/a.py": source}
    assert Report.merge([]) == Report()
