"""Scripts with which shells complete gaebot's commands and options."""

from __future__ import annotations

SHELLS = ("bash", "zsh", "tcsh")


def script(shell: str) -> str:
    """The script for a shell, made from the command line's own parser."""
    import shtab  # noqa: PLC0415 - for this command only

    from gaebot.cli.options import make_parser  # noqa: PLC0415 - which offers this command

    text: str = shtab.complete(make_parser(), shell=shell)
    return text
