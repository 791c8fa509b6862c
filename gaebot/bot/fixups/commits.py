"""Patches as commits: their messages, and a mark of what they change.

The mark stands in the last line of each message and covers all commits up to that one, with the contents of
the files before and after. So whether a branch holds what it should is told from its last commit alone, and
a base that moved on in other files makes no new commits.
"""

from __future__ import annotations

import hashlib
import re
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import replace

from gaebot.bot.fixups.content import Content, Patch
from gaebot.bot.forge import Commit, NewCommit
from gaebot.engine import Change
from gaebot.render.words import counted
from gaebot.rule import Rule

_TRAILER = "Gaebot-Content"
_MARK = re.compile(rf"^{_TRAILER}: ([0-9a-f]{{64}})$", re.MULTILINE)
_LINK = re.compile(r"https://[^\s)`>\"']+[^\s)`>\"'.,;]")
_WIDTH = 72
_HOST = frozenset({"web-flow", "noreply@github.com"})
"""Who GitHub says has committed what was made through it; the author says for whom."""


def commits_of(content: Content) -> tuple[NewCommit, ...]:
    """The commits of a group, one for each patch."""
    made = []
    state = hashlib.sha256(content.name.encode())
    for patch in content.patches:
        text = message(patch)
        state.update(text.encode())
        for change in patch.changes:
            old = blob(change.old) if change.old is not None else ""
            name = change.path.encode("utf-8", "surrogateescape")
            state.update(b"\0".join([name, old.encode(), blob(change.new).encode(), b""]))
        changes = {change.path: change.new for change in patch.changes}
        made.append(NewCommit(f"{text}\n\n{_TRAILER}: {state.hexdigest()}\n", changes))
    return tuple(made)


def content_mark(message_text: str) -> str:
    """What a commit message says of the content, nothing where it says none."""
    found = _MARK.findall(message_text)
    return found[-1] if found else ""


def is_ours(commit: Commit, me: str) -> bool:
    """Whether a commit was made by the bot alone."""
    return _is(commit.author, me) and (_is(commit.committer, me) or commit.committer in _HOST)


def _is(name: str, me: str) -> bool:
    """Whether a login or an e-mail address is that of the bot."""
    return (
        name == me
        or name.endswith(f"+{me}@users.noreply.github.com")
        or name == f"{me}@users.noreply.github.com"
    )


def message(patch: Patch) -> str:
    """What a commit does, and why: the beginning of the pages of its rules. All of it is our own text."""
    names = patch.rules[0].id
    if len(patch.rules) > 1:
        names += f" and {counted(len(patch.rules) - 1, 'more rule')}"
    parts = [f"Fix what {names} finds ({counted(len(patch.fixed), 'place')})"]
    parts += [_filled(f"{rule.id}: {rule.page.title}") for rule in patch.rules]
    parts.append(_filled(patch.rules[0].page.sections.get("Why", "")))
    link = _source(patch.rules[0])
    parts.append(
        f"`gaebot explain {patch.rules[0].id}` prints the whole page." + (f"\nSee {link}" if link else "")
    )
    return "\n\n".join(part for part in parts if part)


def _filled(text: str) -> str:
    paragraphs = (" ".join(part.split()) for part in text.split("\n\n"))
    return "\n\n".join(textwrap.fill(part, _WIDTH, break_long_words=False) for part in paragraphs)


def _source(rule: Rule) -> str:
    found = _LINK.search(rule.page.sections.get("Source", ""))
    return found.group() if found else ""


# -- the files as the repository has them -------------------------------------------------


def blob(data: bytes) -> str:
    """What git calls a content."""
    return hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()


def as_committed(content: Content, blobs: Mapping[str, str]) -> tuple[Content, tuple[str, ...]]:
    """The content with line ends as they are in the repository, and the files that are not what is
    committed there.

    `blobs` is what git calls the files at the commit. A checkout may have other line ends (on Windows it
    mostly does), which must not be committed. Nothing is to be made of files that differ otherwise.
    """
    linefeeds, others = set(), []
    for change in content.changes:
        known = blobs.get(change.path)
        if change.old is None:
            same = known is None
        else:
            same = known == blob(change.old)
            if not same and known == blob(_with_linefeeds(change.old)):
                linefeeds.add(change.path)
                same = True
        if not same:
            others.append(change.path)
    if not linefeeds:
        return content, tuple(others)
    patches = tuple(replace(patch, changes=_repaired(patch.changes, linefeeds)) for patch in content.patches)
    return replace(content, patches=patches), tuple(others)


def _repaired(changes: Sequence[Change], paths: set[str]) -> tuple[Change, ...]:
    return tuple(
        replace(change, old=_with_linefeeds(change.old or b""), new=_with_linefeeds(change.new))
        if change.path in paths
        else change
        for change in changes
    )


def _with_linefeeds(data: bytes) -> bytes:
    return data.replace(b"\r\n", b"\n")
