"""The whole proof that patched apps work: `prove`. It runs the apps; nothing else of gaebot does."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from gaebot import api, disk
from gaebot.app import App
from gaebot.engine import FixResult
from gaebot.evidence import Evidence, Judgement, Outcome, Proof, Step, concluded
from gaebot.paths import is_yaml
from gaebot.prove.python27 import ProofError, compile_files, find_python27
from gaebot.prove.python27 import version_of as python_version
from gaebot.prove.running import Limits, Runner, ServiceToRun, Tell
from gaebot.prove.sdk import YamlVerdict, find_sdk, validate_yaml
from gaebot.prove.sdk import version_of as sdk_version
from gaebot.prove.server import DevServer
from gaebot.render.words import counted
from gaebot.report import Report
from gaebot.runs import Names, Options, runs
from gaebot.runs import Path as AnyPath
from gaebot.service import Role, Service

# Files in the root of an app that App Engine reads besides those of services.
_OTHERS = ("backends", "cron", "dispatch", "dos", "index", "queue")
_TARGET = "python27"
_NO_PYTHON = "no Python 2.7 was found"
_NO_SDK = "Google's App Engine SDK was not found"
_REST = (Step.YAML, Step.LOAD, Step.ANSWER)


@dataclass(frozen=True)
class Judges:
    """The programs that judge, where there are any, and what to install to have those that are missing."""

    python27: Path | None = None
    sdk: Path | None = None
    advice: tuple[str, ...] = ()

    @staticmethod
    def find(environ: Mapping[str, str] = os.environ) -> Judges:
        """Those of this machine."""
        python27 = sdk = None
        advice = []
        try:
            python27 = find_python27(environ)
        except ProofError as error:
            advice.append(str(error))
        try:
            sdk = find_sdk(environ)
        except ProofError as error:
            advice.append(str(error))
        return Judges(python27, sdk, tuple(advice))

    @property
    def names(self) -> tuple[str, ...]:
        """What they are called, with their versions."""
        names = []
        if self.python27 is not None:
            names.append(f"CPython {python_version(self.python27)}")
            if self.sdk is not None:
                names.append(f"Google's App Engine SDK {sdk_version(self.sdk)}".rstrip())
        return tuple(names)


def prove(
    *paths: AnyPath,
    unsafe: bool = True,
    limits: Limits | None = None,
    judges: Judges | None = None,
    to: str | None = None,
    select: Names = (),
    ignore: Names = (),
    config: str | None = None,
    isolated: bool = False,
    structure: bool = False,
    run_tasks: bool = False,
    visit: Callable[[DevServer], None] | None = None,
    progress: api.Progress | None = None,
) -> Report:
    """Show that the apps below some paths work on the new runtime: the report of a check, with evidence.

    The apps are started, each in a temporary copy and on the loopback interface: use it on apps that you
    would run yourself. `unsafe` says which fixes a second run would make. `visit` is called with each server
    when it has started, and `run_tasks` lets task queues run. Otherwise, and in what is raised, as `api.fix`.
    """
    options = Options(to, select, ignore, config, isolated)
    # A file stands for its app: half an app can't be started.
    roots = [target.root or "." for target in disk.find_targets([os.fspath(path) for path in paths] or ["."])]
    named: dict[str, Any] = {
        "to": to,
        "select": select,
        "ignore": ignore,
        "config": config,
        "isolated": isolated,
    }
    fixed = api.fix(*roots, unsafe=unsafe, write=False, structure=structure, progress=progress, **named)
    report = fixed.report
    if fixed.changes:  # what is told is the app as it is
        report = api.check(*roots, structure=structure, progress=progress, **named)
    found = judges or Judges.find()
    evidence = []
    for run, result in zip(runs(roots, options), fixed.results, strict=True):
        case = _Case(
            run.read(),
            Path(run.root or "."),
            found,
            limits or Limits(),
            run_tasks,
            visit,
            _tell(run.root, progress),
        )
        proofs = (*case.proofs(), _again(result, unsafe=unsafe))
        evidence.append(Evidence(proofs, found.names, found.advice, run.root))
    return replace(report, evidence=tuple(evidence))


def _tell(root: str, progress: api.Progress | None) -> Tell:
    number = 0

    def tell(what: str) -> None:
        nonlocal number
        number += 1
        if progress is not None:  # nobody knows how many there will be
            progress(api.Step(root, what, number, number + 1))

    return tell


def _again(result: FixResult, *, unsafe: bool) -> Proof:
    """The proof that another fix has nothing to do."""
    command = "`gaebot fix --unsafe`" if unsafe else "`gaebot fix`, which makes the safe fixes only,"
    broken = [failure for failure in result.report.failures if failure.internal]
    judgements = [Judgement(failure.path, Outcome.FAILED, failure.message) for failure in broken]
    rules: dict[str, set[str]] = {change.path: set() for change in result.changes}
    for finding in result.fixed:
        for path in finding.fix.paths if finding.fix is not None else ():
            rules.setdefault(path, set()).add(finding.rule)
    for change in result.changes:
        why = f"it would be changed by {', '.join(sorted(rules[change.path]))}"
        judgements.append(Judgement(change.path, Outcome.FAILED, why))
    if judgements:
        return Proof(Step.AGAIN, Outcome.FAILED, f"{command} is not done with the app", tuple(judgements))
    return Proof(Step.AGAIN, Outcome.PASSED, f"{command} finds nothing more to fix")


# -- one app ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Case:
    """One app before its judges. `app` is what was read, `root` where it lies."""

    app: App
    root: Path
    judges: Judges
    limits: Limits
    run_tasks: bool
    visit: Callable[[DevServer], None] | None
    tell: Tell

    def proofs(self) -> Iterator[Proof]:
        """All proofs but the second run."""
        python27, sdk = self.judges.python27, self.judges.sdk
        if python27 is None:
            for step in (Step.COMPILE, *_REST):
                yield Proof(step, Outcome.NOT_RUN, _NO_PYTHON)
            return
        self.tell("compiling")
        yield self._compiled(python27)
        if sdk is None:
            for step in _REST:
                yield Proof(step, Outcome.NOT_RUN, _NO_SDK)
            return
        self.tell("reading YAML files")
        try:
            verdicts = self._verdicts(python27, sdk)
        except ProofError as error:
            for step in _REST:
                yield Proof(step, Outcome.NOT_RUN, f"Google's parsers could not do their work ({error})")
            return
        yield _taken(verdicts)
        services, refused = self._services(verdicts)
        runner = Runner(self.root, python27, sdk, self.limits, self.run_tasks, self.tell, self.visit)
        yield from runner.run(services, refused)

    def _compiled(self, python27: Path) -> Proof:
        broken = {failure.path for failure in self.app.failures}
        paths = sorted(path for path in self.app.paths | broken if path.endswith(".py"))
        places = {path: self.root.joinpath(*path.split("/")) for path in paths}
        try:
            errors = compile_files(python27, places.values())
        except ProofError as error:
            return Proof(Step.COMPILE, Outcome.NOT_RUN, f"Python 2.7 could not do its work ({error})")
        judgements = [_judgement(path, errors[place]) for path, place in places.items()]
        return concluded(Step.COMPILE, judgements, counted(len(judgements), "file"))

    def _verdicts(self, python27: Path, sdk: Path) -> dict[str, YamlVerdict]:
        """What Google's parsers say of each file that App Engine reads, by its path in the app."""
        paths = [service.path for service in self._own_services]
        paths += sorted(
            path for path in self.app.paths if "/" not in path and is_yaml(path) and _stem(path) in _OTHERS
        )
        places = {path: self.root.joinpath(*path.split("/")) for path in paths}
        verdicts = validate_yaml(python27, sdk, places.values())
        return {path: verdicts[place] for path, place in places.items()}

    @property
    def _own_services(self) -> Sequence[Service]:
        """The services; where there are none, the templates that users make them of."""
        services = self.app.services
        return [service for service in services if not service.is_template] or services

    def _services(self, verdicts: Mapping[str, YamlVerdict]) -> tuple[list[ServiceToRun], list[Judgement]]:
        """What is to be run, and what is said of the services that are not."""
        services: list[ServiceToRun] = []
        refused: list[Judgement] = []
        for service in self._own_services:
            verdict = verdicts[service.path]
            reason = _refusal(verdict)
            if reason is not None:
                refused.append(Judgement(service.path, *reason))
                continue
            path = service.path
            if service.is_template:
                path = posixpath.join(posixpath.dirname(path), "app.yaml")
                if any(one.path == path for one in services):  # one template stands for app.yaml
                    continue
            more = [use.script for use in service.scripts if use.role is not Role.HANDLER]
            services.append(
                ServiceToRun(
                    path,
                    verdict.name or "default",
                    verdict.handlers,
                    tuple(script.text for script in more if not script.has_backreference),
                    service.path if service.is_template else "",
                    self._backends(service, verdicts),
                )
            )
        if not services and not refused:
            refused.append(Judgement("", Outcome.NOT_RUN, "the app has no service"))
        return services, refused

    def _backends(self, service: Service, verdicts: Mapping[str, YamlVerdict]) -> tuple[str, ...]:
        """The file of the service's backends, if it has one that Google's parser takes."""
        if service.backends is None:
            return ()
        path = service.backends.source.path
        return (path,) if verdicts[path].error is None else ()


