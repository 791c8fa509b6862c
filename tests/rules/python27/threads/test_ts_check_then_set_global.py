"""`ts-check-then-set-global`: what it leaves alone, finds and writes."""

from __future__ import annotations

from textwrap import dedent

import pytest

from tests.rules.helpers import fixed
from tests.rules.python27.threads.apps import MAIN, lines, patched, reports, told
from tests.rules.python27.wsgi.scripts import wsgi

RULE = "ts-check-then-set-global"
CALLED = "def work(h):\n    load('x')\n"


@pytest.mark.parametrize(
    "code",
    [
        "rates = None\ndef load(k):\n    rates = None\n    if rates is None:\n        rates = urlfetch.fetch(k)\n",
        "rates = None\ndef load(k, rates=None):\n    if rates is None:\n        rates = urlfetch.fetch(k)\n",
        "rates = urlfetch.fetch('x')\ndef load(k):\n    if rates is None:\n        return None\n    return rates\n",
        "def load(k):\n    value = memcache.get(k)\n    if value is None:\n        value = urlfetch.fetch(k)\n"
        "        memcache.set(k, value)\n    return value\n",
        "def load(k):\n    if 'x' not in os.environ:\n        os.environ['x'] = k\n",
        """
        lock = threading.Lock()
        rates = None
        def load(k):
            global rates
            with lock:
                if rates is None:
                    rates = urlfetch.fetch(k)
            return rates
        """,
        # Tested again under the lock.
        """
        lock = threading.Lock()
        rates = None
        def load(k):
            global rates
            if rates is None:
                with lock:
                    if rates is None:
                        rates = urlfetch.fetch(k)
            return rates
        """,
        """
        lock = threading.RLock()
        rates = {}
        def load(k):
            lock.acquire()
            try:
                if k not in rates:
                    rates[k] = urlfetch.fetch(k)
                return rates[k]
            finally:
                lock.release()
        """,
        """
        import contextlib
        lock = threading.Lock()
        rates = {}
        @contextlib.contextmanager
        def locked():
            lock.acquire()
            try:
                yield
            finally:
                lock.release()
        def load(k):
            with locked():
                if k not in rates:
                    rates[k] = urlfetch.fetch(k)
        """,
        # Each thread has its own.
        """
        own = threading.local()
        def load(k):
            if not hasattr(own, 'rates'):
                own.rates = urlfetch.fetch(k)
            return own.rates
        """,
        # Only while the module is loaded.
        """
        rates = None
        def start():
            global rates
            if rates is None:
                rates = urlfetch.fetch('x')
        start()
        def load(k):
            return rates
        """,
        """
        try:
            import json
        except ImportError:
            json = None
        if json is None:
            from django.utils import simplejson as json
        def load(k):
            return json
        """,
        """
        rates = None
        def main():
            global rates
            if rates is None:
                rates = urlfetch.fetch('x')
        if __name__ == '__main__':
            main()
        def load(k):
            return rates
        """,
        # A local import.
        """
        json = None
        def load(k):
            try:
                import json
            except ImportError:
                from django.utils import simplejson as json
            return json
        """,
        # An object of one call.
        """
        class Rates(object):
            value = None
            def get(self, k):
                if self.value is None:
                    self.value = urlfetch.fetch(k)
                return self.value
        def load(k):
            return Rates().get(k)
        """,
    ],
)
def test_leaves_alone(code: str) -> None:
    assert lines(RULE, dedent(code) + CALLED) == []


@pytest.mark.parametrize(
    ("code", "line"),
    [
        ("if rates is None:\n        rates = urlfetch.fetch(k)", "rates = urlfetch.fetch(k)"),
        ("if not rates:\n        rates = urlfetch.fetch(k)", "rates = urlfetch.fetch(k)"),
        ("if rates == None: rates = urlfetch.fetch(k)", "if rates == None: rates = urlfetch.fetch(k)"),
        ("if rates:\n        return rates\n    rates = db.get(k)", "rates = db.get(k)"),
        ("if rates:\n        pass\n    else:\n        rates = db.get(k)", "rates = db.get(k)"),
        ("rates = rates or urlfetch.fetch(k)", "rates = rates or urlfetch.fetch(k)"),
        ("rates = rates if rates else db.get(k)", "rates = rates if rates else db.get(k)"),
        (
            "if 'rates' not in rates:\n        rates['rates'] = open(k).read()",
            "rates['rates'] = open(k).read()",
        ),
        ("if not k in rates:\n        rates[k] = time.sleep(1)", "rates[k] = time.sleep(1)"),
        ("if not rates.has_key(k):\n        rates[k] = db.get(k)", "rates[k] = db.get(k)"),
        ("v = rates.get(k)\n    if v is None:\n        v = db.get(k)\n        rates[k] = v", "rates[k] = v"),
        (
            "try:\n        return rates[k]\n    except KeyError:\n        rates[k] = db.get(k)",
            "rates[k] = db.get(k)",
        ),
        (
            "try:\n        return rates[k]\n    except KeyError:\n        pass\n    v = rates[k] = db.get(k)",
            "v = rates[k] = db.get(k)",
        ),
        ("while not rates:\n        rates = db.get(k)", "rates = db.get(k)"),
        (
            "if not rates:\n        for x in (1, 2):\n            if x:\n                rates = db.get(k)",
            "rates = db.get(k)",
        ),
        ("if rates is None:\n        rates = slow()", "rates = slow()"),
    ],
)
def test_work_that_waits_is_done_by_all(code: str, line: str) -> None:
    code = f"rates = {{}}\ndef slow():\n    return urlfetch.fetch('x')\ndef load(k):\n    global rates\n    {code}\n"
    assert lines(RULE, code + CALLED) == [f"warning: {line}"]


