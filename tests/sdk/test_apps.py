"""Every app of tests/apps, patched by gaebot, before the judges.

tests/apps/routes.yaml says what each app answers; its head explains the keys.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

import gaebot
from gaebot.evidence import Evidence, Outcome, Step
from gaebot.prove import Answer, DevServer, compile_files, validate_yaml
from gaebot.prove.whole import Judges, prove

APPS = Path(__file__).parent.parent / "apps"
ROUTES: dict[str, dict[str, Any]] = yaml.safe_load((APPS / "routes.yaml").read_text("utf-8"))

# Files that App Engine itself reads, in every app that has them.
KNOWN = {"app", "backends", "cron", "dispatch", "dos", "index", "queue"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
AGAIN_SECONDS = 0.5


def test_every_app_has_routes() -> None:
    folders = {path.name for path in APPS.iterdir() if path.is_dir()}
    assert folders == set(ROUTES)
    assert all(app["routes"] for app in ROUTES.values())


@pytest.fixture(scope="module", params=sorted(ROUTES))
def name(request: pytest.FixtureRequest) -> str:
    """The name of an app; the tests below run for each."""
    return str(request.param)


@pytest.fixture(scope="module")
def original(name: str, sdk: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The app with the libraries that its author would have copied into it."""
    app = tmp_path_factory.mktemp("original") / name
    shutil.copytree(APPS / name, app)
    for source, target in ROUTES[name].get("copy", {}).items():
        library = sdk / "lib" / source
        copy = shutil.copytree if library.is_dir() else shutil.copy
        copy(library, app / target)
    for compiled in app.rglob("*.pyc"):
        compiled.unlink()
    return app


@pytest.fixture(scope="module")
def patched(original: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The app after gaebot."""
    app = tmp_path_factory.mktemp("patched") / original.name
    shutil.copytree(original, app)
    gaebot.fix(app, unsafe=True)
    return app


def contents(app: Path) -> dict[str, bytes]:
    return {path.relative_to(app).as_posix(): path.read_bytes() for path in app.rglob("*") if path.is_file()}


def test_the_app_is_changed(original: Path, patched: Path) -> None:
    assert contents(original) != contents(patched)


def test_a_second_fix_changes_nothing(patched: Path) -> None:
    before = contents(patched)
    gaebot.fix(patched, unsafe=True)
    assert contents(patched) == before


def test_every_python_file_compiles(patched: Path, python27: Path) -> None:
    errors = compile_files(python27, sorted(patched.rglob("*.py")))
    assert {path: error for path, error in errors.items() if error is not None} == {}


def test_google_accepts_every_yaml_file(name: str, patched: Path, python27: Path, sdk: Path) -> None:
    # app.yaml.example and its like are service files too.
    own = set(ROUTES[name].get("yaml", []))
    files = sorted(
        path for path in patched.glob("*.y*ml*") if path.stem.split(".")[0] in KNOWN or path.name in own
    )
    verdicts = {path.name: v for path, v in validate_yaml(python27, sdk, files).items()}
    assert {name: v.error for name, v in verdicts.items() if v.error is not None} == {}
    services = {name: v.runtime for name, v in verdicts.items() if v.runtime is not None}
    assert services
    assert set(services.values()) == {"python27"}


@dataclass
class Proved:
    """What `prove` says of an app, and what its routes answered wrongly on each server that was started."""

    evidence: Evidence
    wrong: list[list[str]]


@pytest.fixture(scope="module")
def proved(name: str, patched: Path, python27: Path, sdk: Path) -> Proved:
    """The patched app on the development server, which is started once for all that is asked of it."""
    servers: list[list[str]] = []

    def ask_routes(server: DevServer) -> None:
        wrong = []
        for route in ROUTES[name]["routes"]:
            answer = answer_in_time(server, route)
            wrong += [
                f"{each}: {route}\n{answer.body!r}\n{answer.log}" for each in differences(answer, route)
            ]
        servers.append(wrong)

    report = prove(patched, judges=Judges(python27, sdk), run_tasks=True, visit=ask_routes)
    (evidence,) = report.evidence
    return Proved(evidence, servers)


def test_it_answers_its_routes(proved: Proved) -> None:
    assert proved.wrong == [[]]


@pytest.mark.parametrize("step", Step, ids=lambda step: step.value)
def test_it_is_proved_to_work(proved: Proved, step: Step) -> None:
    (proof,) = [proof for proof in proved.evidence.proofs if proof.step is step]
    assert proof.open_ones == ()
    assert proof.outcome is Outcome.PASSED
    assert bool(proof.judgements) is (step is not Step.AGAIN)


def test_all_its_services_are_asked(name: str, proved: Proved) -> None:
    (answers,) = [proof for proof in proved.evidence.proofs if proof.step is Step.ANSWER]
    files = set(ROUTES[name].get("yaml", ["app.yaml"]))
    assert {one.path for one in answers.judgements} == files - {"backends.yaml"}


def answer_in_time(server: DevServer, route: Mapping[str, Any]) -> Answer:
    """The answer that the route wants, or the last one within its time."""
    give_up = time.monotonic() + route.get("within", 0)
    answer = ask(server, route)
    while differences(answer, route) and time.monotonic() < give_up:
        time.sleep(AGAIN_SECONDS)
        answer = ask(server, route)
    return answer


def ask(server: DevServer, route: Mapping[str, Any]) -> Answer:
    body = route.get("body")
    return server.request(
        route.get("method", "GET"),
        route["path"],
        body=None if body is None else body.encode(),
        headers={**(FORM if body is not None else {}), **route.get("headers", {})},
        login=route.get("login"),
        service=service_name(server.root / route["service"]) if "service" in route else None,
    )


def service_name(file: Path) -> str:
    service = yaml.safe_load(file.read_text("utf-8"))
    return str(service.get("service") or service.get("module") or "default")


def differences(answer: Answer, route: Mapping[str, Any]) -> list[str]:
    """What is not as the route says."""
    wrong = []
    status = route.get("status", 200)
    if answer.status != status:
        wrong.append(f"status {answer.status}, not {status}")
    if route.get("contains", "") not in answer.body.decode("utf-8", "replace"):
        wrong.append(f"{route['contains']!r} is not in the answer")
    if not answer.headers.get("Location", "").endswith(route.get("location", "")):
        wrong.append(f"Location is {answer.headers.get('Location')}, not {route['location']}")
    return wrong
