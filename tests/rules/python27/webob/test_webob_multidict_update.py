"""`webob-multidict-update`: what it leaves alone and finds."""

from __future__ import annotations

import pytest

from tests.rules.helpers import find
from tests.rules.python27.webapp.handlers import new, old

RULE = "webob-multidict-update"
IMPORT = "from webob.multidict import MultiDict\n"


@pytest.mark.parametrize(
    "code",
    [
        "m = MultiDict()\nm.extend({'a': 1})\n",
        "m = {}\nm.update({'a': 1})\n",
        "m = MultiDict()\nm = {}\nm.update({'a': 1})\n",
        "m = MultiDict()\nx.update(m)\n",
        "def f(m): m.update({'a': 1})\n",
    ],
)
def test_leaves_alone(code: str) -> None:
    assert find(RULE, new(IMPORT + code)) == []


def test_dicts_of_other_modules_are_left_alone() -> None:
    assert find(RULE, new("from mine import MultiDict\nm = MultiDict()\nm.update(a=1)\n")) == []


@pytest.mark.parametrize(
    "code", ["m = MultiDict()\nm.update({'a': 1})\n", "def f():\n  MultiDict([('a', 1)]).update(a=2)\n"]
)
def test_values_are_exchanged(code: str) -> None:
    for app in (old, new):
        assert [finding.fix for finding in find(RULE, app(IMPORT + code))] == [None]


@pytest.mark.parametrize(
    "code",
    [
        "from webob import MultiDict as M\nm = M()\nm.update({'a': 1})\n",
        "import webob.multidict as w\nm = w.MultiDict()\nchange = m.update\nchange({'a': 1})\n",
    ],
)
def test_a_dict_by_another_name(code: str) -> None:
    assert len(find(RULE, new(code))) == 1