@pytest.mark.parametrize(
    "code",
    [
        "pattern = None\ndef load(k):\n    global pattern\n    if pattern is None:\n        pattern = re.compile('a')\n",
        "squares = {}\ndef load(k):\n    if k not in squares:\n        squares[k] = k * 2\n    return squares[k]\n",
        "parser = None\nclass Parser(object):\n    pass\ndef load(k):\n    global parser\n    if not parser:\n"
        "        parser = Parser()\n    return parser\n",
    ],
)
def test_what_only_computes_is_a_note_without_a_patch(code: str) -> None:
    (finding,) = reports(code + CALLED, rules=(RULE,))
    assert (finding.severity.value, finding.fix) == ("note", None)


@pytest.mark.parametrize(
    "body",
    [
        "    try:\n        conf\n    except NameError:\n        conf = db.get(k)\n",
        "    if 'conf' not in globals():\n        conf = db.get(k)\n",
        "    if not 'conf' in globals():\n        globals()['conf'] = db.get(k)\n",
    ],
)
def test_names_that_only_the_function_sets(body: str) -> None:
    (finding,) = reports(f"def load(k):\n    global conf\n{body}    return conf\n{CALLED}")
    assert (finding.rule, finding.severity.value, finding.fix) == (RULE, "warning", None)


@pytest.mark.parametrize(
    ("code", "why"),
    [
        (
            "table = None\ndef load(k):\n    global table\n    if table is None:\n        table = {}\n"
            "        for row in (1, 2):\n            table[row] = row\n    return table\n",
            "It is set before it is filled: other requests use it while it is incomplete.",
        ),
        (
            "done = False\ndef load(k):\n    global done\n    if not done:\n        done = True\n"
            "        urlfetch.fetch(k)\n",
            "It is set before the work is done: other requests go on without it.",
        ),
        (
            "done = False\ndef load(k):\n    global done\n    if done:\n        return\n    done = True\n"
            "    urlfetch.fetch(k)\n",
            "It is set before the work is done: other requests go on without it.",
        ),
        (
            "done = False\ndef load(k):\n    global done\n    if not done:\n        urlfetch.fetch(k)\n"
            "        done = True\n",
            "Several requests can pass the test before one of them sets it.",
        ),
    ],
)
def test_set_too_early(code: str, why: str) -> None:
    (finding,) = reports(code + CALLED, rules=(RULE,))
    assert finding.severity.value == "warning"
    assert why in finding.message


def test_the_message_says_how_a_request_gets_there() -> None:
    code = (
        "rates = None\ndef load(k):\n    global rates\n    if not rates:\n        rates = db.get(k)\n"
        + CALLED
    )
    (finding,) = reports(code)
    assert finding.message == (
        "All requests share the module's `rates`, and this tests it and then sets it, without a lock. Requests "
        "that come before it is set all do the work, which waits for a service or a file. Hold a lock from the "
        "test on, or make the value when the module is loaded. Requests get here by `Main.get` → `work` → `load`."
    )


# -- the patch -------------------------------------------------------------------------------


