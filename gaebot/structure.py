"""What an app consists of, for the report: services, their handlers, and the modules behind them."""

from __future__ import annotations

from typing import NamedTuple

from gaebot.finding import Place
from gaebot.paths import full_path


class HandlerNode(NamedTuple):
    """One place in a YAML file that leads to a script.

    `url` is the pattern (empty where there is none; '/_ah/start' for a backend's `start`), `script` the
    text behind `script:`. `module_path` is the path in the app of the module that is loaded for it; empty
    where that is not in the app or can't be told. `place` is the whole entry in the YAML file.
    """

    url: str
    script: str
    module_path: str
    place: Place


class ServiceNode(NamedTuple):
    """A service: the path of its YAML file in the app, its handlers in order, how many serve static files."""

    path: str
    handlers: tuple[HandlerNode, ...] = ()
    static: int = 0


class AppStructure(NamedTuple):
    """The services of an app, and which of its modules imports which.

    `imports` are pairs of paths in the app: the importing module and the imported one. They begin at the
    modules of the handlers; a module that nothing there leads to is in none. `app` is the app root as the
    caller named it.
    """

    services: tuple[ServiceNode, ...] = ()
    imports: tuple[tuple[str, str], ...] = ()
    app: str = ""

    def in_app(self, path: str) -> str:
        """A path in the app as the caller would name it."""
        return full_path(self.app, path)

    def for_app(self, root: str) -> AppStructure:
        """The same, told which app root it belongs to."""
        return self._replace(app=root)
