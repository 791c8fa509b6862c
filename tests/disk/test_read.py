import os
import socket

import pytest

from gaebot import limits
from gaebot.disk import read_app
from tests.trees import APP_YAML, write_tree


@pytest.fixture
def root(tmp_path):
    return write_tree(tmp_path / "app", {"app.yaml": APP_YAML, "main.py": "import util\n"})


def failures(app):
    return {failure.path: failure.message for failure in app.failures}


def test_what_is_read_and_what_is_only_known(root):
    write_tree(
        root, {"a/b.py": "", "q.yml": "", "app.yaml.sample": "", "x.html": "", "x.pyc": "", "a/b.py~": ""}
    )
    app = read_app(str(root), "label")
    assert list(app.files) == ["a/b.py", "app.yaml", "app.yaml.sample", "main.py", "q.yml"]
    assert app.others == {"x.html"}
    assert app.skipped == {"x.pyc", "a/b.py~"}
    assert app.root == "label"
    assert app.failures == ()


def test_page_templates_are_read_when_they_hold_tags(root):
    pages = {"a.html": "{{ x }}", "b.html": "<p>", "c.js": "{{ x }}", "d.XML": "{% x %}"}
    large = {"e.html": "{{ x }}" + " " * limits.MAX_PAGE_BYTES}
    write_tree(root, {**pages, **large, "simplejson/decoder.py": "", "simplejson/x.html": "{{ x }}"})
    app = read_app(str(root))
    assert [page.path for page in app.pages()] == ["a.html", "d.XML"]
    assert {"b.html", "c.js", "e.html", "simplejson/x.html"} <= app.others
    assert app.failures == ()


def test_bytes_are_kept(root):
    data = b"\xef\xbb\xbf# coding: utf-8\r\n\tx = '\xc3\xa4'\x00\r"
    write_tree(root, {"odd.py": data})
    assert read_app(str(root)).files["odd.py"].data == data


def test_nested_apps_are_left_out(root):
    write_tree(
        root,
        {"inner/app.yaml": APP_YAML, "inner/x.py": "", "worker/worker.yaml": APP_YAML, "worker/w.py": ""},
    )
    app = read_app(str(root))
    assert set(app.files) == {"app.yaml", "main.py", "worker/worker.yaml", "worker/w.py"}


@pytest.mark.parametrize("marker", ["pyvenv.cfg", "bin/activate", "Scripts/activate"])
def test_virtual_environments_are_not_walked(root, marker):
    write_tree(root, {f"env/{marker}": "", "env/x.py": "", ".git/x.py": "", "node_modules/y/x.py": ""})
    write_tree(root, {"bin/tool.py": ""})  # no environment
    assert set(read_app(str(root)).paths) == {"app.yaml", "main.py", "bin/tool.py"}


def test_a_root_that_is_a_virtual_environment_is_walked(root):
    write_tree(root, {"bin/activate": "", "lib/python2.7/site-packages/thing/x.py": ""})
    app = read_app(str(root))
    assert "main.py" in app.files
    assert app.vendored == {"lib/python2.7/site-packages/thing": "thing"}


def test_vendored_code_is_told(root):
    write_tree(root, {"simplejson/decoder.py": ""})
    assert read_app(str(root)).vendored == {"simplejson": "simplejson"}


# -- skip_files ----------------------------------------------------------------------------


def skipped(root, skip_files, *paths, **files):
    write_tree(root, {"app.yaml": APP_YAML + skip_files, **dict.fromkeys(paths, ""), **files})
    return read_app(str(root)).skipped


def test_skip_files_is_matched_at_the_start_of_the_path(root):
    assert skipped(
        root, "skip_files:\n- tests\n- .*_test\\.py\n", "tests.py", "a/tests.py", "a/b_test.pyc"
    ) == {
        "tests.py",
        "a/b_test.pyc",
    }


def test_a_folder_that_matches_is_left_out_whole(root):
    assert skipped(root, "skip_files: ^(.*/)?tests$\n", "a/tests/b/x.py", "tests.py") == {"a/tests/b/x.py"}