def test_what_the_fix_writes() -> None:
    before = """\
# What a pound costs.
_rates = None  # not yet


def load(k):
  '''Load them.'''
  global _rates

  # Only once.
  if _rates is None:
    try:

      _rates = urlfetch.fetch(k).content  # slow
    except urlfetch.Error, e:
      print >>log, `e`
    # Done.
  return _rates


"""
    after = """\
# What a pound costs.
_rates = None  # not yet
_rates_lock = threading.Lock()


def load(k):
  '''Load them.'''
  global _rates

  with _rates_lock:
    # Only once.
    if _rates is None:
      try:

        _rates = urlfetch.fetch(k).content  # slow
      except urlfetch.Error, e:
        print >>log, `e`
      # Done.
  return _rates


"""
    assert patched(RULE, before + CALLED) == after + CALLED


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "\tif k in c:\n\t\treturn c[k]\n\tc[k] = db.get(k)\n\treturn c[k]\n",
            "\twith _c_lock:\n\t\tif k in c:\n\t\t\treturn c[k]\n\t\tc[k] = db.get(k)\n\treturn c[k]\n",
        ),
        (
            "    try:\n        return c[k]\n    except KeyError:\n        v = c[k] = db.get(k)\n        return v\n",
            "    with _c_lock:\n        try:\n            return c[k]\n        except KeyError:\n"
            "            v = c[k] = db.get(k)\n            return v\n",
        ),
        (
            "    v = c.get(k)\n    if not v:\n        raise db.Error, 'x'\n    exec 'pass'\n    c[k] = db.get(k)\n",
            "    with _c_lock:\n        v = c.get(k)\n        if not v:\n            raise db.Error, 'x'\n"
            "        exec 'pass'\n        c[k] = db.get(k)\n",
        ),
        (
            "    if k not in c:\n        c[k] = db.get('''a\n  b''')\n    return c[k]\n",
            "    with _c_lock:\n        if k not in c:\n            c[k] = db.get('''a\n  b''')\n    return c[k]\n",
        ),
    ],
)
def test_shapes_of_the_block(before: str, after: str) -> None:
    assert patched(RULE, f"c = {{}}\ndef load(k):\n{before}{CALLED}") == (
        f"c = {{}}\n_c_lock = threading.Lock()\ndef load(k):\n{after}{CALLED}"
    )


def test_a_value_and_its_time_get_one_lock() -> None:
    before = """\
news = None
read = 0

def load(k):
    global news, read
    if time.time() - read > 60:
        news = urlfetch.fetch(k)
        # of now
        read = time.time()
    return news
"""
    assert told(before + CALLED) == ["check-then-set-global warning"]
    assert (
        patched(RULE, before + CALLED)
        == """\
news = None
_news_lock = threading.Lock()
read = 0

def load(k):
    global news, read
    with _news_lock:
        if time.time() - read > 60:
            news = urlfetch.fetch(k)
            # of now
            read = time.time()
    return news
"""
        + CALLED
    )


def test_a_value_and_its_time_where_the_test_leaves() -> None:
    before = """\
news = None
read = 0
def load(k):
    global news, read
    if time.time() - read < 60:
        return news
    news = urlfetch.fetch(k)
    read = time.time()
    return news
"""
    assert told(before + CALLED) == ["check-then-set-global warning"]
    assert "        news = urlfetch.fetch(k)\n        read = time.time()\n    return news" in patched(
        RULE, before + CALLED
    )


def test_what_stands_below_a_test_without_belonging_to_it() -> None:
    code = """\
a = b = None
def load(k):
    global a, b
    if a is None:
        a = db.get(k)
    b = time.time()
    return b
"""
    assert told(code + CALLED) == ["check-then-set-global warning", "global-assign warning"]


def test_a_lock_that_is_there_is_used() -> None:
    before = """\
rates = None
_rates_lock = threading.Lock()

def load(k):
    global rates
    if rates is None:
        rates = db.get(k)

def forget():
    global rates
    with _rates_lock:
        rates = None

def work(h):
    load('x')
    forget()
"""
    after = before.replace(
        "    if rates is None:\n        rates = db.get(k)\n",
        "    with _rates_lock:\n        if rates is None:\n            rates = db.get(k)\n",
    )
    assert patched(RULE, before) == after


def test_threading_is_imported() -> None:
    code = "import os\nimport webapp2\nfrom google.appengine.ext import db\n\nr = None\n\ndef load(k):\n"
    before = "    global r\n    if not r:\n        r = db.get(k)\n"
    after = "    global r\n    with _r_lock:\n        if not r:\n            r = db.get(k)\n"
    result = fixed(RULE, wsgi(code + before + CALLED + MAIN))["main.py"]
    code = code.replace("r = None\n", "r = None\n_r_lock = threading.Lock()\n")
    assert result == "import threading\n" + code + after + CALLED + MAIN


@pytest.mark.parametrize("test", ["not names", "len(names) == 0", "names == {}"])
def test_what_is_filled_piece_by_piece(test: str) -> None:
    code = f"names = {{}}\ndef work(h):\n    if {test}:\n        for each in db.Query('A'):\n            names[each.id] = each\n    return names\n"
    (finding,) = reports(code)
    assert (finding.rule, finding.severity.value) == (RULE, "warning")
    assert "It is filled piece by piece" in finding.message


def test_what_is_asked_for_key_by_key_is_complete_in_each() -> None:
    code = "names = {}\ndef work(h):\n    for each in [1, 2]:\n        if each not in names:\n            names[each] = str(each)\n    return names[1]\n"
    assert told(code) == ["check-then-set-global note"]


def test_what_is_filled_by_one_update() -> None:
    code = "names = {}\ndef work(h):\n    if not names:\n        names.update(urlfetch.fetch('x').headers)\n    return names\n"
    assert told(code) == ["check-then-set-global warning"]
