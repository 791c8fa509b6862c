from dataclasses import replace
from textwrap import dedent

from gaebot.finding import Failure, Finding, Fix, Place, Related, RunsOn, Safety, Severity
from gaebot.render.text import render_fixed, render_report
from gaebot.report import Report
from gaebot.text import SourceFile, Span


def place(text, word, path="main.py"):
    source = SourceFile(path, text.encode("utf-8", "surrogateescape"))
    start = source.data.index(word.encode())
    return Place(source, Span(start, start + len(word.encode())))


def finding(
    where, *, severity=Severity.ERROR, app="", safety=None, message="It is old. Make it new.", related=()
):
    fix = Fix("Make it new", (), safety, RunsOn.BOTH) if safety else None
    return Finding("some-rule", severity, where, message, related, fix, app)


def report(*findings, **named):
    return Report(findings, apps=named.pop("apps", ("",)), **named)


def expected(text):
    return dedent(text).lstrip("\n")


def test_a_finding_whole():
    where = place("import x\nold = 1\n", "old")
    related = Related(place("\n\nused", "used", "b.py"), "It is used here.")
    one = finding(where, safety=Safety.SAFE, related=(related,))
    assert render_report(report(one)) == expected("""
        main.py:2:1 error some-rule
          It is old. Make it new.
          2 | old = 1
            | ^^^
          see b.py:3:1: It is used here.
          fix: Make it new (safe; then runs on 2.5 and 2.7)

        1 error.
        1 finding can be fixed safely: gaebot fix
    """)


def test_nothing_to_report():
    assert render_report(report()) == "Nothing to report.\n"


def test_several_apps_get_a_heading_each():
    where = place("old", "old")
    found = [finding(where, app="one"), finding(where, app="two", severity=Severity.NOTE)]
    text = render_report(report(*found, apps=("one", "two", "three")))
    assert "one: 1 error\n\none/main.py:1:1 error" in text
    assert "two: 1 note\n\ntwo/main.py:1:1 note" in text
    assert "three" not in text
    assert "1 error, 1 note in 3 apps.\n" in text


def test_a_fix_of_several_findings_is_told_once():
    source = SourceFile("main.py", b"a b")
    found = [finding(Place(source, Span(at, at + 1)), safety=Safety.REVIEW) for at in (0, 2)]
    text = render_report(report(*found))
    assert text.count("to be reviewed: needs --unsafe") == 1
    assert "fix: as above: Make it new" in text


def test_the_summary_counts():
    source = SourceFile("main.py", b"abcdef")
    kinds = [Safety.SAFE, Safety.SAFE, Safety.REVIEW, Safety.DISPLAY, None]
    severities = [Severity.ERROR, Severity.WARNING, Severity.WARNING, Severity.NOTE, Severity.NOTE]
    found = [
        finding(Place(source, Span(at, at + 1)), safety=safety, severity=severity)
        for at, (safety, severity) in enumerate(zip(kinds, severities, strict=True))
    ]
    assert render_report(report(*found)).endswith(
        "1 error, 2 warnings, 2 notes.\n"
        "2 findings can be fixed safely: gaebot fix\n"
        "1 more can be fixed with review: gaebot fix --unsafe\n"
    )
    assert "None of them can be fixed automatically." in render_report(report(found[-1]))


def test_failures_and_vendored_code_are_listed():
    failures = (
        Failure("This file is too large.", "big\x1b.py", app="app"),
        Failure("A rule failed.", rule="x"),
    )
    text = render_report(report(failures=failures, vendored=("django (django)", "lib/x (x)")))
    assert text == expected("""
        Nothing to report.
        Third-party code left alone: django (django), lib/x (x).
        Could not be read or checked:
          app/big\\x1b.py: This file is too large.
          A rule failed.
    """)


def test_long_messages_are_wrapped():
    text = render_report(report(finding(place("old", "old"), message="word " * 40)), width=40)
    assert all(len(line) <= 40 for line in text.splitlines())


def excerpt(where, width=100):
    lines = render_report(report(finding(where)), width=width).splitlines()
    return lines[2:4]


def test_the_mark_stands_under_the_place():
    assert excerpt(place("\tx = old\n", "old")) == ["  1 |     x = old", "    |         ^^^"]
    assert excerpt(place("s = '漢字'; old", "old")) == ["  1 | s = '漢字'; old", "    |             ^^^"]
    assert excerpt(place("\ufeffold", "old")) == ["  1 | old", "    | ^^^"]


def test_an_empty_place_gets_one_mark():
    source = SourceFile("a.py", b"")
    assert excerpt(Place(source, Span(0, 0))) == ["  1 |", "    | ^"]


def test_of_a_place_over_several_lines_the_first_is_shown():
    assert excerpt(place("if x:  \n  y\n", "x:  \n  y")) == ["  1 | if x:", "    |    ^^"]


def test_control_characters_of_the_source_do_not_reach_the_terminal():
    text = "x = '\x1b[2J\u202e' + old\r\n"
    assert excerpt(place(text, "old")) == [
        "  1 | x = '\\x1b[2J\\u202e' + old",
        "    |" + " " * 23 + "^^^",
    ]


def test_very_long_lines_are_cut_around_the_place():
    line = "a" * 100_000 + " old " + "b" * 100_000
    source_line, mark = excerpt(place(line, "old"), width=100)
    assert len(source_line) <= 100
    assert source_line[mark.index("^") : mark.rindex("^") + 1] == "old"
    long_source, long_mark = excerpt(place("x" * 1000, "x" * 1000), width=80)
    assert len(long_source) <= 80
    assert len(long_mark) <= 80


def test_paint_is_given_what_to_colour():
    def paint(text, style):
        return f"<{style}>{text}</>"

    text = render_report(report(finding(place("old", "old"))), paint=paint)
    assert "<red>error</> <bold>some-rule</>" in text
    assert "<red>^^^</>" in text


def test_what_was_fixed():
    where = place("old", "old")
    patch = Fix("Make it new", (where.replace(b"new"),), Safety.SAFE, RunsOn.BOTH)
    found = [replace(finding(where, app=app), fix=patch) for app in ("one", "two")]
    assert render_fixed(found) == expected("""
        fixed one/main.py: some-rule: Make it new
        fixed two/main.py: some-rule: Make it new
        Fixed 2 findings in 2 files.
    """)
    assert render_fixed(found[:1], dry=True).endswith("Would fix 1 finding in 1 file.\n")
    assert render_fixed([]) == "Fixed 0 findings in 0 files.\n"


def test_a_finding_in_a_template_says_so():
    text = render_report(report(finding(place("old", "old", "app.yaml.example"))))
    assert text.startswith("app.yaml.example:1:1 error some-rule (template)\n")
