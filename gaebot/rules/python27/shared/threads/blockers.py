"""What keeps a service from `threadsafe: true`: the races that give wrong answers."""

from __future__ import annotations

from dataclasses import dataclass

from gaebot.app import App
from gaebot.finding import Place
from gaebot.rules.python27.shared.threads.libraries import unsafe_libraries
from gaebot.rules.python27.shared.threads.race_patch import lock_fix
from gaebot.rules.python27.shared.threads.races import races
from gaebot.rules.python27.shared.threads.services import service_paths
from gaebot.service import Service


@dataclass(frozen=True)
class Blocker:
    """One thing that goes wrong when requests of a service run at the same time.

    `name` is what they share, `is_patched` says whether a patch is on offer that mends it.
    """

    place: Place
    name: str
    is_patched: bool


def blockers(app: App, service: Service) -> tuple[Blocker, ...]:
    """What keeps a service from `threadsafe: true`, by file and position."""
    return app.remember((blockers, id(service)), lambda: tuple(_blockers(app, service)))


def _blockers(app: App, service: Service) -> list[Blocker]:
    paths = service_paths(app, service)
    found = [
        Blocker(race.file.place(race.write.statement), race.state.title, lock_fix(app, race) is not None)
        for race in races(app)
        if race.blocks and race.file.source.path in paths
    ]
    found += [
        Blocker(library.place, f"{library.name}'s {library.kept}", is_patched=False)
        for library in unsafe_libraries(app)
        if library.users & paths
    ]
    return found
