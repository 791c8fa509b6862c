import os
import stat

import pytest

from gaebot.disk import WriteRefusedError, complete, interrupted, journal, write_changes
from gaebot.engine import Change
from tests.trees import read_tree, write_tree

BEFORE = {"a.py": b"a\r\n", "b/c.py": b"c", "d.py": b"d\n"}


@pytest.fixture
def root(tmp_path):
    return write_tree(tmp_path / "app", BEFORE)


def refused(root, *changes):
    """The refusal of changes, after which nothing may be different."""
    before = read_tree(root)
    with pytest.raises(WriteRefusedError) as caught:
        write_changes(str(root), changes)
    assert read_tree(root) == before
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_all_files_are_written(root):
    write_changes(
        str(root),
        [
            Change("a.py", b"a\r\n", b"A\xff\r\n"),
            Change("b/c.py", b"c", b""),
            Change("b/__init__.py", None, b""),
        ],
    )
    assert read_tree(root) == {"a.py": b"A\xff\r\n", "b/__init__.py": b"", "b/c.py": b"", "d.py": b"d\n"}


def test_the_current_folder(root, monkeypatch):
    monkeypatch.chdir(root)
    write_changes("", [Change("a.py", b"a\r\n", b"x")])
    assert read_tree(root)["a.py"] == b"x"


def test_the_mode_is_kept(root):
    for mode in (0o755, 0o600, 0o444):
        (root / "a.py").chmod(mode)
        write_changes(str(root), [Change("a.py", (root / "a.py").read_bytes(), b"%d" % mode)])
        assert stat.S_IMODE((root / "a.py").stat().st_mode) == mode


@pytest.mark.parametrize(("umask", "mode"), [(0o022, 0o644), (0o077, 0o600), (0o002, 0o644)])
def test_new_files_get_the_usual_mode(root, umask, mode):
    old = os.umask(umask)
    try:
        write_changes(str(root), [Change("new.py", None, b"x")])
    finally:
        os.umask(old)
    assert stat.S_IMODE((root / "new.py").stat().st_mode) == mode


def test_a_file_that_has_changed_stops_all(root):
    message = refused(root, Change("a.py", b"a\r\n", b"A"), Change("d.py", b"old\n", b"D"))
    assert message == "Nothing was written: d.py has changed since it was read."
    assert "d.py has changed" in refused(root, Change("d.py", b"d", b"D"))
    assert "d.py has changed" in refused(root, Change("d.py", b"d\nmore", b"D"))


def test_a_file_that_is_gone_stops_all(root):
    assert "gone.py has changed" in refused(
        root, Change("a.py", b"a\r\n", b"A"), Change("gone.py", b"", b"x")
    )


def test_a_new_file_must_be_new(root):
    assert "d.py exists already" in refused(root, Change("a.py", b"a\r\n", b"A"), Change("d.py", None, b"x"))
    os.symlink("nothing", root / "dangling.py")
    assert "dangling.py exists already" in refused(root, Change("dangling.py", None, b"x"))


def test_folders_of_new_files_are_made(root):
    write_changes(root, [Change("new/deep/x.py", None, b"x"), Change("new/y.py", None, b"y")])
    assert (root / "new/deep/x.py").read_bytes() == b"x"
    assert (root / "new/y.py").read_bytes() == b"y"


def test_folders_do_not_stay_when_nothing_is_written(root):
    assert "has changed" in refused(root, Change("new/x.py", None, b"x"), Change("a.py", b"other", b"x"))
    assert not (root / "new").exists()


def test_folders_are_made_for_new_files_only(root):
    assert "lies in a folder that does not exist" in refused(root, Change("new/x.py", b"old", b"x"))
    assert "lies in a folder that does not exist" in refused(root, Change("a.py/x.py", None, b"x"))


