"""Kills runs that write, and looks at what they leave: a program of its own, as only one thread may fork.

    python -m tests.disk.kills calls
    python -m tests.disk.kills random [SEED]

`calls` kills at each call of the system, before and after it; `random` kills whole runs of `gaebot fix` after some
time. Both end with an error where a file is neither old nor new, or where a second run does not bring it to an
end, and print what they have met.
"""

from __future__ import annotations

import gc
import json
import os
import shutil
import signal
import stat
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random

from gaebot import api
from gaebot.disk import WriteRefusedError, complete, interrupted, write_changes
from gaebot.disk.journal import FOLDER, Journal, Plan, Step, digest
from gaebot.engine import Change
from tests.trees import read_tree, write_tree

APP = Path(__file__).parents[1] / "apps" / "folders"

BEFORE = {"a.py": b"a\n", "b/c.py": b"c" * 10_000, "d.py": b"", "e.py": b"untouched"}
CHANGES = (
    Change("a.py", b"a\n", b"A" * 5_000),
    Change("b/__init__.py", None, b""),
    Change("b/c.py", b"c" * 10_000, b"C"),
    Change("new/deep/x.py", None, b"x"),
    Change("d.py", b"", b"D"),
)
AFTER = {**BEFORE, **{change.path: change.new for change in CHANGES}}

CALLS = ("open", "mkdir", "replace", "link", "unlink", "rmdir", "fsync", "chmod", "listdir", "close")
BEGUN, HALF, WHOLE = "nothing touched yet", "some files new", "all files new"


def main(argv: list[str]) -> None:
    """Kill, and print what was met."""
    gc.disable()
    os.fsync = lambda _descriptor: None  # what is killed loses nothing that was written
    with tempfile.TemporaryDirectory(prefix="kills-") as folder:
        met = at_calls(Path(folder)) if argv[0] == "calls" else at_random(Path(folder), argv[1])
    print(json.dumps(met))


# -- what a child does, and what is left of it -------------------------------------------------


def forked(work: Callable[[], object], kill_after: float | None = None) -> bool:
    """Do something in a process of its own, killed after some seconds; whether it came to its end."""
    child = os.fork()
    if not child:
        code = 1
        try:
            work()
            code = 0
        finally:
            os._exit(code)
    if kill_after is not None:
        time.sleep(kill_after)
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    if not os.WIFSIGNALED(status):
        assert os.WEXITSTATUS(status) == 0, "the run failed by itself"
        return True
    return False


