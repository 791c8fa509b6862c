"""A code host in memory, as strict as GitHub where it matters, which can be told to fail."""

from __future__ import annotations

import difflib
import hashlib
import io
import zipfile
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from gaebot.bot.forge import (
    ChangedFile,
    Comment,
    ForbiddenError,
    MissingError,
    PullRequest,
    RefusedError,
    Thread,
    WorkflowRun,
)

BOT = "github-actions[bot]"
MOST = 65_536
LINE = "Pull request review thread line must be part of the diff and Pull request review thread diff hunk can't be blank"


@dataclass(frozen=True)
class Fault:
    """A call that fails with an error, with `after` once it has been done."""

    error: Exception
    after: bool = False


@dataclass
class FakeForge:
    """One pull request: the files before and after it, and what is said on it."""

    base: dict[str, str]
    head: dict[str, str]
    renamed: dict[str, str] = field(default_factory=dict)
    without_patch: frozenset[str] = frozenset()
    fork: bool = False
    read_only: bool = False
    unresolvable: frozenset[tuple[str, int]] = frozenset()  # lines that the host refuses without a reason
    threads_: list[Thread] = field(default_factory=list)
    comments_: list[Comment] = field(default_factory=list)
    reviews: list[tuple[str, str, int]] = field(default_factory=list)
    calls: Counter = field(default_factory=Counter)
    faults: defaultdict = field(default_factory=lambda: defaultdict(list))
    artifacts: dict[tuple[int, str], bytes] = field(default_factory=dict)
    runs: dict[int, WorkflowRun] = field(default_factory=dict)
    pull: PullRequest = None
    number = 7
    repository = "octo/shop"
    last = 100

    def __post_init__(self):
        if self.pull is None:
            owner = "eve/shop" if self.fork else self.repository
            self.pull = PullRequest(
                7, "t", "b", True, False, False, "dev", "topic", self._sha(), owner, "main", "b" * 40
            )

    # -- what happens meanwhile --------------------------------------------------------------

    def _sha(self) -> str:
        return hashlib.sha1(repr(sorted(self.head.items())).encode("utf-8", "surrogatepass")).hexdigest()  # noqa: S324

    def push(self, head: Mapping[str, str]) -> None:
        """Another state of the pull request. Threads whose line is not the same any more are outdated."""
        before, self.head = self.head, dict(head)
        self.pull = replace(self.pull, head_sha=self._sha())
        self.threads_ = [
            replace(thread, line=thread.line if self._stays(thread, before) else None)
            for thread in self.threads_
        ]

    def _stays(self, thread, before) -> bool:
        old, new = (files.get(thread.path, "").split("\n") for files in (before, self.head))
        at = (thread.line or 0) - 1
        return 0 <= at < min(len(old), len(new)) and old[at] == new[at]

    def say(self, thread: int, author: str, body: str) -> None:
        """Somebody answers in a thread."""
        old = self.threads_[thread]
        self.threads_[thread] = replace(old, comments=(*old.comments, self._comment(author, body)))

    def fail(self, verb: str, *faults: Fault) -> None:
        """Let the next calls of a verb fail, each by a fault; None lets one pass."""
        self.faults[verb] += faults

    # -- how calls go ------------------------------------------------------------------------

    def _comment(self, author: str, body: str) -> Comment:
        self.last += 1
        return Comment(self.last, author, body)

    def _call(self, verb, do, *, writes=False):
        self.calls[verb] += 1
        fault = self.faults[verb].pop(0) if self.faults[verb] else None
        if fault is not None and not fault.after:
            raise fault.error
        if writes and self.read_only:
            raise ForbiddenError("Resource not accessible by integration")
        result = do()
        if fault is not None:
            raise fault.error
        return result

    # -- verbs -------------------------------------------------------------------------------

    def me(self):
        return BOT

    def pull_request(self, number):
        def do():
            if number != self.number:
                raise MissingError("Not Found")
            return self.pull

        return self._call("pull_request", do)

    def changed_files(self, number):
        return self._call("changed_files", lambda: tuple(self._changed()))

    def _changed(self):
        moved = set(self.renamed.values())
        for path in sorted({*self.base, *self.head}):
            if path in moved and path not in self.head:
                continue
            previous = self.renamed.get(path, "")
            old, new = self.base.get(previous or path), self.head.get(path)
            if old == new and not previous:
                continue
            status = (
                "renamed"
                if previous
                else "added"
                if old is None
                else "removed"
                if new is None
                else "modified"
            )
            patch = None if path in self.without_patch else patch_of(old or "", new or "")
            yield ChangedFile(path, status, patch or None, previous)

    def threads(self, number):
        return self._call("threads", lambda: tuple(self.threads_))

    def comments(self, number):
        return self._call("comments", lambda: tuple(self.comments_))

    def post_review(self, number, sha, body, comments):
        def do():
            if sha != self.pull.head_sha:
                raise RefusedError("Unprocessable Entity: commit_id is not part of the pull request")
            if not body.strip() or not comments:
                raise RefusedError("Unprocessable Entity: body can't be blank")
            if any(len(text) > MOST for text in (body, *(comment.body for comment in comments))):
                raise RefusedError("body is too long (maximum is 65536 characters)")
            patches = {file.path: file.patch for file in self._changed() if file.status != "removed"}
            for comment in comments:
                self._check(comment, patches.get(comment.path))
            for comment in comments:
                made = self._comment(BOT, comment.body)
                self.threads_.append(Thread(f"T{made.id}", False, comment.path, comment.line, (made,)))
            self.reviews.append((sha, body, len(comments)))
            return f"https://github.com/octo/shop/pull/7#review-{len(self.reviews)}"

        return self._call("post_review", do, writes=True)

    def _check(self, comment, patch):
        ends = {comment.line, comment.start_line or comment.line}
        if patch is None or not any(ends <= lines for lines in new_sides(patch)):
            raise RefusedError(LINE)
        if comment.start_line is not None and comment.start_line >= comment.line:
            raise RefusedError("Pull request review thread start line must precede the end line.")
        if (comment.path, comment.line) in self.unresolvable:
            raise RefusedError(LINE)

    def reply(self, number, comment, body):
        def do():
            for at, thread in enumerate(self.threads_):
                if thread.comments[0].id == comment:
                    self.say(at, BOT, body)
                    return
            raise MissingError("Not Found")

        return self._call("reply", do, writes=True)

    def resolve(self, thread):
        def do():
            at = next(at for at, each in enumerate(self.threads_) if each.id == thread)
            self.threads_[at] = replace(self.threads_[at], is_resolved=True)

        return self._call("resolve", do, writes=True)

    def post_comment(self, number, body):
        def do():
            self._check_body(body)
            made = self._comment(BOT, body)
            self.comments_.append(made)
            return made

        return self._call("post_comment", do, writes=True)

    def edit_comment(self, comment, body):
        def do():
            self._check_body(body)
            for at, each in enumerate(self.comments_):
                if each.id == comment:
                    self.comments_[at] = replace(each, body=body)
                    return
            raise MissingError("Not Found")

        return self._call("edit_comment", do, writes=True)

    def _check_body(self, body):
        if not body.strip() or len(body) > MOST:
            raise RefusedError("body is too long (maximum is 65536 characters)")

    def file(self, path, ref):
        def do():
            data = self.base.get(path) if ref == self.pull.base_sha else None
            return None if data is None else data.encode()

        return self._call("file", do)

    def run(self, number):
        return self._call("run", lambda: self.runs[number])

    def artifact(self, run, name, most_bytes):
        return self._call("artifact", lambda: self.artifacts.get((run, name)))

    @property
    def writes(self) -> int:
        """How many calls there were that change something."""
        return sum(
            self.calls[verb] for verb in ("post_review", "reply", "resolve", "post_comment", "edit_comment")
        )


