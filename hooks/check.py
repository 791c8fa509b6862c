"""The hook `gaebot`: checks the apps that own the changed files."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from gaebot.hooks.arguments import owned, split
from gaebot.process import collect_no_garbage


def main(argv: Sequence[str] | None = None) -> int:
    """Print what `gaebot check` says of some files; its exit code.

    `argv` are options of `gaebot check`, then files; those of the process by default. Of each app that
    owns some of the files everything is read, and what lies in them is reported. Files that belong to no
    app are passed over. Without files all apps at and below the current folder are checked.
    """
    if argv is None:
        collect_no_garbage()
    options, files = split(sys.argv[1:] if argv is None else argv)
    paths = owned(files)
    if files and not paths:
        return 0
    from gaebot import cli  # noqa: PLC0415 - most commits in a large repository concern no app

    return cli.main(["check", *options, *paths])


if __name__ == "__main__":
    sys.exit(main())