def test_skip_files_replaces_the_default(root):
    assert skipped(root, "skip_files:\n- ^x$\n", ".hidden.py", "x", "y.pyc") == {"x"}


def test_skip_files_in_one_block_of_text(root):
    block = "skip_files: |\n ^(.*/)?(\n (app\\.yaml)|\n (index\\.yaml)|\n (.*~)|\n (vendor/.*)\n )$\n"
    write_tree(root, {"index.yaml": "indexes:\n"})
    assert skipped(root, block, "vendor/x.py", "a~", "b.py") == {"vendor/x.py", "a~"}
    # appcfg.py reads the App Engine files in the root all the same.
    assert {"app.yaml", "index.yaml"} <= read_app(str(root)).files.keys()


def test_skip_files_of_an_included_file_is_added(root):
    files = {"lib/inc.yaml": "skip_files:\n- ^extra\n"}
    assert skipped(root, "includes:\n- lib/inc.yaml\n", "extra.py", "x.pyc", **files) == {"extra.py", "x.pyc"}


def test_a_file_that_another_service_uploads_is_kept(root):
    write_tree(root, {"worker.yaml": APP_YAML + "skip_files:\n- ^front\n- ^both\n"})
    assert skipped(root, "skip_files:\n- ^worker\n- ^both\n", "front/x.py", "worker/x.py", "both/x.py") == {
        "both/x.py"
    }


def test_templates_say_nothing_about_the_upload(root):
    write_tree(root, {"app.yaml.example": APP_YAML + "skip_files:\n- .*\n"})
    assert skipped(root, "") == set()


def test_bad_expressions_leave_nothing_out(root):
    assert (
        skipped(root, "skip_files:\n- '*.py'\n- '(a|aa)+$'\n- 3\n- {}\n", "a" * 60 + "b.py", "x.py") == set()
    )


def test_skipped_oddities_are_no_failure(root):
    os.mkfifo(root / ".socket")
    (root / "tests").mkdir()
    os.symlink("/etc", root / "tests" / "etc")
    write_tree(root, {"app.yaml": APP_YAML + "skip_files:\n- ^tests$\n- ^\\.\n"})
    assert read_app(str(root)).failures == ()


# -- bad input -----------------------------------------------------------------------------


def test_pipes_and_sockets_are_named_and_never_opened(root):
    os.mkfifo(root / "pipe.py")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(root / "server.yaml"))
        app = read_app(str(root))
    assert failures(app).keys() == {"pipe.py", "server.yaml"}
    assert "not a plain file" in failures(app)["pipe.py"]
    assert "main.py" in app.files


def test_an_app_yaml_that_is_a_folder_is_named(root):
    (root / "app.yaml").unlink()
    (root / "app.yaml").mkdir()
    app = read_app(str(root))
    assert failures(app) == {"app.yaml": "This is a folder, not a file; give it another name."}
    assert "main.py" in app.files


def test_an_app_yaml_that_is_a_pipe_is_named(root):
    (root / "app.yaml").unlink()
    os.mkfifo(root / "app.yaml")
    assert failures(read_app(str(root))).keys() == {"app.yaml"}


def test_a_large_file_is_named_and_not_read(root):
    with (root / "big.py").open("wb") as file:
        file.truncate(50_000_000)
    with (root / "big.yaml").open("wb") as file:
        file.truncate(50_000_000)
    app = read_app(str(root))
    assert failures(app).keys() == {"big.py", "big.yaml"}
    assert "larger than 5,000,000 bytes" in failures(app)["big.py"]
    assert {"big.py", "big.yaml"} <= app.paths
    assert "main.py" in app.files


def test_the_largest_file_is_read(root, monkeypatch):
    monkeypatch.setattr(limits, "MAX_FILE_BYTES", 1000)
    write_tree(root, {"a.py": b"#" * 1000, "b.py": b"#" * 1001})
    app = read_app(str(root))
    assert "a.py" in app.files
    assert failures(app).keys() == {"b.py"}


