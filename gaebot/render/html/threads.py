"""What requests share, as the page shows it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from gaebot.finding import Finding, Place
from gaebot.render.html.findings import Anchors
from gaebot.render.html.words import Words, place_text, prose
from gaebot.sharing import SharedState, ThreadSafety, Writer


@dataclass(frozen=True)
class MendView:
    """A place to mend before `threadsafe` may be true, and the finding that tells of it, if one does."""

    place: str
    anchor: str


@dataclass(frozen=True)
class WriterView:
    """A function that changes shared state: where, from which handlers, and under which lock."""

    function: str
    place: str
    handlers: tuple[str, ...]
    lock: str
    rule: str
    anchor: str


@dataclass(frozen=True)
class StateView:
    """Something that requests share and change."""

    name: str
    place: str
    is_guarded: bool
    writers: tuple[WriterView, ...]

    @property
    def is_mixed(self) -> bool:
        """Whether some changes are made under a lock and others are not."""
        return not self.is_guarded and any(writer.lock for writer in self.writers)


@dataclass(frozen=True)
class ServiceView:
    """A service: whether it may serve several requests at once, why, and what its requests share."""

    path: str
    is_safe: bool
    reason: tuple[Words, ...]
    to_mend: tuple[MendView, ...]
    states: tuple[StateView, ...]

    @property
    def unguarded(self) -> int:
        """How much of what is shared is changed without a lock somewhere."""
        return sum(not state.is_guarded for state in self.states)


ByFile = Mapping[tuple[str, str], Sequence[Finding]]
"""The findings of each file, by its app and its path in the app."""


def by_file(findings: Iterable[Finding]) -> dict[tuple[str, str], list[Finding]]:
    """The findings of each file, the worst first."""
    found: dict[tuple[str, str], list[Finding]] = defaultdict(list)
    for finding in sorted(findings, key=lambda finding: finding.severity, reverse=True):
        found[finding.app, finding.place.path].append(finding)
    return dict(found)


def service_view(entry: ThreadSafety, findings: ByFile, names: Anchors) -> ServiceView:
    """What is shown of a service. What has no lock comes first."""
    mend = tuple(
        MendView(place_text(place, entry.in_app), _on_line(entry.app, place, findings, names))
        for place in entry.to_mend
    )
    states = sorted(entry.states, key=lambda state: state.is_guarded)
    views = tuple(_state(entry, state, findings, names) for state in states)
    return ServiceView(entry.path, entry.is_safe, prose(entry.reason), mend, views)


def _on_line(app: str, place: Place, findings: ByFile, names: Anchors) -> str:
    """The name of the worst finding on the line of a place."""
    line = place.start.line
    there = (finding for finding in findings.get((app, place.path), ()) if finding.place.start.line == line)
    return next((names[finding] for finding in there), "")


def _state(entry: ThreadSafety, state: SharedState, findings: ByFile, names: Anchors) -> StateView:
    kept = place_text(state.place, entry.in_app) if state.place is not None else ""
    writers = tuple(_writer(entry, writer, findings, names) for writer in state.writers)
    return StateView(state.name, kept, state.is_guarded, writers)


def _writer(entry: ThreadSafety, writer: Writer, findings: ByFile, names: Anchors) -> WriterView:
    line = writer.place.start.line
    told = [f for f in findings.get((entry.app, writer.place.path), ()) if f.rule == writer.rule]
    nearest = min(told, key=lambda finding: abs(finding.place.start.line - line), default=None)
    return WriterView(
        writer.function,
        place_text(writer.place, entry.in_app),
        tuple(name for name in writer.handlers if name != writer.function),
        writer.lock,
        writer.rule,
        names[nearest] if nearest is not None else "",
    )
