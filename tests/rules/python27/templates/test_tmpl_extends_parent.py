"""`tmpl-extends-parent`: what it leaves alone and finds."""

from __future__ import annotations

import pytest

from gaebot.finding import Severity
from tests.rules.helpers import find
from tests.rules.python27.templates.pages import app27

RULE = "tmpl-extends-parent"


def found(tag: str, path: str = "pages/sub/index.html") -> list[str]:
    return [finding.path for finding in find(RULE, {**app27("{{ x }}"), path: tag})]


@pytest.mark.parametrize(
    "tag",
    [
        '{% extends "base.html" %}',
        '{% extends "parts/base.html" %}',
        '{% include "../sub/side.html" %}',
        '{% extends "a/../base.html" %}',
        "{% extends parent %}",
        '{{ "../base.html" }}',
        "{% extends '/base.html' %}",
        '{# {% extends "../base.html" %} #}',
    ],
)
def test_leaves_alone(tag: str) -> None:
    assert found(tag) == []


@pytest.mark.parametrize(
    "tag",
    [
        '{% extends "../base.html" %}',
        "{% include '../../side.html' %}",
        '{% include "../other/side.html" %}',
        '{% extends "./../base.html" %}',
    ],
)
def test_a_page_above_is_not_found(tag: str) -> None:
    assert found(tag) == ["pages/sub/index.html"]


def test_what_is_included_is_only_missing() -> None:
    for tag, severity in (("extends", Severity.ERROR), ("include", Severity.WARNING)):
        files = {**app27("{{ x }}"), "pages/sub/index.html": f'{{% {tag} "../base.html" %}}'}
        assert [finding.severity for finding in find(RULE, files)] == [severity]
