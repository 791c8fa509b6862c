"""Run the services of an app on the development server: whether scripts load, and handlers answer."""

from __future__ import annotations

import posixpath
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from gaebot.evidence import Judgement, Outcome, Proof, Step, concluded
from gaebot.prove.handlers import Handler, handler_urls, script_at
from gaebot.prove.load import load
from gaebot.prove.probe import Probe, Verdict, probe
from gaebot.prove.server import DevServer, StartError
from gaebot.render.words import counted
from gaebot.script import Script

Tell = Callable[[str], None]
"""Is told what is done next: 'asking /sign'."""

# What urlfetch raises when it does not reach a host.
_FETCH_FAILURES = ("DownloadError: ", "ConnectionClosedError: ")


@dataclass(frozen=True)
class Limits:
    """How long things may take, in seconds: all of an app, its start, and each answer."""

    whole: float = 600
    start: float = 60
    answer: float = 30


@dataclass(frozen=True)
class ServiceToRun:
    """A service: the path of its file in the app, its name, and its handlers in order.

    `scripts` are those that it names elsewhere, for backends and the like. `template` is the file that is
    copied to `path` first, empty where that is there. `beside` are files that the server is started with as
    well (backends.yaml).
    """

    path: str
    name: str
    handlers: tuple[Handler, ...]
    scripts: tuple[str, ...] = ()
    template: str = ""
    beside: tuple[str, ...] = ()

    @property
    def folder(self) -> str:
        """The folder in the app in which its file lies: for the server that is the service's root."""
        return posixpath.dirname(self.path)

    @property
    def shown(self) -> str:
        """The path of the file that is really there."""
        return self.template or self.path


@dataclass
class Runner:
    """Runs services of one app, and collects what becomes of their scripts and handlers.

    `tell` is told what is done next. `visit` is called with each server when it has started, before anything
    is asked.
    """

    app: Path
    python27: Path
    sdk: Path
    limits: Limits = field(default_factory=Limits)
    run_tasks: bool = False
    tell: Tell = lambda _: None
    visit: Callable[[DevServer], None] | None = None
    _loaded: list[Judgement] = field(default_factory=list)
    _answered: list[Judgement] = field(default_factory=list)

    def run(self, services: Sequence[ServiceToRun], refused: Iterable[Judgement] = ()) -> tuple[Proof, Proof]:
        """The proofs that scripts load and that handlers answer.

        `refused` are the judgements of services that are not run at all.
        """
        self._give_up = time.monotonic() + self.limits.whole
        skipped = tuple(refused)
        self._loaded, self._answered = list(skipped), list(skipped)
        for batch in batches(services):
            self._run_batch(batch)
        return _load_proof(self._loaded), _answer_proof(self._answered, services)

    def _run_batch(self, batch: Sequence[ServiceToRun]) -> None:
        """Run services beside each other; where the server does not start with them, each for itself."""
        names = ", ".join(service.shown for service in batch)
        if self._time_left() <= 0:
            for service in batch:
                self._not_run(service, self._over())
            return
        self.tell(f"starting the development server with {names}")
        try:
            with self._server(batch) as server:
                if self.visit is not None:
                    self.visit(server)
                for service in batch:
                    self._load_all(server, service)
                for service in batch:
                    self._ask_all(server, service)
        except StartError as error:
            if len(batch) > 1 and not self._has_begun(batch):
                for service in batch:
                    self._run_batch([service])
                return
            for service in batch:
                self._does_not_start(service, error.reason)

    def _server(self, batch: Sequence[ServiceToRun]) -> DevServer:
        return DevServer(
            self.app,
            python27=self.python27,
            sdk=self.sdk,
            services=[*(one.path for one in batch), *(path for one in batch for path in one.beside)],
            templates={service.template: service.path for service in batch if service.template},
            console=True,
            run_tasks=self.run_tasks,
            start_seconds=min(self.limits.start, max(1.0, self._time_left())),
            answer_seconds=min(self.limits.answer, max(1.0, self._time_left())),
        )

    # -- one service ---------------------------------------------------------------------------

    def _load_all(self, server: DevServer, service: ServiceToRun) -> None:
        for script in self._scripts(service):
            self._loaded.append(self._load(server, service, script))

    def _scripts(self, service: ServiceToRun) -> list[str]:
        """The scripts that handlers name, each once; those made from a URL as the URLs make them."""
        named = [
            script_at(handler, path) or "" if path is not None else handler.script or ""
            for handler, path in handler_urls(service.handlers, self.app / service.folder)
        ]
        return list(dict.fromkeys(script for script in (*named, *service.scripts) if script))

    def _load(self, server: DevServer, service: ServiceToRun, script: str) -> Judgement:
        if Script(script).is_cgi:
            return Judgement(service.shown, *self._cgi(server, service, script), script=script)
        if self._time_left() <= 0:
            return Judgement(service.shown, Outcome.NOT_RUN, self._over(), script=script)
        self.tell(f"loading {script}")
        result = load(server, script, service=service.name, folder=service.folder)
        outcome = Outcome.FAILED if result.reason else Outcome.PASSED
        return Judgement(service.shown, outcome, _with_place(result.reason, result.place), script=script)

    def _cgi(self, server: DevServer, service: ServiceToRun, script: str) -> tuple[Outcome, str]:
        """A CGI script has no object: to load it is to run it, which is what the server does when asked."""
        root = self.sdk if script.startswith("$PYTHON_LIB/") else server.root / service.folder
        file = root / script.removeprefix("$PYTHON_LIB/")
        if file.is_file() or (file / "__init__.py").is_file():
            return Outcome.PASSED, "a CGI script, which is run for each request"
        return Outcome.FAILED, f"there is no file {script}"

    def _ask_all(self, server: DevServer, service: ServiceToRun) -> None:
        for handler, path in handler_urls(service.handlers, self.app / service.folder):
            if self._time_left() <= 0:
                self._answered.append(
                    _of(service, Outcome.NOT_RUN, self._over(), handler, handler.script or "")
                )
                continue
            if path is not None:
                self.tell(f"asking {path}")
            try:
                found = probe(server, self.sdk, handler, path, service=service.name, folder=service.folder)
            except StartError as error:
                why = f"the server does not start again after a request that hung ({error.reason})"
                self._answered.append(_of(service, Outcome.FAILED, why, handler, handler.script or ""))
                raise
            self._answered.append(_judged(service, handler, found))

    # -- what can't be asked -------------------------------------------------------------------

    def _has_begun(self, batch: Sequence[ServiceToRun]) -> bool:
        paths = {service.shown for service in batch}
        return any(one.path in paths for one in (*self._loaded, *self._answered))

    def _does_not_start(self, service: ServiceToRun, reason: str) -> None:
        why = f"the development server does not start: {reason}"
        if not any(one.path == service.shown for one in self._loaded):
            self._loaded.append(
                Judgement(service.shown, Outcome.NOT_RUN, "the development server does not start")
            )
        self._answered.append(Judgement(service.shown, Outcome.FAILED, why))

    def _not_run(self, service: ServiceToRun, why: str) -> None:
        for judgements in (self._loaded, self._answered):
            judgements.append(Judgement(service.shown, Outcome.NOT_RUN, why))

    def _time_left(self) -> float:
        return self._give_up - time.monotonic()

    def _over(self) -> str:
        return f"the time limit of {self.limits.whole:g} seconds was over"


