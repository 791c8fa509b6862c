"""What is done with each app that a caller names: its settings, its rules, and what is asked of them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

from gaebot import disk
from gaebot.app import App
from gaebot.config import Config
from gaebot.disk import Target
from gaebot.engine import Asked
from gaebot.finding import Finding
from gaebot.report import Report
from gaebot.rule import Rule, discover, hops
from gaebot.select import choose, in_focus
from gaebot.text import SourceFile

Path = str | os.PathLike[str]
Names = str | Iterable[str]
"""Rule ids and families: a list of them, or one text with commas between."""


class Options(NamedTuple):
    """What a caller says besides the paths. What is not said is taken from the nearest `.gaebot.yaml`.

    `config` names one for all apps, or is what one says; with `isolated`, none is read.
    """

    to: str | None = None
    select: Names = ()
    ignore: Names = ()
    config: str | Config | None = None
    isolated: bool = False


@dataclass(frozen=True)
class Run:
    """One app with what is asked of it. `written` are contents that count instead of those on disk."""

    target: Target
    config: Config
    rules: tuple[Rule, ...]
    known: frozenset[str]
    written: tuple[SourceFile, ...] = ()

    @property
    def root(self) -> str:
        """The app root as the caller named it."""
        return self.target.root

    @cached_property
    def asked(self) -> Asked:
        """What the engine is asked for."""
        return Asked(self._keeps, self.config.severity, self.known)

    def _keeps(self, finding: Finding) -> bool:
        return self._asks_for(finding.place.path)

    def _asks_for(self, path: str) -> bool:
        return self._is_in_focus(path) and not self.config.skips(path)

    @cached_property
    def _is_in_focus(self) -> Callable[[str], bool]:
        return in_focus(self.target.focus)

    def read(self) -> App:
        """The app, read from disk, with failures only in what was asked for."""
        app = disk.read_app(self.root, config=self.config)
        app.failures = tuple(
            failure for failure in app.failures if not failure.path or self._asks_for(failure.path)
        )
        if self.written:
            app = app.with_files({source.path: source for source in self.written})
        return app.asking_for(self._asks_for) if self.target.focus or self.config.skip else app

    def finish(self, report: Report) -> Report:
        """A report of the app, with what its settings say of it.

        What requests share is told of whole apps only: a single file is not the place to look for it.
        """
        fail_on = {self.root: self.config.fail_on} if self.config.fail_on else {}
        shared = () if self.target.focus else report.thread_safety
        return replace(report, thread_safety=shared, fail_on=fail_on)


def runs(
    paths: Iterable[Path], options: Options, written: tuple[str, bytes] | None = None
) -> tuple[Run, ...]:
    """What is to be done for some paths, the current folder when there is none.

    `written` is the path of a file and its content, which is asked about instead of paths. Raises
    `NoAppError`, `UnknownRuleError`, `ConfigError`, and `KeyError` for an unknown runtime.
    """
    if written is not None:
        target = disk.find_owner(written[0])
        (path,) = target.focus
        return tuple(_runs([target], options, (SourceFile(path, written[1]),)))
    names = [os.fspath(path) for path in paths] or ["."]
    return tuple(_runs(disk.find_targets(names), options, ()))


def _runs(targets: Iterable[Target], options: Options, written: tuple[SourceFile, ...]) -> Iterator[Run]:
    for target in targets:
        config = _config(target, options)
        rules = discover(options.to or config.to or hops()[0])
        is_chosen = bool(options.select or options.ignore)
        chosen = choose(
            rules,
            options.select if is_chosen else config.select,
            options.ignore if is_chosen else config.ignore,
        )
        yield Run(target, config, chosen, frozenset(rule.id for rule in rules), written)


def _config(target: Target, options: Options) -> Config:
    if options.isolated:
        return Config()
    if isinstance(options.config, Config):
        return options.config
    if options.config is not None:
        return disk.read_config(options.config, target.root)
    return disk.find_config(target.root)