def test_links_are_refused(root, tmp_path):
    outside = write_tree(tmp_path / "outside", {"x.py": b"x"})
    os.symlink("a.py", root / "alias.py")
    os.symlink(outside, root / "out")
    os.symlink("b", root / "in")
    assert "alias.py is a link" in refused(root, Change("alias.py", b"a\r\n", b"A"))
    assert "out/x.py lies behind a link" in refused(root, Change("out/x.py", b"x", b"X"))
    assert "out/new.py lies behind a link" in refused(root, Change("out/new.py", None, b"X"))
    assert "in/c.py lies behind a link" in refused(root, Change("in/c.py", b"c", b"C"))
    assert read_tree(outside) == {"x.py": b"x"}


@pytest.mark.parametrize(
    "path", ["../x.py", "/tmp/x.py", "b/../../x.py", "", ".", "b//c.py", "./a.py", "b/", "a\0b"]
)
def test_paths_outside_the_app_are_refused(root, path):
    assert "no path inside the app" in refused(root, Change("a.py", b"a\r\n", b"A"), Change(path, None, b"x"))
    assert read_tree(root.parent).keys() == {f"app/{name}" for name in BEFORE}


def test_pipes_are_refused(root):
    os.mkfifo(root / "pipe.py")
    assert "pipe.py has changed" in refused(root, Change("pipe.py", b"", b"x"))


@pytest.mark.parametrize("failing", [1, 2, 3, 4])
def test_what_was_written_is_put_back_when_a_later_file_fails(root, monkeypatch, failing):
    calls = []

    def failing_once(real):
        def fail_once(source, target):
            calls.append(target)
            if len(calls) == failing:
                raise OSError(28, "No space left on device")
            real(source, target)

        return fail_once

    monkeypatch.setattr(os, "replace", failing_once(os.replace))
    monkeypatch.setattr(journal, "publish", failing_once(journal.publish))
    (root / "a.py").chmod(0o755)
    message = refused(
        root, Change("a.py", b"a\r\n", b"A"), Change("new.py", None, b"x"), Change("d.py", b"d\n", b"D")
    )
    assert "No space left on device" in message
    assert stat.S_IMODE((root / "a.py").stat().st_mode) == 0o755


def test_a_full_disk_leaves_no_temporary_file(root, monkeypatch):
    def fail(_descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    assert "No space left" in refused(root, Change("a.py", b"a\r\n", b"A"))


def test_a_new_file_that_another_program_makes_meanwhile_is_kept(root, monkeypatch):
    real_publish = journal.publish

    def be_faster(staged, target):
        (root / "new.py").write_bytes(b"theirs")
        real_publish(staged, target)

    monkeypatch.setattr(journal, "publish", be_faster)
    with pytest.raises(WriteRefusedError, match="new.py exists already"):
        write_changes(str(root), [Change("a.py", b"a\r\n", b"A"), Change("new.py", None, b"x")])
    assert read_tree(root) == {**BEFORE, "new.py": b"theirs"}


def test_what_can_not_be_put_back_is_named(root, monkeypatch):
    real_replace, calls = os.replace, []

    def fail_from_the_third(source, target):  # the plan is the first
        calls.append(target)
        if len(calls) > 2:
            raise OSError(5, "Input/output error")
        real_replace(source, target)

    monkeypatch.setattr(os, "replace", fail_from_the_third)
    with pytest.raises(WriteRefusedError, match="a.py could not be put back"):
        write_changes(str(root), [Change("a.py", b"a\r\n", b"A"), Change("d.py", b"d\n", b"D")])
    monkeypatch.undo()
    assert "had written a.py, but not d.py" in str(interrupted(str(root)))
    assert complete(str(root)) == ("d.py",)
    assert read_tree(root) == {**BEFORE, "a.py": b"A", "d.py": b"D"}


def test_an_interruption_puts_everything_back(root, monkeypatch):
    real_replace, calls = os.replace, []

    def interrupt(source, target):
        calls.append(target)
        if len(calls) == 3:  # the plan is the first
            raise KeyboardInterrupt
        real_replace(source, target)

    monkeypatch.setattr(os, "replace", interrupt)
    with pytest.raises(KeyboardInterrupt):
        write_changes(str(root), [Change("a.py", b"a\r\n", b"A"), Change("d.py", b"d\n", b"D")])
    assert read_tree(root) == BEFORE


def test_nothing_to_write(root):
    write_changes(str(root), [])
    assert read_tree(root) == BEFORE
