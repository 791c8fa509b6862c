"""The app that docs/migrate.md ends with, on Google's development server."""

from __future__ import annotations

import re
import runpy
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

import gaebot
import gaebot.prove
from gaebot.prove import DevServer, validate_yaml
from tests.sdk.test_apps import ROUTES, answer_in_time, differences
from tests.sdk.test_races import CROWD, at_once

ROOT = Path(__file__).parents[2]
PAGE = "docs/migrate.md"
GUIDE = (ROOT / PAGE).read_text("utf-8")
# The commit before the first change by hand, "Keep the visitor's name with the request".
BEFORE_THE_HAND = "HEAD~2"
CROWDS = 3
VISITORS = [f"visitor{number}" for number in range(CROWD)]
SCRIPT = runpy.run_path(str(ROOT / "scripts" / "console_blocks.py"))


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The app after all steps of the guide."""
    return SCRIPT["play"](PAGE, tmp_path_factory.mktemp("guide"))[0]


@pytest.fixture(scope="module")
def server(app: Path, python27: Path, sdk: Path) -> Iterator[DevServer]:
    """It, on the development server, with one instance that answers several requests at a time."""
    with DevServer(app, python27=python27, sdk=sdk, one_instance=True) as running:
        assert running.get("/film/1").status == 200
        yield running


@pytest.fixture(scope="module")
def unmended(
    app: Path, python27: Path, sdk: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[DevServer]:
    """The app without the changes by hand, moved by gaebot alone, and with `threadsafe: true` whatever it says."""
    folder = tmp_path_factory.mktemp("unmended")
    archive = subprocess.run(["git", "archive", BEFORE_THE_HAND], cwd=app, capture_output=True, check=True)
    subprocess.run(["tar", "-x"], cwd=folder, input=archive.stdout, check=True)
    gaebot.fix(folder, unsafe=True)
    service = (folder / "app.yaml").read_text("utf-8")
    assert "\nthreadsafe: false\n" in service
    (folder / "app.yaml").write_text(service.replace("\nthreadsafe: false\n", "\nthreadsafe: true\n"))
    with DevServer(folder, python27=python27, sdk=sdk, one_instance=True) as running:
        assert running.get("/film/1").status == 200
        yield running


def welcomed(server: DevServer, names: list[str]) -> list[str]:
    """By which name each of these visitors is welcomed, when all come at the same moment."""
    answers = at_once(server, [("GET", "/film/1", None, {"Cookie": f"name={name}"}) for name in names])
    return [re.search(rb"Welcome back, (\w+)", answer)[1].decode() for answer in answers]


def test_google_accepts_it_with_threads(app: Path, python27: Path, sdk: Path) -> None:
    verdict = validate_yaml(python27, sdk, [app / "app.yaml"])[app / "app.yaml"]
    assert (verdict.error, verdict.runtime, verdict.threadsafe) == (None, "python27", True)


def test_every_handler_answers(server: DevServer) -> None:
    for route in ROUTES["cinema"]["routes"]:
        answer = answer_in_time(server, route)
        assert differences(answer, route) == [], f"{route}\n{answer.body!r}\n{answer.log}"
        assert "Traceback" not in answer.log


def test_what_is_meant_to_be_html_still_is(server: DevServer, unmended: DevServer) -> None:
    """Python 2.5 printed it as it is."""
    assert b"Buster Keaton and a &lt;b&gt;locomotive&lt;/b&gt;." in unmended.get("/film/1").body
    assert b"Buster Keaton and a <b>locomotive</b>." in server.get("/film/1").body


def test_visitors_are_welcomed_by_the_names_of_others_until_it_is_mended(
    server: DevServer, unmended: DevServer
) -> None:
    assert any(welcomed(unmended, VISITORS) != VISITORS for _ in range(CROWDS))
    assert all(welcomed(server, VISITORS) == VISITORS for _ in range(CROWDS))


def test_the_program_of_the_guide_prints_what_stands_there(
    app: Path,
    python27: Path,
    sdk: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    [program] = re.findall(r"^```python\n(.*?)^```$", GUIDE, re.MULTILINE | re.DOTALL)
    [printed] = re.findall(r"^```text\n(.*?)^```$", GUIDE, re.MULTILINE | re.DOTALL)
    monkeypatch.chdir(app)
    # The judges of these tests, which need not be those that the guide's reader has.
    monkeypatch.setattr(gaebot.prove, "find_python27", lambda: python27)
    monkeypatch.setattr(gaebot.prove, "install_sdk", lambda python27: sdk)
    exec(compile(program, "prove.py", "exec"), {})  # noqa: S102 - a program of our own page
    assert capsys.readouterr().out == printed
