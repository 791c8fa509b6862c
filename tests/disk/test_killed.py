"""Runs that are killed while they write, by `tests.disk.kills`: in a process of its own, which may fork."""

import json
import os
import random
import subprocess
import sys

import pytest

from gaebot.disk import WriteRefusedError, complete, interrupted, write_changes
from gaebot.disk.journal import BUSY, FOLDER, Journal, JournalError, digest
from gaebot.engine import Change
from tests.disk import kills as killing
from tests.disk.kills import BEGUN, HALF
from tests.trees import read_tree, write_tree

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="no processes can be forked here")

BEFORE = {"a.py": b"a", "b/c.py": b"c", "d.py": b"d"}
CHANGES = (Change("a.py", b"a", b"A"), Change("b/c.py", b"c", b"C"), Change("n/new.py", None, b"n"))
AFTER = {"a.py": b"A", "b/c.py": b"C", "d.py": b"d", "n/new.py": b"n"}


def kills(*arguments):
    run = subprocess.run(
        [sys.executable, "-m", "tests.disk.kills", *arguments], check=False, capture_output=True, text=True
    )
    assert run.returncode == 0, f"{arguments}: {run.stderr}"
    return json.loads(run.stdout)


def test_at_each_call_of_the_system():
    met = kills("calls")
    assert sum(met.values()) > 200
    assert met[f"write: {BEGUN}"] > 40
    assert met[f"write: {HALF}"] >= 8
    assert met[f"write and take back: {HALF}"] > 20
    assert met[f"write without links: {HALF}"] >= 8
    assert met[f"complete: {HALF}"] > 10


def test_at_200_random_points_of_a_fix():
    seed = str(random.randrange(10**6))  # it is named where this fails
    met = kills("random", seed)
    assert sum(met.values()) == 200, seed
    assert met[HALF] >= 10, (seed, met)
    assert met[HALF] + met[BEGUN] >= 50, (seed, met)


# -- what a killed run leaves, made by hand ------------------------------------------------------


@pytest.fixture
def root(tmp_path):
    return write_tree(tmp_path / "app", BEFORE)


def leave(root, written=1, changes=CHANGES):
    killing.leave(root, written, changes)


def assert_left_alone(root):
    """Nothing of an app is written, whatever is asked for."""
    before = read_tree(root)
    assert complete(str(root)) == ()
    with pytest.raises(WriteRefusedError):
        write_changes(str(root), [Change("d.py", b"d", b"D")])
    assert read_tree(root) == before


def test_a_check_tells_and_a_fix_completes(root):
    leave(root)
    assert interrupted(str(root)) == (
        "`gaebot fix` was interrupted: it had written a.py, but not b/c.py and n/new.py. "
        "Run `gaebot fix` again, which writes the rest first."
    )
    assert complete(str(root)) == ("b/c.py", "n/new.py")
    assert read_tree(root) == AFTER
    assert interrupted(str(root)) is None


def test_other_writes_wait_until_it_is_completed(root):
    leave(root)
    with pytest.raises(WriteRefusedError, match="Nothing was written: `gaebot fix` was interrupted"):
        write_changes(str(root), [Change("d.py", b"d", b"D")])
    complete(str(root))
    write_changes(str(root), [Change("d.py", b"d", b"D")])
    assert read_tree(root) == {**AFTER, "d.py": b"D"}


@pytest.mark.parametrize("written", [0, 3])
def test_where_nothing_or_everything_was_written_only_the_journal_goes(root, written):
    leave(root, written)
    assert interrupted(str(root)) is None
    write_changes(str(root), [Change("d.py", b"d", b"D")])
    assert read_tree(root) == {**(AFTER if written else BEFORE), "d.py": b"D"}
    assert (root / "n").exists() == bool(written)


def test_files_that_were_put_back_by_hand_stay_so(root):
    leave(root, written=2)
    write_tree(root, BEFORE)
    assert interrupted(str(root)) is None
    assert complete(str(root)) == ()
    assert read_tree(root) == BEFORE


def test_a_file_that_was_changed_after_it_was_written_is_kept(root):
    leave(root)
    (root / "a.py").write_bytes(b"A and more")
    assert complete(str(root)) == ("b/c.py", "n/new.py")
    assert read_tree(root) == {**AFTER, "a.py": b"A and more"}


@pytest.mark.parametrize(
    "change",
    [
        {"b/c.py": b"mine"},  # changed before it was written
        {"a.py": b"a"},  # one of two was put back
        {"n/new.py": b"theirs"},
        {f"{FOLDER}/1": b"C"},  # the same content, but by another program
        {f"{FOLDER}/1": b"evil"},
    ],
)
def test_what_was_changed_meanwhile_is_never_overwritten(root, change):
    leave(root, written=1 if "a.py" not in change else 2)
    for path, data in change.items():
        (root / path).unlink(missing_ok=True)
        (root / path).write_bytes(data)
    said = interrupted(str(root))
    assert "The rest can't be written" in said
    assert "delete .gaebot-journal" in said
    assert_left_alone(root)


def test_a_file_that_is_gone_is_not_made_again(root):
    leave(root)
    (root / "b/c.py").unlink()
    assert "as b/c.py changed since" in interrupted(str(root))
    assert_left_alone(root)


