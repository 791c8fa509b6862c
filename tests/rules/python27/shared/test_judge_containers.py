"""How changes of lists, dictionaries and sets are judged: what fails, what gets lost, and what does no harm."""

from __future__ import annotations

from textwrap import dedent

import pytest

from tests.rules.python27.threads.apps import told

ELSEWHERE = """
class Other(webapp2.RequestHandler):
    def get(self):
        %s
others = webapp2.WSGIApplication([('/other', Other)])
"""
"""A second handler, which the first one does not lead to."""


@pytest.mark.parametrize(
    "code",
    [
        "def work(h):\n    items = []\n    items.append(1)\n    for item in items:\n        print item\n",
        "items = [1, 2]\ndef work(h):\n    for item in items:\n        print item\n",
        "items = [1, 2]\ndef work(h):\n    rest = list(items)\n    rest.pop()\n    del rest[:]\n",
        "items = {}\nitems['a'] = 1\nitems.clear()\ndef work(h):\n    return items.get('a')\n",
        "lock = threading.Lock()\nitems = {}\ndef work(h):\n    with lock:\n        items.clear()\n",
        "own = threading.local()\ndef work(h):\n    own.items = []\n    own.items.append(1)\n",
        "items_for_tests = []\ndef work(h):\n    items_for_tests.append(h)\n",
    ],
)
def test_leaves_alone(code: str) -> None:
    assert told(code) == []


# -- additions -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "code",
    [
        "items = []\ndef work(h):\n    items.append(1)\n",
        # A list only grows while it is gone through.
        "items = []\ndef work(h):\n    for item in items:\n        print item\n    items.append(1)\n",
        "items = [1 for i in '12']\ndef work(h):\n    x = [i for i in items]\n    items.append(1)\n",
        "items = []\ndef work(h):\n    items.append(1)\n    return items[0]\n",
        "items = []\ndef work(h):\n    items.append(1)\n" + ELSEWHERE % "print [i for i in items]",
        # Python 2 builds a list in one step.
        "items = {}\ndef work(h):\n    items[h.a] = 1\n    for key, value in items.items():\n        print key\n",
        "items = set()\ndef work(h):\n    items.add(1)\n    return 1 in items\n",
        # What changes is a part, not what is gone through.
        "items = {'a': []}\ndef work(h):\n    items['a'].append(1)\n    for key in items:\n        print key\n",
        "items = {'a': {}}\ndef work(h):\n    items['a'][h.b] = 1\n    for key in items:\n        print key\n",
        "items = set()\ndef work(h):\n    if h.a not in items:\n        items.add(h.a)\n",
    ],
)
def test_additions_are_notes(code: str) -> None:
    assert told(code) == ["mutable-global note"]


@pytest.mark.parametrize(
    "code",
    [
        "items = {}\ndef work(h):\n    items[h.a] = 1\n    for key in items:\n        print key\n",
        "items = {}\ndef work(h):\n    items[h.a] = 1\n    for key, value in items.iteritems():\n        print key\n",
        "items = set()\ndef work(h):\n    items.add(1)\n    for item in items:\n        print item\n",
        "items = set()\ndef work(h):\n    items.add(1)\n" + ELSEWHERE % "print [i for i in items]",
        "items = []\ndef work(h):\n    if h.a not in items:\n        items.append(h.a)\n",
        "import StringIO\nout = StringIO.StringIO()\ndef work(h):\n    out.write('a')\n",
    ],
)
def test_additions_that_break_what_others_do_are_warnings(code: str) -> None:
    assert told(code) == ["mutable-global warning"]


@pytest.mark.parametrize(
    "body",
    [
        "items.append(h.a)\n    return ', '.join(items)\n",
        "items.extend(h.a)\n    return [item for item in items]\n",
        "items.append(1)\n    for item in items:\n        print item\n",
    ],
)
def test_who_gives_out_all_of_a_list_gives_out_what_others_added(body: str) -> None:
    assert told(f"items = []\ndef work(h):\n    {body}") == ["mutable-global warning"]
    assert told(f"def work(h):\n    items = []\n    {body}") == []


def test_what_a_class_keeps_for_all_its_objects() -> None:
    code = """
    class Form(object):
        errors = []
        seen = {}
        def check(self, name):
            self.%s
    def work(h):
        Form().check(h.request.get('n'))
    """
    assert told(code % "seen[name] = 1") == ["handler-mutable-class-attr note"]
    assert told(code % "errors.append(1)") == ["handler-mutable-class-attr warning"]


