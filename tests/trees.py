"""Folders of files for tests."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

APP_YAML = """\
application: guestbook
version: 1
runtime: python
api_version: 1
handlers:
- url: /.*
  script: main.py
"""


def write_tree(root: Path, files: Mapping[str, str | bytes]) -> Path:
    """Write files below a folder, which is made; the folder."""
    root.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return root


def read_tree(root: Path) -> dict[str, bytes]:
    """All plain files below a folder, with what they hold."""
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file() and not path.is_symlink()
    }
