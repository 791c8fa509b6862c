"""Numbers taken from a counter: what is shown only, what is counted under a lock and read outside, the patch."""

from __future__ import annotations

from textwrap import dedent

import pytest

from tests.rules.python27.threads.apps import lines, patched, reports, told

RULE = "ts-counter"
LOCKED = "lock = threading.Lock()\nn = 0\n"

# -- what is left alone ----------------------------------------------------------------------

LEFT_ALONE: dict[str, str] = {
    "a number that is written out": """
        def work(h):
            global n
            with lock:
                n += 1
            h.response.out.write('Visitor %d' % n)
        """,
    "a number that is logged and printed": """
        def work(h):
            global n
            with lock:
                n += 1
            logging.info('%d so far', n)
            print n
        """,
    "a number for a page, by way of local names": """
        def work(h):
            global n
            with lock:
                n += 1
            shown = str(n)
            values = {'visits': shown, 'title': 'x'}
            values['again'] = n
            h.response.out.write(template.render('index.html', values))
        """,
    "the answer of a view": """
        def work(h):
            pass
        def index(request):
            global n
            with lock:
                n += 1
            return HttpResponse('Visitor %d' % n)
        """,
    "a number that is only tested": """
        def work(h):
            global n
            with lock:
                n += 1
            if n % 100 == 0:
                logging.info('a hundred more')
            is_round = n % 10 == 0
            return is_round
        """,
    "whose turn it is": """
        HOSTS = ['a', 'b']
        def work(h):
            global n
            with lock:
                n += 1
            return HOSTS[n % 2]
        """,
    "a number that is read under the lock": """
        def take():
            global n
            with lock:
                n += 1
                return n
        def work(h):
            return take()
        """,
    "a number that is given to a local name under the lock": """
        def take():
            global n
            with lock:
                number = n
                n += 1
            return number
        def work(h):
            return take()
        """,
    "a lock that is taken by hand": """
        def take():
            global n
            lock.acquire()
            try:
                n += 1
                number = n
            finally:
                lock.release()
            return number
        def work(h):
            return take()
        """,
    "callers that hold the lock": """
        def take():
            global n
            n += 1
            return n
        def work(h):
            with lock:
                number = take()
            return number
        """,
    "a decorator that holds it": """
        def synchronized(f):
            def inner(*args):
                with lock:
                    return f(*args)
            return inner
        @synchronized
        def take():
            global n
            n += 1
            return n
        def work(h):
            return take()
        """,
    "how many there are of something": """
        def work(h):
            global n
            with lock:
                n += 1
            wait(n)
            with lock:
                n -= 1
        def wait(number):
            pass
        """,
    "another branch": """
        def take(really):
            global n
            if really:
                with lock:
                    n += 1
                    return n
            else:
                return n
        def work(h):
            return take(h.request.get('x'))
        """,
    "a number that another function reads": """
        def count():
            global n
            with lock:
                n += 1
        def work(h):
            count()
            return n
        """,
    "another item": """
        counts = {'a': 0, 'b': 0}
        def take():
            with lock:
                counts['a'] += 1
            return counts['b'], counts
        def work(h):
            return take()
        """,
    "what is collected and not counted": """
        items = []
        def take(x):
            global items
            with lock:
                items = items + [x]
            return items
        def work(h):
            return take(1)
        """,
}


@pytest.mark.parametrize("code", LEFT_ALONE.values(), ids=LEFT_ALONE.keys())
def test_leaves_alone(code: str) -> None:
    assert lines(RULE, LOCKED + dedent(code)) == []


# -- what is found ---------------------------------------------------------------------------