# -- taking out ------------------------------------------------------------------------------

CAUGHT = "items = {}\ndef work(h):\n    try:\n        del items[h.a]\n    except %s:\n        pass\n"
CLEARED = "items = {}\ndef work(h):\n    items.clear()\n"


@pytest.mark.parametrize(
    "code",
    [
        CAUGHT % "KeyError",
        CAUGHT % "(KeyError, TypeError), error",
        CAUGHT % "Exception",
        CAUGHT.replace(" %s", ""),
        CAUGHT % "KeyError" + ELSEWHERE % "print items.get('a')",
        CAUGHT % "KeyError" + ELSEWHERE % "print 'a' in items",
        CAUGHT.replace("        del", "        print items[h.a]\n        del") % "KeyError",
        CAUGHT % "KeyError"
        + ELSEWHERE % "try:\n            print items['a']\n        except KeyError:\n            pass",
        "items = {}\ndef work(h):\n    items.pop(h.a, None)\n",
        "items = set()\ndef work(h):\n    items.discard(h.a)\n",
        "items = set()\ndef work(h):\n    items.discard(h.a)\n" + ELSEWHERE % "print 'a' in items",
        CLEARED + ELSEWHERE % "print items.get('a')",
        CLEARED + ELSEWHERE % "print 'a' in items",
        CLEARED + ELSEWHERE % "print len(items), items.keys()",
        CLEARED
        + ELSEWHERE % "try:\n            print items['a']\n        except KeyError:\n            print 0",
    ],
)
def test_what_everybody_is_prepared_for_is_a_note(code: str) -> None:
    assert told(code) == ["mutable-global note"]


@pytest.mark.parametrize(
    "code",
    [
        "items = [1]\ndef work(h):\n    items.pop()\n",
        "items = set()\ndef work(h):\n    items.remove(h.a)\n",
        "items = {}\ndef work(h):\n    if h.a in items:\n        del items[h.a]\n",
        CAUGHT % "TypeError",
        "items = {}\ndef work(h):\n    try:\n        h.a()\n    except KeyError:\n        del items[h.a]\n",
        CAUGHT % "KeyError" + ELSEWHERE % "if 'a' in items:\n            print items['a']",
        CAUGHT % "KeyError" + ELSEWHERE % "for key in items:\n            print key",
        "items = {}\ndef work(h):\n    items.pop(h.a, None)\n" + ELSEWHERE % "print items['a']",
        "items = set()\ndef work(h):\n    items.discard(h.a)\n    for item in items:\n        print item\n",
        CLEARED + ELSEWHERE % "print items['a']",
        CLEARED
        + ELSEWHERE % "try:\n            print items['a']\n        except TypeError:\n            print 0",
        CLEARED + ELSEWHERE % "for key in items:\n            print key",
        "items = [1]\ndef work(h):\n    items[:] = [2]\n" + ELSEWHERE % "print items",
    ],
)
def test_what_others_look_up_or_go_through_is_a_warning(code: str) -> None:
    assert told(code) == ["mutable-global warning"]


# -- containers that are replaced ------------------------------------------------------------

ADDED = "items = {}\ndef work(h):\n    items[h.a] = 1\n"


def test_what_others_put_into_what_is_replaced_is_lost() -> None:
    reset = """
    def reset():
        global items
        items = {}
        return items.get('a')
    """
    assert told(ADDED + ELSEWHERE % "print items.get('a')") == ["mutable-global note"]
    assert told(ADDED + ELSEWHERE % "items.clear()") == ["mutable-global note", "mutable-global warning"]
    assert told(ADDED + dedent(reset) + ELSEWHERE % "reset()") == [
        "mutable-global warning",
        "global-assign warning",
    ]
    # What nobody calls replaces nothing.
    assert told(ADDED + dedent(reset)) == ["mutable-global note"]


# -- work that another request may take ------------------------------------------------------


@pytest.mark.parametrize(
    "taking", ["items.pop()", "items.pop(0)", "items.popleft()", "items.popitem()", "items.pop(-1)"]
)
def test_what_another_request_may_take_out_is_a_warning(taking: str) -> None:
    code = "import collections\nitems = %s\ndef work(h):\n    items.append(h.a)\n    return %s\n"
    new = "collections.deque()" if "left" in taking else "[]"
    assert told(code % (new, taking)) == ["mutable-global warning"]


def test_what_is_taken_out_by_its_key_is_not_anothers() -> None:
    code = "items = {}\ndef work(h):\n    items[h.a] = 1\n    return items.pop(h.a, None)\n"
    assert told(code) == ["mutable-global note"]


