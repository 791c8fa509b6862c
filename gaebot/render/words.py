"""Words and numbers that several formats have in common."""

from __future__ import annotations

from gaebot.finding import Finding, Safety
from gaebot.render.visible import visible

_COMMANDS = {Safety.SAFE: "gaebot fix", Safety.REVIEW: "gaebot fix --unsafe"}


def one_line(text: str) -> str:
    """The text on one line, with everything that does not show made visible."""
    return visible(" ".join(text.split()))


def counted(count: int, noun: str) -> str:
    """A number and what it counts: '1 error', '2 errors'."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def advice(finding: Finding) -> str:
    """What a fix does and which command makes it, on one line; empty where there is none."""
    if finding.fix is None:
        return ""
    command = _COMMANDS.get(finding.fix.safety)
    return f"{one_line(finding.fix.title)} ({command or 'by hand'})"
