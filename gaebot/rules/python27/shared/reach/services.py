"""Which files run for which service."""

from __future__ import annotations

from collections.abc import Iterable

from gaebot.app import App
from gaebot.rules.python27.shared.reach.code import app_code
from gaebot.rules.python27.shared.scripts.handler_scripts import script_paths
from gaebot.rules.python27.shared.scripts.loading import reachable
from gaebot.service import Service


def service_paths(app: App, service: Service) -> frozenset[str]:
    """The files that a service may load: by its scripts, and those that no script of the app leads to."""
    key = (service_paths, id(service))
    return app.remember(key, lambda: _loaded(app, [service]) | _led_to_by_none(app))


def _led_to_by_none(app: App) -> frozenset[str]:
    key = (_led_to_by_none,)
    return app.remember(key, lambda: frozenset(app_code(app).files) - _loaded(app, app.services))


def _loaded(app: App, services: Iterable[Service]) -> frozenset[str]:
    starts = {path for service in services for use in service.scripts for path in script_paths(app, use)}
    return frozenset(path for start in starts for path in reachable(app, start))
