"""What a misspelt name was meant to be."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache


def nearest(name: str, names: Iterable[str]) -> str | None:
    """The one of `names` that is most likely meant, or None when none is near.

    Case, hyphens, underscores and blanks count for nothing: `threadSafe` is `threadsafe`.
    """
    return _nearest(name, frozenset(names))


@lru_cache(maxsize=1000)  # a file may ask ten thousand times
def _nearest(name: str, names: frozenset[str]) -> str | None:
    from difflib import get_close_matches  # noqa: PLC0415 - only a wrong name needs it

    plain = _plain_names(names)
    found = get_close_matches(_plain(name), plain, n=1, cutoff=0.8)
    return plain[found[0]] if found else None


@lru_cache(maxsize=100)
def _plain_names(names: frozenset[str]) -> dict[str, str]:
    return {_plain(known): known for known in sorted(names)}


def _plain(name: str) -> str:
    return "".join(char for char in name.lower() if char not in "_- ")
