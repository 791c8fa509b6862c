"""How a process runs: garbage."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator

import pytest

from gaebot.process import one_by_one


class Ring:
    """Something large that refers to itself, so that only the search for garbage frees it."""

    def __init__(self) -> None:
        self.itself = self


@pytest.fixture
def no_garbage_collected() -> Iterator[None]:
    gc.collect()
    gc.disable()
    yield
    gc.enable()
    gc.unfreeze()


@pytest.mark.usefixtures("no_garbage_collected")
def test_there_are_never_more_than_two_of_many() -> None:
    made: list[weakref.ref[Ring]] = []
    most = 0
    for _ in one_by_one(range(6)):
        ring = Ring()
        made.append(weakref.ref(ring))
        most = max(most, sum(one() is not None for one in made))
    assert most == 2


def test_where_python_collects_itself_nothing_is_done_beside_it() -> None:
    gc.unfreeze()
    assert list(one_by_one("abc")) == ["a", "b", "c"]
    assert gc.get_freeze_count() == 0
