import os
import subprocess
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gaebot.engine import Change
from gaebot.render.diff import render_diff
from tests.trees import read_tree, write_tree


def git_apply(folder, patch):
    return subprocess.run(["git", "apply", "-"], cwd=folder, input=patch, capture_output=True, check=False)


def applied(folder, *changes):
    """What `git apply` makes of files that hold what the changes expect."""
    write_tree(folder, {change.path: change.old for change in changes if change.old is not None})
    done = git_apply(folder, render_diff(changes))
    assert done.returncode == 0, done.stderr
    return read_tree(folder)


def test_the_patch_whole():
    changes = [Change("a.py", b"1\n2\n3\n4\n5\n", b"1\n2\nx\n4\n5\n"), Change("b/n.py", None, b"x\n")]
    assert render_diff(changes).decode() == (
        "diff --git a/a.py b/a.py\n"
        "--- a/a.py\n"
        "+++ b/a.py\n"
        "@@ -1,5 +1,5 @@\n"
        " 1\n"
        " 2\n"
        "-3\n"
        "+x\n"
        " 4\n"
        " 5\n"
        "diff --git a/b/n.py b/b/n.py\n"
        "new file mode 100644\n"
        "--- /dev/null\n"
        "+++ b/b/n.py\n"
        "@@ -0,0 +1 @@\n"
        "+x\n"
    )


def test_nothing_changes_nothing():
    assert render_diff([]) == b""


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"a\n", b"b\n"),
        (b"a", b"b"),
        (b"a", b"a\n"),
        (b"a\n", b"a"),
        (b"a\nb", b"a\nc"),
        (b"a\r\nb\r\n", b"a\r\nc\r\n"),
        (b"a\r\nb", b"a\nb"),
        (b"a\rb\rc", b"a\rx\rc"),
        (b"\xe4\n", b"\xff\xfe\n"),
        (b"\xef\xbb\xbfa\n", b"\xef\xbb\xbfb\n"),
        (b"a\0b\n", b"a\0c\n"),
        (b"a\x0cb\n", b"a\x0cc\n"),
        (b"", b"a\n"),
        (b"a\n", b""),
        (b"--- a\n+++ b\n@@ -1 +1 @@\n", b"--- b\n+++ a\n"),
        (b"x\n" * 50 + b"a\n" + b"y\n" * 50, b"x\n" * 50 + b"b\n" + b"y\n" * 50),
    ],
)
def test_git_takes_it(tmp_path, old, new):
    assert applied(tmp_path, Change("a.py", old, new)) == {"a.py": new}


@pytest.mark.parametrize("data", [b"", b"x", b"x\n", b"\r\n", b"\xff"])
def test_git_makes_new_files(tmp_path, data):
    assert applied(tmp_path, Change("p/__init__.py", None, data)) == {"p/__init__.py": data}
    assert (tmp_path / "p/__init__.py").stat().st_mode & 0o777 == 0o644


@pytest.mark.parametrize(
    "name",
    [
        b"a b.py",
        b" a",
        b"a ",
        b'q"uote.py',
        b"back\\slash",
        b"tab\there",
        b"line\nend",
        b"\xc3\xa4.py",
        b"\xff\x01.py",
        b"d i r/x y.py",
        b"b/b/a b/b.py",
        b"-x",
        b"a\x7f",
        b"bell\x07",
    ],
)
def test_git_understands_odd_names(tmp_path, name):
    path = os.fsdecode(name)
    try:
        tree = applied(tmp_path, Change(path, b"a\n", b"b\n"), Change(path + "2", None, b"n\n"))
    except UnicodeError:
        pytest.skip("this file system takes no such names")
    assert tree == {path: b"b\n", path + "2": b"n\n"}


def test_from_a_folder_inside_a_repository(tmp_path):
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    write_tree(tmp_path, {"src/app/a.py": b"a\n"})
    patch = render_diff([Change("src/app/a.py", b"a\n", b"b\n")])
    assert git_apply(tmp_path / "src", patch).returncode == 0
    assert (tmp_path / "src/app/a.py").read_bytes() == b"b\n"


LINES = st.lists(st.sampled_from([b"a", b"b", b"\n", b"\r\n", b"\xff", b"+", b"-", b" ", b"\\"]), max_size=40)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(LINES.map(b"".join), LINES.map(b"".join))
def test_git_takes_any_change(tmp_path, old, new):
    if old != new:
        assert applied(tmp_path, Change("a.py", old, new)) == {"a.py": new}


def test_only_what_differs_is_compared_in_a_large_file(tmp_path):
    old = b"".join(b"line %d\n" % (number % 7) for number in range(100_000))
    new = old[:400_000] + b"one more\n" + old[400_007:600_000] + old[600_007:] + b"and an end"
    started = time.process_time()
    assert applied(tmp_path, Change("a.py", old, new)) == {"a.py": new}
    assert time.process_time() - started < 5
