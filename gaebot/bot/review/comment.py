"""The text of a comment on lines: what is wrong, and the way out. It is made where it is posted."""

from __future__ import annotations

import re

from gaebot.bot.marker import mark, marks, without_marks
from gaebot.bot.review.statement import Lines, Remark, Remedy
from gaebot.bot.settings import Grouping, Settings
from gaebot.finding import RunsOn, Safety
from gaebot.render.inert import code, prose
from gaebot.render.words import counted

FINDING, FIXED = "finding", "fixed"  # kinds of marks
PREPARE, SWITCH = "prepare", "switch"

_FENCES = re.compile(r"`{3,}|~{3,}")


def comment_text(remark: Remark, lines: Lines | None, settings: Settings) -> str:
    """The comment about a finding, with its mark; `lines` are those that it suggests, if it does."""
    parts = [
        mark(FINDING, remark.fingerprint),
        f"**gaebot: {remark.severity.value}** {code(remark.rule)}",
        prose(remark.message),
    ]
    if remark.remedy is not None:
        title = prose(remark.remedy.title).rstrip(".")
        if lines is None:
            parts.append(f"Fix: {title}. {way_out(remark.remedy, remark.rule, settings)}")
        else:
            read = " Read it before you commit it." if remark.remedy.safety is Safety.REVIEW else ""
            parts += [f"Fix: {title}.{read}", suggestion(lines)]
    return "\n\n".join(parts) + "\n"


def fixed_text(sha: str) -> str:
    """The answer to a comment whose finding a commit has fixed. GitHub makes a link of the commit."""
    return f"{mark(FIXED, sha)}\n\nFixed in {sha}.\n"


def suggestion(lines: Lines) -> str:
    """The block that GitHub offers to commit, in a fence that nothing in it can end."""
    text = "".join(f"{line}\n" for line in lines.new)
    longest = max((len(found) for found in _FENCES.findall(text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}suggestion\n{text}{fence}"


def can_be_suggested(lines: Lines) -> bool:
    """Whether the lines hold nothing that would be a mark in a comment of ours."""
    return all(without_marks(line) == line for line in (*lines.old, *lines.new))


def mark_of(body: str, kind: str) -> str | None:
    """The mark of a kind that a comment of ours begins with; one anywhere else counts for nothing."""
    found = marks(body.split("\n", 1)[0], kind)
    return found[0] if len(found) == 1 and body.startswith(mark(kind, found[0])) else None


def group_of(remedy: Remedy, rule: str, settings: Settings) -> str:
    """The fix-up pull request that a fix is for, as Markdown; empty where no such request carries it."""
    if remedy.safety is Safety.DISPLAY or (remedy.safety is Safety.REVIEW and not settings.unsafe):
        return ""
    if settings.group_by is Grouping.RULE:
        return code(rule)
    return f"**{PREPARE if remedy.runs_on is RunsOn.BOTH else SWITCH}**"


def way_out(remedy: Remedy, rule: str, settings: Settings) -> str:
    """Sentences about who makes a fix that is more than a suggestion."""
    group = group_of(remedy, rule, settings)
    if remedy.safety is Safety.DISPLAY:
        return "It is made by hand."
    changes = f"It changes {counted(remedy.files, 'file')}"
    if not group:
        return f"{changes}: `gaebot fix --unsafe` makes it, and it wants to be read."
    read = ", and wants to be read" if remedy.safety is Safety.REVIEW else ""
    runs = {RunsOn.BOTH: "runs on Python 2.5 and 2.7", RunsOn.TARGET: "runs on Python 2.7 only"}
    return f"{changes}{read}. The fix-up pull request {group} carries it; the result {runs[remedy.runs_on]}."
