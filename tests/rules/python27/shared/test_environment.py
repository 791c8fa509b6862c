"""Reading and writing `env_variables:` of a service's file."""

from __future__ import annotations

import pytest

from gaebot.app import App
from gaebot.rules.python27.shared.config.environment import set_variable, variable
from gaebot.service import Service

HEAD = "runtime: python27\nhandlers: []\n"


def service(text: str) -> Service:
    (only,) = App({"app.yaml": text.encode()}).services
    return only


def set_in(text: str, value: str = "settings", name: str = "NAME") -> str | None:
    """The file once the variable is set; None when it can't be."""
    file = service(text).file.source
    edit = set_variable(service(text), name, value)
    return file.apply([edit]).data.decode() if edit is not None else None


@pytest.mark.parametrize(
    ("lines", "value"),
    [
        ("", None),
        ("env_variables:\n", None),
        ("env_variables: text\n", None),
        ("env_variables:\n  OTHER: x\n", None),
        ("env_variables:\n  NAME: x\n", "x"),
        ("env_variables:\n  NAME: 'x y'\n", "x y"),
        ("env_variables: {NAME: x}\n", "x"),
    ],
)
def test_variable(lines: str, value: str | None) -> None:
    assert variable(service(HEAD + lines), "NAME") == value


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (HEAD, f"{HEAD}\nenv_variables:\n  NAME: 'settings'\n"),
        (
            f"{HEAD}env_variables:\n  A: b  # why\n",
            f"{HEAD}env_variables:\n  A: b  # why\n  NAME: 'settings'\n",
        ),
        (f"{HEAD}env_variables: {{A: b}}\n", f"{HEAD}env_variables: {{A: b, NAME: 'settings'}}\n"),
        (
            f"env_variables:\n    A: b\n{HEAD}",
            f"env_variables:\n    A: b\n    NAME: 'settings'\n{HEAD}",
        ),
    ],
)
def test_set_variable(before: str, after: str) -> None:
    assert set_in(before) == after
    assert variable(service(after), "NAME") == "settings"


@pytest.mark.parametrize("value", ["it's", "two\nlines", "caf\xe9", "tab\there"])
def test_only_plain_values_are_written(value: str) -> None:
    assert set_in(HEAD, value) is None


@pytest.mark.parametrize("name", ["", "a.b", "1A", "A B", "A:"])
def test_only_names_that_app_engine_takes_are_written(name: str) -> None:
    assert set_in(HEAD, name=name) is None


@pytest.mark.parametrize(
    "text",
    [
        "{runtime: python27, handlers: []}\n",
        f"{HEAD}env_variables:\n",
        f"{HEAD}env_variables: text\n",
        f"{HEAD}env_variables: {{}}\n",
        "x: &a 1\ny: *a\nruntime: python27\nhandlers: []\n",
    ],
)
def test_other_files_are_left_alone(text: str) -> None:
    assert set_in(text) is None
