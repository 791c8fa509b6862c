"""How values are judged that are tested and then set: where it never happens, what it costs, what goes wrong."""

from __future__ import annotations

import pytest

from tests.rules.python27.threads.apps import told

ELSEWHERE = """
class Other(webapp2.RequestHandler):
    def get(self):
        %s
others = webapp2.WSGIApplication([('/other', Other)])
"""
IMPORT = "from google.appengine.api import urlfetch\n"
LOAD = (
    "x = None\ndef load():\n    global x\n    if x is None:\n        x = urlfetch.fetch('u')\n    return x\n"
)
WORK = "def work(h):\n    load()\n"
METHOD = """
class Settings(object):
    x = None
    @classmethod
    def load(cls):
        if cls.x is None:
            cls.x = urlfetch.fetch('u')
        return cls.x
"""
SET_UP = (
    "x = None\ndef set_up():\n    global x\n    names = ['a']\n    x = names.pop()\n"
    "def get():\n    if x is None:\n        set_up()\n    return x\n"
)


# -- what import code does first -------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "more"),
    [
        (LOAD + "load()\n" + WORK, {}),
        (LOAD + "value = load()\n" + WORK, {}),
        ("import m\nm.load()\ndef work(h):\n    m.load()\n", {"m.py": IMPORT + LOAD}),
        ("import m\ndef work(h):\n    m.load()\n", {"m.py": IMPORT + LOAD + "load()\n"}),
        (METHOD + "Settings.load()\ndef work(h):\n    Settings.load()\n", {}),
        (SET_UP + "get()\ndef work(h):\n    get()\n", {}),
        (
            SET_UP.replace("if x is None:", "try:\n        x.upper()\n    except AttributeError:")
            + "get()\ndef work(h):\n    get()\n",
            {},
        ),
        # Nobody's.
        (LOAD + "def work(h):\n    return x\n", {}),
    ],
)
def test_what_is_set_before_the_first_request_is_left_alone(code: str, more: dict[str, str]) -> None:
    assert told(code, more) == []


@pytest.mark.parametrize(
    "code",
    [
        LOAD + WORK,
        LOAD + "later = [load]\n" + WORK,
        LOAD + "if os.environ.get('EARLY'):\n    load()\n" + WORK,
        LOAD + "try:\n    len('')\nexcept TypeError:\n    load()\n" + WORK,
        LOAD + "if __name__ == '__main__':\n    load()\n" + WORK,
    ],
)
def test_what_import_code_only_names_is_found(code: str) -> None:
    assert told(code) == ["check-then-set-global warning"]


@pytest.mark.parametrize(
    "code",
    [
        SET_UP + "def work(h):\n    get()\n",
        SET_UP + "get()\ndef work(h):\n    get()\n    set_up()\n",
        SET_UP.replace("    if x is None:\n        set_up()", "    set_up()")
        + "get()\ndef work(h):\n    get()\n",
    ],
)
def test_what_requests_get_to_as_well_is_found(code: str) -> None:
    assert [found.partition(" ")[0] for found in told(code)] == ["global-assign"]


# -- what it comes to ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "code",
    [
        "def work(h):\n    global x\n    if x is None:\n        x = len('a')\n    return x\n",
        "def work(h):\n    global x\n    if x is None:\n        y = {}\n        y['a'] = 1\n        x = y\n    return x\n",
        "def work(h):\n    global x\n    if not x:\n        len('a')\n        x = True\n",
    ],
)
def test_what_is_made_twice_at_worst_is_a_note(code: str) -> None:
    assert told("x = None\n" + code) == ["check-then-set-global note"]


@pytest.mark.parametrize(
    "code",
    [
        "def work(h):\n    global x\n    if x is None:\n        x = {}\n        x['a'] = 1\n    return x\n",
        "def work(h):\n    global x\n    if not x:\n        x = True\n        urlfetch.fetch('u')\n",
        "def work(h):\n    global x\n    if not x:\n        urlfetch.fetch('u')\n        x = True\n",
    ],
)
def test_what_is_set_too_early_or_too_late_is_a_warning(code: str) -> None:
    assert told("x = None\n" + code) == ["check-then-set-global warning"]


CACHE = "x = {}\ndef work(h):\n    if h.k not in x:\n        x[h.k] = 1\n    return x[h.k]\n"


def test_items_of_what_others_replace() -> None:
    replaced = CACHE + "def reset():\n    global x\n    x = {}\n" + ELSEWHERE % "reset()"
    assert told(CACHE) == ["check-then-set-global note"]
    assert told(replaced) == ["check-then-set-global warning", "global-assign warning"]
    # Who asks with `get` is prepared for it; the note about the cache stays one.
    asked = replaced.replace("return x[h.k]", "return x.get(h.k)")
    assert told(asked) == ["check-then-set-global note", "global-assign warning"]


FILLED = "x = {}\ndef work(h):\n    if not x:\n%s    return x\n"


@pytest.mark.parametrize(
    "code",
    [
        FILLED % "        x.update(a=1)\n",
        FILLED % "        x['a'] = 1\n",
        "x = {}\ndef work(h):\n    for key in ('a', 'b'):\n        if key not in x:\n            x[key] = 1\n    return x\n",
        "x = {}\ndef work(h):\n    if h.k not in x:\n        for key in ('a', 'b'):\n            x[key] = 1\n    return x\n",
    ],
)
def test_what_is_filled_in_one_step_or_by_key_is_a_note(code: str) -> None:
    assert told(code) == ["check-then-set-global note"]


@pytest.mark.parametrize(
    "code",
    [
        FILLED % "        for key in ('a', 'b'):\n            x[key] = 1\n",
        FILLED % "        for key in ('a', 'b'):\n            x.update({key: 1})\n",
        FILLED.replace("not x", "len(x) == 0")
        % "        for key in ('a', 'b'):\n            x.update({key: 1})\n",
        FILLED.replace("not x", "x") % "        return x\n    for key in ('a', 'b'):\n        x[key] = 1\n",
    ],
)
def test_what_is_filled_in_a_loop_is_a_warning(code: str) -> None:
    assert told(code) == ["check-then-set-global warning"]
