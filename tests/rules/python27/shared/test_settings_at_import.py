"""Which environment variables modules set while they are imported."""

from __future__ import annotations

import pytest

from gaebot.rules.python27.shared.libraries.settings_at_import import environment_writes
from tests.rules.helpers import make_app
from tests.rules.python27.wsgi.scripts import cgi, wsgi


def writes(code: str) -> list[tuple[str, str | None]]:
    return [(w.key, w.value) for w in environment_writes(make_app(wsgi(f"import os\n{code}\n")))]


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("os.environ['A'] = 'b'", [("A", "b")]),
        ("os.environ['A'] = b", [("A", None)]),
        ("os.environ['A'] = x = 'b'", [("A", "b")]),
        ("os.environ.setdefault('A', 'b')", [("A", "b")]),
        ("os.putenv('A', 'b')", [("A", "b")]),
        ("os.environ.update({'A': 'b', 'C': d}, E='f')", [("E", "f"), ("A", "b"), ("C", None)]),
        ("class Config(object):\n    os.environ['A'] = 'b'", [("A", "b")]),
        ("if x: os.environ['A'] = 'b'; os.environ['C'] = 'd'", [("A", "b"), ("C", "d")]),
        ("def boot():\n    os.environ['A'] = 'b'\nboot()", [("A", "b")]),
        ("def boot(x):\n    os.environ['A'] = 'b'\nif y:\n    boot(1)", [("A", "b")]),
    ],
)
def test_what_is_set(code: str, found: list[tuple[str, str | None]]) -> None:
    assert writes(code) == found


@pytest.mark.parametrize(
    "code",
    [
        "x = os.environ['A']",
        "os.environ[a] = 'b'",
        "os.environ['A'] += 'b'",
        "del os.environ['A']",
        "os.environ.get('A', 'b')",
        "os.environ.update(other)",
        "os.environ.update(**other)",
        "environ['A'] = 'b'",
        "def f():\n    os.environ['A'] = 'b'",
        "def f():\n    os.environ['A'] = 'b'\nroutes = [f]",
        "def f():\n    os.environ['A'] = 'b'\ndef g():\n    f()",
        "def f():\n    def g():\n        os.environ['A'] = 'b'\nf()",
        "class C(object):\n    def main(self):\n        os.environ['A'] = 'b'",
        "f = lambda: os.environ.setdefault('A', 'b')",
        "if __name__ == '__main__':\n    os.environ['A'] = 'b'",
    ],
)
def test_what_is_not(code: str) -> None:
    assert writes(code) == []


def test_main_of_a_cgi_script_counts() -> None:
    code = "import os\ndef main():\n    os.environ['A'] = 'b'\nif __name__ == '__main__':\n    main()\n"
    assert [write.key for write in environment_writes(make_app(cgi(code)))] == ["A"]
    assert environment_writes(make_app(wsgi(code))) == ()
