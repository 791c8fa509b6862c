"""gaebot: move Google App Engine apps to the next Python runtime.

    import gaebot

    report = gaebot.check("path/to/app")
    for finding in report.findings:
        print(finding.path, finding.place.start.line, finding.rule, finding.message)

    gaebot.fix("path/to/app", unsafe=True)

`check` says what keeps an app from running on the target, `fix` writes the patch. Everything is
loaded when it is first used.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

from gaebot.version import __version__ as __version__

if TYPE_CHECKING:
    from gaebot.api import FixReport, Progress, Step, check, fix
    from gaebot.disk import NoAppError, WriteRefusedError
    from gaebot.engine import Change, FixResult
    from gaebot.finding import Failure, Finding, Fix, Place, Related, RunsOn, Safety, Severity
    from gaebot.report import Report
    from gaebot.select import UnknownRuleError
    from gaebot.sharing import SharedState, ThreadSafety, Writer
    from gaebot.text import Edit, NewFile, Position, SourceFile, Span

_HOMES = {
    "gaebot.api": ("FixReport", "Progress", "Step", "check", "fix"),
    "gaebot.disk": ("NoAppError", "WriteRefusedError"),
    "gaebot.engine": ("Change", "FixResult"),
    "gaebot.finding": (
        "Failure", "Finding", "Fix", "Place", "Related", "RunsOn", "Safety", "Severity",
    ),
    "gaebot.report": ("Report",),
    "gaebot.select": ("UnknownRuleError",),
    "gaebot.sharing": ("SharedState", "ThreadSafety", "Writer"),
    "gaebot.text": ("Edit", "NewFile", "Position", "SourceFile", "Span"),
}  # fmt: skip

__all__ = [
    "Change",
    "Edit",
    "Failure",
    "Finding",
    "Fix",
    "FixReport",
    "FixResult",
    "NewFile",
    "NoAppError",
    "Place",
    "Position",
    "Progress",
    "Related",
    "Report",
    "RunsOn",
    "Safety",
    "Severity",
    "SharedState",
    "SourceFile",
    "Span",
    "Step",
    "ThreadSafety",
    "UnknownRuleError",
    "WriteRefusedError",
    "Writer",
    "check",
    "fix",
]


def __getattr__(name: str) -> object:
    """Load the module that holds a public name, when the name is first used."""
    for home, names in _HOMES.items():
        if name in names:
            return getattr(importlib.import_module(home), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return [*globals(), *__all__]
