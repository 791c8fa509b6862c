"""Scripts with which shells complete gaebot's commands and options."""

from __future__ import annotations

import argparse

SHELLS = ("bash", "zsh", "tcsh")


def script(parser: argparse.ArgumentParser, shell: str) -> str:
    """The script for a shell, made from the command line's own parser."""
    import shtab  # noqa: PLC0415 - for this command only

    text: str = shtab.complete(parser, shell=shell)
    return text
