"""What a terminal can do: colours, and links."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TextIO

from gaebot.render.text import Link, Paint, no_link, plain

_NUMBER = re.compile(r"\d+")
# Terminals that show links: https://github.com/Alhadis/OSC8-Adoption lists them.
_PROGRAMS = frozenset({"Hyper", "WezTerm", "ghostty", "iTerm.app", "rio", "vscode", "zed"})
_TERMS = ("alacritty", "contour", "foot", "ghostty", "rio", "wezterm", "xterm-ghostty", "xterm-kitty")
_VARIABLES = ("DOMTERM", "KITTY_WINDOW_ID", "KONSOLE_VERSION", "WEZTERM_PANE", "WT_SESSION")
_FIRST_VTE = 5000  # libvte, which GNOME's terminals are made of; written 5202 for 0.52.2


def width() -> int:
    """The columns of the terminal."""
    return shutil.get_terminal_size((100, 0)).columns


def painter(stream: TextIO) -> Paint:
    """How to colour what goes to a stream: not at all unless it is a terminal (and NO_COLOR is not set)."""
    if not stream.isatty():
        return plain
    from rich.console import Console  # noqa: PLC0415 - rich is for terminals only
    from rich.text import Text  # noqa: PLC0415

    console = Console(file=stream)
    if console.no_color or console.color_system is None:  # NO_COLOR, TERM=dumb
        return plain

    def paint(text: str, style: str) -> str:
        with console.capture() as captured:
            console.print(Text(text, style), end="", soft_wrap=True)
        return captured.get()

    return paint


def linker(stream: TextIO) -> Link:
    """How to make a text on a stream a link to a file: not at all unless the terminal knows links."""
    if not stream.isatty() or not knows_links(os.environ.get):
        return no_link

    def link(text: str, path: str) -> str:
        url = Path(os.path.abspath(path)).as_uri()  # noqa: PTH100 - `resolve` would follow links
        return f"\033]8;;{url}\033\\{text}\033]8;;\033\\"

    return link


def knows_links(variable: Callable[[str], str | None]) -> bool:
    """Whether the terminal that an environment tells of shows links (OSC 8). FORCE_HYPERLINK decides."""
    forced = variable("FORCE_HYPERLINK")
    if forced is not None:
        return forced not in {"", "0"}
    term = variable("TERM") or ""
    if term == "dumb" or variable("CI") or variable("TMUX") or variable("STY"):
        return False  # multiplexers pass links on only where they are told to
    version = _NUMBER.fullmatch(variable("VTE_VERSION") or "")
    if version is not None:
        return int(version.group()) >= _FIRST_VTE
    return (
        variable("TERM_PROGRAM") in _PROGRAMS
        or term.startswith(_TERMS)
        or any(variable(name) for name in _VARIABLES)
    )
