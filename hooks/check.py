"""The hook `gaebot`: checks the apps that own the changed files."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from gaebot import cli
from gaebot.hooks.arguments import owned, split


def main(argv: Sequence[str] | None = None) -> int:
    """Print what `gaebot check` says of some files; its exit code.

    `argv` are options of `gaebot check`, then files. Of each app that owns some of them everything is
    read, and what lies in them is reported. Files that belong to no app are passed over. Without files
    all apps at and below the current folder are checked.
    """
    options, files = split(sys.argv[1:] if argv is None else argv)
    paths = owned(files)
    if files and not paths:
        return 0
    return cli.main(["check", *options, *paths])


if __name__ == "__main__":
    sys.exit(main())
