"""The example apps in tests/apps, and what gaebot reports about each, worked out once."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import gaebot
from gaebot.report import Report

_FOLDER = Path(__file__).parents[1] / "apps"

EXAMPLE_APPS = sorted(path.name for path in _FOLDER.iterdir() if path.is_dir())
"""Their names."""


@cache
def example_report(name: str) -> Report:
    """The report about an app. Its paths are relative, as of an app in the current folder."""
    report = gaebot.check(_FOLDER / name)
    root = report.apps[0]

    def relative(path: str) -> str:
        return path.removeprefix(root).lstrip("/")

    local = Report(
        report.findings, report.failures, (), (), {relative(p): s for p, s in report.sources.items()},
        report.thread_safety,
    )  # fmt: skip
    return local.for_app("")
