"""GitHub Actions as the place where the bot runs: what the runner tells, and what it is told.

The runner takes a line of the log for a command when it begins with `::`, and in an old form when `##[`
stands anywhere in it. So what is logged is made harmless, and only annotations are written as commands.
Values of the step go through the files that the runner names.
"""

from __future__ import annotations

import re
import uuid
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

from gaebot.bot.settings import InputError
from gaebot.render.github import MAX_ANNOTATIONS
from gaebot.render.visible import visible
from gaebot.render.words import one_line

MAX_SUMMARY = 1024 * 1024
"""Bytes of a step's summary. Of a longer one the runner shows nothing."""

PLAN_FILE = "gaebot-plan.json"
"""What a review leaves behind for `post`. It has an artifact of its own, with nothing else in it."""

SUMMARY_FILE = "job-summary.md"
"""Where that part of a summary is kept for which there was no room."""

_PREFIX = "GAEBOT_"
_RESERVED = 200  # bytes for the sentence about what there was no room for
_NO_ROOM = (
    f"\nThere was no room for all of it here: the rest is in the artifact of this run, in {SUMMARY_FILE}.\n"
)
_LINE_END = re.compile(r"\r\n|\r|\n")
_HIDDEN_COMMAND = re.compile(
    r"\A([^!-~]*)::"
)  # the runner passes over more kinds of blanks than it is worth to list
_ANNOTATION = re.compile(
    r"::(?P<kind>error|warning|notice)(?: (?P<properties>(?:(?!::).)*))?::(?P<message>.*)"
)
_FILE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")


@dataclass(frozen=True)
class Runner:
    """What the runner tells a step by environment variables.

    `inputs` are those of action.yml, by their names there, and `token` is the one that is none of the
    settings. `workspace` is the checked-out repository, `temporary` a folder that goes away with the job.
    `summary` and `outputs` are files that the runner reads after the step, empty where there are none.
    """

    event: str
    event_file: str
    repository: str
    api_url: str
    workspace: str
    temporary: str
    summary: str = ""
    outputs: str = ""
    token: str = field(default="", repr=False)
    inputs: Mapping[str, str] = field(default_factory=dict)

    @staticmethod
    def read(environment: Mapping[str, str]) -> Runner:
        """The runner that some environment variables tell of. Raises `InputError` where one is missing."""
        inputs = {
            name.removeprefix(_PREFIX).lower().replace("_", "-"): value
            for name, value in environment.items()
            if name.startswith(_PREFIX)
        }
        return Runner(
            event=_variable(environment, "GITHUB_EVENT_NAME"),
            event_file=_variable(environment, "GITHUB_EVENT_PATH"),
            repository=_variable(environment, "GITHUB_REPOSITORY"),
            api_url=_variable(environment, "GITHUB_API_URL"),
            workspace=_variable(environment, "GITHUB_WORKSPACE"),
            temporary=_variable(environment, "RUNNER_TEMP"),
            summary=environment.get("GITHUB_STEP_SUMMARY", ""),
            outputs=environment.get("GITHUB_OUTPUT", ""),
            token=inputs.pop("github-token", "").strip(),
            inputs=inputs,
        )


def _variable(environment: Mapping[str, str], name: str) -> str:
    value = environment.get(name, "")
    if not value:
        raise InputError(f"The variable {name} is not set: this program is for a job of GitHub Actions.")
    return value