def test_an_unreadable_file_is_named(root, monkeypatch):
    # Modes do not stop the superuser, so the system call itself says no.
    real_open = os.open

    def refuse(path, *arguments, **named):
        if str(path).endswith("main.py"):
            raise PermissionError(13, "Permission denied", path)
        return real_open(path, *arguments, **named)

    monkeypatch.setattr(os, "open", refuse)
    app = read_app(str(root))
    assert failures(app) == {"main.py": "This file can't be opened (permission denied); make it readable."}
    assert "app.yaml" in app.files


def test_an_unreadable_folder_is_named(root, monkeypatch):
    write_tree(root, {"secret/x.py": ""})
    real_scandir = os.scandir

    def refuse(path):
        if str(path).endswith("secret"):
            raise PermissionError(13, "Permission denied", path)
        return real_scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)
    app = read_app(str(root))
    assert failures(app) == {"secret": "This folder can't be opened (permission denied); make it readable."}
    assert "main.py" in app.files


def test_a_file_exchanged_for_a_pipe_after_the_walk_is_not_waited_for(root, monkeypatch):
    real_open = os.open

    def exchange(path, *arguments, **named):
        if str(path).endswith("main.py"):
            os.unlink(path)
            os.mkfifo(path)
        return real_open(path, *arguments, **named)

    monkeypatch.setattr(os, "open", exchange)
    assert failures(read_app(str(root))) == {"main.py": "This is not a plain file; remove it from the app."}


def test_a_file_exchanged_for_a_link_after_the_walk_is_not_followed(root, monkeypatch, tmp_path):
    (tmp_path / "secret").write_text("secret")
    real_open = os.open

    def exchange(path, *arguments, **named):
        if str(path).endswith("main.py"):
            os.unlink(path)
            os.symlink(tmp_path / "secret", path)
        return real_open(path, *arguments, **named)

    monkeypatch.setattr(os, "open", exchange)
    app = read_app(str(root))
    assert "main.py" not in app.files
    assert failures(app).keys() == {"main.py"}


def test_too_many_files(root, monkeypatch):
    monkeypatch.setattr(limits, "MAX_FILES", 3)
    write_tree(root, {f"m{number}.py": "" for number in range(9)})
    app = read_app(str(root))
    assert len(app.paths) == 3
    assert failures(app).keys() == {""}
    assert failures(app)[""].startswith("There are more than 3 files, and the rest was not looked at; name")


def test_folders_too_deep(root):
    deep = "/".join(["d"] * (limits.MAX_FOLDER_DEPTH + 5))
    write_tree(root, {f"{deep}/x.py": ""})
    app = read_app(str(root))
    assert [message for message in failures(app).values() if "nested more than 60 deep" in message]
    assert "main.py" in app.files


def test_names_that_are_no_text(root):
    try:
        (root / os.fsdecode(b"caf\xe9.py")).write_bytes(b"x = 1\n")
    except OSError:
        pytest.skip("this file system takes no such names")
    assert os.fsdecode(b"caf\xe9.py") in read_app(str(root)).files


@pytest.mark.parametrize(
    "content",
    [
        "runtime: python\n\tbad",
        "a: &a [x]\nb: [*a, *a]\nruntime: python\nhandlers: *a\n",
        "a: &a {k: v}\nb:\n  <<: [" + ", ".join(["*a"] * 5000) + "]\nruntime: python\n",
        "[" * 10_000 + "]" * 10_000,
        "runtime: \0python\n",
        b"runtime: \xff\xfe\n",
        "",
    ],
    ids=["tab", "alias", "merge", "nesting", "nul", "no utf-8", "empty"],
)
def test_an_app_yaml_that_is_not_sound_is_read_as_bytes(root, content):
    write_tree(root, {"app.yaml": content})
    app = read_app(str(root))
    assert app.files.keys() == {"app.yaml", "main.py"}
    assert app.failures == ()


