"""The picture of an app: services, URL patterns, scripts and modules, with the findings on them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from gaebot.finding import Finding, Severity
from gaebot.render.html.layout import Box, lay_out
from gaebot.render.html.words import number
from gaebot.render.visible import columns, visible
from gaebot.structure import AppStructure, HandlerNode

_HANDLERS = 60  # that are drawn
_MODULES = 100
_CHARACTER = 6.7  # width of a character of a label
_PADDING = 20  # of a box, in which no label stands
_BADGE = 30  # room for the number of findings

_HEADS = ("Service", "URL pattern", "Script", "Imported by scripts", "Imported by those")


@dataclass(frozen=True)
class Marks:
    """The findings on a part of the app: how many, and the worst severity (empty for none)."""

    count: int = 0
    severity: str = ""
    text: str = "no finding"


@dataclass(frozen=True)
class Node:
    """A box of the picture: its label, cut to fit, all of it as the `title`, and its findings.

    `kind` is service, handler, module or outside (what a handler starts that is no module of the app).
    `path` is the file to which it belongs, as the caller would name it.
    """

    key: str
    kind: str
    label: str
    title: str
    path: str
    marks: Marks
    box: Box


@dataclass(frozen=True)
class Line:
    """A line of the picture, by the keys of the boxes at its ends, as the path of an SVG."""

    source: str
    target: str
    path: str


@dataclass(frozen=True)
class HandlerRow:
    """A row of the table that says the same as the picture."""

    service: str
    url: str
    script: str
    module: str
    marks: Marks


@dataclass(frozen=True)
class ModuleRow:
    """A module in the table: what imports it, and its findings. `handlers` is how many handlers load it."""

    path: str
    handlers: int
    importers: tuple[str, ...]
    marks: Marks


@dataclass(frozen=True)
class Picture:
    """The picture of one app, and the tables that say the same.

    `left_out` says what is not drawn; `elsewhere` are the files that hold findings and are in none of it.
    """

    app: str
    summary: str
    heads: tuple[tuple[int, str], ...]
    nodes: tuple[Node, ...]
    lines: tuple[Line, ...]
    width: int
    height: int
    handlers: tuple[HandlerRow, ...]
    modules: tuple[ModuleRow, ...]
    left_out: str
    elsewhere: tuple[tuple[str, Marks], ...]


Findings = Mapping[str, Sequence[Finding]]
"""The findings of an app by the path of their file in the app."""


def picture(structure: AppStructure, findings: Iterable[Finding]) -> Picture:
    """Draw an app. `findings` are those of this app."""
    by_path: dict[str, list[Finding]] = defaultdict(list)
    for finding in findings:
        by_path[finding.place.path].append(finding)
    levels = _levels(structure)
    modules = _chosen(levels, by_path)
    parts = _Parts(structure, modules, by_path)
    layout = lay_out(parts.columns, parts.edges)
    handlers = sum(len(service.handlers) for service in structure.services)
    return Picture(
        structure.app,
        _counted((len(structure.services), "service"), (handlers, "handler"), (len(levels), "module")),
        tuple(zip(layout.columns, _HEADS, strict=False)),
        tuple(_node(part, layout.boxes[part.key]) for part in parts.parts),
        tuple(Line(source, target, path) for (source, target), path in layout.lines.items()),
        layout.width,
        layout.height,
        tuple(_handler_rows(structure, by_path)),
        tuple(_module_rows(structure, levels, by_path)),
        _counted((handlers - len(parts.handlers), "handler"), (len(levels) - len(modules), "module")),
        tuple(_elsewhere(structure, levels, by_path)),
    )


def _counted(*counts: tuple[int, str]) -> str:
    return " and ".join(number(count, noun) for count, noun in counts if count)


def _handler_rows(structure: AppStructure, findings: Findings) -> Iterator[HandlerRow]:
    for service in structure.services:
        for handler in service.handlers:
            module = structure.in_app(handler.module_path) if handler.module_path else ""
            found = marks(_within(handler, findings))
            yield HandlerRow(structure.in_app(service.path), handler.url, handler.script, module, found)


def _module_rows(structure: AppStructure, modules: Iterable[str], findings: Findings) -> Iterator[ModuleRow]:
    importers = defaultdict(list)
    for importer, imported in structure.imports:
        importers[imported].append(structure.in_app(importer))
    loaded = Counter(handler.module_path for service in structure.services for handler in service.handlers)
    for path in modules:
        found = marks(findings.get(path, ()))
        yield ModuleRow(structure.in_app(path), loaded[path], tuple(importers[path]), found)


def _elsewhere(
    structure: AppStructure, modules: Mapping[str, int], findings: Findings
) -> Iterator[tuple[str, Marks]]:
    """The other files with findings: no service's, no module's, and none in which a handler stands."""
    known = {*modules, *(service.path for service in structure.services)}
    known.update(handler.place.path for service in structure.services for handler in service.handlers)
    for path, found in sorted(findings.items()):
        if path not in known:
            yield structure.in_app(path), marks(found)


def marks(findings: Iterable[Finding]) -> Marks:
    """What is said of the findings on a part of the app."""
    found = list(findings)
    if not found:
        return Marks()
    counts = [(severity.value, sum(f.severity is severity for f in found)) for severity in Severity]
    text = ", ".join(number(count, word) for word, count in counts if count)
    return Marks(len(found), max(f.severity for f in found).value, text)


def _levels(structure: AppStructure) -> dict[str, int]:
    """How many imports away from a handler's script each module is, in the order of the handlers."""
    entries = (handler.module_path for service in structure.services for handler in service.handlers)
    levels = dict.fromkeys(filter(None, entries), 0)
    following = defaultdict(list)
    for importer, imported in structure.imports:
        following[importer].append(imported)
    waiting = list(levels)
    for path in waiting:
        for imported in following[path]:
            if imported not in levels:
                levels[imported] = levels[path] + 1
                waiting.append(imported)
    return levels


