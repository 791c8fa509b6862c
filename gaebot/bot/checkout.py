"""The checks of a pull request in a checkout of it.

How it is checked is for the base to say: `.gaebot.yaml` and the baseline are those of the base's commit,
never those that the pull request brings. Nothing that is checked out is run.
"""

from __future__ import annotations

import os
import posixpath
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from gaebot import api, config, disk, limits
from gaebot.baseline import BaselineError, against, parse_baseline
from gaebot.bot.forge import Forge, ForgeError, MissingError, PullRequest
from gaebot.bot.git import Clone
from gaebot.bot.settings import Settings
from gaebot.config import Config, ConfigError, parse_config
from gaebot.disk import NoAppError, Target
from gaebot.finding import Failure
from gaebot.paths import full_path, is_below, parents
from gaebot.report import Report
from gaebot.rule import discover, hops
from gaebot.select import choose, in_focus
from gaebot.text import SourceFile


@dataclass(frozen=True)
class GitChecks:
    """The checks of a pull request that is checked out in the folder `root`, the top of its repository."""

    root: str
    settings: Settings
    forge: Forge
    pull: PullRequest

    def head(self) -> Report:
        """What is found in what is checked out, with paths as in the repository."""
        return self._check(self.root)

    def base(self) -> Report | None:
        """What is found where the pull request has left its base; None where that is not in the clone."""
        clone = self._clone
        if not self._is_in_clone:
            return None
        commit = clone.fork_point(self.pull.base_sha) or self.pull.base_sha
        with tempfile.TemporaryDirectory(prefix="gaebot-") as folder:
            if not clone.unpack(commit, folder):
                return None
            return self._check(folder)

    # -- one tree --------------------------------------------------------------------------

    def _check(self, tree: str) -> Report:
        targets, missing = _targets(tree, self.settings.paths)
        reports = [self._check_app(tree, target) for target in targets]
        failures = tuple(Failure(_no_app(path)) for path in missing)
        return Report.merge([*reports, Report(failures=failures)])

    def _check_app(self, tree: str, target: Target) -> Report:
        app = disk.relative_path(target.root or ".", tree)
        try:
            settings = self._config(app)
        except ForgeError as error:
            message = f"The settings on the base's branch could not be read: {error}"
            return Report(failures=(Failure(message, app=app),), apps=(app,))
        paths = [os.path.join(target.root, path) for path in sorted(target.focus)] or [target.root or "."]
        report = api.check(*paths, to=self.settings.to, config=settings, baseline="")
        report = report.renamed(lambda root: disk.relative_path(root or ".", tree))
        return self._against_baseline(report, app, target, settings)

    # -- what the base says ----------------------------------------------------------------

    @cached_property
    def _clone(self) -> Clone:
        return Clone(self.root)

    @cached_property
    def _is_in_clone(self) -> bool:
        return self._clone.has(self.pull.base_sha)

    @cached_property
    def _files(self) -> dict[str, bytes | None]:
        return {}

    def _file(self, path: str) -> bytes | None:
        """A file of the base's commit, from the clone or the host, asked for once."""
        if path not in self._files:
            self._files[path] = self._read(path)
        return self._files[path]

    def _read(self, path: str) -> bytes | None:
        if self._is_in_clone:
            return self._clone.file(self.pull.base_sha, path)
        try:
            return self.forge.file(path, self.pull.base_sha)
        except MissingError:
            return None

    def _config(self, app: str) -> Config:
        """The settings for an app: of the file that the input names, or the nearest. Raises `ConfigError`."""
        if self.settings.config is not None:
            path = posixpath.normpath(self.settings.config)
            if self._file(path) is None:
                raise ConfigError(f"There is no {path} on the branch that the pull request is for.")
            return self._parsed(path, app)
        for folder in dict.fromkeys((app, *parents(app), "")):
            path = posixpath.join(folder, config.FILE)
            if self._file(path) is not None:
                return self._parsed(path, app)
        return Config()

    def _parsed(self, path: str, app: str) -> Config:
        data = self._file(path) or b""
        if len(data) > limits.MAX_YAML_BYTES:
            raise ConfigError(f"{path} is too large.")
        relative = posixpath.relpath(app or ".", posixpath.dirname(path) or ".")
        return parse_config(SourceFile(path, data), "" if relative == "." else relative)

    def _against_baseline(self, report: Report, app: str, target: Target, settings: Config) -> Report:
        """The report without what the base's baseline knows. Raises `BaselineError`."""
        path = self._baseline_path(settings)
        data = self._file(path) if path else None
        if data is None:
            return report
        if len(data) > limits.MAX_FILE_BYTES:
            raise BaselineError(f"The baseline {path} is too large.")
        folder = posixpath.dirname(path)
        rules = discover(self.settings.to or settings.to or hops()[0])
        unasked = {rule.id for rule in rules}
        unasked -= {rule.id for rule in choose(rules, settings.select, settings.ignore)}

        def path_of(name: str) -> str:
            return posixpath.relpath(name, folder or ".")

        def looked_at(name: str, rule: str) -> bool:
            whole = full_path(folder, name)
            if rule in unasked or not is_below(whole, app):
                return False
            return in_focus(target.focus)(posixpath.relpath(whole, app or "."))

        return against(report, parse_baseline(SourceFile(path, data)), path_of, looked_at)

    def _baseline_path(self, settings: Config) -> str:
        """The path of the baseline in the repository; empty for none."""
        if self.settings.baseline is not None:
            return posixpath.normpath(self.settings.baseline)
        if settings.baseline:
            return full_path(posixpath.dirname(settings.path), settings.baseline)
        return ""


def _targets(tree: str, paths: Iterable[str]) -> tuple[list[Target], list[str]]:
    """The apps at or below some paths of a tree, each once, and the paths where there is none."""
    found: dict[str, frozenset[str]] = {}
    missing = []
    for path in paths:
        targets = _targets_at(os.path.realpath(tree), path)
        if not targets:
            missing.append(path)
        for target in targets:
            focus = found.get(target.root, target.focus)  # an empty one stands for the whole app
            found[target.root] = focus | target.focus if focus and target.focus else frozenset()
    return [Target(root, focus) for root, focus in found.items()], missing


def _targets_at(top: str, path: str) -> list[Target]:
    """The apps at or below a path. What leads out of the tree is none."""
    real = os.path.realpath(os.path.join(top, path))
    try:
        targets = disk.find_targets([real]) if _is_in(real, top) else ()
    except NoAppError:
        return []
    return [target for target in targets if _is_in(os.path.realpath(target.root or "."), top)]


def _is_in(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder.rstrip(os.sep) + os.sep)


def _no_app(path: str) -> str:
    return f"There is no App Engine app at {path}: name its folder in the input `paths`."