# -- one key for all requests ----------------------------------------------------------------


@pytest.mark.parametrize(
    "code",
    [
        "def work(h):\n    names = [1]\n    items['a'] = names.pop()\n" + ELSEWHERE % "print items['a']",
        "def work(h):\n    items['a'] = 1\n    return items['a']\n",
        "def work(h):\n    names = [1]\n    items[names[0]] = names.pop()\n    return items['a']\n",
    ],
)
def test_values_that_nobody_mixes_up_are_notes(code: str) -> None:
    assert told("items = {}\n" + code) == ["mutable-global note"]


@pytest.mark.parametrize(
    "code",
    [
        "def work(h):\n    names = [1]\n    items['a'] = names.pop()\n    return items['a']\n",
        "KEY = 'a'\ndef work(h):\n    names = [1]\n    items[KEY] = names.pop()\n    show()\ndef show():\n    print items\n",
    ],
)
def test_a_value_under_one_key_that_is_read_back_is_a_warning(code: str) -> None:
    assert told("items = {}\n" + code) == ["mutable-global warning"]


# -- default values --------------------------------------------------------------------------

PAGE = "def page(values={}):\n    values['a'] = time.time()\n"
FILL = "class Page(object):\n    def fill(self, values={}):\n        values['a'] = time.time()\n"
MADE = "class Page(object):\n    def __init__(self, values={}):\n        values['a'] = time.time()\n"
BELOW = "class Below(Page):\n    def __init__(self):\n        Page.__init__(self%s)\n"


@pytest.mark.parametrize(
    "code",
    [
        PAGE + "def work(h):\n    page({})\n",
        PAGE + "def work(h):\n    page({})\n    page(values={})\n",
        FILL + "def work(h):\n    Page().fill({})\n",
        FILL + "def work(h):\n    Page()\n    for page in h.pages:\n        page.fill({})\n",
        FILL + "def work(h):\n    Page.fill(Page(), {})\n",
        MADE + "def work(h):\n    Page({})\n",
        MADE + BELOW % ", {}" + "def work(h):\n    Below()\n",
    ],
)
def test_a_default_that_no_call_leaves_to_python_is_left_alone(code: str) -> None:
    assert told(code) == []


@pytest.mark.parametrize(
    "code",
    [
        PAGE + "def work(h):\n    page()\n",
        PAGE + "def work(h):\n    page({})\n    page()\n",
        PAGE + "def work(h):\n    given = []\n    page(*given)\n",
        PAGE + "def work(h):\n    given = {}\n    page(**given)\n",
        FILL + "def work(h):\n    Page().fill({})\n    Page().fill()\n",
        FILL + "def work(h):\n    Page()\n    for page in h.pages:\n        page.fill()\n",
        FILL + "def work(h):\n    Page.fill(Page())\n",
        MADE + "def work(h):\n    Page()\n",
        MADE + "class Below(Page):\n    pass\ndef work(h):\n    Page({})\n    Below()\n",
        MADE + BELOW % "" + "def work(h):\n    Page({})\n    Below()\n",
    ],
)
def test_a_default_that_a_call_leaves_to_python_is_found(code: str) -> None:
    assert told(code) == ["mutable-default warning"]


def test_a_default_of_what_no_known_call_calls_is_found() -> None:
    code = """
    class Page(webapp2.RequestHandler):
        def get(self, values={}):
            values['a'] = self.request.path
    def work(h):
        pass
    """
    assert told(code) == ["mutable-default warning"]


@pytest.mark.parametrize(
    ("writes", "severity"),
    [
        ("values.update({'page': 'home'})", "note"),
        ("values.update({'page': 'home'})\n    return render(values)", "note"),
        ("values.update({'page': 'home'})\n    return values", "warning"),
        ("values.update({'page': 'home'})\n    own = values", "warning"),
        ("values['page'] = 'home'", "note"),
        ("values['page'] = 'home'\n    values.update(x=1)", "note"),
        ("values['page'] = 'home'\n    values['x'] = time.time()", "warning"),
        ("values[time.time()] = 1", "warning"),
        ("values.pop('page')", "warning"),
    ],
)
def test_the_same_put_into_a_default_by_all_calls_is_a_note(writes: str, severity: str) -> None:
    code = f"def page(values={{'page': ''}}):\n    {writes}\ndef work(h):\n    page()\n"
    assert set(told(code)) == {f"mutable-default {severity}"}
