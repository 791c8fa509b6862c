"""Pull requests for tests: files in which the words `bad`, `old` and `hint` are findings."""

from __future__ import annotations

import re
from dataclasses import dataclass

from gaebot.bot.event import Review
from gaebot.bot.review.run import review
from gaebot.bot.settings import Settings
from gaebot.finding import Failure, Finding, Fix, Place, RunsOn, Safety, Severity
from gaebot.report import Report
from gaebot.text import SourceFile, Span
from tests.bot.fake_forge import FakeForge, FakeOutput

SEVERITIES = {"bad": Severity.ERROR, "old": Severity.WARNING, "hint": Severity.NOTE}
WORD = re.compile(rb"\b(bad|old|hint)\b")
MESSAGES = {word: f"The word `{word}` is out of date: write another." for word in SEVERITIES}


def report_of(files, *, app="", failures=(), messages=MESSAGES):
    """What is found in files. `old` has a fix."""
    findings, sources = [], {}
    for path, text in files.items():
        source = SourceFile(path, text.encode("utf-8", "surrogateescape"))
        sources[path] = source
        for match in WORD.finditer(source.data):
            word = match[0].decode()
            place = Place(source, Span(*match.span()))
            fix = None
            if word == "old":
                fix = Fix("Write `new`", (place.replace(b"new"),), Safety.SAFE, RunsOn.BOTH)
            findings.append(
                Finding(f"{word}-word", SEVERITIES[word], place, messages[word], fix=fix, app=app)
            )
    return Report(tuple(findings), tuple(failures), (app,), sources=sources)


@dataclass
class FakeChecks:
    """The checks of a fake host's pull request."""

    forge: FakeForge
    with_base: bool = True
    failures: tuple[Failure, ...] = ()
    messages: dict = None

    def head(self):
        return report_of(self.forge.head, failures=self.failures, messages=self.messages or MESSAGES)

    def base(self):
        return report_of(self.forge.base) if self.with_base else None


def run(forge, settings=None, **named):
    """Review the pull request as it is; the outcome and the output."""
    output = FakeOutput()
    job = Review(forge.number, forge.pull.head_sha)
    outcome = review(forge, job, settings or Settings(), FakeChecks(forge, **named), output)
    assert sum(outcome.went.values()) == len(outcome.report.findings)
    return outcome, output


def summary(forge):
    """The text of the one summary."""
    (comment,) = [each for each in forge.comments_ if each.body.startswith("<!-- gaebot:summary")]
    return comment.body


def state(forge):
    """Everything that is said on the pull request."""
    return (tuple(forge.threads_), tuple(forge.comments_), tuple(forge.reviews))
