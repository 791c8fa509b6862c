"""The formats of a report, by name. Each is loaded when it is asked for."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from gaebot.report import Report
from gaebot.rule import Rule


class Format(NamedTuple):
    """A format: the module and the function that write it.

    `is_for_repository` tells that its readers know files by their paths in the repository, and not by what
    the caller calls them, `needs_structure` that it shows which services and modules an app has,
    `shows_evidence` that it shows what speaks for an app, where the report holds that.
    """

    module: str
    function: str
    is_for_repository: bool = True
    needs_structure: bool = False
    shows_evidence: bool = False


FORMATS: Mapping[str, Format] = MappingProxyType(
    {
        "text": Format("gaebot.render.text", "render_report", is_for_repository=False, shows_evidence=True),
        "json": Format("gaebot.render.json", "render_json", is_for_repository=False, shows_evidence=True),
        "sarif": Format("gaebot.render.sarif", "render_sarif"),
        "github": Format("gaebot.render.github", "render_github"),
        "markdown": Format("gaebot.render.markdown", "render_markdown"),
        "gitlab": Format("gaebot.render.gitlab", "render_gitlab"),
        "junit": Format("gaebot.render.junit", "render_junit"),
        "rdjson": Format("gaebot.render.rdjson", "render_rdjson"),
        "html": Format("gaebot.render.html.page", "render_html", needs_structure=True, shows_evidence=True),
    }
)
"""What `--format` may say."""


def with_evidence() -> tuple[str, ...]:
    """The formats that show evidence."""
    return tuple(name for name, known in FORMATS.items() if known.shows_evidence)


def render(name: str, report: Report, rules: Sequence[Rule]) -> str:
    """The report in a format; `rules` are those of its hop. Raises `KeyError` for an unknown format."""
    known = FORMATS[name]
    function: Callable[..., str] = getattr(importlib.import_module(known.module), known.function)
    return function(report) if name in {"text", "json"} else function(report, rules)
