"""Ask every handler of an app on the development server, and say which load and which answer."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from gaebot.prove.handlers import Handler, handler_urls, read_handlers, route, script_at
from gaebot.prove.server import TRACEBACK, Answer, DevServer, NoAnswerError, StartError

_FRAME = re.compile(r'^\s+File "(?P<file>[^"]+)", line (?P<line>\d+)(?:, in (?P<function>.+))?$')
# What the server says by itself; it can come between the lines of an app's traceback.
_SERVER_LINE = re.compile(r"INFO\s+\S+ \S+ (?:module|instance)\.py:\d+\] ")
# Only here does google/appengine/runtime/wsgi.py import what a handler names.
_WSGI_LOADS = "self._LoadHandler()"
_PYTHON_LIB = "$PYTHON_LIB/"
_GUARD = re.compile(r"if\s+.*__name__.*__main__")
# A statement by which a CGI script that has no guard starts to serve the request.
_SERVES = re.compile(r"(?:[\w.]+\.)?(?:\w*main|run|run_(?:bare_)?wsgi_app|CGIHandler\(\)\.run)\s*\(")
_PAGE_TITLE = re.compile(rb"<title>\s*(.*?)\s*</title>", re.DOTALL | re.IGNORECASE)


class Verdict(Enum):
    """What became of a request to a handler, from best to worst."""

    ANSWERS = "answers"
    """A status below 500, and no traceback in the log."""
    FAILS = "fails"
    """The script is loaded; a status of 500 or more, a traceback, or no answer in time."""
    DOES_NOT_LOAD = "does not load"
    """The script does not exist, or an exception left it while it was imported or looked up."""
    NOT_REACHED = "not reached"
    """No URL was found that this handler and no earlier one takes."""
    NO_HANDLER = "no handler"
    """No handler takes the URL."""

    @property
    def loads(self) -> bool:
        """Whether the script of the handler is known to load."""
        return self in (Verdict.ANSWERS, Verdict.FAILS)


@dataclass(frozen=True, slots=True)
class Probe:
    """One request to one handler.

    `url` is the handler's regular expression, `script` what it runs for this `path`, `status` that
    of the answer. `reason` is why it fails or does not load, the last line of the traceback if
    there is one, and empty when it answers. `place` is the last line of the app in that traceback
    ('blog/main.py:12'), empty where there is none.
    """

    url: str
    script: str
    path: str | None
    verdict: Verdict
    status: int | None = None
    reason: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class ProbeReport:
    """All probes of an app; `refused` says why the server does not take the app at all."""

    probes: tuple[Probe, ...]
    refused: str | None = None


def probe_handlers(
    app: Path,
    *,
    python27: Path,
    sdk: Path,
    service: str = "app.yaml",
    paths: Sequence[str] | None = None,
    answer_seconds: float = 30,
) -> ProbeReport:
    """Run an app on the development server and ask each script handler of its service file.

    With `paths` those are asked instead, so that two states of one app can be compared; the probe
    then names the handler that takes the path now.
    """
    try:
        handlers = read_handlers(app / service)
    except (OSError, ValueError) as error:
        return ProbeReport((), str(error))
    wanted: Sequence[tuple[Handler | None, str | None]]
    if paths is None:
        wanted = handler_urls(handlers, app)
    else:
        wanted = [(route(handlers, path), path) for path in paths]
    server = DevServer(
        app,
        python27=python27,
        sdk=sdk,
        services=[service],
        one_instance=True,
        answer_seconds=answer_seconds,
    )
    try:
        with server:
            return ProbeReport(tuple(probe(server, sdk, *target) for target in wanted))
    except StartError as error:
        return ProbeReport((), error.reason)


def probe(
    server: DevServer,
    sdk: Path,
    handler: Handler | None,
    path: str | None,
    *,
    service: str | None = None,
    folder: str = "",
) -> Probe:
    """Ask a running server for one path, that of a handler, as an administrator.

    A server that hangs is restarted. `service` is the name of the service that is asked, `folder` that in the
    app in which its file lies. Raises `StartError` when the server does not come up again.
    """
    if handler is None:
        return Probe("", "", path, Verdict.NO_HANDLER)
    if path is None:
        return Probe(handler.url, handler.script or "", None, Verdict.NOT_REACHED)
    script = script_at(handler, path) or ""
    try:
        answer = server.request("GET", path, login="admin", service=service)
    except NoAnswerError as error:
        # What hangs now would keep the next request waiting.
        server.restart()
        return Probe(handler.url, script, path, Verdict.FAILS, None, str(error))
    root = server.root / folder
    verdict, reason, place = _judge(answer, script, _script_file(script, root, sdk), root)
    reason = reason.replace(f"{root}/", "").replace(f"{sdk}/", "")
    return Probe(handler.url, script, path, verdict, answer.status, reason, place)


def _script_file(script: str, root: Path, sdk: Path) -> Path | None:
    """The file of a CGI script, as google/appengine/runtime/cgi.py finds it; None for WSGI."""
    if not script.endswith(".py") and "/" not in script:
        return None
    in_sdk = script.startswith(_PYTHON_LIB)
    file = (sdk if in_sdk else root) / script.removeprefix(_PYTHON_LIB)
    return file / "__init__.py" if file.is_dir() else file


def _judge(answer: Answer, script: str, cgi_script: Path | None, root: Path) -> tuple[Verdict, str, str]:
    """The verdict, the reason, and the place in the app that the reason comes from."""
    if cgi_script is not None and answer.status == 404 and not cgi_script.is_file():
        return Verdict.DOES_NOT_LOAD, f"there is no file {script}", ""
    logged = list(tracebacks(answer.log))
    if cgi_script is None and answer.status < 500:
        # The runtime answers 500 when it can't load an application: this one is of another request that
        # runs beside, such as the server's own `/_ah/warmup`.
        logged = [traceback for traceback in logged if not traceback.is_from_loading(None)]
    for traceback in logged:
        if traceback.is_from_loading(cgi_script):
            return Verdict.DOES_NOT_LOAD, traceback.exception, traceback.place_below(root)
    if logged:
        return Verdict.FAILS, logged[-1].exception, logged[-1].place_below(root)
    if answer.status >= 500:
        title = _PAGE_TITLE.search(answer.body)
        said = title.group(1).decode("utf-8", "replace") if title else "no traceback in the log"
        return Verdict.FAILS, f"HTTP {answer.status}: {said}", ""
    return Verdict.ANSWERS, "", ""


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame of a traceback; `line` is 1-based, `function` None for a syntax error's place."""

    file: str
    line: int
    function: str | None
    source: str


