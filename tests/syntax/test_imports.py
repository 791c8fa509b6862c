"""Import statements: the names they bind, and edits that add and exchange them."""

from __future__ import annotations

import pytest

from gaebot.syntax.imports import (
    add_import,
    attributes_of,
    exchange_import,
    imported_as,
    is_free,
    uses_of,
)
from gaebot.syntax.python import Binding, PythonFile
from gaebot.text import SourceFile


def python(code: str) -> PythonFile:
    return PythonFile(SourceFile("main.py", code.encode()), "main")


def binding(file: PythonFile, name: str) -> Binding:
    return next(found for found in file.imports() if found.text == name)


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("", None),
        ("import json\n", "json"),
        ("import json as sj\n", "sj"),
        ("import os, json\n", "json"),
        ("from other import json\n", None),
        ("try:\n  import json\nexcept ImportError:\n  pass\n", None),
        ("def f():\n  import json\n", None),
        ("import json\njson = 1\n", None),
        ("import json.encoder\n", "json"),
    ],
)
def test_the_name_of_a_module(code: str, name: str | None) -> None:
    assert imported_as(python(code), "json") == name


@pytest.mark.parametrize(
    ("code", "free"),
    [
        ("x = 1\n", True),
        ("x.json = 1\n", True),
        ("f(json=1)\n", True),
        ("# json\nx = 'json'\n", True),
        ("from json import loads\n", True),
        ("json = 1\n", False),
        ("f(json)\n", False),
        ("def f(json): pass\n", False),
        ("import json\n", False),
        ("def json(): pass\n", False),
    ],
)
def test_a_free_name(code: str, *, free: bool) -> None:
    assert is_free(python(code), "json") is free


def test_the_uses_of_an_import() -> None:
    file = python("import md5\ndef f(md5):\n  return md5\nx = md5.new(1)\ny.md5\nprint md5\n")
    assert [file.place(node).start.line for node in uses_of(file, binding(file, "md5"))] == [4, 6]


def test_the_attributes_of_uses() -> None:
    file = python("import md5\nx = md5.new(1)\n")
    found = attributes_of(uses_of(file, binding(file, "md5")))
    assert found is not None
    assert [(chain.text, name.text) for chain, name in found] == [(b"md5.new", b"new")]
    file = python("import md5\nx = md5\n")
    assert attributes_of(uses_of(file, binding(file, "md5"))) is None


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", "import json\n"),
        ("x = 1\n", "import json\nx = 1\n"),
        ("import os\n", "import json\nimport os\n"),
        ("# about\nimport os\n", "# about\nimport json\nimport os\n"),
        ("#!/usr/bin/python\n# -*- coding: utf-8 -*-\nx = 1\n", None),
        ('"""Doc."""\n', '"""Doc."""\nimport json\n'),
        ('"""Doc."""', '"""Doc."""\nimport json\n'),
        ('"""Doc."""\nfrom __future__ import with_statement\nx = 1\n', None),
        ("from __future__ import division\nimport os\n", None),
        (
            "try:\n  import a\nexcept ImportError:\n  a = 1\n",
            "import json\ntry:\n  import a\nexcept ImportError:\n  a = 1\n",
        ),
        ("x = 1\nimport os\n", "x = 1\nimport json\nimport os\n"),
        ("import os\r\n", "import json\r\nimport os\r\n"),
        ("x = 1; import os\n", None),
        ("def f():\n  import os\n", "import json\ndef f():\n  import os\n"),
        ("\ufeffimport os\n", "\ufeffimport json\nimport os\n"),
    ],
)
def test_an_import_is_added(before: str, after: str | None) -> None:
    file = python(before)
    edit = add_import(file, b"import json")
    if after is None and "; import" in before:
        assert edit is None
        return
    assert edit is not None
    made = file.source.apply([edit]).data.decode()
    if after is None:
        head = ("#", '"""', "from __future__")
        lines = made.splitlines()
        where = lines.index("import json")
        assert all(line.startswith(head) for line in lines[:where])
        assert not any(line.startswith(head) for line in lines[where + 1 :])
    else:
        assert made == after


@pytest.mark.parametrize(
    ("code", "after"),
    [
        ("import os\nx = 1\n", "import json\nimport os\nx = 1\n"),
        ("'doc'\nx = 1\nimport os\n", "'doc'\nimport json\nx = 1\nimport os\n"),
        ("x = 1\ndef f():\n  import os\n", "import json\nx = 1\ndef f():\n  import os\n"),
        ("try:\n  import a\nexcept E:\n  x = 1\n", "import json\ntry:\n  import a\nexcept E:\n  x = 1\n"),
    ],
)
def test_an_import_that_a_line_needs(code: str, after: str) -> None:
    file = python(code)
    edit = add_import(file, b"import json", before=file.identifiers("x")[0])
    assert edit is not None
    assert file.source.apply([edit]).data.decode() == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("from django.utils import simplejson\n", "import json\n"),
        ("from django.utils import simplejson # json\n", "import json # json\n"),
        (
            "from django.utils import encoding, simplejson\n",
            "import json\nfrom django.utils import encoding\n",
        ),
        ("import os, simplejson\n", "import json\nimport os\n"),
        (
            "if 1:\n    import os, simplejson\n",
            "if 1:\n    import json\n    import os\n",
        ),
        ("x = 1; import os, simplejson\n", "x = 1; import json; import os\n"),
        (
            "from django.utils import (\n    encoding,\n    simplejson,\n)\n",
            "import json\nfrom django.utils import (\n    encoding,\n)\n",
        ),
    ],
)
def test_an_import_is_exchanged(before: str, after: str) -> None:
    file = python(before)
    edit = exchange_import(file, binding(file, "simplejson"), b"import json")
    assert edit is not None
    assert file.source.apply([edit]).data.decode() == after
