"""Which commit is checked out, told from git's own files."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from gaebot.disk import checked_out

SHA = "0123456789abcdef0123456789abcdef01234567"


@pytest.mark.parametrize(
    "head",
    [
        "",
        "main",
        SHA[:39],
        f"ref: {SHA}",
        "ref: refs/heads/../../secret",
        "ref: refs/heads/a b",
        "ref: refs/heads/gone",
    ],
)
def test_what_tells_nothing(tmp_path: Path, head: str) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "secret").write_text(SHA)
    (tmp_path / ".git" / "HEAD").write_text(head)
    assert checked_out(str(tmp_path)) is None


def test_no_repository(tmp_path: Path) -> None:
    assert checked_out(str(tmp_path)) is None
    (tmp_path / ".git").write_text("gitdir: elsewhere")
    assert checked_out(str(tmp_path)) is None


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "secret").write_text(SHA)
    (tmp_path / ".git" / "HEAD").symlink_to("../secret")
    assert checked_out(str(tmp_path)) is None


def test_a_branch_and_a_commit(tmp_path: Path) -> None:
    def git(*arguments: str) -> str:
        names = ["-c", "user.name=a", "-c", "user.email=a@b"]
        command = ["git", "-C", str(tmp_path), *names, *arguments]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()

    git("init", "--quiet", "--initial-branch=main")
    git("commit", "--quiet", "--allow-empty", "--message=first")
    head = git("rev-parse", "HEAD")
    assert checked_out(str(tmp_path)) == head
    git("pack-refs", "--all")
    assert checked_out(str(tmp_path)) == head
    git("checkout", "--quiet", "--detach")
    assert checked_out(str(tmp_path)) == head
