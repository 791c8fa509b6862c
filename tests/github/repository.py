"""The real git repository behind the fake: bare, and asked by git itself."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from tests.github.clock import Clock

MAIN = "main"

# No setting of the machine may decide how a diff looks or who commits.
ENVIRONMENT = {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_TERMINAL_PROMPT": "0",
    "HOME": os.devnull,
    "LC_ALL": "C",
    "PATH": os.environ.get("PATH", os.defpath),
}

# GitHub takes a push with a workflow in it only from who may write workflows; the server says who pushes.
_UPDATE_HOOK = """#!/bin/sh
case "${GITHUB_WORKFLOWS-write}" in write) exit 0;; esac
case "$3" in *[!0]*) ;; *) exit 0;; esac
old=$2
case "$old" in *[!0]*) ;; *) old=$(git rev-parse refs/heads/main);; esac
file=$(git diff --name-only "$old...$3" -- .github/workflows | head -n 1)
test -z "$file" && exit 0
echo "refusing to allow a GitHub App to create or update workflow \\`$file\\` without \\`workflows\\` permission" >&2
exit 1
"""


class GitError(Exception):
    """Git refused; the message is what it said."""


class Repository:
    """A bare repository with one commit on `main`.

    The branches of forks are kept in it, too, as `refs/forks/<owner>/<branch>`; clones don't see them.
    """

    def __init__(self, path: Path, clock: Clock) -> None:
        self.path = path
        self.clock = clock
        self.when_changed: Callable[[], None] = lambda: None
        path.mkdir(parents=True)
        self.git("init", "--quiet", "--bare", f"--initial-branch={MAIN}", ".")
        for name, value in (
            ("core.quotePath", "false"),
            ("http.receivepack", "true"),
            ("http.uploadpack", "true"),
            ("transfer.hideRefs", "refs/forks"),
            ("uploadpack.allowAnySHA1InWant", "true"),
        ):
            self.git("config", name, value)
        hook = path / "hooks" / "update"
        hook.parent.mkdir(exist_ok=True)
        hook.write_text(_UPDATE_HOOK, encoding="utf-8")
        hook.chmod(0o755)
        self.commit({"README.md": "# demo\n"}, "Begin")

    def git(self, *arguments: str, given: bytes = b"", environment: Mapping[str, str] = {}) -> bytes:
        """What git prints when it is called in the repository."""
        done = subprocess.run(
            ["git", *arguments],
            cwd=self.path,
            input=given,
            capture_output=True,
            check=False,
            env=ENVIRONMENT | dict(environment),
            timeout=60,
        )
        if done.returncode:
            raise GitError(done.stderr.decode("utf-8", "replace").strip())
        return done.stdout

    def line(self, *arguments: str, given: bytes = b"", environment: Mapping[str, str] = {}) -> str:
        """The one line that git prints."""
        return self.git(*arguments, given=given, environment=environment).decode("utf-8", "replace").strip()

    def commit(
        self,
        files: Mapping[str, str | bytes | None],
        message: str = "Change",
        branch: str = MAIN,
        *,
        author: str = "alice",
        fork: str | None = None,
        start: str = MAIN,
    ) -> str:
        """Commits files by name, text or bytes; None deletes one. A branch that isn't there begins at `start`.

        The commit's SHA comes back.
        """
        ref = f"refs/forks/{fork}/{branch}" if fork else f"refs/heads/{branch}"
        parent = self.resolve(ref) or self.resolve(f"refs/heads/{start}")
        contents = [text.encode() if isinstance(text, str) else text for text in files.values()]
        blobs = iter(self.add_blobs([data for data in contents if data is not None]))
        entries = [
            (name, "100644", None if data is None else next(blobs))
            for name, data in zip(files, contents, strict=True)
        ]
        tree = self.add_tree(f"{parent}^{{tree}}" if parent else None, entries)
        sha = self.add_commit(tree, [parent] if parent else [], message, author=person(author))
        self.git("update-ref", ref, sha)
        self.when_changed()
        return sha

    def add_blob(self, data: bytes) -> str:
        """The SHA of a new blob."""
        return self.line("hash-object", "-w", "--stdin", given=data)

    def add_blobs(self, contents: Sequence[bytes]) -> list[str]:
        """The SHAs of many new blobs, made by one call of git."""
        with tempfile.TemporaryDirectory(dir=self.path) as folder:
            paths = [Path(folder, str(number)) for number in range(len(contents))]
            for path, data in zip(paths, contents, strict=True):
                path.write_bytes(data)
            listed = "".join(f"{path}\n" for path in paths).encode()
            return self.line("hash-object", "-w", "--no-filters", "--stdin-paths", given=listed).split()

    def add_tree(self, base: str | None, entries: Sequence[tuple[str, str, str | None]]) -> str:
        """The SHA of a new tree: the base, and over it path, mode and SHA; no SHA takes a file away."""
        with tempfile.TemporaryDirectory(dir=self.path) as folder:
            environment = {"GIT_INDEX_FILE": str(Path(folder, "index"))}
            if base:
                self.git("read-tree", base, environment=environment)
            subtrees = [entry for entry in entries if entry[1] == "040000"]
            lines = b"".join(
                f"0 {'0' * 40}\t{path}\0".encode() if sha is None else f"{mode} {sha}\t{path}\0".encode()
                for path, mode, sha in entries
                if mode != "040000"
            )
            self.git("update-index", "-z", "--index-info", given=lines, environment=environment)
            for path, _, sha in subtrees:
                self.git("read-tree", f"--prefix={path}/", str(sha), environment=environment)
            return self.line("write-tree", environment=environment)

    def add_commit(
        self,
        tree: str,
        parents: Sequence[str],
        message: str,
        *,
        author: tuple[str, str],
        committer: tuple[str, str] | None = None,
        author_date: str | None = None,
    ) -> str:
        """The SHA of a new commit. People are name and address."""
        now = self.clock.tick()
        by = committer or author
        environment = {
            "GIT_AUTHOR_NAME": author[0],
            "GIT_AUTHOR_EMAIL": author[1],
            "GIT_AUTHOR_DATE": author_date or now,
            "GIT_COMMITTER_NAME": by[0],
            "GIT_COMMITTER_EMAIL": by[1],
            "GIT_COMMITTER_DATE": now,
        }
        options = [option for parent in parents for option in ("-p", parent)]
        return self.line("commit-tree", tree, *options, given=message.encode(), environment=environment)

    def resolve(self, name: str) -> str | None:
        """The SHA of the commit that a name stands for, or nothing."""
        try:
            return self.line("rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
        except GitError:
            return None

    def ref(self, name: str) -> str | None:
        """The SHA that a full ref name has, or nothing."""
        return dict(self.refs(name)).get(name)

    def refs(self, prefix: str) -> list[tuple[str, str]]:
        """All refs whose full name starts with this, and their SHAs, sorted."""
        lines = self.line("for-each-ref", "--format=%(refname) %(objectname)").splitlines()
        return [
            (name, sha)
            for name, _, sha in (line.partition(" ") for line in lines)
            if name.startswith(prefix) and not name.startswith("refs/forks/")
        ]

    def kind(self, sha: str) -> str | None:
        """What kind of object a SHA is, or nothing."""
        try:
            return self.line("cat-file", "-t", sha)
        except GitError:
            return None

    def read(self, path: str, ref: str = MAIN) -> str | None:
        """The text of a file at a branch or commit, or nothing if it isn't there."""
        try:
            return self.git("cat-file", "blob", f"{ref}:{path}").decode()
        except GitError:
            return None

    def is_ancestor(self, older: str, newer: str) -> bool:
        """Whether one commit is another one's ancestor, or the same."""
        try:
            self.git("merge-base", "--is-ancestor", older, newer)
        except GitError:
            return False
        return True

    def merge_base(self, one: str, other: str) -> str | None:
        """The best common ancestor."""
        try:
            return self.line("merge-base", one, other)
        except GitError:
            return None

    def commits(self, *revisions: str, path: str | None = None) -> list[str]:
        """The SHAs that `git rev-list` lists, newest first."""
        return self.line("rev-list", *revisions, "--", *([path] if path else [])).split()

    def merged(self, base: str, head: str, message: str) -> str | None:
        """The SHA of a commit that merges head into base, or nothing if they conflict."""
        try:
            tree = self.line("merge-tree", "--write-tree", base, head).splitlines()[0]
        except GitError:
            return None
        return self.add_commit(tree, [base, head], message, author=("GitHub", "noreply@github.com"))


def person(login: str) -> tuple[str, str]:
    """The name and address with which a user commits on the website."""
    if login == "github-actions[bot]":
        return login, "41898282+github-actions[bot]@users.noreply.github.com"
    return login, f"{login}@users.noreply.github.com"
