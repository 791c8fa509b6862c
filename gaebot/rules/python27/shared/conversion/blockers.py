"""What keeps a service from `threadsafe: true`: whatever gives wrong answers when requests run at once."""

from __future__ import annotations

from typing import NamedTuple

from gaebot.app import App, once_per_app
from gaebot.finding import Place
from gaebot.rules.python27.shared.process.clients import LEAKING, shared_clients
from gaebot.rules.python27.shared.process.iterators import shared_iterators
from gaebot.rules.python27.shared.process.libraries import unsafe_libraries
from gaebot.rules.python27.shared.process.process_changes import process_changes
from gaebot.rules.python27.shared.process.settings_changes import changed_settings, configurations
from gaebot.rules.python27.shared.process.template_nodes import node_states
from gaebot.rules.python27.shared.races.race_patch import lock_fix
from gaebot.rules.python27.shared.races.races import Problem, races
from gaebot.rules.python27.shared.reach.services import service_paths
from gaebot.service import Service

_MILD = (
    *("socket.setdefaulttimeout", "sys.setcheckinterval", "sys.setrecursionlimit", "warnings.", "logging."),
    *("random.", "mimetypes."),
)


class Blocker(NamedTuple):
    """One thing that goes wrong when requests of a service run at the same time.

    `name` is what they share, `is_patched` says whether a patch is on offer that mends it, `is_leak` whether
    visitors get each other's data.
    """

    place: Place
    name: str
    is_patched: bool
    is_leak: bool = False


def blockers(app: App, service: Service) -> tuple[Blocker, ...]:
    """What keeps a service from `threadsafe: true`, by file and position."""
    return app.remember((blockers, id(service)), lambda: tuple(_blockers(app, service)))


def _blockers(app: App, service: Service) -> list[Blocker]:
    paths = service_paths(app, service)
    found = [blocker for blocker in _all(app) if blocker.place.path in paths]
    found += [
        Blocker(library.place, f"{library.name}'s {library.kept}", is_patched=False, is_leak=True)
        for library in unsafe_libraries(app)
        if library.users & paths
    ]
    return sorted(found, key=lambda blocker: (blocker.place.path, blocker.place.span))


@once_per_app
def _all(app: App) -> tuple[Blocker, ...]:  # noqa: C901 - one branch for each kind
    """What goes wrong in the app's own code, whichever service loads it."""
    found = [
        Blocker(
            race.file.place(race.write.statement),
            race.state.title,
            is_patched=lock_fix(app, race) is not None,
            is_leak=race.problem is Problem.REQUEST_DATA,
        )
        for race in races(app)
        if race.blocks
    ]
    for state in process_changes(app):
        changes = state.changes
        if not state.is_same and not _is_mild(changes[0].state):
            found += [Blocker(c.file.file.place(c.node), c.state, is_patched=False) for c in changes]
    for setting in changed_settings(app):
        if not setting.is_same:
            name = f"settings.{setting.name}"
            found += [Blocker(c.file.file.place(c.node), name, is_patched=False) for c in setting.changes]
    for call in configurations(app):
        if not call.is_asked:
            found.append(Blocker(call.file.file.place(call.call), "settings", is_patched=False))
    for iterator in shared_iterators(app):
        place = iterator.uses[0].file.file.place(iterator.uses[0].node)
        found.append(Blocker(place, iterator.binding.text, is_patched=False))
    for client in shared_clients(app):
        place = client.uses[0].file.file.place(client.uses[0].node)
        is_leak = client.kind in LEAKING
        found.append(Blocker(place, client.binding.text, is_patched=False, is_leak=is_leak))
    for node in node_states(app):
        if node.is_shared:
            name = f"{node.title}.{node.name}"
            found.append(Blocker(node.file.place(node.nodes[0]), name, is_patched=False))
    return tuple(found)


def _is_mild(state: str) -> bool:
    """Whether a change of the process only makes others slower or more talkative, not their answers wrong."""
    return state.startswith(_MILD) or state.endswith((" level", " handlers"))
