"""Comments that silence findings: which are ones, and what each is for."""

from __future__ import annotations

import pytest

from gaebot.app import App
from gaebot.engine import Asked, check
from gaebot.finding import Severity
from gaebot.suppression.comments import ignore_comments
from tests.fakes import WordRule

OLD = WordRule("old-word", b"OLD")
BAD = WordRule("bad-word", b"BAD")


def left(path: str, text: str, *rules: WordRule) -> list[tuple[str, int]]:
    """The rule and the line of what is still found."""
    report = check(App({path: text.encode()}), rules or (OLD, BAD))
    assert not report.failures
    return [(finding.rule, finding.place.start.line) for finding in report.findings]


def silent(path: str, text: str) -> int:
    """How many findings are silenced, when none is left."""
    report = check(App({path: text.encode()}), (OLD, BAD))
    assert report.findings == ()
    return report.silenced


# -- what silences nothing ---------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "x = OLD  # gaebot: ignore[bad-word]\n",
        "x = OLD  # gaebot: ignore\n",
        "x = OLD  # gaebot: ignore[]\n",
        "x = OLD  # gaebot: ignore[old]\n",
        "x = OLD  # gaebot: ignored[old-word]\n",
        "x = OLD  # gaebot ignore[old-word]\n",
        "x = OLD  # ignore[old-word]\n",
        "x = OLD  # noqa\n",
        "x = OLD, '# gaebot: ignore[old-word]'\n",
        "# gaebot: ignore[old-word]\n\nx = OLD\n",
        "# gaebot: ignore[old-word]\ny = 1\nx = OLD\n",
        "x = OLD\n# gaebot: ignore[old-word]\n",
        "x = OLD\ny = 1  # gaebot: ignore[old-word]\n",
        "'''\n# gaebot: ignore[old-word]\n'''\nx = OLD\n",
        "# gaebot: ignore[old-word]\nif x:\n    x = OLD\n",
        "# gaebot: ignore[old-word]\ndef f():\n    x = OLD\n",
        "# gaebot: ignore[old-word]\nx = 1; y = 2\nz = OLD\n",
        "x = (\n    # gaebot: ignore[old-word]\n    1,\n    OLD)\n",
    ],
)
def test_other_comments_and_other_lines_in_python(text: str) -> None:
    assert [rule for rule, _ in left("a.py", text)] == ["old-word"]


@pytest.mark.parametrize(
    "text",
    [
        "a: OLD # gaebot: ignore[bad-word]\n",
        "a: OLD# gaebot: ignore[old-word]\n",
        "a: '# gaebot: ignore[old-word]'\nb: OLD\n",
        "a: |\n  # gaebot: ignore[old-word]\n  OLD\n",
        "# gaebot: ignore[old-word]\na: 1\nb: OLD\n",
        "# gaebot: ignore[old-word]\na:\n- OLD\n",
    ],
)
def test_other_comments_and_other_lines_in_yaml(text: str) -> None:
    assert [rule for rule, _ in left("a.yaml", text)] == ["old-word"]


@pytest.mark.parametrize(
    "text",
    [
        "OLD <!-- gaebot: ignore[old-word] -->\n",
        "OLD # gaebot: ignore[old-word]\n",
        "{# gaebot: ignore[old-word] #}\n\nOLD\n",
        "OLD\n{# gaebot: ignore[old-word] #}\n",
    ],
)
def test_other_comments_and_other_lines_in_pages(text: str) -> None:
    assert [rule for rule, _ in left("a.html", text)] == ["old-word"]


def test_one_file_is_not_silenced_by_another() -> None:
    app = App({"a.py": b"# gaebot: ignore-file[old-word]\n", "b.py": b"x = OLD\n"})
    assert [finding.place.path for finding in check(app, [OLD]).findings] == ["b.py"]


def test_comments_in_third_party_code_do_nothing() -> None:
    everywhere = WordRule("old-word", b"OLD", vendored=True)
    files = {"lib/a.py": b"x = OLD  # gaebot: ignore[old-word]\n"}
    assert len(check(App(files, vendored={"lib": "lib"}), [everywhere]).findings) == 1


