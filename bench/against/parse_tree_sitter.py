"""Parse the files that are named with tree-sitter; print how many there were, and how many had no error."""

import sys

import tree_sitter
import tree_sitter_python


def main() -> None:
    """Parse file after file and keep nothing."""
    parser = tree_sitter.Parser(tree_sitter.Language(tree_sitter_python.language()))
    whole = 0
    for path in sys.argv[1:]:
        with open(path, "rb") as file:  # noqa: PTH123 - nothing is imported that parsing does not need
            whole += not parser.parse(file.read()).root_node.has_error
    print(f"{len(sys.argv) - 1} files, {whole} without errors")


if __name__ == "__main__":
    main()
