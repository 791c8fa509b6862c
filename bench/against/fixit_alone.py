"""Fixit's own command line in one process, for which it has no option."""

from functools import partial

import fixit.cli

if __name__ == "__main__":
    fixit.cli.fixit_paths = partial(fixit.cli.fixit_paths, parallel=False)
    fixit.cli.main()