def _stem(path: str) -> str:
    return path.partition(".")[0]


def _judgement(path: str, error: str | None) -> Judgement:
    return Judgement(path, Outcome.PASSED if error is None else Outcome.FAILED, error or "")


def _taken(verdicts: Mapping[str, YamlVerdict]) -> Proof:
    judgements = [_judgement(path, verdict.error) for path, verdict in verdicts.items()]
    return concluded(Step.YAML, judgements, counted(len(judgements), "file"))


def _refusal(verdict: YamlVerdict) -> tuple[Outcome, str] | None:
    """Why a service is not run, None when it is."""
    if verdict.error is not None:
        return Outcome.NOT_RUN, "Google's parser refuses the file"
    if verdict.runtime == "python":
        return Outcome.FAILED, "it still says `runtime: python`, which `gaebot fix --unsafe` moves"
    if verdict.runtime != _TARGET:
        return Outcome.NOT_RUN, f"its runtime is {verdict.runtime or 'not said'}, not {_TARGET}"
    return None


def proved(evidence: Iterable[Evidence], *, allow_not_run: bool = False) -> bool:
    """Whether all steps of all apps passed; with `allow_not_run`, whether none failed."""
    if allow_not_run:
        return not any(one.count(Outcome.FAILED) for one in evidence)
    return all(one.is_whole for one in evidence)
