"""Parse the files that are named with LibCST and visit each node, and print how many could be parsed."""

import sys
from pathlib import Path

import libcst


def main() -> None:
    """Parse and visit file after file and keep nothing."""
    visitor = libcst.CSTVisitor()
    whole = 0
    for path in sys.argv[1:]:
        try:
            module = libcst.parse_module(Path(path).read_bytes())
        except (libcst.ParserSyntaxError, UnicodeDecodeError, SyntaxError):
            continue
        module.visit(visitor)
        whole += 1
    print(f"{len(sys.argv) - 1} files, {whole} without errors")


if __name__ == "__main__":
    main()
