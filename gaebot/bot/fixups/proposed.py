"""The apps as a pull request would make them: those of the base, with its files on top.

The files come from the host, as they are in the commit, so nothing of a pull request is ever checked out; and
what says how apps are checked is the base's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from gaebot import limits
from gaebot.app import App
from gaebot.bot.fixups.apps import Apps
from gaebot.bot.fixups.commits import blob
from gaebot.bot.fixups.content import Subject, is_workflow
from gaebot.bot.forge import ChangedFile, Forge, PullRequest
from gaebot.disk.skip import SkipFiles
from gaebot.paths import is_below, is_yaml, may_be_page
from gaebot.syntax.page import has_markup
from gaebot.text import SourceFile

MOST_FILES = 300
"""More files of a pull request are not asked for: each is a call."""


@dataclass(frozen=True)
class Proposed:
    """The apps with the files of a pull request, and the paths in the repository of those that it changes.

    `unread` counts the files that were too many.
    """

    subjects: tuple[Subject, ...]
    paths: frozenset[str]
    unread: int = 0


def read_proposed(forge: Forge, pull: PullRequest, apps: Apps) -> Proposed:
    """Read what a pull request changes in some apps. The calls are as many as the files that it changes."""
    changed = forge.changed_files(pull.number)
    wanted = [file.path for file in changed if file.status != "removed" and _is_wanted(file.path, apps)]
    asked = wanted[:MOST_FILES]
    found = {path: data for path in asked if (data := forge.file(path, pull.head_sha)) is not None}
    names = forge.blobs(asked, pull.head_sha) if asked else {}
    # What a link leads to is not what git holds under its name.
    contents = {path: data for path, data in found.items() if names.get(path) == blob(data)}
    subjects = tuple(_with(subject, apps.subjects, contents, changed) for subject in apps.subjects)
    paths = frozenset(subject.in_repository(path) for subject in subjects for path in subject.app.files)
    return Proposed(subjects, paths & contents.keys(), len(wanted) - len(asked))


def _is_wanted(path: str, apps: Apps) -> bool:
    is_read = path.endswith(".py") or is_yaml(path) or may_be_page(path)
    return is_read and not is_workflow(path) and _owner(path, apps.subjects) is not None


def _owner(path: str, subjects: Sequence[Subject]) -> Subject | None:
    """The app that a file of the repository belongs to: the innermost around it."""
    around = [subject for subject in subjects if is_below(path, subject.path)]
    return max(around, key=lambda subject: len(subject.path), default=None)


def _with(
    subject: Subject,
    subjects: Sequence[Subject],
    contents: Mapping[str, bytes],
    changed: Sequence[ChangedFile],
) -> Subject:
    """An app with the files of a pull request that belong to it."""
    start = f"{subject.path}/" if subject.path else ""
    gone = {file.path for file in changed if file.status == "removed"}
    gone |= {file.previous_path for file in changed if file.previous_path and file.status == "renamed"}
    mine = {path: data for path, data in contents.items() if _owner(path, subjects) is subject}
    app = subject.app.without_files({path.removeprefix(start) for path in gone if path.startswith(start)})
    sources = {path.removeprefix(start): data for path, data in mine.items()}
    return replace(subject, app=app.with_files(_readable(app, sources)))


def _readable(app: App, sources: Mapping[str, bytes]) -> dict[str, SourceFile]:
    """The files that are read of an app: neither too large nor left out of the upload."""
    skip = SkipFiles(
        app.with_files({path: SourceFile(path, sources[path]) for path in sources if is_yaml(path)})
    )
    taken = {}
    for path, data in sources.items():
        is_page = may_be_page(path) and not path.endswith(".py")
        limit = limits.MAX_PAGE_BYTES if is_page else limits.MAX_FILE_BYTES
        if skip.excludes(path) or len(data) > limit or (is_page and not has_markup(data)):
            continue
        taken[path] = SourceFile(path, data)
    return taken
