"""`ts-counter`: what it leaves alone, finds and writes."""

from __future__ import annotations

import pytest

from tests.rules.helpers import find, fixed
from tests.rules.python27.threads.apps import HEAD, MAIN, lines, patched, reports, told
from tests.rules.python27.wsgi.scripts import cgi27, wsgi

RULE = "ts-counter"


@pytest.mark.parametrize(
    "code",
    [
        "total = 0\ndef work(h):\n    total = 0\n    for i in range(3):\n        total += i\n    return total\n",
        "def work(h):\n    n = [0]\n    def add():\n        n[0] += 1\n    add()\n",
        "import itertools\nids = itertools.count()\ndef work(h):\n    return ids.next()\n",
        "def work(h):\n    memcache.incr('hits', initial_value=0)\n",
        "def work(h):\n    os.environ['N'] = os.environ.get('N', '') + 'x'\n",
        "counts = {}\nfor word in ('a', 'b', 'a'):\n    counts[word] = counts.get(word, 0) + 1\n"
        "def work(h):\n    return counts['a']\n",
        """
        class C(ndb.Model):
            n = ndb.IntegerProperty(default=0)
        def work(h):
            c = C.get_by_id('x')
            c.n += 1
            c.put()
        """,
        """
        class C(db.Model):
            n = db.IntegerProperty(default=0)
        def bump(key):
            c = C.get(key)
            c.n = c.n + 1
            c.put()
        def work(h):
            db.run_in_transaction(bump, 'k')
        """,
        """
        class Page(webapp2.RequestHandler):
            count = 0
            def get(self):
                self.count += 1
                self.count = self.count + 1
        def work(h):
            pass
        """,
        """
        class Lexer(object):
            line = 1
            def run(self, text):
                for c in text:
                    self.line += 1
        def work(h):
            Lexer().run(h.request.body)
        """,
        """
        lock = threading.Lock()
        hits = 0
        def work(h):
            global hits
            with lock:
                hits += 1
        """,
        """
        lock = threading.Lock()
        hits = 0
        def work(h):
            global hits
            lock.acquire()
            try:
                hits = hits + 1
            finally:
                lock.release()
        """,
        """
        lock = threading.Lock()
        hits = 0
        def synchronized(f):
            def inner(*args):
                with lock:
                    return f(*args)
            return inner
        @synchronized
        def bump():
            global hits
            hits += 1
        def work(h):
            bump()
        """,
        """
        class Counter(object):
            def __init__(self):
                self.lock = threading.Lock()
                self.n = 0
            def bump(self):
                with self.lock:
                    self.n += 1
        counter = Counter()
        def work(h):
            counter.bump()
        """,
        """
        stats = threading.local()
        def work(h):
            stats.n = getattr(stats, 'n', 0) + 1
            stats.n += 1
        """,
        """
        class Field(object):
            creation_counter = 0
            def __init__(self):
                self.creation_counter = Field.creation_counter
                Field.creation_counter += 1
        class Form(object):
            name = Field()
            other = Field()
        def work(h):
            Form()
        """,
        """
        hits = 0
        def nobody():
            global hits
            hits += 1
        def work(h):
            return hits
        """,
        """
        hits = 0
        def test_hits():
            global hits
            hits += 1
        if __name__ == '__main__':
            test_hits()
        def work(h):
            return hits
        """,
        """
        settings = {'title': 'x'}
        def work(h):
            title = settings['title'] + '!'
            settings['title']
            return title
        """,
        # The list stays the same one: nothing is lost, and `ts-mutable-global` tells of it.
        "items = []\ndef work(h):\n    global items\n    items += [1]\n",
    ],
)
def test_leaves_alone(code: str) -> None:
    assert lines(RULE, code) == []


@pytest.mark.parametrize(
    ("code", "line"),
    [
        ("hits = 0\ndef work(h):\n    global hits\n    hits += 1\n", "hits += 1"),
        ("hits = 0\ndef work(h):\n    global hits\n    hits = hits + 1\n", "hits = hits + 1"),
        ("hits = 0\ndef work(h):\n    global hits\n    hits = 1 + int(hits)\n", "hits = 1 + int(hits)"),
        ("page = ''\ndef work(h):\n    global page\n    page += '<b>'\n", "page += '<b>'"),
        ("items = []\ndef work(h):\n    global items\n    items = items + [1]\n", "items = items + [1]"),
        ("n = {}\ndef work(h):\n    n['x'] += 1\n", "n['x'] += 1"),
        ("n = {}\ndef work(h):\n    n['x'] = n.get('x', 0) + 1\n", "n['x'] = n.get('x', 0) + 1"),
        ("n = {'a': {'b': 0}}\ndef work(h):\n    n['a']['b'] += 1\n", "n['a']['b'] += 1"),
        ("def work(h):\n    work.n += 1\nwork.n = 0\n", "work.n += 1"),
        (
            "class C(object):\n    n = 0\n    def __init__(self):\n        C.n += 1\ndef work(h):\n    C()\n",
            "C.n += 1",
        ),
        (
            "class C(object):\n    n = 0\n    @classmethod\n    def add(cls):\n        cls.n += 1\n"
            "def work(h):\n    C.add()\n",
            "cls.n += 1",
        ),
        (
            "class C(object):\n    n = 0\n    def add(self):\n        self.__class__.n += 1\n"
            "def work(h):\n    C().add()\n",
            "self.__class__.n += 1",
        ),
        (
            "class C(object):\n    n = 0\n    def add(self):\n        type(self).n += 1\n"
            "def work(h):\n    C().add()\n",
            "type(self).n += 1",
        ),
        (
            "class C(object):\n    def __init__(self):\n        self.n = 0\nstats = C()\n"
            "def work(h):\n    stats.n += 1\n",
            "stats.n += 1",
        ),
        (
            "class C(object):\n    def __init__(self):\n        self.n = 0\n    def add(self):\n"
            "        self.n += 1\nstats = C()\ndef work(h):\n    stats.add()\n",
            "self.n += 1",
        ),
        (
            "n = 0\ndef counted(f):\n    def inner(*a):\n        global n\n        n += 1\n"
            "        return f(*a)\n    return inner\n@counted\ndef work(h):\n    pass\n",
            "n += 1",
        ),
        (
            "n = {}\ndef counted(name):\n    def deco(f):\n        def inner(*a):\n            n[name] += 1\n"
            "            return f(*a)\n        return inner\n    return deco\n@counted('x')\ndef work(h):\n    pass\n",
            "n[name] += 1",
        ),
    ],
)
def test_changes_that_get_lost(code: str, line: str) -> None:
    assert lines(RULE, code) == [f"warning: {line}"]
    assert told(code) == ["counter warning"]


