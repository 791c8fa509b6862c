import os
import subprocess
import sys

import pytest

from gaebot import api, runs
from gaebot.engine import Change
from gaebot.finding import Safety
from gaebot.hooks.fix import main
from tests.disk.kills import leave
from tests.fakes import FunctionRule, WordRule
from tests.hooks.apps import APP, GOOD_APP, NEW_SERVICE, OLD, OLD_SERVICE, RULE, below
from tests.trees import read_tree, write_tree


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def own_rules(monkeypatch):
    rules = [WordRule("bad", b"bad", b"good"), WordRule("odd", b"odd", b"even", safety=Safety.REVIEW)]
    monkeypatch.setattr(runs, "discover", lambda _hop: tuple(rules))
    monkeypatch.setattr(runs, "choose", lambda rules, _select, _ignore: rules)
    return rules


# -- nothing to do -------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["main.py", "app.yaml", "gone.py"])
def test_a_good_app_is_left_alone(here, capsys, name):
    write_tree(here, GOOD_APP)
    before = read_tree(here)
    assert main([name]) == 0
    assert read_tree(here) == before
    assert capsys.readouterr().out == ""


def test_files_that_belong_to_no_app_are_left_alone(here):
    write_tree(here, {**below("app", APP), "setup.py": OLD})
    before = read_tree(here)
    assert main(["setup.py"]) == 0
    assert read_tree(here) == before


def test_findings_that_remain_are_for_the_check(here, own_rules, capsys):
    write_tree(here, {**GOOD_APP, "main.py": "# odd\n"})
    assert main(["main.py"]) == 0
    assert capsys.readouterr().out == ""


def test_files_that_can_not_be_read_are_for_the_check(here):
    write_tree(here, GOOD_APP)
    (here / "broken.py").write_bytes(b"x = '\0'\n")
    assert main(["broken.py"]) == 0


def test_other_files_keep_their_findings(here):
    write_tree(here, {**APP, "other.yaml": OLD_SERVICE})
    assert main(["other.yaml"]) == 1
    assert read_tree(here)["other.yaml"] == NEW_SERVICE.encode()
    assert read_tree(here)["main.py"] == APP["main.py"].encode()


# -- fixes ---------------------------------------------------------------------------------


def test_safe_fixes_are_made_and_told(here, capsys):
    write_tree(here, APP)
    assert main(["main.py"]) == 1
    assert read_tree(here) == {path: text.encode() for path, text in GOOD_APP.items()}
    printed = capsys.readouterr()
    assert printed.out == f"fixed main.py: {RULE}: Import it from its place\nFixed 1 finding in 1 file.\n"
    assert printed.err == ""
    assert main(["main.py"]) == 0


def test_a_fix_that_was_killed_is_completed_and_told(here, capsys):
    write_tree(here, {**GOOD_APP, "a.txt": b"a", "b.txt": b"b"})
    leave(here, 1, [Change("a.txt", b"a", b"A"), Change("b.txt", b"b", b"B")])
    assert main(["main.py"]) == 1
    assert capsys.readouterr().out == "An interrupted fix was completed: b.txt.\n"
    after = read_tree(here)
    assert after.keys() == {*GOOD_APP, "a.txt", "b.txt"}
    assert (after["a.txt"], after["b.txt"]) == (b"A", b"B")
    assert main(["main.py"]) == 0


def test_fixes_to_be_reviewed_are_made_when_asked_for(here, own_rules):
    write_tree(here, {**GOOD_APP, "main.py": "# bad odd\n"})
    assert main(["main.py"]) == 1
    assert read_tree(here)["main.py"] == b"# good odd\n"
    assert main(["--unsafe", "main.py"]) == 1
    assert read_tree(here)["main.py"] == b"# good even\n"
    assert main(["--unsafe", "main.py"]) == 0


@pytest.mark.parametrize("name", ["a b", "caf\xe9", "-x", "--unsafe", "\udcff", "-\udcff"])
def test_names_of_all_kinds(here, name):
    write_tree(here, GOOD_APP)
    (here / f"{name}.yaml").write_text(OLD_SERVICE)
    assert main(["--select", "yaml", f"{name}.yaml"]) == 1
    assert (here / f"{name}.yaml").read_text() == NEW_SERVICE


def test_several_apps(here):
    write_tree(here, {**below("one", APP), **below("two", APP), "setup.py": OLD})
    assert main(["one/main.py", "setup.py", "two/main.py"]) == 1
    expected = {**below("one", GOOD_APP), **below("two", GOOD_APP), "setup.py": OLD}
    assert read_tree(here) == {path: text.encode() for path, text in expected.items()}


def test_a_file_that_can_not_be_written_fails(here, monkeypatch, capsys):
    def refuse(_root, _changes):
        raise api.disk.WriteRefusedError("Nothing was written: the disk is full.")

    monkeypatch.setattr(api.disk, "write_changes", refuse)
    write_tree(here, APP)
    assert main(["main.py"]) == 1
    assert capsys.readouterr().out == "Nothing was written: the disk is full.\n"


def test_a_rule_that_fails_is_exit_code_3(here, own_rules, capsys):
    def explode(_app):
        raise ZeroDivisionError("oh")

    own_rules.append(FunctionRule("broken", explode))
    write_tree(here, {**GOOD_APP, "main.py": "# bad\n"})
    assert main(["main.py"]) == 3
    assert read_tree(here)["main.py"] == b"# good\n"
    assert "rule broken failed with ZeroDivisionError: oh\n" in capsys.readouterr().out


# -- options -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (["--select", RULE], 1),
        (["--select=yaml,wsgi"], 0),
        (["--ignore", "libraries"], 0),
        (["--to=python27"], 1),
        (["--select", "nonsense"], 2),
        (["--to", "python5"], 2),
        (["--fail-on", "error"], 2),
        (["--help"], 0),
    ],
)
def test_options(here, options, code, capsys):
    write_tree(here, APP)
    assert main([*options, "main.py"]) == code
    assert "Traceback" not in capsys.readouterr().err


def test_the_settings_of_the_team_count(here, capsys):
    write_tree(here, {**APP, ".gaebot.yaml": "skip: [main.py]\n"})
    assert main(["main.py"]) == 0
    write_tree(here, {".gaebot.yaml": "skipp: [main.py]\n"})
    assert main(["main.py"]) == 2
    assert capsys.readouterr().err == (
        "gaebot-fix: .gaebot.yaml:1: there is no key `skipp`. Did you mean `skip`?\n"
    )
    assert main(["--isolated", "main.py"]) in {0, 1}


def test_the_program(tmp_path):
    write_tree(tmp_path, GOOD_APP)
    (tmp_path / "-\udcff.yaml").write_text(OLD_SERVICE)
    environment = {**os.environ, "PYTHONPATH": os.getcwd(), "PYTHONIOENCODING": "ascii"}
    command = [sys.executable, "-m", "gaebot.hooks.fix", "-\udcff.yaml", "main.py"]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, check=False)
    assert done.returncode == 1
    assert done.stdout.startswith(b"fixed -\\xff.yaml: ")
    assert done.stderr == b""
