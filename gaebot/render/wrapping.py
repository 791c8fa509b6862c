"""Text that a terminal shows, in lines that fit into it."""

from __future__ import annotations

_LEAST = 30  # columns: a narrower terminal wraps the lines itself


def wrapped(text: str, width: int, indent: str = "", *, hanging: str = "") -> list[str]:
    """The lines of a text, none longer than `width` columns unless one word is.

    Each begins with `indent`, all but the first with `hanging` behind it. Nothing is broken within words.
    """
    import textwrap  # noqa: PLC0415 - a report without findings has nothing to wrap

    return textwrap.wrap(
        text,
        max(_LEAST, width),
        initial_indent=indent,
        subsequent_indent=indent + hanging,
        break_long_words=False,
        break_on_hyphens=False,
    )
