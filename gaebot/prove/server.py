"""Google's development server around one app."""

from __future__ import annotations

import contextlib
import http.client
import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import Literal
from urllib.parse import quote, urlencode

from gaebot.prove.python27 import ProofError

Login = Literal["user", "admin"]
"""Who a request comes from: somebody who has logged in, or an administrator of the app."""

TRACEBACK = "Traceback (most recent call last):"
"""The line that every traceback in a log begins with."""

_HOST = "127.0.0.1"
_STARTED_SERVICE = re.compile(r'Starting module "([^"]+)" running at: http://[^:]+:(\d+)')
# What the server's own login page sets: address, whether an administrator, id.
_COOKIES: Mapping[Login, str] = {
    "user": 'dev_appserver_login="test@example.com:False:185804764220139124118"',
    "admin": 'dev_appserver_login="test@example.com:True:185804764220139124118"',
}
# The server's last word when everything listens.
_READY = "Starting admin server at"
_ADMIN_PORT = re.compile(_READY + r": http://[^:]+:(\d+)")
# The token that the server's own pages for administrators ask for, below the storage path.
_ADMIN_TOKEN = "xsrf"  # noqa: S105 - the name of a file
# Where urlfetch is sent instead of to other hosts: a port of this machine on which nobody listens.
_NOWHERE = "http://127.0.0.1:9"
_PORT_TAKEN = "Unable to bind"
_MORE_ATTEMPTS = 2
# The line that the server logs once a request is over.
_REQUEST_OVER = re.compile(r'"[A-Z]+ \S* HTTP/1\.\d" \d+ ')
# That about its own request, and what in a service file makes it send one.
_WARM_UP = '"GET /_ah/warmup HTTP/1.1"'
_ASKS_FOR_WARM_UP = re.compile(rb"""^(?:inbound_services:[^\n]*|[ ]*-[ ]*["']?)warmup\b""", re.MULTILINE)
# What the server wrote about a request can arrive a moment after the answer.
_LOG_SETTLES_SECONDS = 1.0
_POLL_SECONDS = 0.05
_PART_BYTES = 1 << 20


class StartError(ProofError):
    """The server did not start; `reason` says why in one sentence, `log` is all it printed."""

    def __init__(self, app: Path, reason: str, log: str = "") -> None:
        super().__init__(f"dev_appserver does not start on {app}: {reason}")
        self.reason = reason
        self.log = log


class NoAnswerError(ProofError):
    """The server took a request and did not answer in time, or cut the connection.

    `log` is what it printed meanwhile.
    """

    def __init__(self, message: str, log: str) -> None:
        super().__init__(message)
        self.log = log


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to one request, and what the server and the app logged while they made it."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes
    log: str