def patch_of(old: str, new: str) -> str:
    """The patch of a file as GitHub gives it: hunks, no head."""
    lines = []
    for line in list(difflib.unified_diff(split(old), split(new)))[2:]:
        lines.append(line.removesuffix("\n"))
        if not line.endswith("\n"):
            lines.append("\\ No newline at end of file")
    return "\n".join(lines)


def split(text: str) -> list[str]:
    """Lines with their ends, of which only a line feed is one."""
    *whole, rest = text.split("\n")
    return [f"{line}\n" for line in whole] + ([rest] if rest else [])


def new_sides(patch: str) -> list[set[int]]:
    """For each hunk the lines that a comment may stand on; read line by line, by what each begins with."""
    found: list[set[int]] = []
    line = 0
    for text in patch.split("\n"):
        if text.startswith("@@ "):
            line = int(text.split("+")[1].split(" ")[0].split(",")[0])
            found.append(set())
        elif text[:1] in {" ", "+"}:
            found[-1].add(line)
            line += 1
    return found


def zipped(data: bytes, name: str = "gaebot-plan.json") -> bytes:
    """An archive as the host makes of an artifact."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, data)
    return stream.getvalue()


@dataclass
class FakeOutput:
    """Where a run says something, kept."""

    lines: list[str] = field(default_factory=list)
    commands: str = ""
    summary: str = ""
    kept: dict[str, bytes] = field(default_factory=dict)

    def log(self, line):
        self.lines.append(line)

    def annotate(self, commands):
        self.commands += commands

    def summarise(self, markdown):
        self.summary += markdown

    def keep(self, name, data):
        self.kept[name] = data
        return f"/kept/{name}"
