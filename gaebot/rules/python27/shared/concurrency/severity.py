"""How bad a race is, which depends on whether requests run at the same time: now, or after the switch."""

from __future__ import annotations

from gaebot.app import App
from gaebot.finding import Severity
from gaebot.rules.python27.shared.config.services import OLD_RUNTIME
from gaebot.rules.python27.shared.conversion.switch import Switch, switches
from gaebot.rules.python27.shared.reach.services import service_paths
from gaebot.rules.python27.shared.scripts.handler_scripts import handler_scripts, script_paths
from gaebot.syntax.yaml import boolean


def serves_concurrently(app: App, path: str) -> bool:
    """Whether the code of a file may run for several requests at once, now or after the switch.

    It does not where each service that loads it stays with CGI scripts, or says `threadsafe: false` on
    python27, which is its owner's decision.
    """
    loading = [switch for switch in switches(app) if path in service_paths(app, switch.service)]
    return not loading or not all(_is_serial(switch) for switch in loading)


def severity(app: App, path: str, wanted: Severity) -> Severity:
    """How bad a race in a file is: advice only, while requests are served one after the other."""
    return wanted if serves_concurrently(app, path) else Severity.NOTE


def _is_serial(switch: Switch) -> bool:
    service = switch.service
    threadsafe = service.get("threadsafe")
    says_no = threadsafe is not None and boolean(threadsafe.value) is False
    return bool(switch.blocked) or (says_no and service.runtime != OLD_RUNTIME)


def is_executed_anew(app: App, path: str) -> bool:
    """Whether a file is a script that stays CGI and has no `main()`: each request executes it from the start.

    SDK: google/appengine/runtime/cgi.py, `HandleRequest`, keeps a module only when it has one.
    """
    script = next((each for each in handler_scripts(app) if each.path == path), None)
    if script is None or script.is_wsgi or script.has_main:
        return False
    staying = {
        start
        for switch in switches(app)
        for target in switch.blocked
        for start in script_paths(app, target.use)
    }
    return path in staying
