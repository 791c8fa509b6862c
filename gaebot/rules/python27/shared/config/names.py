"""What a misspelt name was meant to be."""

from __future__ import annotations

from collections.abc import Iterable


def nearest(name: str, names: Iterable[str]) -> str | None:
    """The one of `names` that is most likely meant, or None when none is near.

    Case, hyphens, underscores and blanks count for nothing: `threadSafe` is `threadsafe`.
    """
    from difflib import get_close_matches  # noqa: PLC0415 - only a wrong name needs it

    plain = {_plain(known): known for known in sorted(names)}
    found = get_close_matches(_plain(name), plain, n=1, cutoff=0.8)
    return plain[found[0]] if found else None


def _plain(name: str) -> str:
    return "".join(char for char in name.lower() if char not in "_- ")
