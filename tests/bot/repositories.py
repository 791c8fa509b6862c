"""Repositories for tests: the same files at the fake host and checked out in a folder."""

from __future__ import annotations

from pathlib import Path

from gaebot.bot.event import FixUp
from gaebot.bot.fixups.run import fix_up
from gaebot.bot.settings import Settings
from tests.bot.fake_forge_git import FakeForge, FakeOutput
from tests.trees import read_tree, write_tree

APPS = Path(__file__).parents[1] / "apps"


class Repository:
    """A repository with apps: at the host, and, after `check_out`, in a folder."""

    def __init__(self, tmp_path, files):
        self.forge = FakeForge()
        self.folder = tmp_path / "checkout"
        self.output = FakeOutput()
        self.forge.push("main", files, author="alice", message="The beginning")

    def check_out(self, branch="main"):
        """What actions/checkout does."""
        for path in read_tree(self.folder):
            (self.folder / path).unlink()
        write_tree(self.folder, self.forge.files(branch))
        (self.folder / ".git").mkdir(exist_ok=True)
        (self.folder / ".git" / "HEAD").write_text(self.forge.heads[branch])

    def run(self, *, check_out=True, **settings):
        """A run of the workflow: checked out, then fixed up."""
        if check_out:
            self.check_out()
        self.output = FakeOutput()
        self.forge.calls.clear()
        return fix_up(self.forge, FixUp("main"), Settings(**settings), str(self.folder), self.output)

    @property
    def state(self):
        """All that can be seen at the host."""
        forge = self.forge
        return (dict(forge.heads), dict(forge.pulls), {n: list(c) for n, c in forge.comments_by_pull.items()})


def app(*names, folders=True):
    """The files of example apps, each in its folder, or the one at the top."""
    files = {}
    for name in names:
        for path, data in read_tree(APPS / name).items():
            files[f"{name}/{path}" if folders else path] = data
    return files
