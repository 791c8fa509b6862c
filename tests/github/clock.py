"""The fake's clock: it goes on by a second with everything that happens, and never otherwise."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone


class Clock:
    """Begins at noon of a Monday."""

    def __init__(self) -> None:
        self.time = datetime(2026, 1, 5, 12, tzinfo=timezone.utc)

    def now(self) -> str:
        """The time as GitHub writes it."""
        return self.time.strftime("%Y-%m-%dT%H:%M:%SZ")

    def tick(self) -> str:
        """A second later."""
        self.forward(seconds=1)
        return self.now()

    def forward(self, **by: float) -> None:
        """Later, by `days=`, `hours=`, …"""
        self.time += timedelta(**by)
