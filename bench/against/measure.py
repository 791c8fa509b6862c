"""One run of a program as a whole process: how long it takes, and the most memory that it holds.

The peak is what the system tells of the largest process (`ru_maxrss` of wait4). Where a program starts
others and /proc is there, the sum over its processes is taken ten times a second as well, and the larger
figure counts; pages that they share count more than once in that sum.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

LAUNCH = Path(__file__).parent / "launch.py"
PAUSE = 0.1  # seconds between two looks at the processes
UNIT = 1 if sys.platform == "darwin" else 1024  # of ru_maxrss, in bytes


@dataclass(frozen=True)
class Measured:
    """A run: seconds, bytes, how many processes were seen at once, and the exit code.

    `is_over` says that it was ended at the time limit; then the exit code means nothing.
    """

    seconds: float
    peak: int
    processes: int
    code: int
    is_over: bool = False


def run(
    command: Sequence[str], folder: Path, environment: Mapping[str, str], limit: float, output: Path
) -> Measured:
    """Run a command in a folder, until a time limit; what it prints goes into the file `output`."""
    record = output.with_name("record")
    record.unlink(missing_ok=True)
    with output.open("wb") as file:
        launcher = subprocess.Popen(
            [sys.executable, "-I", "-S", str(LAUNCH), str(record), *command],
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        watcher = _Watcher(launcher.pid, time.perf_counter() + limit)
        watcher.start()
        launcher.wait()
        watcher.end()
    if watcher.is_over or not record.is_file():
        return Measured(limit, watcher.peak, watcher.processes, launcher.returncode, watcher.is_over)
    seconds, largest, code = record.read_text().split()
    together = watcher.peak if watcher.processes > 1 else 0
    return Measured(float(seconds), max(int(largest) * UNIT, together), watcher.processes, int(code))


class _Watcher(threading.Thread):
    """Looks at the processes that a launcher starts, and ends them at the time limit."""

    def __init__(self, pid: int, deadline: float) -> None:
        super().__init__(daemon=True)
        self.peak, self.processes, self.is_over = 0, 1, False
        self._pid, self._deadline, self._done = pid, deadline, threading.Event()

    def run(self) -> None:
        """Look until the run ends."""
        while not self._done.wait(PAUSE):
            if time.perf_counter() > self._deadline:
                self.is_over = True
                self._kill()
                return
            sizes = [resident(pid) for pid in started_by(self._pid)]
            self.peak = max(self.peak, sum(sizes))
            self.processes = max(self.processes, sum(size > 0 for size in sizes))

    def end(self) -> None:
        """Stop looking, and end what the program left behind."""
        self._done.set()
        self.join()
        self._kill()

    def _kill(self) -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._pid, signal.SIGKILL)


def started_by(pid: int) -> Iterator[int]:
    """All processes that a process started, directly or not, as far as the system tells."""
    for children in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            found = children.read_text().split()
        except OSError:  # it has ended
            continue
        for child in found:
            yield int(child)
            yield from started_by(int(child))


def resident(pid: int) -> int:
    """How many bytes of a process are in memory; 0 when it has ended."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, IndexError):
        return 0
