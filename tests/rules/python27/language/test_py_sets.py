"""`py-sets`: what it leaves alone, finds and fixes."""

from __future__ import annotations

import pytest

from tests.rules.helpers import find, fixed
from tests.rules.python27.wsgi.scripts import cgi, wsgi

RULE = "py-sets"


@pytest.mark.parametrize(
    "code",
    [
        "x = set()\n",
        "try:\n  set\nexcept NameError:\n  from sets import Set as set\n",
        "import sys\nif sys.version_info < (2, 4):\n  from sets import Set as set\n",
        "sets = 1\n",
        "from mine import sets\n",
        "from mine.sets import Set\nx = Set()\n",
    ],
)
def test_leaves_alone(code: str) -> None:
    assert find(RULE, wsgi(code)) == []


def test_a_module_of_the_app_is_left_alone() -> None:
    assert find(RULE, wsgi("import sets\nx = sets.Set()\n", sets="Set = 1\n")) == []


def test_code_that_no_request_reaches_is_left_alone() -> None:
    assert find(RULE, {**wsgi("app = 1\n"), "tool.py": "import sets\n"}) == []


@pytest.mark.parametrize(
    "code",
    [
        "from sets import Set\nclass Names(Set):\n  pass\n",
        "from sets import Set, BaseSet\nx = Set()\n",
        "import sets\nx = sets.BaseSet\n",
        "from sets import *\nx = Set()\n",
        "import sets\nf(sets)\n",
        "from sets import Set\nx = Set()\nx.union_update([1])\n",
        "from sets import Set\ndef f(set):\n  return Set(set)\n",
        "from sets import Set\nset = 1\nx = Set()\n",
        "def f():\n  from sets import Set\n  return Set()\n",
    ],
)
def test_what_is_only_reported(code: str) -> None:
    for app in (cgi, wsgi):
        assert [finding.fix for finding in find(RULE, app(code))] == [None]


def test_a_name_that_another_module_takes_is_only_reported() -> None:
    files = wsgi("import util\nfrom util import Set\n", util="from sets import Set\n")
    assert [finding.fix for finding in find(RULE, files)] == [None]


def test_one_file_that_can_not_be_changed_keeps_the_others() -> None:
    files = wsgi("import util\nfrom sets import Set\nx = Set()\n", util="import sets\nf(sets)\n")
    (finding,) = find(RULE, files)
    assert finding.fix is None
    assert len(finding.related) == 1


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("import sets\nimport os\nx = sets.Set([1])\n", "import os\nx = set([1])\n"),
        ("import sets, os\nx = sets.ImmutableSet()\n", "import os\nx = frozenset()\n"),
        ("import sets as s\nif isinstance(x, s.Set): pass\n", "if isinstance(x, set): pass\n"),
        ("from sets import Set\ndef f(a=Set()):\n  return Set(a)\n", "def f(a=set()):\n  return set(a)\n"),
        ("from sets import Set as set\nx = set()\n", "x = set()\n"),
        ("from sets import Set, ImmutableSet\nx = Set(), ImmutableSet()\n", "x = set(), frozenset()\n"),
        ("from sets import Set as S # sets\nx = S()\n", "x = set()\n"),
        ("import sets; import os\nx = sets.Set()\n", "import os\nx = set()\n"),
    ],
)
def test_what_the_fix_writes(before: str, after: str) -> None:
    for app in (cgi, wsgi):
        assert fixed(RULE, app(before))["main.py"] == after


def test_all_files_change_together() -> None:
    files = wsgi("import util\nfrom sets import Set\nx = Set()\n", util="import sets\ny = sets.Set()\n")
    new = fixed(RULE, files)
    assert new["main.py"] == "import util\nx = set()\n"
    assert new["util.py"] == "y = set()\n"
