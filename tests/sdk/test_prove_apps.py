"""`gaebot prove` on apps that are broken on purpose: the right step fails, and for the right reason."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from gaebot.evidence import Evidence, Outcome, Step
from gaebot.prove.python27 import version_of as python_version
from gaebot.prove.running import Limits, ServiceToRun, batches
from gaebot.prove.whole import Judges, prove, proved
from tests.trees import read_tree, write_tree

APP_YAML = """\
application: tiny
version: 1
runtime: python27
api_version: 1
threadsafe: true

"""
GOOD = """\
import webapp2


class Page(webapp2.RequestHandler):
    def get(self):
        self.response.write('hello')


app = webapp2.WSGIApplication([('/.*', Page)])
"""
SLEEPS = "import time\n\n\ndef app(environ, start_response):\n    time.sleep(60)\n"


def write(root: Path, files: dict[str, str]) -> Path:
    return write_tree(root, {name: textwrap.dedent(text) for name, text in files.items()})


def handlers(*entries: tuple[str, str]) -> str:
    return "handlers:\n" + "".join(f"- url: {url}\n  script: {name}\n" for url, name in entries)


def service(name: str, *entries: tuple[str, str]) -> str:
    return APP_YAML.replace("application: tiny", f"application: tiny\nmodule: {name}") + handlers(*entries)


@pytest.fixture(scope="module")
def judges(python27: Path, sdk: Path) -> Judges:
    return Judges(python27, sdk)


def asking(judges: Judges) -> dict[str, str]:
    """The environment of a process that runs this checkout of gaebot with these judges."""
    root = Path(__file__).parents[2]
    return {
        **os.environ,
        "PYTHONPATH": str(root),
        "PYTHON27": str(judges.python27),
        "GAEBOT_SDK": str(judges.sdk),
    }


def evidence_for(app: Path, judges: Judges, **named: object) -> Evidence:
    (evidence,) = prove(app, judges=judges, **named).evidence
    assert [proof.step for proof in evidence.proofs] == list(Step)
    return evidence


def outcome(evidence: Evidence, step: Step) -> Outcome:
    (proof,) = [proof for proof in evidence.proofs if proof.step is step]
    return proof.outcome


def told(evidence: Evidence, step: Step) -> dict[str, tuple[Outcome, str]]:
    """What is said of each file, script or handler in a step."""
    (proof,) = [proof for proof in evidence.proofs if proof.step is step]
    return {one.handler or one.script or one.path: (one.outcome, one.said) for one in proof.judgements}


def test_a_file_that_does_not_compile(judges: Judges, tmp_path: Path) -> None:
    app = write(
        tmp_path / "app",
        {
            "app.yaml": APP_YAML + handlers(("/.*", "main.app")),
            "main.py": GOOD,
            "tool.py": "print('x' if 1 els 2)\n",
        },
    )
    evidence = evidence_for(app, judges)
    assert told(evidence, Step.COMPILE) == {
        "main.py": (Outcome.PASSED, ""),
        "tool.py": (Outcome.FAILED, "line 1: invalid syntax"),
    }
    for step in (Step.YAML, Step.LOAD, Step.ANSWER, Step.AGAIN):
        assert outcome(evidence, step) is Outcome.PASSED
    assert not evidence.is_whole


def test_yaml_that_google_refuses(judges: Judges, tmp_path: Path) -> None:
    app = write(
        tmp_path / "app",
        {
            "app.yaml": APP_YAML + handlers(("/.*", "main.app")),
            "broken.yaml": APP_YAML + "no_such_key: 1\n" + handlers(("/.*", "main.app")),
            "main.py": GOOD,
            "cron.yaml": "cron:\n- url: /x\n  schedule: every other tuesday noonish\n",
            "queue.yaml": "queue:\n- name: default\n  rate: as fast as you can\n",
            "index.yaml": "indexes:\n- kind: A\n  properties:\n  - name: x\n    direction: sideways\n",
            "dispatch.yaml": "dispatch:\n- url: '*/x'\n  no_such_key: default\n",
            "dos.yaml": "blacklist:\n- subnet: somewhere\n",
        },
    )
    evidence = evidence_for(app, judges)
    refused = told(evidence, Step.YAML)
    assert {path for path, (result, _) in refused.items() if result is Outcome.FAILED} == {
        "broken.yaml",
        "cron.yaml",
        "queue.yaml",
        "index.yaml",
        "dispatch.yaml",
        "dos.yaml",
    }
    assert "no_such_key" in refused["broken.yaml"][1]
    assert "noonish" in refused["cron.yaml"][1]
    assert "as fast as you can" in refused["queue.yaml"][1]
    assert "sideways" in refused["index.yaml"][1]
    assert "somewhere" in refused["dos.yaml"][1]
    said = (Outcome.NOT_RUN, "Google's parser refuses the file")
    assert told(evidence, Step.LOAD)["broken.yaml"] == said
    assert told(evidence, Step.ANSWER)["broken.yaml"] == said


@pytest.fixture(scope="module")
def broken(judges: Judges, tmp_path_factory: pytest.TempPathFactory) -> Evidence:
    """An app whose handlers are each broken in another way."""
    names = ["good", "text", "narrow", "imports", "missing", "exits", "zero", "slow"]
    app = write(
        tmp_path_factory.mktemp("broken") / "app",
        {
            "app.yaml": APP_YAML
            + "includes:\n- more\nbuiltins:\n- deferred: on\n"
            + handlers(
                *((f"/{name}", f"{name}.app") for name in names),
                ("/good", "good.hidden"),
                ("/hangs", "hangs.app"),
                ("/fetch", "fetch.app"),
            ),
            "more/include.yaml": handlers(("/more", "good.app")),
            "good.py": GOOD + "\n\nhidden = app\n",
            "text.py": "app = 'text'\n",
            "narrow.py": "def app(request):\n    return 'hello'\n",
            "imports.py": "import webapp2\nimport nowhere_to_be_found\n\napp = webapp2.WSGIApplication([])\n",
            "missing.py": "application = None\n",
            "exits.py": "import sys\n\nsys.exit('no')\n",
            "zero.py": "import json\n\n\ndef app(environ, start_response):\n    return json.dumps(1 / 0)\n",
            "slow.py": SLEEPS,
            "hangs.py": "import time\n\ntime.sleep(60)\napp = None\n",
            "fetch.py": """\
                import webapp2
                from google.appengine.api import urlfetch


                class Page(webapp2.RequestHandler):
                    def get(self):
                        self.response.write(urlfetch.fetch('http://192.0.2.1/').content)


                app = webapp2.WSGIApplication([('/.*', Page)])
                """,
        },
    )
    before = read_tree(app)
    evidence = evidence_for(app, judges, limits=Limits(answer=8))
    assert read_tree(app) == before
    return evidence


def test_scripts_that_do_not_load(broken: Evidence) -> None:
    loaded = told(broken, Step.LOAD)
    slow, hung = loaded.pop("slow.app"), loaded.pop("hangs.app")
    assert loaded == {
        "google.appengine.ext.deferred.application": (Outcome.PASSED, ""),
        "good.app": (Outcome.PASSED, ""),
        "good.hidden": (Outcome.PASSED, ""),
        "text.app": (Outcome.FAILED, "it is an object of the type str and can not be called"),
        "narrow.app": (
            Outcome.FAILED,
            "it can be called, but not with the two arguments of a WSGI application",
        ),
        "imports.app": (
            Outcome.FAILED,
            "ImportError: No module named nowhere_to_be_found (imports.py:2)",
        ),
        "missing.app": (
            Outcome.FAILED,
            "ImportError: <module 'missing' from 'missing.py'> has no attribute app",
        ),
        "exits.app": (Outcome.FAILED, "SystemExit: no (exits.py:3)"),
        "zero.app": (Outcome.PASSED, ""),
        "fetch.app": (Outcome.PASSED, ""),
    }
    assert slow == (Outcome.PASSED, "")
    assert hung[0] is Outcome.FAILED
    assert "it is not loaded in time" in hung[1]


def test_handlers_that_do_not_answer(broken: Evidence) -> None:
    answers = {
        one.handler: one
        for proof in broken.proofs
        if proof.step is Step.ANSWER
        for one in proof.judgements
        if one.script != "good.hidden"
    }
    for url, status in (("/good", 200), ("/more", 200), ("/_ah/queue/deferred", 405)):
        assert (answers[url].outcome, answers[url].status) == (Outcome.PASSED, status)
    zero = answers["/zero"]
    assert (zero.outcome, zero.asked, zero.status) == (Outcome.FAILED, "GET /zero", 500)
    assert zero.said == "ZeroDivisionError: integer division or modulo by zero (zero.py:5)"
    assert answers["/slow"].said == "GET /slow: no answer within 8 seconds."
    assert answers["/imports"].said == "ImportError: No module named nowhere_to_be_found (imports.py:2)"
    for url in ("/text", "/narrow", "/missing", "/exits", "/zero", "/slow", "/hangs"):
        assert answers[url].outcome is Outcome.FAILED
        assert answers[url].said


def test_what_can_not_be_judged_is_no_proof(broken: Evidence) -> None:
    (proof,) = [proof for proof in broken.proofs if proof.step is Step.ANSWER]
    hidden = [one for one in proof.judgements if one.script == "good.hidden"]
    assert [(one.outcome, one.said) for one in hidden] == [
        (Outcome.NOT_RUN, "no URL was found that it and no earlier handler takes")
    ]


def test_no_other_host_is_reached(broken: Evidence) -> None:
    result, said = told(broken, Step.ANSWER)["/fetch"]
    assert result is Outcome.NOT_RUN, said
    assert "asks another host, which is not reached from here" in said
    assert "fetch.py:7" in said


def test_a_server_that_does_not_start(judges: Judges, tmp_path: Path) -> None:
    app = write(tmp_path / "app", {"app.yaml": APP_YAML + handlers(("/.*", "main.app")), "main.py": GOOD})
    evidence = evidence_for(app, judges, limits=Limits(start=0.01))
    assert outcome(evidence, Step.LOAD) is Outcome.NOT_RUN
    assert told(evidence, Step.LOAD) == {
        "app.yaml": (Outcome.NOT_RUN, "the development server does not start")
    }
    result, said = told(evidence, Step.ANSWER)["app.yaml"]
    assert result is Outcome.FAILED
    assert said.startswith("the development server does not start: it was not ready after")


def test_when_the_time_is_over_the_rest_is_not_run(judges: Judges, tmp_path: Path) -> None:
    app = write(
        tmp_path / "app",
        {
            "app.yaml": APP_YAML + handlers(("/slow", "slow.app"), ("/.*", "main.app")),
            "main.py": GOOD,
            "slow.py": SLEEPS,
        },
    )
    begin = time.monotonic()
    evidence = evidence_for(app, judges, limits=Limits(whole=8, answer=60))
    assert time.monotonic() - begin < 30
    answers = told(evidence, Step.ANSWER)
    assert answers["/slow"][0] is Outcome.FAILED
    assert answers["/.*"] == (Outcome.NOT_RUN, "the time limit of 8 seconds was over")


def test_services_beside_each_other(judges: Judges, tmp_path: Path) -> None:
    """Also two of one name, one that has not moved, one of another language, and one in a folder of its own."""
    app = write(
        tmp_path / "app",
        {
            "app.yaml": APP_YAML + handlers(("/.*", "main.app")),
            "main.py": GOOD,
            "staging.yaml": APP_YAML + handlers(("/.*", "staging.app")),
            "staging.py": GOOD.replace("hello", "stage"),
            "worker.yaml": service("worker", ("/work", "worker.app")),
            "worker.py": "def app(environ, start_response):\n    raise KeyError('work')\n",
            "inner/inner.yaml": service("inner", ("/.*", "deep.app")),
            "inner/deep.py": GOOD,
            "old.yaml": "application: tiny\nmodule: old\nversion: 1\nruntime: python\napi_version: 1\n"
            + handlers(("/.*", "main.py")),
            "other.yaml": "application: tiny\nmodule: other\nversion: 1\nruntime: php55\napi_version: 1\n"
            + handlers(("/.*", "main.php")),
        },
    )
    evidence = evidence_for(app, judges)
    (proof,) = [proof for proof in evidence.proofs if proof.step is Step.ANSWER]
    found = {one.path: (one.outcome, one.said) for one in proof.judgements}
    assert found == {
        "app.yaml": (Outcome.PASSED, ""),
        "staging.yaml": (Outcome.PASSED, ""),
        "inner/inner.yaml": (Outcome.PASSED, ""),
        "worker.yaml": (Outcome.FAILED, "KeyError: 'work' (worker.py:2)"),
        "old.yaml": (
            Outcome.FAILED,
            "it still says `runtime: python`, which `gaebot fix --unsafe` moves",
        ),
        "other.yaml": (Outcome.NOT_RUN, "its runtime is php55, not python27"),
    }
    loaded = told(evidence, Step.LOAD)
    assert loaded["deep.app"] == loaded["staging.app"] == (Outcome.PASSED, "")


def test_a_service_without_an_app_yaml_beside_it(judges: Judges, tmp_path: Path) -> None:
    app = write(
        tmp_path / "app",
        {"worker.yaml": service("worker", ("/.*", "worker.app")), "worker.py": GOOD, "app.yaml": ""},
    )
    (app / "app.yaml").unlink()
    evidence = evidence_for(app / "worker.yaml", judges)
    assert evidence.is_whole


@pytest.mark.parametrize("safe", [True, False])
def test_which_fixes_a_second_run_makes(judges: Judges, tmp_path: Path, *, safe: bool) -> None:
    app = write(
        tmp_path / "app",
        {
            "app.yaml": APP_YAML + handlers(("/.*", "main.app")),
            "main.py": GOOD.replace("'hello'", "counted()")
            + "\n\nhits = 0\n\n\ndef counted():\n    global hits\n    hits += 1\n    return str(hits)\n",
        },
    )
    evidence = evidence_for(app, judges, unsafe=not safe)
    (proof,) = [proof for proof in evidence.proofs if proof.step is Step.AGAIN]
    if safe:
        assert proof.outcome is Outcome.PASSED
        assert proof.about == "`gaebot fix`, which makes the safe fixes only, finds nothing more to fix"
    else:
        assert proof.outcome is Outcome.FAILED
        assert "`gaebot fix --unsafe`" in proof.about
        assert told(evidence, Step.AGAIN) == {
            "main.py": (Outcome.FAILED, "it would be changed by ts-counter")
        }
    assert proved([evidence]) is safe


def test_without_the_sdk_only_compiling_is_done(python27: Path, tmp_path: Path) -> None:
    app = write(tmp_path / "app", {"app.yaml": APP_YAML + handlers(("/.*", "main.app")), "main.py": GOOD})
    evidence = evidence_for(app, Judges(python27, None, ("Install it.",)))
    assert outcome(evidence, Step.COMPILE) is Outcome.PASSED
    for step in (Step.YAML, Step.LOAD, Step.ANSWER):
        (proof,) = [proof for proof in evidence.proofs if proof.step is step]
        assert (proof.outcome, proof.about) == (
            Outcome.NOT_RUN,
            "Google's App Engine SDK was not found",
        )
    assert not proved([evidence])
    assert proved([evidence], allow_not_run=True)


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)]
)
def test_an_interrupt_leaves_nothing(
    judges: Judges, tmp_path: Path, number: signal.Signals, code: int
) -> None:
    app = write(
        tmp_path / "app",
        {"app.yaml": APP_YAML + handlers(("/.*", "slow.app")), "slow.py": SLEEPS},
    )
    places = tmp_path / "tmp"
    places.mkdir()
    environment = {**asking(judges), "TMPDIR": str(places)}
    with subprocess.Popen(
        [sys.executable, "-m", "gaebot", "prove", str(app)],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        preexec_fn=lambda: signal.signal(number, signal.SIG_DFL),  # noqa: PLW1509 - no threads here; nohup and `&` leave it ignored
    ) as running:
        give_up = time.monotonic() + 60
        while not any("Instance PID" in log.read_text() for log in places.glob("gaebot-*/log.txt")):
            assert time.monotonic() < give_up
            time.sleep(0.1)
        assert processes(places)
        running.send_signal(number)
        _, errors = running.communicate(timeout=30)
    assert running.returncode == code
    assert b"Traceback" not in errors
    assert processes(places) == []
    assert list(places.iterdir()) == []


def processes(folder: Path) -> list[str]:
    """The processes that know of a folder by their command line or environment."""
    found = []
    for place in Path("/proc").glob("[0-9]*"):
        try:
            said = (place / "cmdline").read_bytes() + (place / "environ").read_bytes()
        except OSError:
            continue
        if f"{folder}/gaebot-".encode() in said:
            found.append(place.name)
    return found


def test_the_command_says_it_in_json(judges: Judges, tmp_path: Path) -> None:
    app = write(tmp_path / "app", {"app.yaml": APP_YAML + handlers(("/.*", "main.app")), "main.py": GOOD})
    environment = asking(judges)
    done = subprocess.run(
        [sys.executable, "-m", "gaebot", "prove", "--format", "json", "--report", "html=page.html", "."],
        env=environment,
        cwd=app,
        capture_output=True,
        check=False,
    )
    assert done.stderr == b""
    assert done.returncode == 0
    (evidence,) = json.loads(done.stdout)["evidence"]
    assert evidence["proved"] is True
    assert [step["outcome"] for step in evidence["steps"]] == ["passed"] * 5
    assert evidence["judges"] == ["CPython 2.7.18", "Google's App Engine SDK 1.9.88"]
    assert "proved to work" in (app / "page.html").read_text()


def test_the_readme_shows_what_is_printed(judges: Judges, tmp_path: Path) -> None:
    root = Path(__file__).parents[2]
    [shown] = re.findall(
        r"^```text\n\$ gaebot prove guestbook\n(.*?)^```$",
        (root / "README.md").read_text("utf-8"),
        re.MULTILINE | re.DOTALL,
    )
    shutil.copytree(root / "tests/apps/guestbook", tmp_path / "guestbook")
    environment = {**asking(judges), "COLUMNS": "100"}
    printed = ""
    for command in (["fix", "--unsafe"], ["prove"]):
        printed = subprocess.run(
            [sys.executable, "-m", "gaebot", *command, "guestbook"],
            env=environment,
            cwd=tmp_path,
            capture_output=True,
            check=True,
            text=True,
        ).stdout
    assert printed.replace(f"CPython {python_version(judges.python27)}", "CPython 2.7.18") == shown


def test_no_name_stands_twice_in_a_batch() -> None:
    services = [ServiceToRun(f"{number}.yaml", name, ()) for number, name in enumerate("aabca")]
    assert [[one.path for one in batch] for batch in batches(services)] == [
        ["0.yaml", "2.yaml", "3.yaml"],
        ["1.yaml"],
        ["4.yaml"],
    ]