def killing_itself(work: Callable[[], object], number: int, *, how: str) -> Callable[[], object]:
    """Work that kills its process at one of its calls of the system: before it, after it, or within a write."""
    left = number

    def wrapped(name: str) -> Callable[..., object]:
        real = getattr(os, name)

        def call(*arguments: object, **named: object) -> object:
            nonlocal left
            left -= 1
            if left:
                return real(*arguments, **named)
            if how == "after":
                real(*arguments, **named)
            if how == "torn" and name == "fsync":
                descriptor = arguments[0]
                assert isinstance(descriptor, int)
                if stat.S_ISREG(os.fstat(descriptor).st_mode):
                    os.truncate(descriptor, os.fstat(descriptor).st_size // 2)
            os.kill(os.getpid(), signal.SIGKILL)
            return None

        return call

    def run() -> None:
        for name in CALLS:
            setattr(os, name, wrapped(name))
        work()

    return run


def judged(root: Path, before: dict[str, bytes], after: dict[str, bytes]) -> str:
    """What a kill has left, after all promises about it were asked: each file old or new, and a check tells."""
    found = {path: data for path, data in read_tree(root).items() if not path.startswith(FOLDER)}
    assert found.keys() <= before.keys() | after.keys(), found.keys()
    for path in before.keys() | after.keys():
        is_sound = found.get(path) in (before.get(path), after.get(path))
        assert is_sound or (path not in before and not found[path]), f"{path} is neither old nor new"
    said = interrupted(str(root))
    changed = [path for path in after if before.get(path) != after[path]]
    written = [path for path in changed if found.get(path) == after[path]]
    is_half = 0 < len(written) < len(changed)
    assert (said is not None) == is_half, (said, written)
    assert said is None or "Run `gaebot fix` again" in said, said
    if is_half:
        return HALF
    if written:
        return WHOLE
    return BEGUN if (root / FOLDER).exists() else "untouched"


def leave(root: Path, written: int, changes: Sequence[Change]) -> None:
    """What a run leaves that is killed after some of its files."""
    with Journal(str(root), create=True) as journal:
        steps = []
        for number, change in enumerate(changes):
            mark = journal.stage(str(number), change.new, 0o644)
            old = digest(change.old) if change.old is not None else None
            steps.append(Step(change.path, old, digest(change.new), str(number), mark))
        folders = {os.path.dirname(change.path) for change in changes if change.old is None}
        journal.begin(Plan(tuple(steps), tuple(folders)))
        for folder in folders:
            (root / folder).mkdir()
        for step in steps[:written]:
            journal.carry_out(step)


def settled(root: Path) -> dict[str, bytes]:
    """What an app holds once nothing is left of the journal: folders that are empty count, too."""
    assert interrupted(str(root)) is None
    empty = [path for path in root.rglob("*") if path.is_dir() and not any(path.iterdir())]
    assert not empty, empty
    return read_tree(root)


# -- at each call ------------------------------------------------------------------------------


def at_calls(folder: Path) -> dict[str, int]:
    """Kill a write, the end of one that was killed, and one that is taken back, at each of their calls."""
    met: Counter[str] = Counter()
    halves: list[Path] = []
    for name, work in WORK.items():
        for how in ("before", "after", "torn"):
            number, ended = 0, False
            while not ended:
                number += 1
                root = write_tree(folder / f"{name}-{how}-{number}", BEFORE)
                ended = forked(killing_itself(lambda root=root, work=work: work(root), number, how=how))
                if ended:
                    assert settled(root) == (BEFORE if work is take_back else AFTER)
                    continue
                kind = judged(root, BEFORE, AFTER)
                met[f"{name}: {kind}"] += 1
                if kind == HALF and how == "before":
                    halves.append(Path(shutil.copytree(root, f"{root}-half", symlinks=True)))
                    # A copy is not what was left: its contents have other numbers. So it is left alone.
                    assert "can't be written" in str(interrupted(str(halves[-1])))
                    assert complete(str(halves[-1])) == ()
                complete(str(root))
                assert settled(root) in (BEFORE, AFTER)
                if settled(root) == BEFORE:
                    write(root)
                assert settled(root) == AFTER
    for how in ("before", "after"):
        number, ended = 0, False
        while not ended:
            number += 1
            root = write_tree(folder / f"again-{how}-{number}", BEFORE)
            assert not forked(killing_itself(lambda root=root: write(root), first_half(folder), how="before"))
            assert judged(root, BEFORE, AFTER) == HALF
            ended = forked(killing_itself(lambda root=root: complete(str(root)), number, how=how))
            if not ended:
                met[f"complete: {judged(root, BEFORE, AFTER)}"] += 1
                complete(str(root))
            assert settled(root) == AFTER
    return met


_FIRST: list[int] = []


def first_half(folder: Path) -> int:
    """The number of the first call that can be killed with some files new."""
    while not _FIRST:
        for number in range(1, 1_000):
            root = write_tree(folder / f"first-{number}", BEFORE)
            forked(killing_itself(lambda root=root: write(root), number, how="before"))
            if judged(root, BEFORE, AFTER) == HALF:
                _FIRST.append(number)
                break
    return _FIRST[0]


def write(root: Path) -> None:
    """Write all changes."""
    write_changes(str(root), CHANGES)


def take_back(root: Path) -> None:
    """Write all changes but the last, which fails, so that all are put back."""
    real = os.replace

    def fail(source: str, target: str) -> None:
        if target.endswith("d.py"):
            raise OSError(5, "Input/output error")
        real(source, target)

    os.replace = fail  # type: ignore[assignment]
    try:
        write_changes(str(root), CHANGES)
    except WriteRefusedError:
        return
    raise AssertionError("the last change did not fail")


def write_without_links(root: Path) -> None:
    """Write all changes on a file system that knows no hard links."""

    def fail(_source: str, _target: str) -> None:
        raise OSError(1, "Operation not permitted")

    os.link = fail  # type: ignore[assignment]
    write(root)


WORK = {"write": write, "write and take back": take_back, "write without links": write_without_links}


# -- at random ---------------------------------------------------------------------------------


def at_random(folder: Path, seed: str) -> dict[str, int]:
    """Kill runs of `gaebot fix` at 200 points: 40 of the whole run, the others while it writes."""
    random, met = Random(seed), Counter[str]()
    before = read_tree(APP)
    root = Path(shutil.copytree(APP, folder / "whole"))
    started = time.monotonic()
    changes = [
        Change(os.path.relpath(change.path, root), change.old, change.new)
        for change in api.fix(str(root), unsafe=True).changes
    ]
    whole = time.monotonic() - started
    after = settled(root)
    writing = min(_seconds_of_writing(folder / f"timed-{number}", changes) for number in range(5))
    for number in range(200):
        root = Path(shutil.copytree(APP, folder / str(number)))
        if number % 5:
            forked(slowly(lambda root=root: write_changes(str(root), changes)), random.uniform(0, writing))
        else:
            forked(lambda root=root: api.fix(str(root), unsafe=True), random.uniform(0, whole))
        kind = judged(root, before, after)
        met[kind] += 1
        if number % 5:
            complete(str(root))
            assert settled(root) == (after if kind in {HALF, WHOLE} else before)
        else:
            report = api.fix(str(root), unsafe=True)
            assert not report.report.failures, report.report.failures
            assert settled(root) == after
        shutil.rmtree(root)
    return met


def slowly(work: Callable[[], object]) -> Callable[[], object]:
    """Work that waits a little before each of its calls of the system, so that the time goes by between them."""

    def wrapped(name: str) -> Callable[..., object]:
        real = getattr(os, name)

        def call(*arguments: object, **named: object) -> object:
            time.sleep(0.0005)
            return real(*arguments, **named)

        return call

    def run() -> None:
        for name in CALLS:
            setattr(os, name, wrapped(name))
        work()

    return run


def _seconds_of_writing(root: Path, changes: list[Change]) -> float:
    shutil.copytree(APP, root)
    started = time.monotonic()
    assert forked(slowly(lambda: write_changes(str(root), changes)))
    return time.monotonic() - started


if __name__ == "__main__":
    main(sys.argv[1:])
