"""Starts the action, in the environment that install.py has made.

gaebot runs from the action's own folder and is not installed: that would want its build system, from a
registry and without a hash. The folder comes last on `sys.path`, so nothing in it hides a module of another
package; and as Python is isolated, nothing of the checkout is there at all.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def main() -> int:
    """Run `gaebot.hooks.action`; its exit code."""
    sys.path.append(str(ROOT))
    # Windows would look for programs such as git in the current folder first.
    os.environ["NoDefaultCurrentDirectoryInExePath"] = "1"  # noqa: SIM112 - as Windows writes it
    import gaebot  # noqa: PLC0415 - it can't be found before

    # `gaebot/hooks` is a link, which archives may turn into a file; what it leads to stands beside `gaebot`.
    gaebot.__path__.append(str(ROOT))
    from gaebot.hooks import action  # noqa: PLC0415 - as above

    return action.main()


if __name__ == "__main__":
    sys.exit(main())
