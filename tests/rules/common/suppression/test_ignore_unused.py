"""Comments that silence nothing any more."""

from __future__ import annotations

import pytest

from gaebot.app import App
from gaebot.engine import Asked, check, fix
from gaebot.rule import YAML, Where, python_with
from gaebot.rules.common.suppression import ignore_unused
from tests.fakes import FunctionRule, WordRule

RULE = ignore_unused.RULE
OLD = WordRule("old-word", b"OLD")
BAD = WordRule("bad-word", b"BAD")


def messages(text: str, *rules: object, known: frozenset[str] = frozenset()) -> list[str]:
    report = check(App({"a.py": text.encode()}), [*(rules or (OLD, BAD)), RULE], asked=Asked(known=known))
    return [finding.message for finding in report.findings if finding.rule == RULE.id]


@pytest.mark.parametrize(
    "text",
    [
        "x = OLD  # gaebot: ignore[old-word]\n",
        "# gaebot: ignore[old-word]\nx = OLD\n",
        "# gaebot: ignore-file[old-word]\n\nx = OLD\n",
        "x = OLD, BAD  # gaebot: ignore[old-word, bad-word]\n",
        # Two that are for the same: neither is in the way.
        "# gaebot: ignore[old-word]\nx = OLD  # gaebot: ignore[old-word]\n",
        # Of no rule at all: another rule tells that.
        "x = 1  # gaebot: ignore[older-word]\n",
        "x = 1  # gaebot: ignore\n",
        "x = '# gaebot: ignore[old-word]'\n",
    ],
)
def test_leaves_alone(text: str) -> None:
    assert messages(text) == []


@pytest.mark.parametrize("where", [YAML, python_with("NEW")])
def test_a_rule_that_has_nothing_to_find_there_need_not_run(where: Where) -> None:
    text = "x = OLD  # gaebot: ignore[old-word]\n"
    assert messages(text, WordRule("old-word", b"OLD", only_in=where)) == [
        "`old-word` finds nothing here: the comment is not needed any more."
    ]


def test_rules_that_did_not_run_are_not_judged() -> None:
    text = "x = 1  # gaebot: ignore[old-word]\n"
    assert messages(text, BAD, known=frozenset({"old-word"})) == []

    def fail(app: App) -> list[object]:
        raise ValueError

    assert messages(text, FunctionRule("old-word", fail), known=frozenset({"old-word"})) == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("x = 1  # gaebot: ignore[old-word] why\n", "x = 1\n"),
        ("x = 1 \t# gaebot: ignore[old-word]", "x = 1"),
        ("if x:\n    # gaebot: ignore[old-word]\n    x = 1\n", "if x:\n    x = 1\n"),
        ("# gaebot: ignore[old-word]\r\nx = 1\r\n", "x = 1\r\n"),
        ("\ufeff# gaebot: ignore[old-word]\nx = 1\n", "\ufeffx = 1\n"),
        ("x = OLD  # gaebot: ignore[bad-word, old-word] why\n", "x = OLD  # gaebot: ignore[old-word] why\n"),
        ("x = 1  # gaebot: ignore[bad-word,old-word]\n", "x = 1\n"),
        ("x = 1  # noqa # gaebot: ignore[old-word]\n", "x = 1  # noqa\n"),
        ("# gaebot: ignore-file[old-word]\nx = 1\n", "x = 1\n"),
        ("x = 1\n# gaebot: ignore[old-word]", "x = 1\n"),
    ],
)
def test_takes_out_what_does_nothing(before: str, after: str) -> None:
    result = fix(App({"a.py": before.encode()}), [OLD, BAD, RULE])
    assert result.app.files["a.py"].data.decode() == after
    assert not any(finding.rule == RULE.id for finding in result.report.findings)


def test_in_pages() -> None:
    app = App({"a.html": b"x {# gaebot: ignore[old-word] why #}\n{# gaebot: ignore[old-word] #}\n"})
    assert fix(app, [OLD, RULE]).app.files["a.html"].data == b"x\n"


def test_the_messages() -> None:
    assert messages("x = 1  # gaebot: ignore[old-word]\n") == [
        "`old-word` finds nothing here: the comment is not needed any more."
    ]
    assert messages("# gaebot: ignore-file[old-word]\n") == [
        "`old-word` finds nothing in this file: the comment is not needed any more."
    ]


def test_it_can_be_silenced_itself_only_by_not_asking_for_it() -> None:
    text = "x = 1  # gaebot: ignore[old-word, ignore-unused]\n"
    assert len(messages(text)) == 2
