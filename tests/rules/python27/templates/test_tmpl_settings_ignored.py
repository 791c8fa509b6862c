"""`tmpl-settings-ignored`: what it leaves alone, finds and writes."""

from __future__ import annotations

import pytest

from tests.rules.helpers import find, fixed
from tests.rules.python27.templates.pages import app25, app27

RULE = "tmpl-settings-ignored"
SETTINGS = "DATE_FORMAT = 'Y-m-d'\nTIME_FORMAT = x\n"


def app(page: str, settings: str = SETTINGS, make=app27) -> dict[str, str | bytes]:
    files = make(page, settings=settings)
    files["main.py"] = "import os\nos.environ['DJANGO_SETTINGS_MODULE'] = 'settings'\n" + str(
        files["main.py"]
    )
    return files


@pytest.mark.parametrize(
    "page",
    ["{{ d }}", "{{ d|date:'Y' }}", "{{ date }}", "{{ d|timesince }}", "{{ d|time }}", "{# {{ d|date }} #}"],
)
def test_leaves_alone(page: str) -> None:
    assert find(RULE, app(page)) == []


def test_other_settings_are_left_alone() -> None:
    assert find(RULE, app("{{ d|date }}", "NAME = 'x'\n")) == []
    assert find(RULE, app27("{{ d|date }}", settings=SETTINGS)) == []


@pytest.mark.parametrize(
    ("page", "after"),
    [
        ("{{ d|date }}", '{{ d|date:"Y-m-d" }}'),
        ("{{ d | date|upper }}", '{{ d | date:"Y-m-d"|upper }}'),
    ],
)
def test_the_format_is_said(page: str, after: str) -> None:
    for make in (app25, app27):
        assert fixed(RULE, app(page, make=make), unsafe=False)["index.html"] == after
