"""The WSGI names that stand behind `script:` and `start:`, and what they load."""

from __future__ import annotations

from collections.abc import Iterator

from gaebot.app import App, once_per_app
from gaebot.finding import Fix, RunsOn, Safety
from gaebot.rules.python27.shared.config.patches import one_edit
from gaebot.rules.python27.shared.config.services import python_services
from gaebot.rules.python27.shared.scripts.targets import Target, find_target
from gaebot.service import ScriptUse


@once_per_app
def wsgi_scripts(app: App) -> tuple[tuple[ScriptUse, Target], ...]:
    r"""Every WSGI name of the Python services with what it loads, each place once.

    Names that are filled in from the URL (`\1.app`) are left out.
    """
    return tuple(_wsgi_scripts(app))


def _wsgi_scripts(app: App) -> Iterator[tuple[ScriptUse, Target]]:
    seen: set[int] = set()
    for service in python_services(app):
        for use in service.scripts:
            if use.script.is_cgi or use.script.has_backreference or id(use.node) in seen:
                continue
            seen.add(id(use.node))
            yield use, find_target(app, use.script.text)


def rename(use: ScriptUse, name: str) -> Fix | None:
    """The fix that puts another WSGI name in the place of one that can't work, where there can be one."""
    edit = use.file.set_scalar(use.node, name)
    return one_edit(use.file, f"Name `{name}`", edit, Safety.SAFE, RunsOn.TARGET)
