"""Answer `/gaebot fix`, `/gaebot ignore RULE reason` and `/gaebot explain RULE` on a pull request.

Only people who may write to the repository are answered. An answer carries the number of the comment that it
is for, and so do commits: a run that is repeated answers once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from gaebot.api import USAGE_ERRORS
from gaebot.bot.event import Command
from gaebot.bot.fixups.apps import Apps, read_apps
from gaebot.bot.fixups.commits import is_ours, message
from gaebot.bot.fixups.content import Content, Subject, both, make
from gaebot.bot.fixups.decide import is_fix_up
from gaebot.bot.fixups.proposed import Proposed, read_proposed
from gaebot.bot.forge import (
    Forge,
    ForgeError,
    LimitError,
    MissingError,
    NewCommit,
    PullRequest,
    RefusedError,
    UnreachableError,
)
from gaebot.bot.marker import mark, marks
from gaebot.bot.outcome import Outcome, Output
from gaebot.bot.settings import InputError, Settings
from gaebot.engine import check
from gaebot.finding import Finding
from gaebot.render.inert import prose
from gaebot.render.visible import visible
from gaebot.render.words import counted, one_line
from gaebot.rule import Rule, discover, hops
from gaebot.select import find_rule
from gaebot.suppression.add import ignore_edits

ANSWER = "answer"
"""Kind of the mark in an answer; its value is the number of the comment."""

_MAY_COMMAND = frozenset({"admin", "write"})
_TRAILER = "Gaebot-Command"
_TRAILERS = re.compile(rf"^{_TRAILER}: (\d+)$", re.MULTILINE)


@dataclass(frozen=True)
class _Asked:
    """A command with all that answering it needs."""

    forge: Forge
    job: Command
    settings: Settings
    root: str
    pull: PullRequest


@dataclass(frozen=True)
class _Answer:
    """What is said, in Markdown, and the commits that are made first."""

    words: str
    commits: tuple[NewCommit, ...] = ()


def command(forge: Forge, job: Command, settings: Settings, root: str, output: Output) -> Outcome:
    """Do what somebody asked for in a comment, and answer it.

    `root` is where the base branch is checked out. What can't be done is told in the answer, or, where that
    can't be posted, in the log; the run does not fail for it.
    """
    try:
        if forge.permission(job.author) not in _MAY_COMMAND:
            return _silent(
                output, f"{job.author} may not write to this repository, so /gaebot is not for them."
            )
        asked = _Asked(forge, job, settings, root, forge.pull_request(job.number))
        if _is_answered(asked):
            return _silent(output, f"The comment {job.comment} was answered already.")
        answer = _answer(asked)
        if answer.commits:
            answer = _committed(asked, answer)
        forge.post_comment(job.number, f"{answer.words}\n\n{mark(ANSWER, str(job.comment))}")
    except ForgeError as error:
        return _silent(output, f"The comment {job.comment} could not be answered: {one_line(str(error))}")
    output.log(f"Answered the comment {job.comment} on pull request {job.number}: /gaebot {job.name}.")
    return Outcome()


def _silent(output: Output, why: str) -> Outcome:
    output.log(visible(why))
    return Outcome(why=why)


def _is_answered(asked: _Asked) -> bool:
    me = asked.forge.me()
    comments = asked.forge.comments(asked.pull.number)
    return any(
        comment.author == me and str(asked.job.comment) in marks(comment.body, ANSWER) for comment in comments
    )


def _answer(asked: _Asked) -> _Answer:
    """What is said to a command, and committed for it. What people have to mend is said as well."""
    try:
        return _COMMANDS[asked.job.name](asked)
    except (*USAGE_ERRORS, InputError) as error:
        return _Answer(prose(str(error)))


def _committed(asked: _Asked, answer: _Answer) -> _Answer:
    """Put the commits on the branch, and say so; where the branch has moved meanwhile, say that."""
    pull = asked.pull
    trailer = f"\n\n{_TRAILER}: {asked.job.comment}\n"
    commits = [NewCommit(commit.message.rstrip() + trailer, commit.changes) for commit in answer.commits]
    try:
        sha = asked.forge.make_commits(pull.head_sha, commits)
        asked.forge.move_branch(pull.head_ref, sha, expected=pull.head_sha)
    except (RefusedError, MissingError):
        return _Answer(
            "The branch has changed while gaebot was at work, and was left alone: please ask again."
        )
    except (LimitError, UnreachableError):
        raise
    except ForgeError as error:
        return _Answer(f"gaebot could not commit to this branch: {prose(str(error))}")
    return _Answer(f"{answer.words} See {sha[:12]}.")


# -- explain ------------------------------------------------------------------------------


def _rule(asked: _Asked, name: str) -> Rule:
    return find_rule(discover(asked.settings.to or hops()[0]), name)


def _explain(asked: _Asked) -> _Answer:
    """The page of a rule, which is our own text."""
    name = asked.job.rest.strip()
    if not name:
        return _Answer("Say which rule: `/gaebot explain RULE`.")
    rule = _rule(asked, name)
    return _Answer(f"### `{rule.id}`\n\n{rule.page.text}")


# -- fix and ignore -----------------------------------------------------------------------


def _fix(asked: _Asked) -> _Answer:
    """Fix what lies in the files that the pull request changes."""
    no = _why_not(asked, "`gaebot fix` makes the safe fixes, `gaebot fix --unsafe` those to be reviewed, too")
    if no:
        return _Answer(no)
    proposed = _proposed(asked)
    subjects = [_narrowed(subject, proposed) for subject in proposed.subjects]
    content = make("fix", subjects, lambda _: True, unsafe=asked.settings.unsafe)
    more = _unread(proposed)
    if not content.patches:
        return _Answer(f"There is nothing that gaebot can fix in the files that this changes.{more}")
    commits = tuple(
        NewCommit(message(patch), {change.path: change.new for change in patch.changes})
        for patch in content.patches
    )
    return _Answer(f"{_fixed(content)}{more}", commits)


def _narrowed(subject: Subject, proposed: Proposed) -> Subject:
    """An app of which only that is asked whose whole fix lies in the files that a pull request changes."""

    def keep(finding: Finding) -> bool:
        paths = finding.fix.paths if finding.fix is not None else ()
        return bool(paths) and all(subject.in_repository(path) in proposed.paths for path in paths)

    return replace(subject, asked=replace(subject.asked, keep=both(subject.asked.keep, keep)))


def _fixed(content: Content) -> str:
    rules = ", ".join(dict.fromkeys(f"`{patch.rules[0].id}`" for patch in content.patches))
    files = counted(len(content.changes), "file")
    return f"gaebot has fixed {counted(len(content.fixed), 'finding')} in {files}: {rules}."


def _ignore(asked: _Asked) -> _Answer:
    """Silence what a rule finds in the files that the pull request changes, with a reason."""
    name, _, reason = asked.job.rest.strip().partition(" ")
    reason = reason.strip()
    if not name or not reason:
        return _Answer("Say which rule, and why: `/gaebot ignore RULE reason`.")
    rule = _rule(asked, name)
    no = _why_not(asked, f"`gaebot check --select {rule.id} --add-ignores REASON` writes the comments")
    if no:
        return _Answer(no)
    proposed = _proposed(asked)
    changes: dict[str, bytes] = {}
    silenced = 0
    left: list[Finding] = []
    for subject in proposed.subjects:
        found = _found(subject, rule, proposed)
        edits, missed = ignore_edits(subject.app, found, reason)
        for path, made in edits.items():
            changes[subject.in_repository(path)] = subject.app.files[path].apply(made).data
        silenced += len(found) - len(missed)
        left += missed
    return _silencing(rule, changes, silenced, left, _unread(proposed))


def _found(subject: Subject, rule: Rule, proposed: Proposed) -> tuple[Finding, ...]:
    def keep(finding: Finding) -> bool:
        return finding.rule == rule.id and subject.in_repository(finding.place.path) in proposed.paths

    asked = replace(subject.asked, keep=both(subject.asked.keep, keep))
    return check(subject.app, subject.rules, asked=asked).findings


def _silencing(
    rule: Rule, changes: Mapping[str, bytes], silenced: int, left: Sequence[Finding], more: str
) -> _Answer:
    missed = f" {counted(len(left), 'finding')} can't have a comment beside them." if left else ""
    if not changes:
        said = f"`{rule.id}` finds nothing that a comment could silence in the files that this changes."
        return _Answer(f"{said}{missed}{more}")
    count = counted(silenced, "finding")
    words = f"Comments silence {count} of `{rule.id}` now.{missed}{more}"
    title = f"Silence {count} of {rule.id}"
    return _Answer(words, (NewCommit(f"{title}\n\nThe comments say why.", dict(changes)),))


def _why_not(asked: _Asked, by_hand: str) -> str:
    """Why nothing can be committed to the branch of a pull request, and what to do; nothing if it can."""
    pull = asked.pull
    if not pull.is_open:
        return "This pull request is closed, so gaebot does not commit to it."
    if pull.head_repository != asked.forge.repository:
        return (
            "This pull request comes from another repository, where gaebot may not push. On a machine with "
            f"gaebot, in the folder of the app: {by_hand}. Then commit and push."
        )
    if is_fix_up(pull, asked.forge.me()):
        return (
            "This pull request is gaebot's own and made anew when its files change, so what you ask for "
            "would get lost. Commit to it yourself, and gaebot leaves it to you."
        )
    done = [
        commit
        for commit in asked.forge.commits(pull.base_sha, pull.head_sha)
        if is_ours(commit, asked.forge.me()) and str(asked.job.comment) in _TRAILERS.findall(commit.message)
    ]
    return f"This was done before: see {done[-1].sha[:12]}." if done else ""


def _proposed(asked: _Asked) -> Proposed:
    apps: Apps = read_apps(asked.root, asked.settings)
    return read_proposed(asked.forge, asked.pull, apps)


def _unread(proposed: Proposed) -> str:
    if not proposed.unread:
        return ""
    return f" {counted(proposed.unread, 'more file')} were not looked at: they are too many."


_COMMANDS: Mapping[str, Callable[[_Asked], _Answer]] = {"fix": _fix, "ignore": _ignore, "explain": _explain}
