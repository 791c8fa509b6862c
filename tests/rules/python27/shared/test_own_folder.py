"""Paths that start at the folder of their module, said with what the module has."""

from __future__ import annotations

import pytest

from gaebot.app import App
from gaebot.rules.python27.shared.files.own_folder import anchored
from gaebot.syntax.python import PythonFile


def written(
    code: bytes, path: str = "admin/main.py", folder: str = "admin", *, replace: bool = False
) -> bytes | None:
    """The code with its first text anchored; None where that can't be done."""
    file = App({path: code}).python(path)
    assert isinstance(file, PythonFile)
    found = next(node for node in file.nodes("(string) @x"))
    edits = anchored(file, found, folder, replace=replace)
    return file.source.apply(edits).data if edits else None


HERE = b"os.path.join(os.path.dirname(__file__), 'a')"


@pytest.mark.parametrize(
    ("code", "after"),
    [
        (b"import os\nf('a')\n", b"import os\nf(" + HERE + b")\n"),
        (b"import os.path\nf('a')\n", b"import os.path\nf(" + HERE + b")\n"),
        (b"import os, os.path\nf('a')\n", b"import os, os.path\nf(" + HERE + b")\n"),
        (b"import os as o\nf('a')\n", b"import os as o\nf(o.path.join(o.path.dirname(__file__), 'a'))\n"),
        (
            b"from os import path\nf('a')\n",
            b"from os import path\nf(path.join(path.dirname(__file__), 'a'))\n",
        ),
        (b"import os.path as p\nf('a')\n", b"import os.path as p\nf(p.join(p.dirname(__file__), 'a'))\n"),
        (
            b"from os.path import join, dirname as d\nf('a')\n",
            b"from os.path import join, dirname as d\nf(join(d(__file__), 'a'))\n",
        ),
        (b"f('a')\n", b"import os\nf(" + HERE + b")\n"),
        (b"import sys\r\nf('a')\r\n", b"import os\r\nimport sys\r\nf(" + HERE + b")\r\n"),
        (b"from os.path import join\nf('a')\n", b"import os\nfrom os.path import join\nf(" + HERE + b")\n"),
        (b"def f(): g('a')\nimport os\n", b"def f(): g(" + HERE + b")\nimport os\n"),
        (b"import os\nif x: f(\n  'a',  # why\n)\n", b"import os\nif x: f(\n  " + HERE + b",  # why\n)\n"),
        (b"def f():\n  import os\n  g('a')\n", None),
        (b"f('a')\nimport os\n", None),
        (b"import os\ndef f(os): g('a')\n", None),
        (b"import os\n__file__ = x\nf('a')\n", None),
        (b"os = x\nf('a')\n", None),
        (b"try:\n  import os\nexcept E:\n  os = None\nf('a')\n", None),
    ],
)
def test_the_words_of_the_module(code: bytes, after: bytes | None) -> None:
    assert written(code) == after


@pytest.mark.parametrize(
    ("path", "folder", "after"),
    [
        ("admin/main.py", "admin", "here, 'a'"),
        ("util.py", "admin", "here, 'admin', 'a'"),
        ("util.py", "a/b", "here, 'a/b', 'a'"),
        ("admin/deep/x.py", "admin", "os.path.dirname(here), 'a'"),
        ("lib/deep/x.py", "admin", "os.path.dirname(os.path.dirname(here)), 'admin', 'a'"),
        ("a/b/x.py", "a/c", "os.path.dirname(here), 'c', 'a'"),
        ("util.py", "it's", None),
    ],
)
def test_the_way_from_the_module(path: str, folder: str, after: str | None) -> None:
    made = written(b"import os\nf('a')\n", path, folder)
    expected = f"import os\nf(os.path.join({after}))\n".replace("here", "os.path.dirname(__file__)")
    assert (made.decode() if made is not None else None) == (expected if after is not None else None)


def test_what_stood_for_the_folder_goes() -> None:
    assert written(b"import os\nf('.')\n", replace=True) == b"import os\nf(os.path.dirname(__file__))\n"
    made = written(b"import os\nf('.')\n", "util.py", replace=True)
    assert made == b"import os\nf(os.path.join(os.path.dirname(__file__), 'admin'))\n"