# -- what silences -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "x = OLD  # gaebot: ignore[old-word]\n",
        "x = OLD  # gaebot: ignore[old-word] because it is old\n",
        "x = OLD #gaebot:ignore [ old-word ]because\n",
        "x = OLD  # gaebot: ignore[bad-word,old-word] both\n",
        "x = OLD  # noqa  # gaebot: ignore[old-word]\n",
        "# gaebot: ignore[old-word]\nx = OLD\n",
        "    # gaebot: ignore[old-word]\nx = OLD\n",
        "# gaebot: ignore[old-word]\n# another comment\nx = OLD\n",
        "# gaebot: ignore[old-word]\n# gaebot: ignore[bad-word]\nx = OLD\n",
        "\ufeff# gaebot: ignore[old-word]\nx = OLD\n",
        "# gaebot: ignore[old-word]\r\nx = OLD\r\n",
        # A statement with all its lines.
        "# gaebot: ignore[old-word]\nx = [\n    1,\n    OLD,\n]\n",
        "# gaebot: ignore[old-word]\nx = 1 + \\\n    OLD\n",
        "# gaebot: ignore[old-word]\nx = '''\nOLD\n'''\n",
        "# gaebot: ignore[old-word]\nx = 1; y = OLD\n",
        "def f():\n    # gaebot: ignore[old-word]\n    g(1,\n      OLD)\n",
        # The head of a compound one.
        "# gaebot: ignore[old-word]\nif (1 or\n        OLD):\n    pass\n",
        "# gaebot: ignore[old-word]\ndef f(a,\n      b=OLD):\n    pass\n",
        "# gaebot: ignore[old-word]\nclass A(B,\n        OLD):\n    pass\n",
        "try:\n    pass\n# gaebot: ignore[old-word]\nexcept (A,\n        OLD):\n    pass\n",
        "if 1:\n    pass\n# gaebot: ignore[old-word]\nelif OLD:\n    pass\n",
        "# gaebot: ignore[old-word]\n@OLD\ndef f():\n    pass\n",
        "# gaebot: ignore[old-word]\nprint >>OLD, 1\n",
        # Inside of brackets: the next line.
        "x = [\n    # gaebot: ignore[old-word]\n    OLD,\n]\n",
        "x = [\n    OLD,  # gaebot: ignore[old-word]\n]\n",
        # Behind a text of several lines: all of it.
        "x = '''\nOLD\n'''  # gaebot: ignore[old-word]\n",
        # The whole file, from wherever.
        "# gaebot: ignore-file[old-word] generated\n\n\nx = OLD\n",
        "x = OLD\n\n\n# gaebot: ignore-file[old-word]\n",
        "x = OLD\n\n\ny = 1  # gaebot: ignore-file[old-word]\n",
    ],
)
def test_silences_in_python(text: str) -> None:
    assert silent("a.py", text) == 1


@pytest.mark.parametrize(
    "text",
    [
        "a: OLD  # gaebot: ignore[old-word] for now\n",
        "# gaebot: ignore[old-word]\na: OLD\n",
        "x:\n# gaebot: ignore[old-word]\n- a: OLD\n",
        "x:\n  # gaebot: ignore[old-word]\n  - a: OLD\n",
        "# gaebot: ignore[old-word]\na: |\n  x\n  OLD\n",
        "# gaebot: ignore[old-word]\na: >-\n  OLD\n  x\nb: 1\n",
        "# gaebot: ignore[old-word]\na: 'x\n  OLD'\n",
        "a: 'OLD\n  x'  # gaebot: ignore[old-word]\n",
        "# gaebot: ignore-file[old-word]\nx:\n- y\n- OLD\n",
        "a: [  # gaebot: ignore[old-word]\n# gaebot: ignore[old-word]\n  OLD]\n",
        # What can't be read as YAML is silenced, too.
        "a: [ OLD  # gaebot: ignore[old-word]\n",
    ],
)
def test_silences_in_yaml(text: str) -> None:
    report = check(App({"a.yaml": text.encode()}), (OLD, BAD))
    assert (report.findings, report.silenced) == ((), 1)


@pytest.mark.parametrize(
    "text",
    [
        "OLD {# gaebot: ignore[old-word] checked #}\n",
        "{# gaebot: ignore[old-word] #}\nOLD\n",
        "{# gaebot: ignore-file[old-word] #}\n\n\nOLD\n",
        "OLD {# a #} {# gaebot: ignore[old-word]#} x",
    ],
)
def test_silences_in_pages(text: str) -> None:
    assert silent("a.html", text) == 1


def test_each_id_is_for_its_own_rule() -> None:
    assert left("a.py", "x = OLD, BAD  # gaebot: ignore[old-word]\n") == [("bad-word", 1)]
    assert silent("a.py", "x = OLD, BAD  # gaebot: ignore[old-word, bad-word]\n") == 2
    assert silent("a.py", "# gaebot: ignore[bad-word]\n# gaebot: ignore[old-word]\nx = OLD, BAD\n") == 2


def test_a_comment_in_the_file_counts_what_is_asked_for_only() -> None:
    app = App({"a.py": b"x = OLD  # gaebot: ignore[old-word]\n", "b.py": b"x = OLD\n"})
    asked = Asked(lambda finding: finding.place.path == "b.py")
    assert check(app, [OLD], asked=asked).silenced == 0
    assert check(app, [OLD]).silenced == 1


def test_what_a_comment_says() -> None:
    app = App({"a.py": "x = 1\ny = 2  # gaebot: ignore[one, two]  weil es muß \n".encode()})
    (comment,) = ignore_comments(app)["a.py"]
    assert (comment.rules, comment.reason, comment.is_alone) == (
        frozenset({"one", "two"}),
        "weil es muß",
        False,
    )
    assert comment.place.snippet.decode() == "# gaebot: ignore[one, two]  weil es muß"
    assert [ignored.place.start.column for ignored in comment.ids] == [25, 30]


def test_a_graver_grade_is_silenced_too() -> None:
    app = App({"a.py": b"x = OLD\ny = OLD  # gaebot: ignore[old-word]\n"})
    report = check(app, [OLD], asked=Asked(severities={"old-word": Severity.NOTE}))
    assert [(finding.severity, finding.place.start.line) for finding in report.findings] == [
        (Severity.NOTE, 1)
    ]
