"""Which WebOb the app runs with: 1.1.1, unless it asks for 1.2.3."""

from __future__ import annotations

from gaebot.app import App
from gaebot.rules.python27.shared.config.runtime_libraries import declared


def asks_for_webob_12(app: App) -> bool:
    """Whether a service of the app asks for WebOb 1.2, or for the latest."""
    return any(
        entry.library is not None
        and entry.library.name == "webob"
        and (entry.resolved or "").startswith("1.2")
        for entry in declared(app)
    )
