"""`ts-mutable-default`: what it leaves alone and finds."""

from __future__ import annotations

import pytest

from tests.rules.python27.threads.apps import lines, reports, told

RULE = "ts-mutable-default"


@pytest.mark.parametrize(
    "code",
    [
        "def page(name, values={}):\n    return values.get(name)\ndef work(h):\n    page('x')\n",
        "def page(values={}):\n    for key in values:\n        print key, values[key]\ndef work(h):\n    page()\n",
        "def page(values={}):\n    values = dict(values)\n    values['a'] = 1\ndef work(h):\n    page()\n",
        "def page(values={}):\n    own = values.copy()\n    own.update(a=1)\ndef work(h):\n    page()\n",
        "def page(values=None):\n    values = values or {}\n    values['a'] = 1\ndef work(h):\n    page()\n",
        "def page(values=None):\n    if values is None:\n        values = {}\n    values['a'] = 1\n"
        "def work(h):\n    page()\n",
        "def page(values=()):\n    values += (1,)\n    return values\ndef work(h):\n    page()\n",
        "def page(values=[]):\n    return values + [1]\ndef work(h):\n    page()\n",
        "def page(values=[]):\n    values = values + [1]\n    values.append(2)\ndef work(h):\n    page()\n",
        "def page(values, more={}):\n    values['a'] = more\ndef work(h):\n    page({})\n",
        "def page(values={}):\n    values['a'] = 1\ndef work(h):\n    pass\n",
        "def page(values={}):\n    values['a'] = 1\npage()\ndef work(h):\n    pass\n",
        "def page(values={}):\n    def inner(values):\n        values['a'] = 1\n    inner({})\n"
        "def work(h):\n    page()\n",
        "def page(out=[]):\n    out.pop()\ndef work(h):\n    page([1])\n",
        "class M(db.Model):\n    tags = db.StringListProperty(default=[])\n    def add(self, tag):\n"
        "        self.tags.append(tag)\ndef work(h):\n    M().add('x')\n",
    ],
)
def test_leaves_alone(code: str) -> None:
    assert lines(RULE, code) == []


@pytest.mark.parametrize(
    ("code", "line"),
    [
        ("def page(values={}):\n    values['a'] = 1\n    return values\n", "values['a'] = 1"),
        ("def page(values={}):\n    values.update(a=time.time())\n", "values.update(a=time.time())"),
        ("def page(out=[]):\n    out.append(1)\n    return out\n", "out.append(1)"),
        ("def page(n, seen=set()):\n    seen.add(n)\n", "seen.add(n)"),
        ("def page(out=list()):\n    out.extend([1])\n", "out.extend([1])"),
        ("def page(n, out=[0]):\n    out[0] = n\n", "out[0] = n"),
        ("def page(a=1, values={'x': 1}):\n    del values['x']\n", "del values['x']"),
    ],
)
def test_what_is_kept_from_call_to_call(code: str, line: str) -> None:
    assert lines(RULE, code + "def work(h):\n    page()\n") == [f"warning: {line}"]


def test_a_default_that_an_object_keeps() -> None:
    code = """
    class Page(object):
        def __init__(self, values={}):
            self.values = values
        def put(self):
            self.values['a'] = time.time()
    def work(h):
        Page().put()
    """
    assert told(code) == ["mutable-default warning"]


@pytest.mark.parametrize(
    "code",
    [
        "def square(n, cache={}):\n    if n not in cache:\n        cache[n] = n * n\n    return cache[n]\n",
        "def square(n, cache={}):\n    try:\n        return cache[n]\n    except KeyError:\n"
        "        cache[n] = n * n\n        return cache[n]\n",
        "def square(n, cache={}):\n    return cache.setdefault(n, n * n)\n",
    ],
)
def test_a_memory_on_purpose_is_a_note(code: str) -> None:
    assert told(code + "def work(h):\n    square(2)\n") == ["mutable-default note"]


def test_a_default_value_that_is_a_name_of_the_module() -> None:
    code = "LOG = []\ndef add(x, log=LOG):\n    log.append(x)\ndef work(h):\n    add(1)\n"
    assert told(code) == ["mutable-global note"]


def test_the_message() -> None:
    (finding,) = reports("def page(values={}):\n    values['a'] = os.times()\ndef work(h):\n    page()\n")
    assert finding.message == (
        "All requests share the default value of `values` in `page`, and this changes what it holds, without a "
        "lock. Python makes a default value once: what one call puts into it, all later ones find there, "
        "whichever request they belong to. Write `None` as the default, and make a new one in the function. "
        "Requests get here by `Main.get` → `work` → `page`."
    )
    assert finding.fix is None
