"""The section of the text report about what requests share."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from gaebot.render.visible import visible
from gaebot.render.wrapping import wrapped
from gaebot.sharing import SharedState, ThreadSafety, Writer

_STATES = 20  # how much shared state is listed for a service
_WRITERS = 4  # how many functions that change it are listed
_PLACES = 5  # how many places to mend are listed


def thread_safety_lines(entry: ThreadSafety, paint: Callable[[str, str], str], width: int) -> Iterator[str]:
    """The lines about one service: the verdict, what has to be mended, and who changes what.

    Services whose requests change nothing that they share take one line.
    """
    value = "true" if entry.is_safe else "false"
    style = "green" if entry.is_safe else "red"
    yield from wrapped(
        f"{visible(entry.path)}: {paint(f'threadsafe: {value}', style)}, because {entry.reason}.",
        width,
        hanging="  ",
    )
    if entry.to_mend:
        places = [
            f"{visible(entry.in_app(place.path))}:{place.start.line}" for place in entry.to_mend[:_PLACES]
        ]
        more = f" and {len(entry.to_mend) - _PLACES} more places" if len(entry.to_mend) > _PLACES else ""
        yield from wrapped(f"to mend before `true`: {', '.join(places)}{more}", width, "  ", hanging="  ")
    for state in entry.states[:_STATES]:
        yield from _state_lines(entry, state, width)
    if len(entry.states) > _STATES:
        yield f"  … and {len(entry.states) - _STATES} more names or attributes that requests share and change"


def _state_lines(entry: ThreadSafety, state: SharedState, width: int) -> Iterator[str]:
    kept = ""
    if state.place is not None:
        kept = f" ({visible(entry.in_app(state.place.path))}:{state.place.start.line})"
    yield f"  {visible(state.name)}{kept}"
    for writer in state.writers[:_WRITERS]:
        yield from wrapped(_writer_text(entry, writer), width, "    ", hanging="  ")
    if len(state.writers) > _WRITERS:
        yield f"    … and {len(state.writers) - _WRITERS} more"


def _writer_text(entry: ThreadSafety, writer: Writer) -> str:
    place = f"{visible(entry.in_app(writer.place.path))}:{writer.place.start.line}"
    others = [name for name in writer.handlers if name != writer.function]
    by_way = f", from {', '.join(map(visible, others))}" if others else ""
    guard = f"under {visible(writer.lock)}" if writer.lock else "no lock"
    rule = f", {writer.rule}" if writer.rule else ""
    return f"{visible(writer.function)} ({place}){by_way}: {guard}{rule}"
