"""The apps of a repository, read for the bot: with their paths in it, whatever the current folder is."""

from __future__ import annotations

import posixpath
from collections.abc import Sequence
from dataclasses import dataclass

from gaebot import disk, known
from gaebot.bot.fixups.content import Subject
from gaebot.bot.settings import InputError, Settings
from gaebot.engine import check
from gaebot.report import Report
from gaebot.runs import Options, Run, runs


@dataclass(frozen=True)
class Apps:
    """The apps below the paths that the settings name. `subjects` stands for them, in the order of `runs`."""

    root: str
    runs: tuple[Run, ...]
    subjects: tuple[Subject, ...]
    baseline: str | None

    def report(self, subjects: Sequence[Subject]) -> Report:
        """What is found in the apps as some changes have made them, with paths of the repository."""
        reports = [
            run.finish(check(subject.app, run.rules, asked=run.asked))
            for run, subject in zip(self.runs, subjects, strict=True)
        ]
        report = known.compare(self.runs, reports, self.baseline)
        return report.renamed(lambda name: disk.relative_path(name or ".", self.root))


def read_apps(root: str, settings: Settings) -> Apps:
    """Read the apps of the repository that is checked out in a folder.

    Raises what is raised for something that the caller can mend: `api.USAGE_ERRORS`, and `InputError`.
    """
    config = posixpath.join(root, settings.config) if settings.config else None
    options = Options(settings.to, config=config)
    todo = runs([posixpath.join(root, path) for path in settings.paths], options)
    subjects = []
    for run in todo:
        path = disk.relative_path(run.root or ".", root)
        if path.split("/")[0] == ".." or posixpath.isabs(path):
            raise InputError(f"The input `paths` leads out of the repository: {path}.")
        subjects.append(Subject(run.read(), path, run.rules, run.asked))
    baseline = posixpath.join(root, settings.baseline) if settings.baseline else None
    return Apps(root, todo, tuple(subjects), baseline)