def _chosen(levels: Mapping[str, int], findings: Findings) -> dict[str, int]:
    """The modules that are drawn: when there are too many, scripts come first, then the worst."""
    if len(levels) <= _MODULES:
        return dict(levels)

    def order(path: str) -> tuple[bool, int, int]:
        found = findings.get(path, ())
        errors = sum(finding.severity is Severity.ERROR for finding in found)
        return (levels[path] > 0, -errors, -len(found))

    chosen = set(sorted(levels, key=order)[:_MODULES])
    return {path: level for path, level in levels.items() if path in chosen}


def _within(handler: HandlerNode, findings: Findings) -> list[Finding]:
    """The findings that stand inside the entry of a handler."""
    start, end = handler.place.span
    return [
        finding
        for finding in findings.get(handler.place.path, ())
        if start <= finding.place.span.start and finding.place.span.end <= end
    ]


class _Part(NamedTuple):
    """What a box stands for: its key, the kind, label and title, its file, and the findings there."""

    key: str
    kind: str
    label: str
    title: str
    path: str
    findings: Iterable[Finding]


class _Parts:
    """What is drawn: the keys of the boxes by column, the edges between them, and the boxes themselves.

    The last column takes all modules that are two or more imports away from a script.
    """

    def __init__(
        self,
        structure: AppStructure,
        modules: Mapping[str, int],
        findings: Findings,
    ) -> None:
        self._structure = structure
        self._findings = findings
        every = [(service, handler) for service in structure.services for handler in service.handlers]
        self.handlers = [(f"h{place}", *pair) for place, pair in enumerate(every[:_HANDLERS])]
        self._modules = {path: f"m{number}" for number, path in enumerate(modules)}
        scripts = (handler.script for _, _, handler in self.handlers if not handler.module_path)
        self._outside = {script: f"o{number}" for number, script in enumerate(dict.fromkeys(scripts))}
        self._services = {service.path: f"s{number}" for number, service in enumerate(structure.services)}
        levels: list[list[str]] = [[], [], []]
        for path, level in modules.items():
            levels[min(level, 2)].append(self._modules[path])
        levels[0] += self._outside.values()
        columns = [list(self._services.values()), [key for key, _, _ in self.handlers], *levels]
        while columns and not columns[-1]:
            columns.pop()
        self.columns = columns

    @property
    def edges(self) -> Iterator[tuple[str, str]]:
        """The keys of what is connected."""
        for key, service, handler in self.handlers:
            yield self._services[service.path], key
            if not handler.module_path:
                yield key, self._outside[handler.script]
            elif handler.module_path in self._modules:
                yield key, self._modules[handler.module_path]
        for importer, imported in self._structure.imports:
            if importer in self._modules and imported in self._modules:
                yield self._modules[importer], self._modules[imported]

    @property
    def parts(self) -> Iterator[_Part]:
        """What is drawn, column by column. A service is told what does not stand in its drawn handlers."""
        in_app, findings = self._structure.in_app, self._findings
        within = {key: _within(handler, findings) for key, _, handler in self.handlers}
        inside = {id(finding) for found in within.values() for finding in found}
        for path, key in self._services.items():
            own = [finding for finding in findings.get(path, ()) if id(finding) not in inside]
            yield _Part(key, "service", path, path, in_app(path), own)
        for key, _, handler in self.handlers:
            label = handler.url or "(no URL)"
            title = f"{label} runs {handler.script}"
            yield _Part(key, "handler", label, title, in_app(handler.place.path), within[key])
        for path, key in self._modules.items():
            yield _Part(key, "module", path, path, in_app(path), findings.get(path, ()))
        for script, key in self._outside.items():
            yield _Part(key, "outside", script, f"{script} (no module of this app)", "", ())


def _node(part: _Part, box: Box) -> Node:
    found = marks(part.findings)
    room = int((box.width - _PADDING - (_BADGE if found.count else 0)) / _CHARACTER)
    # Of a URL the beginning tells most, of a path the end.
    label = _cut_end(part.label, room) if part.kind == "handler" else _cut_start(part.label, room)
    return Node(part.key, part.kind, label, f"{part.title}: {found.text}", part.path, found, box)


def _cut_end(text: str, room: int) -> str:
    shown = visible(text)
    return shown if columns(shown) <= room else shown[: room - 1] + "…"


def _cut_start(text: str, room: int) -> str:
    shown = visible(text)
    return shown if columns(shown) <= room else "…" + shown[-(room - 1) :]
