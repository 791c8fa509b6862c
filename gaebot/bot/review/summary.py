"""The text of the one comment that tells the state of a pull request as a whole."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from gaebot.bot.marker import mark
from gaebot.bot.review.comment import group_of
from gaebot.bot.review.plan import MAX_BYTES, SUMMARY
from gaebot.bot.review.statement import Remark, Statement
from gaebot.bot.settings import Settings
from gaebot.finding import RunsOn, Severity
from gaebot.render.blocks import Block, Row, fit, size
from gaebot.render.inert import code, prose
from gaebot.render.words import counted

MOST_FILES = 3_000
"""As many files of a pull request GitHub tells."""

_RESERVED = 1_000
_MOST_TITLES = 8  # fixes that are named for one fix-up pull request
_SAFE_ARGUMENT = re.compile(r"[A-Za-z0-9_.][A-Za-z0-9_./-]*")

# The order in which rows are taken while there is room: the longest lists last.
_FIRST, _FIXES, _SERVICES, _BLOCKERS, _TROUBLES, _UNTOLD = range(6)


@dataclass(frozen=True)
class Told:
    """What comments say: the findings in the review, and those that had a place there, by fingerprint."""

    in_review: frozenset[str] = frozenset()
    placed: frozenset[str] = frozenset()

    def says(self, remark: Remark) -> bool:
        """Whether a comment in the diff says it."""
        return not self.in_review.isdisjoint(remark.names)


def summary_text(
    statement: Statement, told: Told, settings: Settings, *, files: int = 0, is_foreign: bool = False
) -> str:
    """The summary, with its mark, of at most 60,000 characters and bytes.

    `files` is how many files the host has told of, `is_foreign` whether the statement is from a run of code
    that nobody here has looked at.
    """
    head = "\n".join([mark(SUMMARY), "", *_head(statement, told, files, is_foreign=is_foreign)])
    foot = "\n".join(_foot(settings))
    blocks = [
        *_app_blocks(statement),
        *_blocker_blocks(statement),
        *_service_blocks(statement),
        *_fix_blocks(statement, settings),
        *_untold_blocks(statement, told),
        *_trouble_blocks(statement),
    ]
    texts, left_out = fit(blocks, MAX_BYTES - size(head) - size(foot) - _RESERVED)
    more = [f"There was no room here for {_counts(left_out)}.\n"] if left_out else []
    return "\n".join([head, *texts, *more, foot])


def _counts(counter: Counter[str]) -> str:
    return ", ".join(counted(count, noun) for noun, count in counter.items())


# -- the beginning and the end ---------------------------------------------------------------


def _head(statement: Statement, told: Told, files: int, *, is_foreign: bool) -> Iterator[str]:
    remarks = statement.remarks
    counts = Counter(remark.severity for remark in remarks)
    said = ", ".join(counted(counts[each], each.value) for each in Severity if counts[each])
    yield f"## gaebot: {said or 'nothing to report'}\n"
    blockers = sum(remark.is_blocker for remark in remarks)
    if blockers:
        yield f"**{counted(blockers, 'finding')} in the way of the move**, listed below.\n"
    yield " ".join(_history(statement)) + "\n"
    in_review = sum(told.says(remark) for remark in remarks)
    if remarks:
        elsewhere = len(remarks) - in_review
        yield f"{counted(in_review, 'finding')} told on changed lines, {elsewhere:,} counted here.\n"
    if is_foreign:
        yield "The findings are as a run on the fork's own code has told them.\n"
    if files >= MOST_FILES:
        yield f"GitHub tells {MOST_FILES:,} files of a pull request: only there can comments stand.\n"


def _history(statement: Statement) -> Iterator[str]:
    yield f"Commit {statement.head_sha}."
    if statement.gone is None:
        if statement.remarks:
            yield "What of it is new can't be told, as the code before it is not in the clone."
    else:
        new = sum(remark.is_new is True for remark in statement.remarks)
        there = len(statement.remarks) - new
        yield f"New with this pull request: {new:,}. There before: {there:,}. Gone: {statement.gone:,}."
    if statement.silenced:
        yield f"Comments in the files silence {counted(statement.silenced, 'finding')}."
    if statement.known:
        yield f"The baseline keeps {counted(statement.known, 'finding')} out."


def _foot(settings: Settings) -> Iterator[str]:
    paths = " ".join(path for path in settings.paths if _SAFE_ARGUMENT.fullmatch(path)) or "."
    to = f" --to {settings.to}" if settings.to and _SAFE_ARGUMENT.fullmatch(settings.to) else ""
    yield "### To run it yourself\n"
    yield "```console"
    yield "$ pip install gaebot"
    yield f"$ gaebot check{to} {paths}"
    yield f"$ gaebot fix{to}{' --unsafe' if settings.unsafe else ''} --diff {paths}"
    yield "```"
    yield ""
    yield "`gaebot explain RULE` says more about a rule.\n"


# -- the parts -------------------------------------------------------------------------------


def _app_blocks(statement: Statement) -> Iterator[Block]:
    """A table with a row for each app and its services; those with blockers first."""
    by_app: dict[str, list[Remark]] = {app: [] for app in statement.apps}
    for remark in statement.remarks:
        by_app.setdefault(remark.app, []).append(remark)
    if not by_app:
        return
    order = sorted(by_app, key=lambda app: -sum(remark.is_blocker for remark in by_app[app]))
    rows = [_app_row(app, by_app[app], statement, place) for place, app in enumerate(order)]
    head = "| app | state | errors | warnings | notes | new | there before | services |\n"
    yield Block(f"{head}|---|---|--:|--:|--:|--:|--:|---|\n", tuple(rows), noun="app")


def _app_row(app: str, remarks: Sequence[Remark], statement: Statement, place: int) -> Row:
    counts = [sum(remark.severity is severity for remark in remarks) for severity in Severity]
    known = [sum(remark.is_new is value for remark in remarks) for value in (True, False)]
    is_known = statement.gone is not None
    services = [each for each in statement.services if each.app == app]
    safe = sum(each.is_safe for each in services)
    cells = [
        code(app or "."),
        "blocked" if any(remark.is_blocker for remark in remarks) else "to review" if remarks else "ready",
        *(f"{count:,}" for count in counts),
        *(f"{count:,}" if is_known else "?" for count in known),
        f"{safe:,} of {len(services):,} threadsafe" if services else "",
    ]
    return Row(f"| {' | '.join(cells)} |", _FIRST, place)


def _blocker_blocks(statement: Statement) -> Iterator[Block]:
    blockers = [remark for remark in statement.remarks if remark.is_blocker]
    if blockers:
        rows = tuple(Row(_line(remark), _BLOCKERS, place) for place, remark in enumerate(blockers))
        yield Block("### In the way\n\n", rows, noun="finding")


def _service_blocks(statement: Statement) -> Iterator[Block]:
    rows = []
    for place, service in enumerate(sorted(statement.services, key=lambda each: each.is_safe)):
        value = "true" if service.is_safe else "false"
        said = f"- {code(service.path)}: **threadsafe: {value}**, because {prose(service.reason)}."
        if service.to_mend:
            said += f" To mend before `true`: {counted(service.to_mend, 'place')}."
        rows.append(Row(said, _SERVICES, place))
    if rows:
        yield Block("### Thread safety\n\n", tuple(rows), noun="service")


def _fix_blocks(statement: Statement, settings: Settings) -> Iterator[Block]:
    """What each fix-up pull request will do, and what is left for people."""
    groups: dict[str, list[Remark]] = {}
    by_hand = []
    for remark in statement.remarks:
        group = group_of(remark.remedy, remark.rule, settings) if remark.remedy is not None else ""
        if group:
            groups.setdefault(group, []).append(remark)
        else:
            by_hand.append(remark)
    rows = [Row(_group(group, found), _FIXES, at) for at, (group, found) in enumerate(sorted(groups.items()))]
    if by_hand:
        rows.append(Row(f"- Left for people: {counted(len(by_hand), 'finding')}.", _FIXES, len(rows)))
    if rows:
        where = "gaebot opens them where it runs on the default branch, with `mode: fix` or `both`."
        head = f"### What fix-up pull requests carry\n\n{where}\n\n"
        yield Block(head, tuple(rows), noun="fix-up pull request")


def _group(group: str, found: Sequence[Remark]) -> str:
    remedies = [remark.remedy for remark in found if remark.remedy is not None]
    titles = Counter(remedy.title for remedy in remedies)
    named = "; ".join(
        f"{prose(title).rstrip('.')}" + (f" ({count:,} times)" if count > 1 else "")
        for title, count in titles.most_common(_MOST_TITLES)
    )
    more = f"; and {counted(len(titles) - _MOST_TITLES, 'more kind')}" if len(titles) > _MOST_TITLES else ""
    runs = _runs(remedy.runs_on for remedy in remedies)
    return f"- {group}{runs}: {counted(len(found), 'finding')}. {named}{more}."


def _runs(kinds: Iterable[RunsOn]) -> str:
    found = set(kinds)
    if found == {RunsOn.BOTH}:
        return " (runs on 2.5 and 2.7, can be merged before the switch)"
    return " (runs on 2.7 only)"


def _untold_blocks(statement: Statement, told: Told) -> Iterator[Block]:
    """Findings on changed lines that no comment tells: there was no room, or they could not be posted."""
    rows = [
        Row(_line(remark), _UNTOLD, place)
        for place, remark in enumerate(statement.remarks)
        if remark.fingerprint in told.placed and not told.says(remark) and not remark.is_blocker
    ]
    if rows:
        yield Block("### On changed lines, without a comment\n\n", tuple(rows), noun="finding")


def _trouble_blocks(statement: Statement) -> Iterator[Block]:
    rows = [
        Row(f"- {code(trouble.path or 'gaebot')}: {prose(trouble.message)}", _TROUBLES, place)
        for place, trouble in enumerate(statement.troubles)
    ]
    if rows:
        yield Block("### Could not be read or checked\n\n", tuple(rows), noun="failure")


def _line(remark: Remark) -> str:
    new = " (new)" if remark.is_new else ""
    where = f"{code(remark.path)}:{remark.line}"
    return f"- {where} {remark.severity.value}{new} {code(remark.rule)}: {prose(remark.message)}"
