"""What an event asks of the bot: a table from the name of the event and its payload to a job."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from gaebot.bot.forge import PullRequest
from gaebot.bot.settings import Mode

Payload = Mapping[str, Any]

_COMMAND = re.compile(r"\A/gaebot[ \t]+(?P<name>fix|ignore|explain)\b[ \t]*(?P<rest>[^\r\n]*)")
_MOST_LETTERS = 500  # of a command; reasons are one line


@dataclass(frozen=True)
class Review:
    """Review a pull request: say in its diff what is found at the commit `head_sha`."""

    number: int
    head_sha: str


@dataclass(frozen=True)
class FixUp:
    """Open or renew fix-up pull requests against a branch, empty for the default one."""

    base: str = ""


@dataclass(frozen=True)
class PostReview:
    """Post what another run has left behind, if it is what it says."""

    run: int


@dataclass(frozen=True)
class Command:
    """Somebody wrote `/gaebot …` on a pull request: which command, on what, and who.

    `name` is fix, ignore or explain; `rest` is what follows it, in one line.
    """

    number: int
    name: str
    rest: str
    author: str
    comment: int


@dataclass(frozen=True)
class Nothing:
    """There is nothing to do. `why` is a sentence for the log."""

    why: str


Job = Review | FixUp | PostReview | Command | Nothing


def job_for(event: str, payload: Payload, mode: Mode) -> Job:
    """What an event asks for, in a mode. `payload` is what the host has sent with it, as parsed JSON."""
    make = _JOBS.get(event)
    if make is None:
        return Nothing(f"gaebot has nothing to do for the event {event}.")
    job = make(payload)
    if isinstance(job, Review) and mode not in {Mode.REVIEW, Mode.BOTH}:
        return Nothing(f"A pull request is not reviewed in mode {mode.value}.")
    if isinstance(job, FixUp) and mode not in {Mode.FIX, Mode.BOTH}:
        return Nothing(f"Fix-up pull requests are not opened in mode {mode.value}.")
    if isinstance(job, PostReview) != (mode is Mode.POST) and not isinstance(job, Nothing):
        return Nothing(f"The event {event} is not for mode {mode.value}.")
    return job


def pull_request_of(payload: Payload) -> PullRequest:
    """The pull request that an event is for, as it was then. Raises `KeyError` where there is none."""
    pull = payload["pull_request"]
    return PullRequest(
        number=int(pull["number"]),
        title=str(pull.get("title") or ""),
        body=str(pull.get("body") or ""),
        is_open=pull.get("state", "open") == "open",
        is_merged=bool(pull.get("merged")),
        is_locked=bool(pull.get("locked")),
        author=str((pull.get("user") or {}).get("login", "")),
        head_ref=str(pull["head"].get("ref", "")),
        head_sha=str(pull["head"]["sha"]),
        head_repository=str((pull["head"].get("repo") or {}).get("full_name", "")),
        base_ref=str(pull["base"].get("ref", "")),
        base_sha=str(pull["base"]["sha"]),
        labels=tuple(str(label["name"]) for label in pull.get("labels") or ()),
        url=str(pull.get("html_url") or ""),
    )


def _pull_request(payload: Payload) -> Job:
    pull = payload["pull_request"]
    if payload.get("action") not in {"opened", "synchronize", "reopened", "ready_for_review", "edited"}:
        return Nothing(f"Nothing of the code changes when a pull request is {payload.get('action')}.")
    return Review(int(pull["number"]), str(pull["head"]["sha"]))


def _push(payload: Payload) -> Job:
    ref = str(payload.get("ref", ""))
    default = payload.get("repository", {}).get("default_branch")
    if payload.get("deleted") or not ref.startswith("refs/heads/"):
        return Nothing(f"{ref} is no branch that code was pushed to.")
    branch = ref.removeprefix("refs/heads/")
    if branch != default:
        return Nothing(f"{branch} is not the default branch, for which fix-up pull requests are opened.")
    return FixUp(branch)


def _any_time(_payload: Payload) -> Job:
    return FixUp()


def _workflow_run(payload: Payload) -> Job:
    run = payload["workflow_run"]
    if run.get("event") != "pull_request":
        return Nothing(f"The run was for {run.get('event')}, not for a pull request.")
    return PostReview(int(run["id"]))


def _issue_comment(payload: Payload) -> Job:
    issue, comment = payload["issue"], payload["comment"]
    if payload.get("action") != "created" or "pull_request" not in issue:
        return Nothing("Only new comments on pull requests are commands.")
    if comment["user"].get("type") == "Bot":
        return Nothing("Comments of bots are no commands.")
    match = _COMMAND.match(str(comment.get("body") or "")[:_MOST_LETTERS])
    if match is None:
        return Nothing("The comment is no command for gaebot.")
    author = str(comment["user"]["login"])
    return Command(int(issue["number"]), match["name"], match["rest"].strip(), author, int(comment["id"]))


_JOBS: Mapping[str, Callable[[Payload], Job]] = {
    "pull_request": _pull_request,
    "push": _push,
    "schedule": _any_time,
    "workflow_dispatch": _any_time,
    "workflow_run": _workflow_run,
    "issue_comment": _issue_comment,
}
