"""How a hook's process runs."""

from __future__ import annotations

import atexit
import gc
import io
import sys


def collect_no_garbage() -> None:
    """Keep Python from looking for garbage in this process: it is over before that would be worth it.

    Nor does it look at the end, where it would go through every tree once more.
    """
    gc.disable()
    atexit.register(gc.freeze)


def print_any_name() -> None:
    """Let standard output and standard error take every file name, whatever their encoding."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
