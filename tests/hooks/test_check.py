import os
import re
import subprocess
import sys

import pytest

from gaebot.hooks.check import main
from tests.hooks.apps import APP, GOOD_APP, OLD, OLD_SERVICE, RULE, SERVICE_RULE, below
from tests.trees import read_tree, write_tree


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def places(text):
    """The findings of a printed report: where and which rule."""
    return set(re.findall(r"^(\S.*):\d+:\d+ (?:error|warning|note) (\S+)", text, re.MULTILINE))


# -- nothing to say ------------------------------------------------------------------------


def test_a_good_app_passes(here, capsys):
    write_tree(here, GOOD_APP)
    assert main(["main.py", "app.yaml"]) == 0
    assert capsys.readouterr().out == "Nothing to report.\n"


@pytest.mark.parametrize("name", ["setup.py", "README.txt", "gone.py", "deep/er/a.py"])
def test_files_that_belong_to_no_app_pass(here, capsys, name):
    write_tree(here, {**below("app", APP), "setup.py": OLD, "README.txt": "", "deep/er/a.py": OLD})
    assert main(["--fail-on=note", name]) == 0
    assert capsys.readouterr().out == ""


def test_an_app_that_was_removed_passes(here):
    write_tree(here, {"main.py": OLD, "a.py": OLD})
    assert main(["app.yaml", "main.py", "a.py"]) == 0


def test_findings_elsewhere_in_the_app_are_not_told(here, capsys):
    write_tree(here, {**APP, "util.py": "import os\n", "lib/a.py": ""})
    assert main(["util.py", "lib/a.py", "app.yaml"]) == 0
    assert "main.py" not in capsys.readouterr().out


def test_nothing_is_written(here):
    write_tree(here, APP)
    before = read_tree(here)
    main(["main.py"])
    assert read_tree(here) == before


# -- findings ------------------------------------------------------------------------------


def test_a_finding_fails(here, capsys):
    write_tree(here, APP)
    assert main(["main.py"]) == 1
    printed = capsys.readouterr()
    assert places(printed.out) == {("main.py", RULE)}
    assert printed.err == ""


def test_the_app_is_read_whole(here, capsys):
    """What is wrong with a module can stand in the file that names it."""
    write_tree(here, {**GOOD_APP, "app.yaml": GOOD_APP["app.yaml"].replace("main.app", "other.app")})
    assert main(["app.yaml"]) == 1
    assert "yaml-script-target-missing" in capsys.readouterr().out


@pytest.mark.parametrize("name", ["a b", "caf\xe9", "-x", "--select", "\udcff", "-\udcff", "a\nb", "$(x)"])
def test_names_of_all_kinds(here, capsys, name):
    write_tree(here, GOOD_APP)
    (here / f"{name}.yaml").write_text(OLD_SERVICE)
    assert main(["--select", "yaml", f"{name}.yaml"]) == 1
    assert f".yaml:3:1 error {SERVICE_RULE}\n" in capsys.readouterr().out


def test_several_apps(here, capsys):
    write_tree(here, {**below("one", APP), **below("two", APP), **below("good", GOOD_APP), "setup.py": OLD})
    assert main(["one/main.py"]) == 1
    assert places(capsys.readouterr().out) == {("one/main.py", RULE)}
    assert main(["one/main.py", "setup.py", "good/main.py", "two/main.py"]) == 1
    assert places(capsys.readouterr().out) == {("one/main.py", RULE), ("two/main.py", RULE)}


def test_a_list_that_was_split_says_the_same(here, capsys):
    files = {f"part{number}.yaml": OLD_SERVICE for number in range(12)}
    write_tree(here, {**GOOD_APP, **files})
    names = ["app.yaml", *files, "main.py"]
    main(names)
    together = places(capsys.readouterr().out)
    assert len(together) == 12
    codes = [main(names[start : start + 5]) for start in range(0, len(names), 5)]
    assert max(codes) == 1
    assert places(capsys.readouterr().out) == together


def test_without_files_every_app_is_checked(here, capsys):
    write_tree(here, {**below("one", APP), **below("two", APP)})
    assert main([]) == 1
    assert places(capsys.readouterr().out) == {("one/main.py", RULE), ("two/main.py", RULE)}


# -- options -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ([], 1),
        (["--fail-on", "error"], 0),
        (["--fail-on=never"], 0),
        (["--select", RULE], 1),
        (["--select=yaml", "--select", "wsgi"], 0),
        (["--ignore", "libraries"], 0),
        (["--to", "python27", "--format", "json"], 1),
        (["--fail-on", "always"], 2),
        (["--select", "nonsense"], 2),
        (["--unsafe"], 2),
        (["--help"], 0),
    ],
)
def test_options_are_those_of_the_command(here, options, code):
    write_tree(here, APP)
    assert main([*options, "main.py"]) == code


# -- as a program --------------------------------------------------------------------------


def test_the_program(tmp_path):
    write_tree(tmp_path, APP)
    (tmp_path / "-\udcff.yaml").write_text(OLD_SERVICE)
    environment = {**os.environ, "PYTHONPATH": os.getcwd(), "PYTHONIOENCODING": "ascii"}
    command = [sys.executable, "-m", "gaebot.hooks.check", "--fail-on", "error", "-\udcff.yaml", "main.py"]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, check=False)
    assert done.returncode == 1
    assert b"main.py:1:1 warning" in done.stdout
    assert b"-\\xff.yaml:3:1 error" in done.stdout
    assert done.stderr == b""