def test_links_are_not_followed(root, tmp_path):
    outside = write_tree(tmp_path / "outside", {"c.py": b"c"})
    leave(root)
    (root / "b/c.py").unlink()
    (root / "b").rmdir()
    (root / "b").symlink_to(outside)
    assert "b/c.py changed since" in interrupted(str(root))
    assert complete(str(root)) == ()
    assert read_tree(outside) == {"c.py": b"c"}
    (root / "b").unlink()
    write_tree(root / "b", {"c.py": b"c"})
    (root / FOLDER / "1").unlink()
    (root / FOLDER / "1").symlink_to(outside / "c.py")
    assert "b/c.py changed since" in interrupted(str(root))
    assert complete(str(root)) == ()


def test_a_journal_that_is_a_link_or_a_file_is_told(root, tmp_path):
    outside = write_tree(tmp_path / "outside", {"plan": b"x"})
    (root / FOLDER).symlink_to(outside)
    assert "is not from a run of gaebot" in interrupted(str(root))
    assert_left_alone(root)
    assert read_tree(outside) == {"plan": b"x"}
    (root / FOLDER).unlink()
    (root / FOLDER).write_bytes(b"x")
    assert "it is no folder" in interrupted(str(root))
    assert_left_alone(root)


GOOD = {
    "gaebot": 1,
    "steps": [["a.py", digest(b"a"), digest(b"A"), "0", [1, 2]]],
    "folders": [],
    "is_undo": False,
}


@pytest.mark.parametrize(
    "plan",
    [
        b"",
        b"\xff",
        b"[" * 100_000,
        b"[]",
        b"{}",
        *(
            json.dumps({**GOOD, **change}).encode()
            for change in (
                {"gaebot": 2},
                {"steps": 1},
                {"steps": [1]},
                {"steps": [["a.py", "x"]]},
                {"steps": [["../a.py", digest(b"a"), digest(b"A"), "0", [1, 2]]]},
                {"steps": [["/etc/passwd", None, digest(b"A"), "0", [1, 2]]]},
                {"steps": [["a.py", digest(b"a"), digest(b"A"), "../d.py", [1, 2]]]},
                {"steps": [["a.py", digest(b"a"), digest(b"A"), 0, [1, 2]]]},
                {"steps": [[f"{FOLDER}/plan", digest(b"a"), digest(b"A"), "0", [1, 2]]]},
                {"steps": [["a.py", 1, digest(b"A"), "0", [1, 2]]]},
                {"steps": [["a.py", None, None, "0", [1, 2]]]},
                {"steps": GOOD["steps"] * 2},
                {"folders": ["../x"]},
                {"folders": [1]},
            )
        ),
    ],
)
def test_plans_that_no_run_wrote_are_told_and_left_alone(root, plan):
    write_tree(root / FOLDER, {"plan": plan, "0": b"A"})
    assert interrupted(str(root)) == (
        f"{FOLDER} is not from a run of gaebot in this folder (its plan can't be read); delete it."
    )
    assert_left_alone(root)


def test_a_plan_that_came_with_a_checkout_does_nothing(root):
    steps = [*GOOD["steps"], ["d.py", digest(b"d"), digest(b"evil"), "1", [1, 2]]]
    (root / "a.py").write_bytes(b"A")
    write_tree(root / FOLDER, {"plan": json.dumps({**GOOD, "steps": steps}).encode(), "1": b"evil"})
    assert "d.py changed since, or came here in another way" in interrupted(str(root))
    assert_left_alone(root)


def test_an_undo_that_came_with_a_checkout_removes_nothing(root):
    for content in (b"other", b"a"):
        steps = [["a.py", digest(content), None, "0", [1, 2]]]
        write_tree(root / FOLDER, {"plan": json.dumps({**GOOD, "steps": steps, "is_undo": True}).encode()})
        assert "can't be written" in interrupted(str(root))
        assert_left_alone(root)


def test_only_what_is_ours_is_removed_from_a_journal(root):
    leave(root, written=0)
    (root / FOLDER / "notes.txt").write_bytes(b"mine")
    with pytest.raises(WriteRefusedError, match="can't be cleaned up"):
        write_changes(str(root), CHANGES)
    assert read_tree(root) == {**BEFORE, f"{FOLDER}/notes.txt": b"mine"}


def test_a_run_that_is_alive_is_waited_for(root):
    with Journal(str(root), create=True):
        assert interrupted(str(root)) == BUSY
        assert_left_alone(root)
        with pytest.raises(JournalError), Journal(str(root), create=True):
            pass
    assert interrupted(str(root)) is None
    write_changes(str(root), CHANGES)
    assert read_tree(root) == AFTER


def test_many_files_are_counted(root):
    paths = [f"{number}.py" for number in range(9)]
    write_tree(root, dict.fromkeys(paths, b"x"))
    leave(root, 1, [Change(path, b"x", b"y") for path in paths])
    assert "had written 0.py, but not 1.py, 2.py, 3.py, 4.py, 5.py and 3 more." in interrupted(str(root))


def test_the_journal_is_no_part_of_the_app_and_a_check_tells(root):
    from gaebot.disk import read_app

    leave(root)
    (root / FOLDER / "x.py").write_bytes(b"x")
    app = read_app(str(root))
    assert not [path for path in app.paths if path.startswith(FOLDER)]
    (failure,) = app.failures
    assert failure.message == interrupted(str(root))


def test_the_end_of_a_fix_says_what_was_completed(root, capsys):
    from gaebot.cli import main

    write_tree(root, {"app.yaml": b"application: a\nversion: 1\nruntime: python27\nthreadsafe: false\n"})
    leave(root)
    main(["fix", str(root)])
    assert f"An interrupted fix was completed: {root}/b/c.py, {root}/n/new.py." in capsys.readouterr().err
