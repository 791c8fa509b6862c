"""The two ways in: `review` where the code is, `post` where only the right to comment is.

What can't be told in the review goes into the summary, else into annotations, the job's summary, a file: each
finding counts for the first of these places that tells it. None of that makes a run fail.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, replace

from gaebot.bot.event import PostReview, Review
from gaebot.bot.forge import ChangedFile, Forge, ForgeError, LimitError, PullRequest, WorkflowRun
from gaebot.bot.outcome import Checks, Outcome, Output
from gaebot.bot.review.act import Done, Worker
from gaebot.bot.review.plan import (
    Shown,
    answers_plan,
    on_changed_lines,
    renames,
    review_plan,
    summary_plan,
    told,
)
from gaebot.bot.review.statement import Statement, statement_of
from gaebot.bot.review.stored import ARTIFACT, FILE, MOST_BYTES, StoredError, dump, load_archive
from gaebot.bot.review.summary import Told, summary_text
from gaebot.bot.settings import Settings
from gaebot.config import NEVER, fails
from gaebot.render.github import annotated, render_github
from gaebot.render.json import render_json
from gaebot.render.markdown import fitted_markdown
from gaebot.render.words import one_line
from gaebot.report import Report

REPORT_FILE = "gaebot-report.json"


def review(forge: Forge, job: Review, settings: Settings, checks: Checks, output: Output) -> Outcome:
    """Check a pull request, and say in it what is found.

    Where it can't be said there, the plan is kept for `post`, which may have the rights.
    """
    report, base = checks.head(), checks.base()
    done, why = Done(), ""
    statement = statement_of(report, base, job.number, job.head_sha, {})
    try:
        pull = forge.pull_request(job.number)
        why = _reason_not_to(pull, job.head_sha)
        if not why:
            files = _files(forge, pull, done)
            statement = statement_of(report, base, job.number, job.head_sha, renames(files))
            _Teller(forge, settings, pull, files).tell(statement, done)
    except ForgeError as error:
        done.failed(error)
    _log(done, why, output)
    if done.is_short and not why:
        output.log(f"What could not be posted is in {output.keep(FILE, dump(statement))}.")
    return replace(
        _besides(report, statement, done, output),
        fails=_fails(report, statement, settings.fail_on),
        review_url=done.review_url,
        why=why,
    )


def _fails(report: Report, statement: Statement, fail_on: str | None) -> bool:
    """Whether what is found makes the job fail: what the pull request brings along does.

    What was there before does not; where nobody knows what that was, all counts.
    """
    if fail_on == NEVER:
        return False
    return bool(report.failures) or fails(_new(report, statement), fail_on)


def _new(report: Report, statement: Statement) -> Report:
    """A report with what the pull request brings along only; what may be new counts."""
    old = {(remark.path, remark.rule, remark.line) for remark in statement.remarks if remark.is_new is False}
    kept = (
        finding
        for finding in report.findings
        if (finding.path, finding.rule, finding.place.start.line) not in old
    )
    return replace(report, findings=tuple(kept))


def post(forge: Forge, job: PostReview, settings: Settings, output: Output) -> Outcome:
    """Say in a pull request what a run without rights has found and left behind, if that is what it says."""
    done = Done()
    try:
        run = forge.run(job.run)
        if run.event != "pull_request":
            return Outcome(why="The run was not for a pull request: nothing of it is posted.")
        archive = forge.artifact(job.run, ARTIFACT, MOST_BYTES)
        if archive is None:
            return Outcome(why="The run has left no plan: it has posted all of it, or found nothing.")
        statement = load_archive(archive)
        pull = forge.pull_request(statement.number)
    except StoredError as error:
        return Outcome(why=f"{error} Nothing of it is posted.")
    except ForgeError as error:
        return Outcome(why=f"The plan can't be had: {_plain(error)}")
    why = _reason_not_to(pull, statement.head_sha) or _mismatch(run, pull, statement)
    if why:
        return Outcome(why=why)
    text = ""
    try:
        files = _files(forge, pull, done)
        text = _Teller(forge, settings, pull, files, is_foreign=True).tell(statement, done)
    except ForgeError as error:
        done.failed(error)
    _log(done, "", output)
    in_review = _in_review(statement, done.told)
    rest = len(statement.remarks) - in_review
    if not done.has_summary and (rest or statement.troubles):
        output.summarise(text or summary_text(statement, Told(), settings, is_foreign=True))
    place = "summary" if done.has_summary else "job summary"
    return Outcome(went=_counts({"review": in_review, place: rest}), review_url=done.review_url)


def _reason_not_to(pull: PullRequest, sha: str) -> str:
    """Why nothing is posted on a pull request about a commit; empty where it can be."""
    if not pull.is_open:
        return f"Pull request {pull.number} is closed: nothing is posted on it."
    if pull.head_sha != sha:
        return f"Pull request {pull.number} has been pushed to meanwhile: the run for its new commit speaks."
    return ""


def _mismatch(run: WorkflowRun, pull: PullRequest, statement: Statement) -> str:
    """Why a plan is not that of the run for this pull request; empty where it is."""
    if not run.head_sha or run.head_sha != statement.head_sha:
        return "The plan is not about the commit of its run: nothing of it is posted."
    if not run.head_repository or run.head_repository != pull.head_repository:
        return "The pull request is not from the repository of the run: nothing of the plan is posted."
    if run.head_branch and run.head_branch != pull.head_ref:
        return "The pull request is not from the branch of the run: nothing of the plan is posted."
    return ""


def _files(forge: Forge, pull: PullRequest, done: Done) -> tuple[ChangedFile, ...]:
    """The changed files; none where the host does not tell them, and then there is no place for comments."""
    try:
        return forge.changed_files(pull.number)
    except LimitError:
        raise
    except ForgeError as error:
        done.failed(error)
        return ()


@dataclass(frozen=True)
class _Teller:
    """Says something in a pull request, of which the host tells these files."""

    forge: Forge
    settings: Settings
    pull: PullRequest
    files: tuple[ChangedFile, ...]
    is_foreign: bool = False

    def tell(self, statement: Statement, done: Done) -> str:
        """Post the review, answers to what is fixed, and the summary, whose text is returned."""
        number, me = self.pull.number, self.forge.me()
        shown = Shown(self.pull, me, self.files, self.forge.threads(number), self.forge.comments(number))
        worker = Worker(self.forge, number, self.pull.head_sha, me)
        done.told |= told(shown.threads, me)
        worker.carry_out(review_plan(statement, shown, self.settings), done)
        worker.carry_out(answers_plan(statement, shown), done)
        placed = frozenset(remark.fingerprint for remark in on_changed_lines(statement, shown))
        said = Told(frozenset(done.told), placed)
        files = len(self.files)
        text = summary_text(statement, said, self.settings, files=files, is_foreign=self.is_foreign)
        is_wanted = bool(statement.remarks or statement.troubles or statement.gone)
        plan = summary_plan(text, shown, is_wanted=is_wanted)
        done.has_summary = not plan
        worker.carry_out(plan, done)
        return text


def _log(done: Done, why: str, output: Output) -> None:
    if why:
        output.log(why)
    for said, count in Counter(_plain(error) for error in done.errors).items():
        times = f" ({count} times)" if count > 1 else ""
        output.log(f"Could not be posted{times}: {said}")


def _plain(error: ForgeError) -> str:
    """What the host said, as a line that no runner takes for a command."""
    return one_line(str(error)).replace("##[", "## [")


def _besides(report: Report, statement: Statement, done: Done, output: Output) -> Outcome:
    """Annotations for what no comment in the diff says, and the job's summary of all of it.

    Where the summary comment tells what was there before, that is not annotated in each pull request anew.
    """
    quiet = {remark.fingerprint for remark in statement.remarks if not done.told.isdisjoint(remark.names)}
    kept = [
        finding
        for finding, name in zip(report.findings, report.fingerprints, strict=True)
        if name not in quiet
    ]
    rest = replace(report, findings=tuple(kept))
    shown = _new(rest, statement) if done.has_summary else rest
    if shown.findings or shown.failures:
        output.annotate(render_github(shown, ()))
    text, left_out = fitted_markdown(report)
    output.summarise(text)
    if left_out:
        output.log(f"The whole report is in {output.keep(REPORT_FILE, render_json(report).encode())}.")
    went = {"review": len(report.findings) - len(kept)}
    if done.has_summary:
        went["summary"] = len(kept)
    else:
        went["annotations"] = len(annotated(rest))
        unsaid = len(kept) - went["annotations"]
        went["artifact"] = min(unsaid, left_out)
        went["job summary"] = unsaid - went["artifact"]
    return Outcome(report=report, went=_counts(went))


def _in_review(statement: Statement, names: Collection[str]) -> int:
    return sum(any(name in names for name in remark.names) for remark in statement.remarks)


def _counts(went: dict[str, int]) -> dict[str, int]:
    return {place: count for place, count in went.items() if count}
