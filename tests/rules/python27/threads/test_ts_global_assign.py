"""`ts-global-assign`: what it leaves alone and finds."""

from __future__ import annotations

import pytest

from tests.rules.python27.threads.apps import lines, reports, told

RULE = "ts-global-assign"


@pytest.mark.parametrize(
    "code",
    [
        # Local names of the same name.
        "last = 0\ndef work(h):\n    last = time.time()\n    return last\n",
        "last = 0\ndef work(h):\n    last, first = time.time(), 1\n    del last\n",
        "last = 0\ndef work(h, last=1):\n    last = time.time()\n",
        "last = 0\ndef work(h):\n    for last in range(3):\n        pass\n",
        "e = None\ndef work(h):\n    try:\n        raise ValueError, 'x'\n    except ValueError, e:\n        print e\n",
        "json = None\ndef work(h):\n    import json\n    return json\n",
        "f = None\ndef work(h):\n    with open('x') as f:\n        return f\n",
        "last = 0\ndef work(h):\n    def last():\n        pass\n    class last(object):\n        pass\n",
        "last = 0\ndef work(h):\n    return [last for last in range(3)], (last for last in range(3))\n",
        "last = 0\ndef work(h):\n    global last\n    return last\n",
        "last = 0\ndef work(h):\n    def inner():\n        last = 1\n        return last\n    return inner()\n",
        # On import.
        "DEBUG = False\nif os.environ.get('X'):\n    DEBUG = True\ndef work(h):\n    return DEBUG\n",
        "try:\n    import json\nexcept ImportError:\n    json = None\ndef work(h):\n    return json\n",
        "conf = None\ndef start():\n    global conf\n    conf = time.time()\nstart()\ndef work(h):\n    return conf\n",
        "app2 = None\ndef main():\n    global app2\n    app2 = webapp2.WSGIApplication([])\n    app2.run()\n"
        "if __name__ == '__main__':\n    main()\ndef work(h):\n    return app2\n",
        "def named(f):\n    global last\n    last = f\n    return f\n@named\ndef one():\n    pass\ndef work(h):\n    one()\n    return last\n",
        # Nobody's.
        "last = 0\ndef nobody():\n    global last\n    last = time.time()\ndef work(h):\n    return last\n",
        "import unittest\nlast = 0\nclass T(unittest.TestCase):\n    def setUp(self):\n        global last\n        last = time.time()\n"
        "def work(h):\n    return last\n",
        # Under a lock; each thread's own.
        "last = 0\nlock = threading.RLock()\ndef work(h):\n    global last\n    with lock:\n        last = time.time()\n    return last\n",
        "last = 0\nlock = threading.Lock()\ndef put():\n    global last\n    last = time.time()\ndef work(h):\n    with lock:\n"
        "        put()\n    return last\n",
        "own = threading.local()\ndef work(h):\n    own.last = time.time()\n    return own.last\n",
        "def work(h):\n    os.environ['X'] = str(time.time())\n",
        "import decimal\ndef work(h):\n    decimal.getcontext().prec = 3\n",
        # Attributes of what a call makes.
        "class Box(object):\n    pass\ndef work(h):\n    box = Box()\n    box.last = time.time()\n    fill(box)\n"
        "def fill(box):\n    box.first = time.time()\n",
        "last = 0\ndef work(h):\n    global last\n    last = last\n",
    ],
)
def test_leaves_alone(code: str) -> None:
    assert lines(RULE, code) == []


READ = "def show():\n    return last\n"


@pytest.mark.parametrize(
    ("code", "line"),
    [
        ("global last\n    last = time.time()", "last = time.time()"),
        ("global last\n    last, x = time.time(), 1", "last, x = time.time(), 1"),
        ("global last\n    for last in (time.time(),):\n        show()", "for last in (time.time(),):"),
        ("global last\n    with open('x') as last:\n        show()", "with open('x') as last:"),
        ("globals()['last'] = time.time()", "globals()['last'] = time.time()"),
        ("def inner():\n        global last\n        last = time.time()\n    inner()", "last = time.time()"),
        ("global last\n    last = []", "last = []"),
        ("global last\n    x = last = time.time()", "x = last = time.time()"),
        (
            "global last\n    if h.request.get('x'): last = time.time()",
            "if h.request.get('x'): last = time.time()",
        ),
        (
            "global last\n    try:\n        pass\n    finally:\n        last = time.time()",
            "last = time.time()",
        ),
    ],
)
def test_what_others_read(code: str, line: str) -> None:
    assert lines(RULE, f"last = 0\n{READ}def work(h):\n    {code}\n    show()\n") == [f"warning: {line}"]


@pytest.mark.parametrize(
    ("code", "more"),
    [
        (
            "import own\ndef work(h):\n    own.last = time.time()\n    own.show()\n",
            {"own.py": "last = 0\n" + READ},
        ),
        (
            "import own\ndef work(h):\n    setattr(own, 'last', time.time())\n    own.show()\n",
            {"own.py": "last = 0\n" + READ},
        ),
        (
            "from lib import own as o\ndef work(h):\n    o.last = time.time()\n    o.show()\n",
            {"lib/__init__.py": "", "lib/own.py": "last = 0\n" + READ},
        ),
        ("def work(h):\n    work.last = time.time()\n    return work.last\n", {}),
    ],
)
def test_names_of_other_modules_and_of_functions(code: str, more: dict[str, str]) -> None:
    assert told(code, more) == ["global-assign warning"]


@pytest.mark.parametrize(
    "code",
    [
        "debug = None\ndef work(h):\n    global debug\n    debug = True\n    return debug\n",
        "import own\ndef work(h):\n    own.title = 'x'\n    return own.title\n",
        "import own\ndef work(h):\n    own.pattern = re.compile('x', re.I)\n    return own.pattern\n",
    ],
)
def test_the_same_value_for_all_is_a_note(code: str) -> None:
    (finding,) = reports(code, {"own.py": "title = pattern = None\n"})
    assert (finding.rule, finding.severity.value) == (RULE, "note")
    assert "All requests set the same value" in finding.message


def test_a_loop_gives_different_values() -> None:
    code = "i = 0\ndef show():\n    return i\ndef work(h):\n    global i\n    for i in range(3):\n        show()\n"
    assert lines(RULE, code) == ["warning: for i in range(3):"]


def test_what_no_request_reads_is_a_note() -> None:
    (finding,) = reports("last = 0\ndef work(h):\n    global last\n    last = time.time()\n")
    assert (finding.rule, finding.severity.value) == (RULE, "note")


def test_the_message() -> None:
    (finding,) = reports(
        f"last = 0\n{READ}def work(h):\n    put()\n    show()\ndef put():\n    global last\n    last = time.time()\n"
    )
    assert finding.message == (
        "All requests share the module's `last`, and this gives it another value, without a lock. Another request "
        "may set it before this one, or one that relies on this value, has read it. Hand the value on as an "
        "argument; keep what belongs to a request in a `threading.local()`, and hold a lock where all requests "
        "need it. Requests get here by `Main.get` → `work` → `put`."
    )
    assert finding.fix is None
