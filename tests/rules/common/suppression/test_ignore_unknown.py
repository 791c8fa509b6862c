"""Comments that name a rule that there is not, or none."""

from __future__ import annotations

import pytest

from gaebot.app import App
from gaebot.engine import Asked, check, fix
from gaebot.rules.common.suppression import ignore_unknown
from tests.fakes import WordRule

RULE = ignore_unknown.RULE
OLD = WordRule("old-word", b"OLD")


def messages(text: str, known: frozenset[str] = frozenset()) -> list[str]:
    report = check(App({"a.py": text.encode()}), [OLD, RULE], asked=Asked(known=known))
    return [finding.message for finding in report.findings if finding.rule == RULE.id]


@pytest.mark.parametrize(
    "text",
    [
        "x = OLD  # gaebot: ignore[old-word]\n",
        "x = 1  # gaebot: ignore[old-word]\n",
        "x = 1  # gaebot: ignore[other-word]\n",
        "x = 1  # gaebot: ignore[ignore-unknown]\n",
        "x = 1  # gaebot: see the wiki\n",
        "x = 1  # gaebot ignore\n",
        "x = '# gaebot: ignore'\n",
    ],
)
def test_leaves_alone(text: str) -> None:
    assert messages(text, frozenset({"other-word"})) == []


def test_a_rule_that_there_is_not() -> None:
    assert messages("x = OLD  # gaebot: ignore[old-wort]\n") == [
        "There is no rule called `old-wort`. The nearest one is `old-word`."
    ]
    assert messages("x = OLD  # gaebot: ignore[E501]\n") == [
        "There is no rule called `E501`. `gaebot rules` lists them."
    ]


@pytest.mark.parametrize(
    "comment", ["# gaebot: ignore", "# gaebot: ignore all of it", "# gaebot: ignore-file[ ]"]
)
def test_a_comment_that_names_none(comment: str) -> None:
    assert messages(f"x = OLD  {comment}\n") == [
        "A comment has to name the rules that it silences: `gaebot: ignore[rule-id] reason`. This one silences nothing."
    ]


def test_a_comment_that_is_too_long_to_be_read() -> None:
    text = f"x = OLD  # gaebot: ignore[{', '.join(['old-word'] * 900)}]  \n"
    assert messages(text) == []
    (finding,) = check(App({"a.py": text.replace(", ", "," * 5).encode()}), [RULE]).findings
    assert finding.message == (
        "A comment of more than 10,000 bytes is not read, and silences nothing: silence rules for all files in "
        "`.gaebot.yaml`."
    )
    assert finding.fix is None


def test_ids_of_one_comment_share_its_fix() -> None:
    text = f"x = 1  # gaebot: ignore[{', '.join(f'no-{number}' for number in range(500))}]\n"
    found = check(App({"a.py": text.encode()}), [RULE]).findings
    assert len(found) == 500
    assert len({id(finding.fix) for finding in found}) == 1


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("x = 1  # gaebot: ignore[old-wort] why\n", "x = 1\n"),
        ("x = OLD  # gaebot: ignore[old-wort, old-word] why\n", "x = OLD  # gaebot: ignore[old-word] why\n"),
        ("# gaebot: ignore\nx = 1\n", "x = 1\n"),
        ("x = 1  # gaebot: ignore[]\n", "x = 1\n"),
    ],
)
def test_takes_out_what_does_nothing(before: str, after: str) -> None:
    result = fix(App({"a.py": before.encode()}), [OLD, RULE])
    assert result.app.files["a.py"].data.decode() == after