class DevServer:
    """Google's dev_appserver, running a copy of an app; a context manager.

    `services` are the service files to start, relative to the app, app.yaml alone by default. The
    app is copied into a temporary folder (`root`) and runs only there, because the server runs its
    code and writes into it (index.yaml); datastore, blobs and home folder lie there too. It
    listens on the loopback interface, on free ports, and with its children it is a process group
    of its own that is killed at exit. Task queues do not run by themselves unless `run_tasks`.
    With `one_instance` one process answers all requests, so that what an earlier request has
    imported is the same each time; an app that asks itself for something then waits for ever.
    `templates` are files of the app (app.yaml.example) that are copied, in the copy, to the names that
    stand for them, as the app's users are told to do. `console` opens the way for `run_inside`.
    urlfetch reaches this machine only.

    Entering raises `StartError` when it is not ready after `start_seconds`.
    """

    def __init__(
        self,
        app: Path,
        *,
        python27: Path,
        sdk: Path,
        services: Sequence[str] = ("app.yaml",),
        run_tasks: bool = False,
        one_instance: bool = False,
        console: bool = False,
        templates: Mapping[str, str] = MappingProxyType({}),
        start_seconds: float = 60,
        answer_seconds: float = 30,
    ) -> None:
        self._app = app
        self._python27 = python27
        self._sdk = sdk
        self._services = services
        self._run_tasks = run_tasks
        self._one_instance = one_instance
        self._console = console
        self._templates = templates
        self._start_seconds = start_seconds
        self._answer_seconds = answer_seconds
        self._process: subprocess.Popen[bytes] | None = None
        self._ports: dict[str, int] = {}
        self._admin_port = 0

    def __enter__(self) -> DevServer:  # noqa: PYI034 - typing.Self came with Python 3.11
        self._workplace = Path(tempfile.mkdtemp(prefix="gaebot-")).resolve()
        self.root = self._workplace / "app"
        self._log = self._workplace / "log.txt"
        try:
            for folder in ("home", "tmp"):
                (self._workplace / folder).mkdir()
            self._copy()
            self._start()
        except BaseException:
            self._clean_up()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._clean_up()

    def _copy(self) -> None:
        try:
            shutil.copytree(self._app, self.root, symlinks=True, ignore=_not_for_the_copy)
        except shutil.Error as error:
            source, _, why = error.args[0][0]
            raise StartError(self._app, f"{source} can't be copied: {why}") from None
        except OSError as error:
            raise StartError(self._app, f"it can't be copied: {error}") from None
        for template, name in self._templates.items():
            shutil.copyfile(self.root / template, self.root / name)

    def restart(self) -> None:
        """Kill the server and start it again on the same copy: for when a request hangs."""
        self._kill()
        self._start()

    def get(self, path: str, *, login: Login | None = "admin") -> Answer:
        """`request` with the method GET, by default as an administrator: no handler stays shut."""
        return self.request("GET", path, login=login)

    def request(
        self,
        method: str,
        path: str,
        *,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        login: Login | None = None,
        service: str | None = None,
    ) -> Answer:
        """Send one request and wait for the answer; redirects are not followed.

        `path` may hold a query. `login` is what handlers with `login: required` or `login: admin`
        ask for. `service` is as for `port`. The first request to an app starts its runtime and can
        take seconds. Raises `NoAnswerError`.
        """
        cookie = {"Cookie": _COOKIES[login]} if login else {}
        log_start = self._log.stat().st_size
        response, content = self._exchange(
            self.port(service), method, path, body, {**cookie, **(headers or {})}
        )
        return Answer(response.status, response.headers, content, self._settled_log(log_start))

    def run_inside(self, code: str, *, service: str | None = None) -> str:
        """What Python code prints that runs where the code of a service does, in a process of its own.

        That is the interactive console of the server. What the code imports stays imported there until
        `restart`. Raises `NoAnswerError`, also when the server does not run it.
        """
        token = (self._workplace / "storage" / _ADMIN_TOKEN).read_text("ascii")
        name = service or ("default" if "default" in self._ports else next(iter(self._ports)))
        form = urlencode({"code": code, "module_name": name, "xsrf_token": token}).encode("ascii")
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        log_start = self._log.stat().st_size
        response, content = self._exchange(self._admin_port, "POST", "/console", form, headers)
        if response.status != 200:
            raise NoAnswerError(f"The console answers with {response.status}.", self.log(log_start))
        return content.decode("utf-8", "replace")

    def _exchange(
        self, port: int, method: str, path: str, body: bytes | None, headers: Mapping[str, str]
    ) -> tuple[http.client.HTTPResponse, bytes]:
        """One request and its answer, with the content."""
        log_start = self._log.stat().st_size
        give_up = time.monotonic() + self._answer_seconds
        connection = http.client.HTTPConnection(_HOST, port, timeout=self._answer_seconds)
        try:
            # Quoted once: what is already quoted, and the query, stay as they are.
            target = quote(path, safe="/?&=%:@!$'()*+,;~")
            connection.request(method, target, body, dict(headers))
            response = connection.getresponse()
            content = _read(response, connection, give_up)
        except (OSError, http.client.HTTPException) as error:
            why = f"no answer within {self._answer_seconds:g} seconds"
            if not isinstance(error, TimeoutError):
                why = f"the connection broke ({error!r})"
            raise NoAnswerError(f"{method} {path}: {why}.", self.log(log_start)) from None
        finally:
            connection.close()
        return response, content

    def port(self, service: str | None = None) -> int:
        """The port of a service: the one named, else `default`, else the first one started."""
        if service is None:
            service = "default" if "default" in self._ports else next(iter(self._ports))
        return self._ports[service]

    def log(self, start: int = 0) -> str:
        """What the server and the app have printed, from byte `start` of it on."""
        with self._log.open("rb") as log:
            log.seek(start)
            return log.read().decode("utf-8", "replace")

    def _settled_log(self, start: int) -> str:
        give_up = time.monotonic() + _LOG_SETTLES_SECONDS
        log = self.log(start)
        while time.monotonic() < give_up:
            time.sleep(_POLL_SECONDS)
            before, log = log, self.log(start)
            if log == before and _REQUEST_OVER.search(log):
                break
        return log

    def _start(self) -> None:
        for service in self._services:
            if not (self.root / service).is_file():
                raise StartError(self._app, f"{self._app / service} does not exist.")
        problem = self._attempt_to_start()
        for _ in range(_MORE_ATTEMPTS):
            # Between our finding a free port and the server's taking it another program may come.
            if problem is None or _PORT_TAKEN not in problem.log:
                break
            self._kill()
            problem = self._attempt_to_start()
        if problem is not None:
            self._kill()
            raise problem

    def _attempt_to_start(self) -> StartError | None:
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                self._command(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=self._environment(),
                cwd=self._workplace,
                start_new_session=True,
            )
        give_up = time.monotonic() + self._start_seconds
        while _READY not in (log_text := self.log()):
            code = self._process.poll()
            if code is not None:
                return self._start_error(f"stopped with exit code {code}")
            if time.monotonic() > give_up:
                return self._start_error(f"was not ready after {self._start_seconds:g} seconds")
            time.sleep(_POLL_SECONDS)
        self._ports = {name: int(port) for name, port in _STARTED_SERVICE.findall(log_text)}
        admin = _ADMIN_PORT.search(log_text)
        self._admin_port = int(admin[1]) if admin else 0
        self._wait_for_warm_up()
        return None

    def _wait_for_warm_up(self) -> None:
        """Let the server's own request to `/_ah/warmup` be over, so that no log mixes with what it prints.

        It sends one at the start to each service that asks for it (SDK:
        google/appengine/tools/devappserver2/module.py, `_async_warmup`).
        """
        asking = sum(
            _ASKS_FOR_WARM_UP.search((self.root / name).read_bytes()) is not None for name in self._services
        )
        give_up = time.monotonic() + self._answer_seconds
        while self.log().count(_WARM_UP) < asking and time.monotonic() < give_up:
            time.sleep(_POLL_SECONDS)

    def _start_error(self, what: str) -> StartError:
        log = self.log().replace(str(self.root), str(self._app))
        tail = "\n".join(log.rstrip().splitlines()[-15:])
        return StartError(self._app, _last_exception(log) or f"it {what}. Its last words:\n{tail}", log)

    def _command(self) -> list[str]:
        return [
            str(self._python27),
            str(self._sdk / "dev_appserver.py"),
            "--skip_sdk_update_check=yes",
            f"--host={_HOST}",
            f"--admin_host={_HOST}",
            f"--api_host={_HOST}",
            f"--port={_free_ports(len(self._services))}",
            "--admin_port=0",
            "--api_port=0",
            f"--storage_path={self._workplace / 'storage'}",
            "--automatic_restart=no",
            *(["--enable_console=yes"] if self._console else []),
            f"--enable_task_running={'yes' if self._run_tasks else 'no'}",
            # The server asks for random hashes: what an app imports first would be left to chance.
            "--env_var=PYTHONHASHSEED=0",
            # The app's process itself asks the server for everything through HTTP.
            "--env_var=HTTP_PROXY=",
            "--env_var=HTTPS_PROXY=",
            *(["--max_module_instances=1"] if self._one_instance else []),
            *(str(self.root / service) for service in self._services),
        ]

    def _environment(self) -> dict[str, str]:
        """Nothing of the caller's but PATH and language: the app runs with this environment."""
        kept = {name: os.environ[name] for name in ("PATH", "LANG", "LC_ALL") if name in os.environ}
        return {
            **kept,
            "HOME": str(self._workplace / "home"),
            "TMPDIR": str(self._workplace / "tmp"),
            "HTTP_PROXY": _NOWHERE,
            "HTTPS_PROXY": _NOWHERE,
        }

    def _kill(self) -> None:
        if self._process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._process = None

    def _clean_up(self) -> None:
        self._kill()
        shutil.rmtree(self._workplace, ignore_errors=True)


