"""Rules for tests of what is around rules. They find words and can replace them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from gaebot.app import App
from gaebot.finding import Finding, Fix, Place, RunsOn, Safety, Severity
from gaebot.rule import Where
from gaebot.sharing import ThreadSafety
from gaebot.suppression.silence import Silenced
from gaebot.text import Edit, NewFile, Span


@dataclass(frozen=True)
class WordRule:
    """Finds every `word` in the app's files; its fix puts `new` there when that is given."""

    id: str
    word: bytes
    new: bytes | None = None
    safety: Safety = Safety.SAFE
    severity: Severity = Severity.ERROR
    vendored: bool = False
    only_in: Where | None = None

    def thread_safety(self, app: App) -> Iterable[ThreadSafety]:
        return ()

    def check_comments(self, silenced: Silenced) -> Iterable[Finding]:
        return ()

    def check(self, app: App) -> Iterable[Finding]:
        for source in app.files.values():
            start = source.data.find(self.word)
            while start >= 0:
                place = Place(source, Span(start, start + len(self.word)))
                fix = None
                if self.new is not None:
                    fix = make_fix(place.replace(self.new), safety=self.safety)
                yield Finding(self.id, self.severity, place, f"{self.word.decode()} is out of date.", fix=fix)
                start = source.data.find(self.word, start + 1)


@dataclass(frozen=True)
class FunctionRule:
    """A rule whose findings a function makes."""

    id: str
    find: Callable[[App], Iterable[Finding]]
    vendored: bool = False
    only_in: Where | None = None
    shared: tuple[ThreadSafety, ...] = ()

    def thread_safety(self, app: App) -> Iterable[ThreadSafety]:
        return self.shared

    def check_comments(self, silenced: Silenced) -> Iterable[Finding]:
        return ()

    def check(self, app: App) -> Iterable[Finding]:
        return self.find(app)


def make_fix(
    *edits: Edit,
    title: str = "Put the new word there",
    safety: Safety = Safety.SAFE,
    new_files: tuple[NewFile, ...] = (),
) -> Fix:
    return Fix(title, edits, safety, RunsOn.BOTH, new_files)
