"""Which files run for several requests at once: now, or after the switch."""

from __future__ import annotations

from collections.abc import Iterable

from gaebot.app import App, once_per_app
from gaebot.finding import Severity
from gaebot.rules.python27.shared.config.services import OLD_RUNTIME
from gaebot.rules.python27.shared.conversion.switch import Switch, switches
from gaebot.rules.python27.shared.scripts.handler_scripts import reachable, script_paths
from gaebot.syntax.yaml import boolean


def serves_concurrently(app: App, path: str) -> bool:
    """Whether the code of a file may run for several requests at once, now or after the switch.

    It does not where each service that loads it stays with CGI scripts, or says `threadsafe: false` on
    python27, which is its owner's decision.
    """
    serial, concurrent = _paths(app)
    return path in concurrent or path not in serial


def severity(app: App, path: str, wanted: Severity) -> Severity:
    """How bad a race in a file is: advice only, while requests are served one after the other."""
    return wanted if serves_concurrently(app, path) else Severity.NOTE


@once_per_app
def _paths(app: App) -> tuple[frozenset[str], frozenset[str]]:
    """The files that services load which serve one request at a time, and those that the others load."""
    serial = [switch for switch in switches(app) if _is_serial(switch)]
    concurrent = [switch for switch in switches(app) if not _is_serial(switch)]
    return _loaded(app, serial), _loaded(app, concurrent)


def _loaded(app: App, chosen: Iterable[Switch]) -> frozenset[str]:
    return frozenset(
        path
        for switch in chosen
        for use in switch.service.scripts
        for start in script_paths(app, use)
        for path in reachable(app, start)
    )


def _is_serial(switch: Switch) -> bool:
    service = switch.service
    threadsafe = service.get("threadsafe")
    says_no = threadsafe is not None and boolean(threadsafe.value) is False
    return bool(switch.blocked) or (says_no and service.runtime != OLD_RUNTIME)
