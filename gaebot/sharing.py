"""What requests of a service share, for the report: `ThreadSafety`, `SharedState` and `Writer`."""

from __future__ import annotations

from dataclasses import dataclass, replace

from gaebot.finding import Place
from gaebot.paths import full_path


@dataclass(frozen=True)
class Writer:
    """A place where request code changes shared state.

    `function` is the function that does, `handlers` are some of those from which requests get there, `lock`
    is what to call the lock that guards it; nothing where none does. `rule` is the id of the rule that
    reports it, nothing where that is none.
    """

    place: Place
    function: str
    handlers: tuple[str, ...]
    lock: str = ""
    rule: str = ""


@dataclass(frozen=True)
class SharedState:
    """Something that requests share and change: a name of a module, an attribute of a class.

    `place` is where it is kept, None where that is not known.
    """

    name: str
    place: Place | None
    writers: tuple[Writer, ...]

    @property
    def is_guarded(self) -> bool:
        """Whether each change is made under a lock."""
        return all(writer.lock for writer in self.writers)


@dataclass(frozen=True)
class ThreadSafety:
    """Whether a service may serve several requests at once.

    `service` is the path of its YAML file in the app, `is_safe` the value that `threadsafe` should have, and
    `reason` half a sentence that follows 'because'. `states` is all that its requests change and share;
    `to_mend` are the places that have to be mended before it may be true. `app` is the app root as the
    caller named it; rules leave it alone, the engine fills it in.
    """

    service: str
    is_safe: bool
    reason: str
    states: tuple[SharedState, ...]
    to_mend: tuple[Place, ...]
    app: str = ""

    @property
    def path(self) -> str:
        """Path of the YAML file as the caller would name it."""
        return full_path(self.app, self.service)

    def in_app(self, path: str) -> str:
        """Another path of the same app as the caller would name it."""
        return full_path(self.app, path)

    def for_app(self, root: str) -> ThreadSafety:
        """The same, told which app root it belongs to."""
        return replace(self, app=root)