def batches(services: Sequence[ServiceToRun]) -> Iterator[list[ServiceToRun]]:
    """The services that one server can run, group after group: no name twice in one."""
    waiting = list(services)
    while waiting:
        batch: dict[str, ServiceToRun] = {}
        left = []
        for service in waiting:
            if service.name in batch:
                left.append(service)
            else:
                batch[service.name] = service
        yield list(batch.values())
        waiting = left


def _of(service: ServiceToRun, outcome: Outcome, said: str, handler: Handler, script: str) -> Judgement:
    return Judgement(service.shown, outcome, said, handler=handler.url, script=script)


def _judged(service: ServiceToRun, handler: Handler, found: Probe) -> Judgement:
    """What a probe says of a handler."""
    if found.path is None:
        why = "no URL was found that it and no earlier handler takes"
        return _of(service, Outcome.NOT_RUN, why, handler, found.script)
    outcome, said = Outcome.PASSED, ""
    if found.verdict is not Verdict.ANSWERS:
        outcome, said = Outcome.FAILED, _with_place(found.reason, found.place)
        if found.reason.startswith(_FETCH_FAILURES):
            outcome = Outcome.NOT_RUN
            said = f"it asks another host, which is not reached from here ({said})"
    return Judgement(
        service.shown, outcome, said, handler.url, found.script, f"GET {found.path}", found.status
    )


def _with_place(reason: str, place: str) -> str:
    return f"{reason} ({place})" if place and place not in reason else reason


def _load_proof(judgements: Sequence[Judgement]) -> Proof:
    scripts = [one for one in judgements if one.script]
    return concluded(Step.LOAD, judgements, counted(len(scripts), "script"))


def _answer_proof(judgements: Sequence[Judgement], services: Sequence[ServiceToRun]) -> Proof:
    asked = [one for one in judgements if one.handler]
    about = f"{counted(len(asked), 'handler')} of {counted(len(services), 'service')}"
    return concluded(Step.ANSWER, judgements, about)