def test_one_of_two_names() -> None:
    code = "a = b = 0\ndef work(h):\n    global a, b\n    a, b = time.time(), b + 1\n    return a\n"
    assert told(code) == ["counter warning", "global-assign warning"]


def test_state_of_another_module() -> None:
    more = {"stats.py": "hits = 0\n"}
    assert lines(RULE, "import stats\ndef work(h):\n    stats.hits += 1\n", more) == [
        "warning: stats.hits += 1"
    ]


def test_the_message_says_how_a_request_gets_there() -> None:
    code = "hits = 0\ndef work(h):\n    count()\ndef count():\n    global hits\n    hits += 1\n"
    (finding,) = reports(code)
    assert finding.message == (
        "All requests share the module's `hits`, and this changes what it read there, without a lock. Two "
        "requests can both read it and then both write: one of the changes is lost. Hold a lock from the read "
        "to the write; to count over all instances, use memcache or the datastore. Requests get here by "
        "`Main.get` → `work` → `count`."
    )


def test_a_note_while_requests_come_one_after_the_other() -> None:
    code = HEAD + "hits = 0\ndef work(h):\n    global hits\n    hits += 1\n" + MAIN
    (finding,) = find(RULE, cgi27(code))
    assert finding.severity.value == "note"
    assert finding.message.endswith("While requests are served one after the other, they do not meet there.")


# -- the patch -------------------------------------------------------------------------------


def test_what_the_fix_writes() -> None:
    before = """\
# How many came.
hits = 0  # since the start

TITLE = 'x'


def work(h):
    global hits

    # One more.
    hits += 1  # here
    h.response.write(hits)
"""
    assert (
        patched(RULE, before)
        == """\
# How many came.
hits = 0  # since the start
_hits_lock = threading.Lock()

TITLE = 'x'


def work(h):
    global hits

    with _hits_lock:
        # One more.
        hits += 1  # here
    h.response.write(hits)
"""
    )


def test_tabs_and_two_spaces() -> None:
    before = "n = 0\ndef work(h):\n\tglobal n\n\tn += 1\n\tprint `n`\n"
    after = "n = 0\n_n_lock = threading.Lock()\ndef work(h):\n\tglobal n\n\twith _n_lock:\n\t\tn += 1\n\tprint `n`\n"
    assert patched(RULE, before) == after
    assert patched(RULE, before.replace("\t", "  ")) == after.replace("\t", "  ")


def test_each_change_is_held_for_itself() -> None:
    before = """\
counts = {}


def work(h):
    counts['a'] = counts.get('a', 0) + 1
    print >>h.response.out, 'x',
    exec 'pass'

    counts['b'] = counts.get('b', 0) + 1
"""
    assert (
        patched(RULE, before)
        == """\
counts = {}
_counts_lock = threading.Lock()


def work(h):
    with _counts_lock:
        counts['a'] = counts.get('a', 0) + 1
    print >>h.response.out, 'x',
    exec 'pass'

    with _counts_lock:
        counts['b'] = counts.get('b', 0) + 1
"""
    )


def test_the_lock_of_a_class() -> None:
    before = """\
class C(object):
  n = 0
  def __init__(self):
    C.n += 1


def work(h):
  C()
"""
    assert (
        patched(RULE, before)
        == """\
class C(object):
  n = 0
  _n_lock = threading.Lock()
  def __init__(self):
    with C._n_lock:
      C.n += 1


def work(h):
  C()
"""
    )


def test_threading_is_imported() -> None:
    code = (
        '#!/usr/bin/env python\n# -*- coding: utf-8 -*-\n"""Doc."""\nfrom __future__ import with_statement\n'
        "import webapp2\n\nn = 0\n\ndef work(h):\n    global n\n    n += 1\n"
    )
    assert fixed(RULE, wsgi(code + MAIN))["main.py"] == (
        '#!/usr/bin/env python\n# -*- coding: utf-8 -*-\n"""Doc."""\nfrom __future__ import with_statement\n'
        "import threading\nimport webapp2\n\nn = 0\n_n_lock = threading.Lock()\n\ndef work(h):\n    global n\n"
        "    with _n_lock:\n        n += 1\n" + MAIN
    )
