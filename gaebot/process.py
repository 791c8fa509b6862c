"""How a process of gaebot runs: one command, one hook."""

from __future__ import annotations

import atexit
import gc
import io
import sys
from collections.abc import Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")


def collect_no_garbage() -> None:
    """Keep Python from looking for garbage in this process: it is over before that would be worth it.

    Nor does it look at the end, where it would go through every tree once more. `one_by_one` does it instead.
    """
    gc.disable()
    atexit.register(gc.freeze)


def one_by_one(items: Sequence[T]) -> Iterator[T]:
    """Some large things to be done. Where Python is kept from looking for garbage, what one leaves is
    collected before the next but one: so that there are never more than two."""
    is_kept = not gc.isenabled()
    if is_kept and len(items) > 1:
        gc.freeze()  # what is there now stays: nobody has to look through it
    for number, item in enumerate(items):
        if is_kept and number:
            gc.collect()
        yield item


def print_any_name() -> None:
    """Let standard output and standard error take every file name, whatever their encoding."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
