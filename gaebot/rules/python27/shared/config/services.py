"""Which services this hop is about."""

from __future__ import annotations

from collections.abc import Iterator

from gaebot.app import App
from gaebot.service import Service
from gaebot.syntax.yaml import YamlFile, boolean, scalar

OLD_RUNTIME = "python"
NEW_RUNTIME = "python27"


def python_services(app: App) -> Iterator[Service]:
    """The services that run on the old runtime or on the new one, in order.

    Those of other languages and of later Python runtimes are none of our business; in the flexible
    environment `runtime: python` is one of those. A virtual machine that runs python27 inside counts.
    """
    for service in app.services:
        is_old = service.runtime == OLD_RUNTIME and not is_flexible(service)
        if is_old or service.runtime == NEW_RUNTIME or _vm_runtime(service) == NEW_RUNTIME:
            yield service


def has_switched(app: App) -> bool:
    """Whether the app has Python services and all of them say `runtime: python27`.

    Only then may a fix be made whose result does not run on 2.5. Templates of an app.yaml don't count.
    """
    services = [service for service in python_services(app) if not service.is_template]
    return bool(services) and all(service.runtime != OLD_RUNTIME for service in services)


def starts_by_itself(service: Service) -> bool:
    """Whether a service has basic or manual scaling: other instance classes, no warm-up requests."""
    return any(service.get(key) is not None for key in ("basic_scaling", "manual_scaling"))


def is_flexible(service: Service) -> bool:
    """Whether the service runs in a container (`env: flex`, `vm: true`), not in a runtime of App Engine."""
    env, machine = service.get("env"), service.get("vm")
    in_container = env is not None and scalar(env.value) in {"2", "flex", "flexible"}
    return in_container or (machine is not None and boolean(machine.value) is True)


def _vm_runtime(service: Service) -> str | None:
    # `vm: true` with `beta_settings: vm_runtime`, SDK google/appengine/api/appinfo.py.
    settings = service.get("beta_settings")
    pair = YamlFile.get(settings.value, "vm_runtime") if settings else None
    return scalar(pair.value) if pair else None