# -- links ---------------------------------------------------------------------------------


def test_a_link_to_a_file_of_the_app_is_read_and_never_written(root):
    os.symlink("main.py", root / "alias.py")
    app = read_app(str(root))
    assert app.files["alias.py"].data == app.files["main.py"].data
    assert app.read_only == {"alias.py"}
    assert app.failures == ()


def test_a_link_to_a_folder_of_the_app_stands_for_its_files(root):
    write_tree(root, {"real/x.py": "x = 1\n", "real/deep/y.py": "", "real/z.png": ""})
    os.symlink("real", root / "alias")
    app = read_app(str(root))
    assert {"alias/x.py", "alias/deep/y.py"} <= app.files.keys()
    assert app.read_only == {"alias/x.py", "alias/deep/y.py"}
    assert "alias/z.png" in app.others


def test_links_out_of_the_app_are_named_and_not_followed(root, tmp_path):
    write_tree(tmp_path / "outside", {"x.py": "secret = 1\n"})
    os.symlink("../outside", root / "folder")
    os.symlink("../outside/x.py", root / "file.py")
    os.symlink("/dev/zero", root / "zero.py")
    app = read_app(str(root))
    assert app.files.keys() == {"app.yaml", "main.py"}
    assert failures(app).keys() == {"folder", "file.py", "zero.py"}
    assert "leads out of the app" in failures(app)["folder"]


def test_a_link_to_a_picture_outside_is_nobody_s_business(root, tmp_path):
    write_tree(tmp_path, {"logo.png": ""})
    os.symlink("../logo.png", root / "logo.png")
    app = read_app(str(root))
    assert app.failures == ()
    assert "logo.png" in app.paths


def test_loops_of_links_are_named(root):
    os.symlink("self", root / "self")
    os.symlink(".", root / "here")
    write_tree(root, {"a/x.py": ""})
    os.symlink("..", root / "a" / "up")
    app = read_app(str(root))
    assert failures(app).keys() == {"self", "here", "a/up"}
    assert "leads in a circle" in failures(app)["self"]
    assert "leads to a folder around itself" in failures(app)["a/up"]
    assert app.files.keys() == {"app.yaml", "main.py", "a/x.py"}


def test_links_between_folders_do_not_multiply(root):
    for name in "abc":
        write_tree(root, {f"{name}/x.py": ""})
        for other in "abc":
            if other != name:
                os.symlink(f"../{other}", root / name / f"to_{other}")
    app = read_app(str(root))
    assert len(app.files) == 2 + 3 + 6


def test_dangling_links(root):
    os.symlink("nothing", root / "gone.py")
    os.symlink("nothing", root / "gone.png")
    os.symlink("me@host.1", root / ".#main.py")  # an editor's lock; the default skip_files leaves it out
    assert failures(read_app(str(root))).keys() == {"gone.py"}


def test_an_app_yaml_that_is_a_link_inside_the_app(root):
    (root / "app.yaml").rename(root / "app-live.yaml")
    os.symlink("app-live.yaml", root / "app.yaml")
    app = read_app(str(root))
    assert app.read_only == {"app.yaml"}
    assert [service.path for service in app.services] == ["app.yaml", "app-live.yaml"]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"x = 1\n", None),
        (b"x = " + b"(" * 98 + b"1" + b")" * 98 + b"\n", None),
        (b"x = " + b"(" * 99 + b"1" + b")" * 99 + b"\n", "brackets"),
        (b"x = " + b"[\n " * 10_000 + b"]" * 10_000 + b"\n", "brackets"),
        (b"x = 1\0\n", "NUL bytes"),
    ],
)
def test_python_that_can_not_be_compiled_is_named(root, data, words):
    (root / "app.yaml").write_text(APP_YAML)
    (root / "main.py").write_bytes(data)
    found = failures(read_app(str(root)))
    assert list(found) == (["main.py"] if words else [])
    assert words is None or words in found["main.py"]
    assert "main.py" in read_app(str(root)).files
