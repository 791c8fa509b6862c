"""Comments that gaebot writes to silence findings."""

from __future__ import annotations

import pytest

from gaebot.app import App
from gaebot.disk import find_apps, read_app
from gaebot.engine import check
from gaebot.suppression.add import BadReasonError, ignore_edits
from tests.fakes import WordRule
from tests.rules.helpers import HOP
from tests.test_every_rule import RULES, TESTS

OLD = WordRule("old-word", b"OLD")
BAD = WordRule("bad-word", b"BAD")


def added(path: str, text: str, reason: str = "later") -> str:
    """The text with comments for all that is found; that they silence it, and that more changes nothing."""
    app = App({path: text.encode()})
    edits, left = ignore_edits(app, check(app, [OLD, BAD]).findings, reason)
    assert left == ()
    made = app.with_files({name: app.files[name].apply(found) for name, found in edits.items()})
    report = check(made, [OLD, BAD])
    assert report.findings == ()
    assert ignore_edits(made, report.findings, reason)[0] == {}
    return made.files[path].data.decode()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("x = OLD\n", "# gaebot: ignore[old-word] later\nx = OLD\n"),
        ("x = OLD, OLD, BAD\n", "# gaebot: ignore[bad-word, old-word] later\nx = OLD, OLD, BAD\n"),
        ("if x:\n\tx = OLD\n", "if x:\n\t# gaebot: ignore[old-word] later\n\tx = OLD\n"),
        ("x = [\n  1,\n  OLD]\n", "# gaebot: ignore[old-word] later\nx = [\n  1,\n  OLD]\n"),
        ("x = '''\nOLD\n'''\n", "# gaebot: ignore[old-word] later\nx = '''\nOLD\n'''\n"),
        ("x = 1 + \\\n  OLD", "# gaebot: ignore[old-word] later\nx = 1 + \\\n  OLD"),
        (
            "def f(a,\n      b=OLD):\n  pass\n",
            "# gaebot: ignore[old-word] later\ndef f(a,\n      b=OLD):\n  pass\n",
        ),
        ("if x: y = OLD\n", "# gaebot: ignore[old-word] later\nif x: y = OLD\n"),
        ("x = OLD\r\n", "# gaebot: ignore[old-word] later\r\nx = OLD\r\n"),
        ("\ufeffx = OLD\n", "\ufeff# gaebot: ignore[old-word] later\nx = OLD\n"),
        ("x = 1\n# OLD\ny = 2\n", "x = 1\n# gaebot: ignore[old-word] later\n# OLD\ny = 2\n"),
        (
            "'''x'''\nif 1:\n  '''\n  OLD\n  '''\n",
            "'''x'''\nif 1:\n  # gaebot: ignore[old-word] later\n  '''\n  OLD\n  '''\n",
        ),
        # What stands in the first two lines has to stay there.
        ("#!/usr/bin/OLD\nx = 1\n", "#!/usr/bin/OLD\n# gaebot: ignore-file[old-word] later\nx = 1\n"),
        (
            "#!x\n# coding: utf-8 OLD\nx = 1\n",
            "#!x\n# coding: utf-8 OLD\n# gaebot: ignore-file[old-word] later\nx = 1\n",
        ),
        ("# OLD", "# OLD\n# gaebot: ignore-file[old-word] later\n"),
        # A comment that is there already gets the id.
        (
            "x = OLD, BAD  # gaebot: ignore[bad-word] so\n",
            "x = OLD, BAD  # gaebot: ignore[bad-word, old-word] so\n",
        ),
        ("# gaebot: ignore[bad-word] so\nx = OLD\n", "# gaebot: ignore[bad-word, old-word] so\nx = OLD\n"),
    ],
)
def test_python(before: str, after: str) -> None:
    assert added("a.py", before) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a: OLD\n", "# gaebot: ignore[old-word] later\na: OLD\n"),
        ("a:\n- b: 1\n  c: OLD\n", "a:\n- b: 1\n  # gaebot: ignore[old-word] later\n  c: OLD\n"),
        ("a:\n- OLD: 1\n", "a:\n# gaebot: ignore[old-word] later\n- OLD: 1\n"),
        ("a: |\n  x\n  OLD\nb: 1\n", "# gaebot: ignore[old-word] later\na: |\n  x\n  OLD\nb: 1\n"),
        ("a: 'x\n  OLD'", "# gaebot: ignore[old-word] later\na: 'x\n  OLD'"),
        ("a: [x,\n  OLD]\n", "a: [x,\n  # gaebot: ignore[old-word] later\n  OLD]\n"),
    ],
)
def test_yaml(before: str, after: str) -> None:
    assert added("a.yaml", before) == after


def test_pages_get_no_line_more() -> None:
    assert (
        added("a.html", "<p>OLD</p>\r\n<p>\r\n")
        == "<p>OLD</p>{# gaebot: ignore[old-word] later #}\r\n<p>\r\n"
    )
    assert added("a.html", "OLD") == "OLD{# gaebot: ignore[old-word] later #}"


def test_a_reason_may_be_missing_and_is_written_as_the_file_can_hold_it() -> None:
    assert added("a.py", "x = OLD\n", "") == "# gaebot: ignore[old-word]\nx = OLD\n"
    assert added("a.py", "x = OLD\n", "für jetzt") == "# gaebot: ignore[old-word] f\\xfcr jetzt\nx = OLD\n"
    text = "# coding: utf-8\n\nx = OLD, 'ü'\n"
    assert added("a.py", text, "für jetzt") == text.replace(
        "x =", "# gaebot: ignore[old-word] für jetzt\nx ="
    )


@pytest.mark.parametrize("reason", ["two\nlines", "a\x1b[0m", "#} {{ x }}", "a\rb"])
def test_reasons_that_are_no_line_of_text(reason: str) -> None:
    with pytest.raises(BadReasonError, match="one line"):
        ignore_edits(App({}), (), reason)


@pytest.mark.parametrize("reason", ["coding: rot13", "encoding=hex", "see coding:x"])
def test_a_reason_is_no_declaration_of_an_encoding(reason: str) -> None:
    """In the first line of a file, it would be one."""
    with pytest.raises(BadReasonError, match="encoding"):
        ignore_edits(App({"a.py": b"OLD\n"}), (), reason)


def test_files_that_hold_no_comment() -> None:
    app = App({"a.py": b"OLD", "b.py": b"OLD"}, read_only=["b.py"])
    findings = check(app, [OLD]).findings
    edits, left = ignore_edits(app, findings, "")
    assert (list(edits), left) == (["a.py"], findings[1:])


@pytest.mark.parametrize("root", find_apps(str(TESTS / "apps")), ids=lambda root: root.rpartition("/")[2])
def test_everything_in_the_apps_of_the_tests_can_be_silenced(root: str) -> None:
    app = read_app(root)
    report = check(app, RULES)
    edits, left = ignore_edits(app, report.findings, "for now")
    assert left == ()
    made = app.with_files({path: app.files[path].apply(found) for path, found in edits.items()})
    after = check(made, RULES)
    assert after.findings == ()
    assert after.silenced == len(report.findings)
    for path in edits:
        python, yaml = made.python(path), made.yaml(path)
        assert python is None or not python.is_broken
        assert yaml is None or yaml.problem is None
    assert HOP
