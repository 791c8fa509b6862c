"""`python -m gaebot`."""

import sys

from gaebot.cli import main

if __name__ == "__main__":
    sys.exit(main())
