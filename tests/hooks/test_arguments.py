import re

import pytest

from gaebot import cli
from gaebot.hooks.arguments import _takes_value, owned, split
from tests.hooks.apps import APP, below
from tests.trees import write_tree


@pytest.fixture
def here(tmp_path, monkeypatch):
    folder = tmp_path / "repository"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


@pytest.mark.parametrize(
    ("arguments", "options", "files"),
    [
        ([], [], []),
        (["main.py"], [], ["main.py"]),
        (["--unsafe", "main.py"], ["--unsafe"], ["main.py"]),
        (["--fail-on", "error", "main.py"], ["--fail-on", "error"], ["main.py"]),
        (["--fail-on=error", "main.py"], ["--fail-on=error"], ["main.py"]),
        (["--sel", "yaml", "--ign", "wsgi", "a.py"], ["--sel", "yaml", "--ign", "wsgi"], ["a.py"]),
        (["a.py", "--unsafe", "b.py"], ["--unsafe"], ["a.py", "b.py"]),
        (["--unsafe", "--", "-a.py", "--select"], ["--unsafe"], ["./-a.py", "./--select"]),
        (["--nonsense", "a.py"], ["--nonsense"], ["a.py"]),
        (["a b.py", "caf\xe9.py", "\udcff.py", ""], [], ["a b.py", "caf\xe9.py", "\udcff.py", ""]),
        (["--select"], ["--select"], []),
    ],
)
def test_options_come_before_files(here, arguments, options, files):
    assert split(arguments) == (options, files)


@pytest.mark.parametrize("name", ["-x.py", "--select.py", "--unsafe", "-\udcff.py"])
def test_a_file_that_looks_like_an_option_is_a_file(here, name):
    write_tree(here, {name: ""})
    assert split(["--unsafe=no", name, "main.py"]) == (["--unsafe=no"], [f"./{name}", "main.py"])


@pytest.mark.parametrize("command", ["check", "fix"])
def test_it_knows_which_options_take_a_value(command, capsys):
    """Add an option that takes one to `_WITH_VALUE`, so that its value is not taken for a file."""
    cli.main([command, "--help"])
    listed = re.findall(r"^  (?:-\w, )?(--[\w-]+)( [A-Z{])?", capsys.readouterr().out, re.MULTILINE)
    assert listed
    assert {name: _takes_value(name) for name, _ in listed} == {name: bool(value) for name, value in listed}


def test_files_without_an_app_are_left_out(here):
    write_tree(here, {**below("app", APP), "app/lib/deep/a.py": "", "README.txt": "", "tools/app.py": ""})
    files = ["app/main.py", "README.txt", "app/lib/deep/a.py", "tools/app.py", "app/app.yaml"]
    assert owned(files) == ["app/app.yaml", "app/lib/deep/a.py", "app/main.py"]


@pytest.mark.parametrize("name", ["gone.py", "app/gone.py", "app/gone/gone.py", "", "nul\0.py"])
def test_what_is_not_there_is_left_out(here, name):
    write_tree(here, below("app", APP))
    assert owned([name, "app/main.py"]) == ["app/main.py"]


def test_a_folder_stands_for_the_apps_below_it(here):
    write_tree(here, {**below("apps/one", APP), "docs/a.py": ""})
    assert owned(["apps", "apps/one", "docs"]) == ["apps", "apps/one"]


def test_an_app_around_the_repository_is_not_its_own(here):
    write_tree(here.parent, APP)
    write_tree(here, {"a.py": "", **below("app", APP)})
    assert owned(["a.py", "app/main.py", "../main.py"]) == ["app/main.py"]


def test_links_and_pipes(here):
    write_tree(here, below("app", APP))
    (here / "app" / "link.py").symlink_to("main.py")
    (here / "app" / "nowhere.py").symlink_to("nothing.py")
    assert owned(["app/link.py", "app/nowhere.py"]) == ["app/link.py"]


def test_names_of_all_kinds(here):
    names = ["app/a b.py", "app/caf\xe9.py", "app/\udcff.py", "app/-x.py", "app/a\nb.py"]
    write_tree(here, below("app", APP))
    for name in names:
        (here / name).write_text("")
    assert owned(names) == sorted(names)
