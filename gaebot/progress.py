"""The progress bar of the command line."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic
from typing import TYPE_CHECKING

from gaebot.api import Progress, Step
from gaebot.render.visible import visible

if TYPE_CHECKING:
    from rich.progress import Progress as RichProgress

_SECONDS_BEFORE_IT_SHOWS = 1.0


@contextmanager
def progress_bar() -> Iterator[Progress]:
    """A bar on standard error while the block runs, once that takes longer than a second.

    rich is loaded only then: most runs are over before.
    """
    bar = _Bar()
    try:
        yield bar.show
    finally:
        bar.stop()


class _Bar:
    def __init__(self) -> None:
        self._started = monotonic()
        self._shown: RichProgress | None = None

    def show(self, step: Step) -> None:
        if self._shown is None:
            if monotonic() - self._started < _SECONDS_BEFORE_IT_SHOWS:
                return
            self._shown = _new_bar()
            self._shown.start()
            self._shown.add_task("")
        (task,) = self._shown.task_ids
        what = f"{step.rule or 'reading'}: {step.app or '.'}"
        self._shown.update(task, completed=step.number, total=step.total, description=visible(what))

    def stop(self) -> None:
        if self._shown is not None:
            self._shown.stop()


def _new_bar() -> RichProgress:
    from rich.console import Console  # noqa: PLC0415 - rich is loaded only when it is shown
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn  # noqa: PLC0415

    text = TextColumn("{task.description}", markup=False)
    return Progress(BarColumn(), TaskProgressColumn(), text, console=Console(stderr=True), transient=True)
