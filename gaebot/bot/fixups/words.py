"""What a fix-up pull request says: its title, its text, and the words about it elsewhere. Pure.

Everything that comes from a repository goes through `prose` or `code`: nothing of it can be markup, a
mention or a mark.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from gaebot.bot.fixups.content import PREPARE, SWITCH, Content
from gaebot.bot.fixups.decide import FIX_UP, SUPERSEDED
from gaebot.bot.marker import mark, marks
from gaebot.evidence import Judgement, Outcome, Proof, first
from gaebot.finding import Finding, Safety
from gaebot.render.inert import code, prose
from gaebot.render.words import counted
from gaebot.report import Report
from gaebot.rule import Rule

MOST_BYTES = 58_000
"""The longest text of a pull request. GitHub takes 65,536 characters."""

BODY, SET_UP = "body", "set-up"
"""Kinds of marks in the text: what it said when it was written, and that labels and reviewers were asked
for.
"""

_ROOM = 15_000  # bytes for each of the lists in the text
_MOST_QUOTED = 1_000  # bytes of what a judge said
_PLACES = 3  # of a rule that are named
_PROBLEMS = 5  # that a judge has, for each proof


@dataclass(frozen=True)
class Text:
    """The title and the text of a pull request, without the mark that it is set up."""

    title: str
    body: str

    @property
    def finished(self) -> str:
        """The text with the mark that labels and reviewers were asked for."""
        return f"{self.body}\n{mark(SET_UP)}"


def text_for(content: Content, proofs: Sequence[Proof], report: Report, *, has_next: bool) -> Text:
    """What a pull request says.

    `report` is what remains with the fixes made, by paths of the repository. `has_next` says that another
    one is opened after this.
    """
    rules = {rule.id: rule for subject in content.after for rule in subject.rules}
    parts = [
        "\n\n".join(_intro(content, has_next=has_next)),
        _section("What it changes", _changes(content)),
        _section("What speaks for it", [_proof(proof) for proof in proofs]),
        _section("What is left for you", _left(content, report, rules)),
        _section("Thread safety", _thread_safety(report)),
        "\n\n".join(_manners(content)),
    ]
    said = "\n\n".join(part for part in parts if part)
    marks_of_it = [mark(FIX_UP, content.name), mark(BODY, hashlib.sha256(said.encode()).hexdigest()[:16])]
    return Text(_title(content), f"{said}\n\n{chr(10).join(marks_of_it)}")


def says_the_same(body: str, text: Text) -> bool:
    """Whether the text of a pull request was made from the same as this one, whoever has edited it since."""
    return marks(body, BODY)[-1:] == marks(text.body, BODY) and not marks(body, SUPERSEDED)


def closing(body: str, group: str) -> str:
    """The text of a pull request that the bot is about to close: a mark says that it was the bot."""
    return body if marks(body, SUPERSEDED) else f"{body}\n{mark(SUPERSEDED, group)}"


def superseded_words(*, is_regrouped: bool) -> str:
    """What is said when a pull request is closed."""
    why = (
        "the fixes are grouped otherwise now (`group-by`)" if is_regrouped else "nothing is left of it to fix"
    )
    return f"gaebot closes this pull request, because {why}."


def hands_off_words(who: str) -> str:
    """What is said when somebody else has committed to the branch."""
    return (
        f"{code(who)} has committed to this branch. gaebot does not touch it any more: it is yours to "
        "finish, merge or close. Take the commits off it, and gaebot goes on with it."
    )


# -- parts --------------------------------------------------------------------------------


def _title(content: Content) -> str:
    if content.name == PREPARE:
        return "Prepare for Python 2.7"
    if content.name == SWITCH:
        return "Move to Python 2.7"
    return f"Fix what {content.name} finds"


def _intro(content: Content, *, has_next: bool) -> Iterator[str]:
    files, places = counted(len(content.changes), "file"), counted(len(content.fixed), "finding")
    yield f"This fixes {places} in {files}."
    if content.runs_on_both:
        yield (
            "With it the apps run on **Python 2.5 and 2.7** alike: it can be merged now, whenever the move "
            "itself will be."
        )
    else:
        yield "With it the apps run on **Python 2.7 only**: merge it when you are ready to deploy to that."
    if has_next:
        yield "When it is merged, gaebot opens the next one, which makes the switch."
    if any(finding.fix is not None and finding.fix.safety is Safety.REVIEW for finding in content.fixed):
        yield "Please read what is to be **reviewed**: gaebot can't prove that behaviour stays the same."
    if content.left_out:
        names = "; ".join(map(_quoted, content.left_out[:_PLACES]))
        yield (
            f"Left out, because gaebot never changes files in `.github/workflows`: {names}. "
            "`gaebot fix` on your machine makes these changes, too."
        )


def _changes(content: Content) -> list[str]:
    rows = []
    for patch in content.patches:
        reviewed = sum(f.fix is not None and f.fix.safety is Safety.REVIEW for f in patch.fixed)
        ids = ", ".join(f"`{rule.id}`" for rule in patch.rules)
        kind = "to be reviewed" if reviewed == len(patch.fixed) else f"{reviewed:,} to be reviewed"
        rows.append(
            f"| {ids} | {prose(patch.rules[0].page.title)} | {len(patch.fixed):,} | "
            f"{kind if reviewed else 'safe'} |"
        )
    table = _fitting(rows, "commit")
    head = ["| rule | what it finds | findings | |", "|---|---|--:|---|"]
    return ["Each row is a commit that says more.\n", *head, *table]


_SAID = {Outcome.PASSED: "passed", Outcome.FAILED: "**failed**", Outcome.NOT_RUN: "not run"}


def _proof(proof: Proof) -> str:
    told = [one for one in proof.open_ones if one.said != proof.about]
    quotes = "".join(f"\n  - {_quote(judgement)}" for judgement in first(told, _PROBLEMS))
    title, said = proof.step.title, _SAID[proof.outcome]
    if proof.outcome is Outcome.NOT_RUN:
        return f"- {title}: {said}, because {prose(proof.about)}{quotes}"
    return f"- {title}: {said} ({prose(proof.about)}){quotes}"


def _quote(judgement: Judgement | None) -> str:
    if judgement is None:
        return "…"
    return _quoted(f"{judgement.path}: {judgement.said}" if judgement.path else judgement.said)


def _quoted(text: str) -> str:
    """A text from outside, cut so that it takes little room, also when all of it is escaped."""
    said = prose(text[:300])
    return said if len(said.encode()) <= _MOST_QUOTED else prose(f"{text[:40]}…")


def _left(content: Content, report: Report, rules: dict[str, Rule]) -> list[str]:
    by_rule: dict[str, list[Finding]] = {}
    later = 0
    for finding in report.findings:
        if content.name == PREPARE and finding.fix is not None and finding.fix.safety is not Safety.DISPLAY:
            later += 1
            continue
        by_rule.setdefault(finding.rule, []).append(finding)
    lines = []
    if later:
        has = "has" if later == 1 else "have"
        lines.append(
            f"{counted(later, 'finding')} that can be fixed {has} to wait for the next pull request.\n"
        )
    if by_rule:
        order = sorted(by_rule.items(), key=lambda item: (-len(item[1]), item[0]))
        order.sort(key=lambda item: max(finding.severity for finding in item[1]), reverse=True)
        rows = [_left_row(rules.get(rule), rule, found) for rule, found in order]
        lines += ["| rule | what it finds | | where |", "|---|---|--:|---|", *_fitting(rows, "rule")]
    elif not later:
        lines.append("Nothing that gaebot knows of. Test the app before you deploy it.")
    lines += (
        [f"\n{counted(len(report.failures), 'file or rule')} could not be read or run."]
        if report.failures
        else []
    )
    return lines


def _left_row(rule: Rule | None, rule_id: str, found: Sequence[Finding]) -> str:
    title = prose(rule.page.title) if rule is not None else ""
    places = list(dict.fromkeys(f"{code(f.path)}:{f.place.start.line}" for f in found))
    where = ", ".join(places[:_PLACES]) + (", …" if len(places) > _PLACES else "")
    worst = max(finding.severity for finding in found)
    return f"| `{rule_id}` | {title} | {counted(len(found), worst.value)} | {where} |"


def _thread_safety(report: Report) -> list[str]:
    rows = []
    for entry in report.thread_safety:
        value = "true" if entry.is_safe else "false"
        row = f"- {code(entry.path)}: **threadsafe: {value}**, because {prose(entry.reason)}."
        if entry.to_mend:
            named = [f"{code(entry.in_app(p.path))}:{p.start.line}" for p in entry.to_mend]
            more = ", …" if len(named) > _PLACES else ""
            row += f" To mend before `true`: {', '.join(named[:_PLACES])}{more}."
        rows.append(row)
    return list(_fitting(rows, "service"))


def _manners(content: Content) -> Iterator[str]:
    yield "### How to undo it, and what gaebot does with it"
    single = " `git revert` takes back a single commit." if len(content.patches) > 1 else ""
    yield "\n".join(
        (
            f"- Once merged, *Revert* on this page takes it back.{single}",
            "- Close it, and gaebot opens no other one for this; reopen it, and gaebot goes on with it.",
            "- Commit to its branch, and gaebot leaves it to you.",
            "- Until then it is rebuilt when the files that it changes do.",
        )
    )


def _section(title: str, lines: Sequence[str]) -> str:
    return "\n".join([f"### {title}\n", *lines]) if lines else ""


def _fitting(rows: Iterable[str], noun: str) -> Iterator[str]:
    """The first rows that there is room for, and how many there are more."""
    room = _ROOM
    all_rows = list(rows)
    for number, row in enumerate(all_rows):
        room -= len(row.encode()) + 1
        if room < 0:
            yield f"\n… and {counted(len(all_rows) - number, f'more {noun}')}"
            return
        yield row