FOUND: dict[str, str] = {
    "returned": """
        def take():
            global n
            with lock:
                n += 1
            return n
        def work(h):
            return take()
        """,
    "read before": """
        def take():
            global n
            number = n
            with lock:
                n += 1
            return number
        def work(h):
            return take()
        """,
    "read before, and counted in long": """
        def take():
            global n
            number = n
            with lock:
                n = n + 1
            return 'id%d' % number
        def work(h):
            return take()
        """,
    "handed on": """
        def work(h):
            global n
            operation = ('op%s' % n, h)
            h.pending.append(operation)
            with lock:
                n += 1
        """,
    "kept on an object": """
        class Field(object):
            def __init__(self):
                global n
                self.number = n
                with lock:
                    n += 1
        def work(h):
            return Field()
        """,
    "something put under it": """
        waiting = {}
        def work(h):
            global n
            waiting[n] = h
            with lock:
                n += 1
        """,
    "handed out by a generator": """
        def numbers():
            global n
            while True:
                with lock:
                    n += 1
                yield n
        def work(h):
            return numbers()
        """,
    "under another lock": """
        other = threading.Lock()
        def take():
            global n
            with lock:
                n += 1
            with other:
                return n
        def work(h):
            return take()
        """,
}


@pytest.mark.parametrize("code", FOUND.values(), ids=FOUND.keys())
def test_read_outside_of_the_lock(code: str) -> None:
    found = lines(RULE, LOCKED + dedent(code))
    assert found in (["warning: n += 1"], ["warning: n = n + 1"])
    assert reports(LOCKED + dedent(code), rules=(RULE,))[0].fix is None


def test_an_item_with_the_same_key() -> None:
    code = """
        lock = threading.Lock()
        counts = {}
        def take(key):
            with lock:
                counts[key] += 1
            return counts[key]
        def work(h):
            return take('a')
        """
    assert lines(RULE, code) == ["warning: counts[key] += 1"]
    assert lines(RULE, code.replace("return counts[key]", "return counts.get(key)")) != []


def test_what_the_message_says() -> None:
    (finding,) = reports(LOCKED + dedent(FOUND["returned"]))
    assert finding.message == (
        "All requests share the module's `n`, and this counts it under a lock, but reads the number outside of "
        "that. Two requests can get the same number, or one misses its own. Give it to a local name under the "
        "same lock, where it is counted, and use that: `with lock: n += 1; number = n`. Requests get here by "
        "`Main.get` → `work` → `take`."
    )
    assert finding.related[1].message == "The number is read here, without the lock."


# -- the patch -------------------------------------------------------------------------------

PATCHED: dict[str, tuple[str, str]] = {
    "only shown": (
        "    global n\n    n += 1\n    h.response.write(n)\n",
        "    global n\n    with _n_lock:\n        n += 1\n    h.response.write(n)\n",
    ),
    "read before": (
        "    global n\n    number = n\n    h.x = 1\n    n += 1\n    h.op(number)\n",
        "    global n\n    with _n_lock:\n        number = n\n        h.x = 1\n        n += 1\n    h.op(number)\n",
    ),
    "read behind": (
        "    global n\n    n += 1\n    h.id = n\n    h.x = 1\n",
        "    global n\n    with _n_lock:\n        n += 1\n        h.id = n\n    h.x = 1\n",
    ),
    "a branch": (
        "    global n\n    number = n\n    if h:\n        n += 1\n    h.op(number)\n",
        "    global n\n    with _n_lock:\n        number = n\n        if h:\n            n += 1\n    h.op(number)\n",
    ),
}


@pytest.mark.parametrize(("before", "after"), PATCHED.values(), ids=PATCHED.keys())
def test_the_patch_holds_the_lock_from_the_read_on(before: str, after: str) -> None:
    assert patched(RULE, f"n = 0\ndef work(h):\n{before}") == (
        f"n = 0\n_n_lock = threading.Lock()\ndef work(h):\n{after}"
    )


def test_no_patch_where_something_waits_in_between() -> None:
    code = "n = 0\ndef work(h):\n    global n\n    number = n\n    urlfetch.fetch('x')\n    n += 1\n    h.op(number)\n"
    (finding,) = reports(code)
    assert finding.fix is None
    assert told(code) == ["counter warning"]
