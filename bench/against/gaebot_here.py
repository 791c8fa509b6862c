"""gaebot's own command line, from this checkout; the folder it is run in is not looked into for modules."""

import sys
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parents[2])

if __name__ == "__main__":
    from gaebot.cli import main

    sys.exit(main())
