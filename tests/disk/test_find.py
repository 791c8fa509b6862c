import os
from pathlib import Path

import pytest

from gaebot.disk import NoAppError, Target, find_apps, find_targets, git_prefix
from tests.trees import APP_YAML, write_tree

SERVICE = "runtime: python\nhandlers:\n- url: /.*\n  script: main.py\n"


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def tree(here, *names, **contents):
    write_tree(here, {name: APP_YAML if "app." in name else SERVICE for name in names} | contents)


def test_the_current_folder_is_the_empty_name(here):
    tree(here, "app.yaml")
    assert find_apps(".") == [""]


@pytest.mark.parametrize("name", ["app.yaml", "app.yml"])
def test_a_folder_with_an_app_yaml_is_a_root(here, name):
    tree(here, f"one/{name}", f"deep/er/two/{name}")
    assert find_apps(".") == ["deep/er/two", "one"]
    assert find_apps("one") == ["one"]
    assert find_apps("./one/") == ["one"]


def test_nested_roots_are_apps_of_their_own(here):
    tree(here, "app.yaml", "inner/app.yaml")
    assert find_apps(".") == ["", "inner"]


def test_a_service_folder_without_app_yaml_belongs_to_the_app_around_it(here):
    tree(here, "app.yaml", "worker/worker.yaml")
    assert find_apps(".") == [""]


def test_a_service_file_makes_a_root_where_there_is_no_app_yaml(here):
    tree(here, "front/front.yaml", "front/deep/deep.yaml", "back/app.yaml")
    assert find_apps(".") == ["back", "front"]


@pytest.mark.parametrize("name", ["app.yaml.example", "app.example.yaml", "app.yaml.sample"])
def test_a_template_makes_a_root_where_there_is_no_app_yaml(here, name):
    tree(here, f"src/{name}")
    assert find_apps(".") == ["src"]


def test_other_yaml_makes_no_root(here):
    write_tree(here, {"docker.yaml": "version: 1\n", "runtime.yaml": "runtime: x\n", "x.yaml": ": : ["})
    with pytest.raises(NoAppError):
        find_apps(".")


def test_folders_that_hold_no_code_of_the_app_are_not_searched(here):
    tree(here, "app.yaml", ".git/app.yaml", "node_modules/x/app.yaml", "env/app.yaml")
    write_tree(here, {"env/pyvenv.cfg": ""})
    assert find_apps(".") == [""]


def test_the_demo_of_a_bundled_library_is_no_app(here):
    tree(here, "app.yaml", "third_party/thing/demo/app.yaml")
    assert find_apps(".") == [""]
    assert find_apps("third_party/thing/demo") == ["third_party/thing/demo"]


def test_a_folder_for_third_party_code_above_an_app_changes_nothing(here):
    tree(here, "third_party/thing/app.yaml")
    assert find_apps(".") == ["third_party/thing"]


def test_a_file_stands_for_the_app_that_owns_it(here):
    tree(here, "app.yaml", "inner/app.yaml", **{"inner/a/b.py": "", "c.py": ""})
    assert find_targets(["inner/a/b.py"]) == (Target("inner", frozenset({"a/b.py"})),)
    assert find_targets(["inner/app.yaml", "c.py"]) == (
        Target("inner", frozenset({"app.yaml"})),
        Target("", frozenset({"c.py"})),
    )


def test_a_folder_inside_an_app_is_a_focus(here):
    tree(here, "app.yaml", **{"a/b.py": ""})
    assert find_targets(["a"]) == (Target("", frozenset({"a"})),)


def test_an_app_above_the_current_folder_is_found(here, monkeypatch):
    tree(here, "app.yaml", **{"a/b/c.py": ""})
    monkeypatch.chdir(here / "a" / "b")
    assert find_targets(["c.py"]) == (Target("../..", frozenset({"a/b/c.py"})),)
    assert find_targets(["."]) == (Target("../..", frozenset({"a/b"})),)


def test_each_app_comes_once_whatever_names_it(here):
    tree(here, "app.yaml", **{"a.py": "", "b.py": ""})
    assert find_targets(["a.py", str(here / "b.py")]) == (Target("", frozenset({"a.py", "b.py"})),)
    assert find_targets(["a.py", "."]) == (Target(""),)
    assert find_targets([".", "b.py"]) == (Target(""),)


def test_an_absolute_path_stays_absolute_outside_the_current_folder(here, monkeypatch):
    tree(here, "app/app.yaml", **{"other/x.txt": ""})
    assert find_apps(str(here / "app")) == ["app"]
    monkeypatch.chdir(here / "other")
    assert find_apps(str(here / "app")) == [(here / "app").as_posix()]
    assert find_apps("../app") == ["../app"]


@pytest.mark.parametrize("path", ["nowhere", "empty", "lonely/x.py", "pipe", "nul\0name"])
def test_no_app_is_one_sentence_that_names_the_path_and_the_way_out(here, path):
    write_tree(here, {"lonely/x.py": "", "empty/readme": ""})
    os.mkfifo("pipe")
    with pytest.raises(NoAppError) as caught:
        find_apps(path)
    message = str(caught.value)
    assert path.replace("\0", "\\x00") in message
    assert "ame " in message  # Name the folder …
    assert "\n" not in message


def test_an_app_yaml_that_is_no_file_still_names_the_app(here):
    (here / "one" / "app.yaml").mkdir(parents=True)
    (here / "two").mkdir()
    os.mkfifo("two/app.yaml")
    (here / "three").mkdir()
    os.symlink("nothing", "three/app.yaml")
    assert find_apps(".") == ["one", "three", "two"]


def test_git_prefix_is_the_way_from_the_top_of_the_repository(here, monkeypatch):
    tree(here, "repo/src/app.yaml", "plain/app/app.yaml")
    (here / "repo" / ".git").mkdir()
    assert git_prefix("repo/src") == "src"
    assert git_prefix("repo") == ""
    assert git_prefix("plain/app") == "plain/app"
    monkeypatch.chdir(here / "repo")
    assert git_prefix(str(here / "plain/app")) == ""
    assert git_prefix("src") == "src"
    assert Path.cwd() == here / "repo"
