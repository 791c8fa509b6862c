"""The command line: arguments in, text and an exit code out. All work is done by the library."""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
from collections.abc import Callable, Sequence

from gaebot.api import USAGE_ERRORS
from gaebot.cli.options import make_parser
from gaebot.cli.output import OutputError
from gaebot.process import collect_no_garbage, print_any_name
from gaebot.render.visible import visible

_WRONG_USE = 2
_BROKEN_PIPE = 141  # as if SIGPIPE had ended the program
_INTERRUPTED = 130  # as if SIGINT had


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; the exit code.

    `argv` are the arguments without the program's name; those of the process by default, which then is
    gaebot's alone.
    """
    if argv is None:
        collect_no_garbage()
    print_any_name()
    try:
        arguments = make_parser().parse_args(argv)
        run: Callable[[argparse.Namespace], int] = arguments.run
        code = run(arguments)
        sys.stdout.flush()
    except SystemExit as stop:  # how argparse ends: 2 for wrong use, 0 for --help
        return int(stop.code or 0)
    except (*USAGE_ERRORS, OutputError) as error:
        print(f"gaebot: {visible(str(error))}", file=sys.stderr)
        return _WRONG_USE
    except BrokenPipeError:
        # The reader has gone. Python would flush what is left at exit and complain.
        with contextlib.suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return _BROKEN_PIPE
    except KeyboardInterrupt:
        return _INTERRUPTED
    return code
