"""What is to be done on a pull request: operations, from what there is to say and what the host shows now.

What a comment of ours is about is told by its mark, and only the first line of a comment that the bot itself
has written can hold one. Marks name findings, not lines, so they hold through rebases.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from gaebot.bot.forge import ChangedFile, Comment, LineComment, PullRequest, Thread
from gaebot.bot.review.comment import FINDING, FIXED, can_be_suggested, comment_text, fixed_text, mark_of
from gaebot.bot.review.hunks import Hunk, hunks
from gaebot.bot.review.statement import Lines, Remark, Statement, comparable
from gaebot.bot.settings import Settings
from gaebot.paths import is_below
from gaebot.render.blocks import size
from gaebot.render.words import counted

SUMMARY = "summary"  # the kind of its mark
MOST_ANSWERS = 30  # threads that one run answers or closes; the next run goes on
_LONGEST_RANGE = 20  # lines that one comment is put on

MAX_BYTES = 60_000
"""The most that a comment holds: GitHub takes 65,536 characters, of which this many bytes are fewer."""


# -- operations ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Placed:
    """A comment on lines, and the finding that it is about."""

    fingerprint: str
    comment: LineComment


@dataclass(frozen=True)
class PostReview:
    """Post comments on lines as one review."""

    body: str
    comments: tuple[Placed, ...]


@dataclass(frozen=True)
class Answer:
    """Answer a comment of a thread."""

    comment: int
    body: str


@dataclass(frozen=True)
class Close:
    """Mark a thread as resolved."""

    thread: str


@dataclass(frozen=True)
class PostSummary:
    """Comment on the pull request as a whole."""

    body: str


@dataclass(frozen=True)
class EditSummary:
    """Give the comment on the pull request as a whole another text."""

    comment: int
    body: str


Operation = PostReview | Answer | Close | PostSummary | EditSummary
Plan = tuple[Operation, ...]


# -- what the host shows ---------------------------------------------------------------------


@dataclass(frozen=True)
class Shown:
    """What the host shows of a pull request now, and who we are."""

    pull: PullRequest
    me: str
    files: tuple[ChangedFile, ...] = ()
    threads: tuple[Thread, ...] = ()
    comments: tuple[Comment, ...] = ()
    hunks: Mapping[str, tuple[Hunk, ...]] = field(init=False)

    def __post_init__(self) -> None:
        found = {file.path: hunks(file.patch) for file in self.files if file.status != "removed"}
        object.__setattr__(self, "hunks", found)


def renames(files: Iterable[ChangedFile]) -> dict[str, str]:
    """For the new path of each renamed file the one it had before."""
    return {file.path: file.previous_path for file in files if file.status == "renamed"}


def told(threads: Iterable[Thread], me: str) -> frozenset[str]:
    """The findings that comments of ours are about, but for those that we closed as fixed."""
    return frozenset(
        name
        for thread in threads
        if (name := finding_of(thread, me)) and not (thread.is_resolved and _is_answered(thread, me))
    )


def finding_of(thread: Thread, me: str) -> str | None:
    """The finding that a thread of ours is about."""
    if not thread.comments or thread.comments[0].author != me:
        return None
    return mark_of(thread.comments[0].body, FINDING)


def _is_answered(thread: Thread, me: str) -> bool:
    answers = (comment for comment in thread.comments[1:] if comment.author == me)
    return any(mark_of(comment.body, FIXED) is not None for comment in answers)


# -- the review ------------------------------------------------------------------------------


def on_changed_lines(statement: Statement, shown: Shown) -> tuple[Remark, ...]:
    """The findings for which there is a place in the diff, best first."""
    return tuple(remark for remark in statement.remarks if _place(remark, shown) is not None)


def review_plan(statement: Statement, shown: Shown, settings: Settings) -> Plan:
    """The review: comments on the best of the findings on changed lines that none is about yet.

    Those that stand already count for `max-comments`, so that another run adds nothing.
    """
    there = told(shown.threads, shown.me)
    is_open = told((thread for thread in shown.threads if not thread.is_resolved), shown.me)
    standing = sum(not is_open.isdisjoint(remark.names) for remark in statement.remarks)
    room = max(0, settings.max_comments - standing)
    candidates = [remark for remark in on_changed_lines(statement, shown) if there.isdisjoint(remark.names)]
    if not candidates[:room]:
        return ()
    return (
        PostReview(
            _review_body(len(candidates) - room, settings), _placed(candidates[:room], shown, settings)
        ),
    )


def _review_body(left: int, settings: Settings) -> str:
    said = "gaebot looked at the lines that this pull request changes. All else is in its summary.\n"
    if left > 0:
        said += (
            f"\n{counted(left, 'more finding')} on changed lines: there is no room for comments of their own "
            f"(`max-comments` is {settings.max_comments}). The summary counts them.\n"
        )
    return said


def _placed(remarks: Sequence[Remark], shown: Shown, settings: Settings) -> tuple[Placed, ...]:
    """Comments on the lines of findings. No two suggest something for the same line."""
    taken: dict[str, list[Lines]] = {}
    made = []
    for remark in remarks:
        place = _place(remark, shown)
        if place is None:
            continue
        first, last = place
        lines = _suggested(remark, shown)
        if lines is not None and size(comment_text(remark, lines, settings)) > MAX_BYTES:
            lines = None
        others = taken.setdefault(remark.path, [])
        if lines is not None and any(lines.start <= o.end and o.start <= lines.end for o in others):
            lines = None
        if lines is not None:
            others.append(lines)
            first, last = lines.start, lines.end
        body = comment_text(remark, lines, settings)
        comment = LineComment(remark.path, last, body, first if first < last else None)
        made.append(Placed(remark.fingerprint, comment))
    return tuple(made)


def _place(remark: Remark, shown: Shown) -> tuple[int, int] | None:
    """The first and last line of the diff on which a finding can be told; None for none."""
    for hunk in shown.hunks.get(remark.path, ()):
        changed = [
            line
            for line in range(max(remark.line, hunk.start), min(remark.end_line, hunk.end) + 1)
            if line in hunk.added
        ]
        if not changed or not _is_as_quoted(remark, hunk):
            continue
        is_short = remark.end_line - remark.line < _LONGEST_RANGE
        if is_short and hunk.holds(remark.line, remark.end_line):
            return remark.line, remark.end_line
        return changed[0], changed[0]
    return None


def _is_as_quoted(remark: Remark, hunk: Hunk) -> bool:
    """Whether the diff shows the lines that were checked: else it is of another state of the file."""
    return bool(remark.quote) and all(
        comparable(hunk.texts(line, line)[0]) == text
        for line, text in enumerate(remark.quote, remark.line)
        if hunk.holds(line, line)
    )


def _suggested(remark: Remark, shown: Shown) -> Lines | None:
    """The lines that a comment may suggest: the whole fix, in lines of one hunk that are as it wants them."""
    lines = remark.remedy.lines if remark.remedy is not None else None
    if lines is None or not can_be_suggested(lines):
        return None
    for hunk in shown.hunks.get(remark.path, ()):
        if hunk.holds(lines.start, lines.end) and hunk.texts(lines.start, lines.end) == lines.old:
            return lines
    return None


# -- what is fixed ---------------------------------------------------------------------------


def answers_plan(statement: Statement, shown: Shown) -> Plan:
    """Answers to comments whose finding is there no more, which are closed.

    Those on which somebody else has said something are answered and stay open. What could not be checked, or
    is of no app that was, is left as it is.
    """
    names = {name for remark in statement.remarks for name in remark.names}
    plan: list[Operation] = []
    count = 0
    for thread in shown.threads:
        name = finding_of(thread, shown.me)
        if name is None or name in names or thread.is_resolved or not _was_checked(thread, statement, shown):
            continue
        todo: list[Operation] = []
        if not _is_answered(thread, shown.me):
            todo.append(Answer(thread.comments[0].id, fixed_text(statement.head_sha)))
        if all(comment.author == shown.me for comment in thread.comments):
            todo.append(Close(thread.id))
        count += bool(todo)
        if count > MOST_ANSWERS:
            break
        plan += todo
    return tuple(plan)


def _was_checked(thread: Thread, statement: Statement, shown: Shown) -> bool:
    """Whether the lack of a finding in a thread's file says that it is mended."""
    if any(is_below(thread.path, trouble.path) for trouble in statement.troubles):
        return False
    removed = {file.path for file in shown.files if file.status == "removed"}
    moved = set(renames(shown.files).values())
    is_gone = thread.path in removed | moved
    return is_gone or any(is_below(thread.path, app) for app in statement.apps)


# -- the summary -----------------------------------------------------------------------------


def summary_plan(body: str, shown: Shown, *, is_wanted: bool) -> Plan:
    """The summary, in the one comment that we have for it. A new one is only begun where it `is_wanted`."""
    for comment in shown.comments:
        if is_summary(comment, shown.me):
            return () if _same(comment.body, body) else (EditSummary(comment.id, body),)
    return (PostSummary(body),) if is_wanted else ()


def is_summary(comment: Comment, me: str) -> bool:
    """Whether a comment is our summary."""
    return comment.author == me and mark_of(comment.body, SUMMARY) is not None


def _same(one: str, other: str) -> bool:
    """Whether texts are the same to a host that may end lines otherwise."""
    return one.replace("\r\n", "\n").strip() == other.replace("\r\n", "\n").strip()