@dataclass(frozen=True, slots=True)
class Traceback:
    """A traceback from a log.

    `logged_by` is the text before it: the rest of the line in which it begins, else the line
    above. `exception` is the line with the exception's type and message.
    """

    logged_by: str
    frames: tuple[Frame, ...]
    exception: str

    def place_below(self, root: Path) -> str:
        """The file below a folder that it went through last, with the line ('main.py:12'); may be empty."""
        for frame in reversed(self.frames):
            if frame.file.startswith(f"{root}/"):
                return f"{frame.file.removeprefix(f'{root}/')}:{frame.line}"
        return ""

    def is_from_loading(self, cgi_script: Path | None) -> bool:
        """Whether it left the script before that began to serve the request."""
        if cgi_script is None:
            return any(_WSGI_LOADS in frame.source for frame in self.frames)
        # The CGI runtime logs what leaves a script; other tracebacks are the app's own logging.
        if "cgi.py" not in self.logged_by or not self.frames:
            return False
        first = self.frames[0]
        if not _same_file(first.file, cgi_script):
            return True  # The runtime could not even compile it.
        return first.function == "<module>" and not _serves(cgi_script, first.line)


def _same_file(name: str, file: Path) -> bool:
    # A compiled script names the file that it was compiled from.
    return Path(name).with_suffix(".py") == file.with_suffix(".py")


def _serves(script: Path, line: int) -> bool:
    """Whether a line (1-based) of a CGI script belongs to serving a request, not to loading.

    That is what stands below `if __name__ == "__main__"`, and at top level a call of `main` or of
    something that runs an application.
    """
    lines = script.read_text("latin-1").splitlines()
    if line > len(lines):
        return False
    for text in reversed(lines[:line]):
        if text.strip() and not text[0].isspace() and not text.startswith((")", "#")):
            return bool(_GUARD.match(text) or _SERVES.match(text))
    return False


def tracebacks(log: str) -> Iterable[Traceback]:
    """Every traceback in the log of a request, in order."""
    lines = [line for line in log.splitlines() if line.strip() and not _SERVER_LINE.match(line)]
    for start, line in enumerate(lines):
        if not line.endswith(TRACEBACK):
            # `logging.exception` puts the traceback on the lines after its message.
            continue
        logged_by = line.removesuffix(TRACEBACK) or (lines[start - 1] if start else "")
        frames: list[Frame] = []
        position = start + 1
        while position < len(lines) and lines[position].startswith(" "):
            if frame := _FRAME.match(lines[position]):
                following = lines[position + 1] if position + 1 < len(lines) else ""
                source = following.strip() if following.startswith("    ") else ""
                frames.append(Frame(frame["file"], int(frame["line"]), frame["function"], source))
            position += 1
        exception = lines[position] if position < len(lines) else ""
        yield Traceback(logged_by, tuple(frames), exception.strip())