def _read(
    response: http.client.HTTPResponse, connection: http.client.HTTPConnection, give_up: float
) -> bytes:
    """The content of an answer; raises `TimeoutError` when it is not whole in time, also where it drips."""
    parts = []
    while part := response.read1(_PART_BYTES):
        parts.append(part)
        left = give_up - time.monotonic()
        if left <= 0:
            raise TimeoutError
        if connection.sock is not None:
            connection.sock.settimeout(left)
    return b"".join(parts)


def _not_for_the_copy(folder: str, names: list[str]) -> list[str]:
    """Names that the copy leaves out: repository data, compiled twins of sources, pipes, sockets.

    A compiled twin could be run in place of the source that lies beside it.
    """
    present = set(names)
    left_out = []
    for name in names:
        path = Path(folder, name)
        special = path.exists() and not path.is_dir() and not path.is_file()
        if name == ".git" or special or (name.endswith((".pyc", ".pyo")) and name[:-1] in present):
            left_out.append(name)
    return left_out


def _last_exception(log: str) -> str | None:
    """The last exception in a log, with its message, on one line; None when there is none."""
    _, found, last = log.rpartition(TRACEBACK)
    lines = [line for line in last.splitlines() if line.strip()]
    for start, line in enumerate(lines):
        if found and not line.startswith(" "):
            # Google's parsers put the place of a fault on lines after the message.
            return " ".join(text.strip() for text in lines[start:])
    return None


def _free_ports(count: int) -> int:
    """The first of `count` neighbouring ports that nobody listens on.

    Services get neighbouring ports, starting from the one the server is told.
    """
    while True:
        with socket.socket() as first:
            first.bind((_HOST, 0))
            start: int = first.getsockname()[1]
        if start + count <= 65536 and all(_is_free(port) for port in range(start, start + count)):
            return start


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind((_HOST, port))
        except OSError:
            return False
    return True
