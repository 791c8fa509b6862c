"""Loaded by Python at its start where this folder is in PYTHONPATH: writes down what a program reads.

Each process appends lines to the file that COUNT_LOG names: `read PATH` for a file that is opened, and
`parsed DIGEST` for a text that the parser named by COUNT_PARSER took without an exception. Only for runs
that are not timed.
"""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.append(str(Path(__file__).resolve().parents[1]))
from digests import digest

LOG = os.open(os.environ["COUNT_LOG"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
# Where each parser is entered: a module, a class in it or nothing, and a function.
ENTRIES = {
    "ast": ("ast", "", "parse"),
    "libcst": ("libcst", "", "parse_module"),
    "fissix": ("fissix.pgen2.driver", "Driver", "parse_string"),
    "tree_sitter": ("tree_sitter", "Parser", "parse"),
}


def note_opened(event: str, arguments: tuple[Any, ...]) -> None:
    """An audit hook: write down which files are opened."""
    if event == "open" and isinstance(arguments[0], (str, bytes)):
        # No Path here: it may open something itself.
        path = os.path.normpath(os.path.join(os.getcwd(), os.fsdecode(arguments[0])))  # noqa: PTH109, PTH118
        os.write(LOG, b"read %s\n" % os.fsencode(path))


def noted(parse: Callable[..., Any], text: str | bytes, *more: Any, **options: Any) -> Any:  # noqa: ANN401
    """What a parser's function returns for a text; the text is written down when it was taken."""
    tree = parse(text, *more, **options)
    if isinstance(text, (str, bytes)):
        os.write(LOG, b"parsed %s\n" % digest(text).encode())
    return tree


def watch(parser: str) -> None:
    """Put such a function in the place of a parser's."""
    module_name, class_name, function = ENTRIES[parser]
    module = importlib.import_module(module_name)
    if not class_name:
        parse = getattr(module, function)
        setattr(module, function, lambda *arguments, **options: noted(parse, *arguments, **options))
        return
    # The class may be one that can be neither changed nor inherited from.
    real = getattr(module, class_name)

    class Watched:
        """Stands for an object of the class."""

        def __init__(self, *arguments: Any, **options: Any) -> None:  # noqa: ANN401 - the real one knows
            self._real = real(*arguments, **options)

        def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - as it is there
            found = getattr(self._real, name)
            if name != function:
                return found
            return lambda *arguments, **options: noted(found, *arguments, **options)

    setattr(module, class_name, Watched)


if os.environ.get("COUNT_PARSER"):
    watch(os.environ["COUNT_PARSER"])
sys.addaudithook(note_opened)