class ActionsOutput:
    """`Output` in a job of GitHub Actions.

    `stream` is the log, `folder` an empty one for files that are kept, outside of the checkout.
    `summary` and `outputs` are the files that the runner reads, empty where there are none.
    """

    def __init__(self, stream: TextIO, folder: str, *, summary: str = "", outputs: str = "") -> None:
        self._stream = stream
        self._plan = Path(folder, "plan", PLAN_FILE)
        self._kept = Path(folder, "kept")
        self._summary = summary
        self._outputs = outputs
        self._annotations: Counter[str] = Counter()
        self._logged: set[str] = set()
        self._is_summary_full = False

    def log(self, line: str) -> None:
        """Write to the log. Lines that the runner would take for commands come out as text."""
        self._logged.add(line)
        for part in _LINE_END.split(line):
            self._write(as_text(part))

    def has_logged(self, line: str) -> bool:
        """Whether a line stands in the log already."""
        return line in self._logged

    def annotate(self, commands: str) -> None:
        """Write annotations, and other lines as `log` does.

        The runner drops what is beyond its limit without a word: such annotations become text.
        """
        for line in commands.removesuffix("\n").split("\n"):
            match = _ANNOTATION.fullmatch(line)
            if match is None or "##[" in line or "\r" in line:
                self.log(line)
            elif self._annotations[match["kind"]] < MAX_ANNOTATIONS:
                self._annotations[match["kind"]] += 1
                self._write(line)
            else:
                self.log(f"{match['kind']}: {match['properties'] or ''}: {match['message']}")

    def fail(self, message: str) -> None:
        """Say in one annotation why the job fails. The message may hold names from a repository."""
        told = visible(one_line(message)).replace("%", "%25").replace("##[", "## [")
        self._write(f"::error title=gaebot::{told}")

    def group(self, title: str, text: str) -> None:
        """Write a text that is folded in the log."""
        self._write(f"::group::{title}")
        self.log("\n".join(map(visible, _LINE_END.split(text))))
        self._write("::endgroup::")

    def summarise(self, markdown: str) -> None:
        """Add to the summary of the step. For what there is no room, the rest is kept as a file instead."""
        data = (markdown if markdown.endswith("\n") else f"{markdown}\n").encode("utf-8", "backslashreplace")
        if not self._summary:
            self.log(markdown)
            return
        size = Path(self._summary).stat().st_size if Path(self._summary).exists() else 0
        if not self._is_summary_full and size + len(data) <= MAX_SUMMARY - _RESERVED:
            _append(self._summary, data)
            return
        if not self._is_summary_full:
            self._is_summary_full = True
            _append(self._summary, _NO_ROOM.encode())
        self._kept.mkdir(parents=True, exist_ok=True)
        _append(str(self._kept / SUMMARY_FILE), data)

    def keep(self, name: str, data: bytes) -> str:
        """Keep a file for the artifact of the run; its path. Raises `ValueError` for no plain name."""
        if _FILE_NAME.fullmatch(name) is None:
            raise ValueError(f"{name!r} is no plain name for a file")
        path = self._plan if name == PLAN_FILE else self._kept / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        return str(path)

    def kept(self) -> dict[str, str]:
        """What becomes artifacts, as outputs of the step: the plan of a review, the folder of all else."""
        return {
            "plan": str(self._plan) if self._plan.is_file() else "",
            "kept": str(self._kept) if self._kept.is_dir() else "",
        }

    def tell(self, values: Mapping[str, str]) -> None:
        """Set outputs of the step."""
        if self._outputs:
            _append(self._outputs, "".join(map(_output, values.keys(), values.values())).encode())

    def _write(self, line: str) -> None:
        self._stream.write(f"{line}\n")
        self._stream.flush()


def as_text(line: str) -> str:
    """A line that is no command to the runner."""
    return _HIDDEN_COMMAND.sub(r"\1: :", line.replace("##[", "## ["))


def _output(name: str, value: str) -> str:
    """An output as the runner reads it. The delimiter stands nowhere in the value, so none ends early."""
    delimiter = f"ghadelimiter_{uuid.uuid4()}"
    while delimiter in value:
        delimiter = f"ghadelimiter_{uuid.uuid4()}"
    return f"{name}<<{delimiter}\n{value}\n{delimiter}\n"


def _append(file: str, data: bytes) -> None:
    with Path(file).open("ab") as stream:
        stream.write(data)
