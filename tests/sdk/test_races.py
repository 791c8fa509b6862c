"""Races between the requests of one instance: there before gaebot guards the code, gone afterwards.

With `threadsafe: true` the development server gives an instance up to eight requests at a time (SDK:
google/appengine/tools/devappserver2/python/instance_factory.py). `--max_module_instances=1` keeps it to one
instance (module.py, `_add_instance`), but only once that one is there: the server starts it by itself in the
first second, and a request that comes at that very moment starts a second one. `configured` asks for a warm-up
request, which `DevServer` waits for. Every page of it names its instance.
"""

from __future__ import annotations

import http.client
import re
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

import gaebot
from gaebot import engine
from gaebot.app import App
from gaebot.disk import read_app
from gaebot.finding import Severity
from gaebot.prove import DevServer
from gaebot.rule import discover
from gaebot.text import SourceFile
from tests.rules.helpers import HOP
from tests.trees import write_tree

APPS = Path(__file__).parent.parent / "apps"
CROWD = 50
SECONDS = 30
# So many people come in one report that threads change places within `hits += 1`, also on one processor.
PEOPLE = 10_000

PAGES = {
    "configuration": ("/", b"<h1>Reading &amp; resting since 1904</h1>"),
    "hours": ("/hours/friday", b"<p>friday: 9 to 8</p>"),
}
every_cache = pytest.mark.parametrize("name", sorted(PAGES))


LOCKS = {
    "ts-check-then-set-class": "configuration.py",
    "ts-check-then-set-global": "hours.py",
    "ts-counter": "visits.py",
}
"""The rules that hold a lock around something in `configured`, and where."""


def guarded(name: str) -> App:
    """An app of tests/apps as gaebot moves it to python27, with all its patches."""
    result = engine.fix(read_app(str(APPS / name)), discover(HOP), unsafe=True)
    assert b"\nruntime: python27\n" in result.app.files["app.yaml"].data
    return result.app


def moved(name: str) -> App:
    """The same, but with its races as they were, and with `threadsafe: true` whatever gaebot says."""
    app = read_app(str(APPS / name))
    after = guarded(name)
    raced = {path: app.files[path] for path in LOCKS.values() if path in app.files}
    yaml = after.files["app.yaml"].data.replace(b"threadsafe: false", b"threadsafe: true")
    assert b"\nthreadsafe: true\n" in yaml
    return after.with_files({**raced, "app.yaml": SourceFile("app.yaml", yaml)})


@contextmanager
def serving(app: App, folder: Path, python27: Path, sdk: Path) -> Iterator[DevServer]:
    """An app on the development server, its scripts loaded."""
    write_tree(folder, {path: source.data for path, source in app.files.items()})
    with DevServer(folder, python27=python27, sdk=sdk, one_instance=True) as server:
        assert server.get("/started").status == 404
        yield server


def at_once(server: DevServer, requests: Sequence[tuple[str, str]]) -> list[bytes]:
    """The answers to requests, each a method and a path, that are all sent at the same moment."""
    everybody = threading.Barrier(len(requests))

    def ask(request: tuple[str, str]) -> bytes:
        connection = http.client.HTTPConnection("127.0.0.1", server.port(), timeout=SECONDS)
        try:
            connection.connect()
            everybody.wait(SECONDS)
            connection.request(*request)
            response = connection.getresponse()
            body = response.read()
        finally:
            connection.close()
        assert response.status == 200, body
        return body

    with ThreadPoolExecutor(len(requests)) as crowd:
        return list(crowd.map(ask, requests))


def number(server: DevServer, path: str) -> int:
    """The number that a page begins with."""
    return int(server.get(path).body.split()[0])


def assert_one_instance(answers: Sequence[bytes]) -> None:
    instances = {re.search(rb"<!-- instance (\w+) -->", answer)[1] for answer in answers}
    assert len(instances) == 1
    assert instances != {b"unknown"}


@pytest.fixture(scope="module")
def racing(python27: Path, sdk: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[DevServer]:
    """The app `configured` on python27, its races as they were."""
    with serving(moved("configured"), tmp_path_factory.mktemp("racing"), python27, sdk) as server:
        yield server


@pytest.fixture(scope="module")
def safe(python27: Path, sdk: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[DevServer]:
    """The app `configured` on python27, its shared values behind locks."""
    with serving(guarded("configured"), tmp_path_factory.mktemp("safe"), python27, sdk) as server:
        yield server


def loads(server: DevServer, name: str) -> int:
    """How often a cache is loaded when a crowd asks for what is in it."""
    path, content = PAGES[name]
    assert number(server, f"/loads/{name}") == 0
    answers = at_once(server, [("GET", path)] * CROWD)
    assert all(content in answer for answer in answers)
    assert_one_instance(answers)
    return number(server, f"/loads/{name}")


def test_the_locks_are_gaebots_and_let_the_app_switch() -> None:
    before, after = read_app(str(APPS / "configured")), guarded("configured")
    for path in LOCKS.values():
        assert b"_lock = threading.Lock()\n" not in before.files[path].data
        assert b"_lock = threading.Lock()\n" in after.files[path].data
    assert b"\nthreadsafe: true\n" in after.files["app.yaml"].data
    assert b"\nthreadsafe: false\n" in guarded("whoami").files["app.yaml"].data


@every_cache
def test_a_cache_without_a_lock_is_loaded_again_and_again(racing: DevServer, name: str) -> None:
    assert loads(racing, name) > 1


@every_cache
def test_a_cache_behind_its_lock_is_loaded_once(safe: DevServer, name: str) -> None:
    assert loads(safe, name) == 1


def visits(server: DevServer) -> int:
    """How many visits are counted when a crowd of reports brings `PEOPLE` each."""
    assert number(server, "/visits") == 0
    answers = at_once(server, [("POST", f"/visit?people={PEOPLE}")] * CROWD)
    assert_one_instance(answers)
    return number(server, "/visits")


def test_a_counter_without_a_lock_loses_visits(racing: DevServer) -> None:
    assert visits(racing) < CROWD * PEOPLE


def test_a_counter_behind_its_lock_loses_none(safe: DevServer) -> None:
    assert visits(safe) == CROWD * PEOPLE


def test_a_visitor_is_greeted_by_the_name_of_another(python27: Path, sdk: Path, tmp_path: Path) -> None:
    users = [f"user{n}" for n in range(CROWD)]
    with serving(moved("whoami"), tmp_path, python27, sdk) as server:
        alone = [at_once(server, [("GET", f"/?user={user}")]) for user in users[:3]]
        together = at_once(server, [("GET", f"/?user={user}") for user in users])
    expected = [f"Hello, {user}!".encode() for user in users]
    assert alone == [[answer] for answer in expected[:3]]
    assert set(together) <= set(expected)
    assert together != expected


def test_gaebot_reports_the_line_that_mixes_them_up() -> None:
    lines = (APPS / "whoami" / "session.py").read_text("utf-8").splitlines()
    report = gaebot.check(APPS / "whoami", select="ts-request-state-global")
    found = [(f.place.path, f.place.start.line, f.severity) for f in report.findings]
    assert found == [("session.py", lines.index("  current_user = name") + 1, Severity.ERROR)]
