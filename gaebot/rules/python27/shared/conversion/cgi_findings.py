"""Findings about CGI script strings.

The rules on handlers, `api_config` and backends say the same things about different keys.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from gaebot.app import App
from gaebot.finding import Finding, Related, Severity
from gaebot.rule import Rule
from gaebot.rules.python27.shared.config.services import OLD_RUNTIME
from gaebot.rules.python27.shared.conversion.switch import Switch, Target, switches
from gaebot.service import Role
from gaebot.syntax.yaml import boolean


def cgi_findings(app: App, rule: Rule, wanted: Callable[[Target], bool]) -> Iterator[Finding]:
    """One finding for each CGI script string that `wanted` takes, in whatever service names it."""
    seen: set[int] = set()
    for switch in switches(app):
        for target in switch.targets:
            if id(target.use.node) not in seen and wanted(target):
                seen.add(id(target.use.node))
                yield _finding(rule, switch, target)


def own_cgi_findings(app: App, rule: Rule, role: Role) -> Iterator[Finding]:
    """Those about scripts of the app's own that are named in one role and that are there."""

    def wanted(target: Target) -> bool:
        return target.use.role is role and not target.use.script.is_sdk and not _is_missing(app, target)

    return cgi_findings(app, rule, wanted)


def _is_missing(app: App, target: Target) -> bool:
    """Whether a CGI script of the app itself names a file that is not there: a rule of its own."""
    script = target.use.script
    path = script.path
    known = path in app.files or f"{path}/__init__.py" in app.files
    return not (known or script.is_sdk or script.has_backreference)


def _finding(rule: Rule, switch: Switch, target: Target) -> Finding:
    script = target.use.script.text
    related: list[Related] = []
    if target.blocked is not None:
        message = f"`{script}` must stay a CGI script for now: {target.blocked.reason}."
        if target.blocked.place is not None and target.blocked.place != target.use.place:
            related.append(Related(target.blocked.place, "This is what stands in the way."))
    else:
        message = f"`{script}` is run as a CGI script: name its WSGI application, `{target.wsgi_name}`."
        if target.conversion is not None:
            related.append(Related(target.conversion.application, "This is the application."))
        others = [other for other in switch.blocked if other.use.script.text != script]
        if not switch.converts and others:
            names = ", ".join(dict.fromkeys(f"`{other.use.script.text}`" for other in others[:5]))
            message += (
                f" That has to wait until {names} can be converted too: App Engine wants all of one kind."
            )
    fix = switch.fix if switch.converts else None
    return rule.finding(target.use.place, message, fix=fix, related=related, severity=_severity(switch))


def _severity(switch: Switch) -> Severity:
    """A CGI script is refused beside `threadsafe: true`, and is merely slow without."""
    threadsafe = switch.service.get("threadsafe")
    if threadsafe is not None and boolean(threadsafe.value):
        return Severity.ERROR
    return Severity.WARNING if switch.service.runtime == OLD_RUNTIME else Severity.NOTE
