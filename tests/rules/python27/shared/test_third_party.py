"""Third-party code that an app loads, and the libraries of the runtime that it needs."""

from __future__ import annotations

import pytest

from gaebot.app import App
from gaebot.rules.python27.shared.config.services import python_services
from gaebot.rules.python27.shared.libraries.library_needs import library_needs
from gaebot.rules.python27.shared.libraries.third_party import third_party_files

YAML = "runtime: python27\nthreadsafe: true\nhandlers:\n- url: /test\n  script: {}\n- url: /.*\n  script: main.app\n"


def app(main: str, script: str = "main.app", **modules: str) -> App:
    """An app with third-party code in ven/."""
    files = {"app.yaml": YAML.format(script), "main.py": main, "ven/__init__.py": ""}
    files |= {f"ven/{name}.py": code for name, code in modules.items()}
    return App({path: text.encode() for path, text in files.items()}, vendored={"ven": "ven"})


@pytest.mark.parametrize(
    ("main", "loaded"),
    [
        ("import os\n", []),
        ("x = 'ven.a'\n", []),
        ("if __name__ == '__main__':\n  import ven.a\n", []),
        ("import ven\n", ["__init__"]),
        ("import ven.a\n", ["__init__", "a", "b"]),
        ("def f():\n  from ven import a\n", ["__init__", "a", "b"]),
        ("from ven.c import x\n", ["__init__", "a", "b", "c"]),
        ("from ven.b import x\n", ["__init__", "b"]),
    ],
)
def test_what_is_loaded(main: str, loaded: list[str]) -> None:
    made = app(main, a="import os, b as c\n", b="x = 1\n", c="from . import (a)\n")
    assert sorted(third_party_files(made)) == [f"ven/{name}.py" for name in loaded]


def test_a_handler_script_may_be_third_party_code() -> None:
    assert "ven/a.py" in third_party_files(app("", script="ven.a.app", a=""))


def test_without_third_party_code_there_is_none() -> None:
    assert third_party_files(App({"app.yaml": YAML.format("main.app").encode(), "main.py": b""})) == {}


@pytest.mark.parametrize(
    ("code", "needed"),
    [
        ("import os\n", []),
        ("from django.utils import simplejson\n", ["django"]),
        ("class A:\n  from django.utils import simplejson\n", ["django"]),
        ("try:\n  from django.utils import simplejson\nexcept ImportError:\n  simplejson = None\n", []),
        ("try:\n  import json\nexcept ImportError:\n  from django.utils import simplejson\n", []),
        ("def f():\n  from django.utils import simplejson\n", []),
        ("if hard:\n  from Crypto.Cipher import AES\n", []),
        ("# from django.utils import simplejson\n", []),
    ],
)
def test_what_it_needs(code: str, needed: list[str]) -> None:
    made = app("import ven.a\n", a=code)
    (service,) = python_services(made)
    assert list(library_needs(made)[service]) == needed


def test_what_nothing_loads_needs_nothing() -> None:
    made = app("import ven.b\n", a="import django\n", b="x = 1\n")
    (service,) = python_services(made)
    assert library_needs(made)[service] == {}
