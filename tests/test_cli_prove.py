"""`gaebot prove` as a command: exit codes, formats, and that nothing is run where there is nothing to run it with."""

import json
import subprocess

import pytest

from gaebot import cli
from gaebot.evidence import Evidence, Judgement, Outcome, Proof, Step
from gaebot.prove import sdk, whole
from gaebot.report import Report
from tests.trees import write_tree

APP_YAML = """\
application: tiny
version: 1
runtime: python27
api_version: 1
threadsafe: true

handlers:
- url: /.*
  script: main.app
"""


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")
    write_tree(tmp_path, {"app.yaml": APP_YAML, "main.py": "def app(environ, start_response):\n    pass\n"})
    return tmp_path


@pytest.fixture
def nobody(monkeypatch):
    """No judge, and no program is started."""

    def start(*_arguments, **_named):
        raise AssertionError("a program was started")

    monkeypatch.setattr(whole.Judges, "find", lambda: whole.Judges(advice=("Install one.",)))
    monkeypatch.setattr(subprocess, "Popen", start)
    monkeypatch.setattr(subprocess, "run", start)


@pytest.fixture
def proving(monkeypatch):
    """Lets the proof have a certain outcome, and notes what was asked for."""
    asked = []

    def let(outcome, **more):
        def prove(*paths, **named):
            asked.append((paths, named))
            judgement = Judgement("app.yaml", outcome, "why", "/.*", "main.app", "GET /", 200)
            proof = Proof(Step.ANSWER, outcome, "1 handler of 1 service", (judgement,))
            return Report(apps=("",), evidence=(Evidence((proof,)),), **more)

        monkeypatch.setattr(whole, "prove", prove)
        return asked

    return let


# -- exit codes ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("outcome", "options", "code"),
    [
        (Outcome.PASSED, [], 0),
        (Outcome.FAILED, [], 1),
        (Outcome.NOT_RUN, [], 1),
        (Outcome.PASSED, ["--allow-not-run"], 0),
        (Outcome.FAILED, ["--allow-not-run"], 1),
        (Outcome.NOT_RUN, ["--allow-not-run"], 0),
    ],
)
def test_exit_code(here, proving, outcome, options, code):
    proving(outcome)
    assert cli.main(["prove", *options]) == code


def test_a_fault_of_gaebot_is_exit_code_3(here, proving):
    from gaebot.finding import Failure

    proving(Outcome.PASSED, failures=(Failure("The rule failed.", rule="x", internal=True),))
    assert cli.main(["prove"]) == 3


@pytest.mark.parametrize(
    "arguments",
    [
        ["prove", "nowhere"],
        ["prove", "--unsafe"],
        ["prove", "--format", "sarif"],
        ["prove", "--report", "sarif=x.json"],
        ["prove", "--report", "html"],
        ["prove", "--timeout", "0"],
        ["prove", "--timeout", "soon"],
        ["prove", "--answer-timeout", "-1"],
        ["prove", "--answer-timeout", "inf"],
    ],
)
def test_wrong_use(here, nobody, arguments, capsys):
    assert cli.main(arguments) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "gaebot" in printed.err
    assert "Traceback" not in printed.err


# -- what is asked for ---------------------------------------------------------------------


def test_it_asks_for_unsafe_fixes_and_a_time_limit(here, proving):
    asked = proving(Outcome.PASSED)
    cli.main(["prove"])
    cli.main(["prove", "--safe", "--timeout", "5", "--answer-timeout", "2.5", "main.py"])
    (paths, first), (others, second) = asked
    assert (paths, others) == ((".",), ("main.py",))
    assert (first["unsafe"], first["limits"].whole, first["limits"].answer) == (True, 600, 30)
    assert (second["unsafe"], second["limits"].whole, second["limits"].answer) == (False, 5, 2.5)


def test_formats(here, proving, capsys):
    proving(Outcome.PASSED)
    assert cli.main(["prove", "--report", "html=page.html", "--report", "json=x.json"]) == 0
    assert "  passed   All handlers answer" in capsys.readouterr().out
    assert "proved to work" in (here / "page.html").read_text()
    assert json.loads((here / "x.json").read_text())["evidence"][0]["proved"] is True
    assert cli.main(["prove", "--output", "out.txt"]) == 0
    assert "every step passed" in (here / "out.txt").read_text()
    assert cli.main(["prove", "--quiet"]) == 0
    assert capsys.readouterr().out == ""


# -- without judges ------------------------------------------------------------------------


def test_without_judges_it_says_what_to_install(here, nobody, capsys):
    assert cli.main(["prove"]) == 1
    printed = capsys.readouterr()
    assert printed.err == ""
    assert printed.out.splitlines() == [
        ".",
        "  not run  Python 2.7 compiles the Python files: because no Python 2.7 was found.",
        "  not run  Google's parsers take the YAML files: because no Python 2.7 was found.",
        "  not run  The scripts of all handlers load: because no Python 2.7 was found.",
        "  not run  All handlers answer on Google's development server: because no Python 2.7 was found.",
        "  passed   A second run changes nothing: `gaebot fix --unsafe` finds nothing more to fix.",
        "",
        "Install one.",
        "The app is not proved to work: 4 steps were not run.",
    ]


def test_without_judges_in_json(here, nobody, capsys):
    assert cli.main(["prove", "--format", "json"]) == 1
    shape = json.loads(capsys.readouterr().out)
    assert shape["version"] == 1
    (evidence,) = shape["evidence"]
    assert (evidence["app"], evidence["proved"], evidence["advice"]) == (".", False, ["Install one."])
    assert [(step["step"], step["outcome"]) for step in evidence["steps"]] == [
        ("compile", "not run"),
        ("yaml", "not run"),
        ("load", "not run"),
        ("answer", "not run"),
        ("again", "passed"),
    ]


def test_the_two_commands_are_named(tmp_path):
    environ = {"PATH": "", "PYENV_ROOT": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path)}
    judges = whole.Judges.find(environ)
    assert judges.python27 is None
    assert "`pyenv install 2.7.18`" in judges.advice[0]
    assert "PYTHON27" in judges.advice[0]
    if sdk.cache_folder(environ).is_relative_to(tmp_path):  # macOS has one folder, whatever is said
        assert "`gaebot prove --install-sdk`" in judges.advice[1]


def test_check_and_fix_start_no_program(here, nobody):
    assert cli.main(["check"]) == 0
    assert cli.main(["fix", "--unsafe"]) == 0


# -- installing ----------------------------------------------------------------------------


def test_installing_only(here, monkeypatch, capsys):
    import gaebot.prove

    monkeypatch.setattr(gaebot.prove, "find_python27", lambda: here / "python2.7")
    monkeypatch.setattr(gaebot.prove, "install_sdk", lambda python27: python27.parent / "sdk")
    assert cli.main(["prove", "--install-sdk"]) == 0
    assert capsys.readouterr().out == f"Google's App Engine SDK is in {here}/sdk.\n"


def test_what_pip_says_is_told(here, monkeypatch, capsys):
    import gaebot.prove

    def fail(_python27):
        raise gaebot.prove.ProofError("pip could not install it:\nno network")

    monkeypatch.setattr(gaebot.prove, "find_python27", lambda: here / "python2.7")
    monkeypatch.setattr(gaebot.prove, "install_sdk", fail)
    assert cli.main(["prove", "--install-sdk", "."]) == 2
    assert capsys.readouterr().err == "gaebot: pip could not install it: no network\n"
