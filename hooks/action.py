"""The action: reads what the runner tells, lets the bot do what the event asks for, says what came of it.

Nothing of the repository is run or imported. What is wrong with the inputs, with the settings, or inside
gaebot is told in one annotation.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from gaebot import api, disk
from gaebot.bot.actions import ActionsOutput, Runner
from gaebot.bot.event import (
    Command,
    FixUp,
    Job,
    Nothing,
    Payload,
    PostReview,
    Review,
    job_for,
    pull_request_of,
)
from gaebot.bot.forge import ForbiddenError, ForgeError, LimitError, UnreachableError
from gaebot.bot.outcome import Outcome
from gaebot.bot.settings import InputError, Settings
from gaebot.disk.files import is_inside
from gaebot.finding import Severity
from gaebot.process import print_any_name
from gaebot.render.formats import render
from gaebot.render.json import render_json
from gaebot.render.words import counted
from gaebot.report import Report
from gaebot.rule import discover, hops

_DONE, _FINDINGS, _WRONG_USE, _INTERNAL = range(4)
_RIGHTS = "Does the job have the `permissions` that the workflows in gaebot's README have?"
_AGAIN = "Nothing is wrong with your code or settings: run the job again later."
_FAULT = "This is a fault in gaebot: please report it, with what stands in the log under `Traceback`."


def main() -> int:
    """Do what the event of the job asks for; the exit code of the step.

    It is 1 when findings are at or above `fail-on`, 2 for inputs or settings that can't be followed, 3 when
    GitHub could not be read or something failed inside gaebot, else 0: that something could not be posted
    never makes a job fail.
    """
    print_any_name()
    try:
        runner = Runner.read(os.environ)
    except InputError as error:
        ActionsOutput(sys.stdout, os.devnull).fail(str(error))
        return _WRONG_USE
    # Below a folder that nobody else knows before, so that nothing stands there yet.
    folder = tempfile.mkdtemp(prefix="gaebot-", dir=runner.temporary)
    output = ActionsOutput(sys.stdout, folder, summary=runner.summary, outputs=runner.outputs)
    try:
        with _in_folder(runner.workspace):
            return _run(runner, output, folder)
    except (InputError, *api.USAGE_ERRORS) as error:
        output.fail(str(error))
        return _WRONG_USE
    except ForgeError as error:
        output.fail(f"GitHub did not let gaebot go on: {error} {_way_out(error)}")
        return _INTERNAL
    except Exception as error:  # noqa: BLE001 - whatever it is, one clear line
        output.fail(f"gaebot stopped with {type(error).__name__}: {str(error)[:500]}. {_FAULT}")
        output.group("Traceback", traceback.format_exc())
        return _INTERNAL
    finally:
        output.tell(output.kept())


def _run(runner: Runner, output: ActionsOutput, folder: str) -> int:
    """Carry out the job of the event in the current folder; the exit code. Files go into a folder of ours."""
    settings = Settings.read(runner.inputs)
    sarif = _inside(settings.sarif_file, runner)
    payload = _payload(runner.event_file)
    outcome = carry_out(
        job_for(runner.event, payload, settings.mode), payload, settings, runner=runner, output=output
    )
    values = {"review-url": outcome.review_url, "pull-requests": json.dumps(outcome.pull_requests)}
    if outcome.report is not None:
        path = os.path.join(folder, "report.json")
        _write(path, render_json(outcome.report))
        values |= {"report": path, **dict(_counts(outcome.report))}
        if sarif is not None:
            rules = discover(settings.to or hops()[0])
            _write(sarif, render("sarif", outcome.report, rules))
    output.tell({name: value for name, value in values.items() if value})
    for line in _told(outcome):
        if not output.has_logged(line):
            output.log(line)
    return _FINDINGS if outcome.fails else _DONE


def carry_out(
    job: Job, payload: Payload, settings: Settings, *, runner: Runner, output: ActionsOutput
) -> Outcome:
    """What a job comes to, with the payload of its event. The current folder is the checked-out repository.

    Modules of the bot are loaded for the jobs that need them. Raises `ForgeError`, `InputError`, and what is
    in `api.USAGE_ERRORS`.
    """
    if isinstance(job, Nothing):
        return Outcome(why=job.why)
    if not runner.token:
        raise InputError("The input `github-token` is empty: leave it out, or give it the token of the job.")
    # Without an app GitHub need not be asked. What is asked for by its name has to be there, though; a pull
    # request may take it away, which its review has to tell.
    is_named = settings.paths != Settings().paths
    if isinstance(job, FixUp) or (isinstance(job, Review) and not is_named):
        try:
            disk.find_targets(settings.paths)
        except disk.NoAppError as error:
            if is_named:
                raise
            return Outcome(why=f"There is nothing to do: {error}")
    return _dispatch(job, payload, settings, runner=runner, output=output)


def _dispatch(
    job: Review | FixUp | PostReview | Command,
    payload: Payload,
    settings: Settings,
    *,
    runner: Runner,
    output: ActionsOutput,
) -> Outcome:
    from gaebot.bot.github import GitHub  # noqa: PLC0415 - many events ask for nothing

    forge = GitHub(runner.token, runner.repository, runner.api_url)
    root = runner.workspace
    result: Outcome
    if isinstance(job, Review):
        from gaebot.bot.checkout import GitChecks  # noqa: PLC0415
        from gaebot.bot.review.run import review  # noqa: PLC0415

        # As the event tells it: GitHub need not answer for the code to be checked.
        checks = GitChecks(root, settings, forge, pull_request_of(payload))
        result = review(forge, job, settings, checks, output)
    elif isinstance(job, PostReview):
        from gaebot.bot.review.run import post  # noqa: PLC0415

        result = post(forge, job, settings, output)
    elif isinstance(job, FixUp):
        from gaebot.bot.fixups.run import fix_up  # noqa: PLC0415

        result = fix_up(forge, job, settings, root, output)
    else:
        from gaebot.bot.commands import command  # noqa: PLC0415

        result = command(forge, job, settings, root, output)
    return result


@contextmanager
def _in_folder(folder: str) -> Iterator[None]:
    """Run something in a folder: paths in reports are relative to the current one."""
    before = os.getcwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


def _payload(file: str) -> Payload:
    payload = json.loads(Path(file).read_text(encoding="utf-8"))
    if not isinstance(payload, dict):
        raise InputError(f"The payload of the event, in {file}, is no JSON object.")
    return payload


def _inside(file: str | None, runner: Runner) -> str | None:
    """Where the SARIF file goes. Raises `InputError` for a place outside of checkout and job's folder.

    A link in the checkout may lead there, too.
    """
    if file is None:
        return None
    path = os.path.abspath(file)
    folder = os.path.realpath(os.path.dirname(path))
    places = [os.path.realpath(place) for place in (runner.workspace, runner.temporary)]
    if not any(folder == place or is_inside(folder, place) for place in places) or os.path.isdir(path):
        raise InputError(
            f"The input `sarif-file` can't be {file!r}: it has to be a file of the checked-out repository."
        )
    return path


def _write(path: str, text: str) -> None:
    """Write a file, in the place of whatever stands there: a link is replaced, not followed."""
    os.makedirs(os.path.dirname(path), exist_ok=True)
    handle, fresh = tempfile.mkstemp(dir=os.path.dirname(path))
    with os.fdopen(handle, "w", encoding="utf-8", errors="backslashreplace", newline="") as stream:
        stream.write(text)
    os.chmod(fresh, 0o644)
    os.replace(fresh, path)


def _counts(report: Report) -> Iterator[tuple[str, str]]:
    yield "findings", str(len(report.findings))
    for severity in Severity:
        yield f"{severity.value}s", str(report.count(severity))


def _told(outcome: Outcome) -> Iterator[str]:
    """Lines for the end of the log."""
    if outcome.why:
        yield outcome.why
    if outcome.report is not None:
        counts = ", ".join(counted(outcome.report.count(severity), severity.value) for severity in Severity)
        yield f"Found: {counts}."
    for place, count in outcome.went.items():
        yield f"Told in the {place}: {counted(count, 'finding')}."
    if outcome.review_url:
        yield f"The review: {outcome.review_url}"
    for number in outcome.pull_requests:
        yield f"Fix-up pull request: #{number}"
    if outcome.fails:
        yield "The job fails because there are new findings at or above `fail-on`."


def _way_out(error: ForgeError) -> str:
    if isinstance(error, ForbiddenError):
        return _RIGHTS
    return _AGAIN if isinstance(error, (LimitError, UnreachableError)) else _FAULT


if __name__ == "__main__":
    sys.exit(main())
