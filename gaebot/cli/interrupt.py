"""Ends by signals that tidy up: what was started is stopped, and what was copied is removed."""

from __future__ import annotations

import contextlib
import signal
from collections.abc import Iterator
from types import FrameType

# Those that end a program when nobody listens to them. Python itself turns SIGINT into an exception.
_SIGNALS = ("SIGTERM", "SIGHUP")


@contextlib.contextmanager
def interruptible() -> Iterator[None]:
    """While the block runs, signals that end the program do so by an exception, as Ctrl-C does.

    The exit code is that of a program that a signal has ended.
    """
    before = {}
    for name in _SIGNALS:
        number = getattr(signal, name, None)  # Windows has no SIGHUP
        # What is ignored stays ignored: `nohup gaebot prove` goes on.
        if number is not None and signal.getsignal(number) is signal.SIG_DFL:
            before[number] = signal.signal(number, _stop)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _stop(number: int, _frame: FrameType | None) -> None:
    raise SystemExit(128 + number)
