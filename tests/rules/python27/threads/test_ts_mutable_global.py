"""`ts-mutable-global`: what it leaves alone and finds."""

from __future__ import annotations

import pytest

from tests.rules.python27.threads.apps import lines, reports, told

RULE = "ts-mutable-global"


@pytest.mark.parametrize(
    "code",
    [
        # Built on import.
        "TABLE = {}\nfor i in range(9):\n    TABLE[i] = i * i\nTABLE.update(a=1)\ndef work(h):\n    return TABLE[3]\n",
        "TABLE = [i for i in range(9)]\nTABLE.sort()\ndel TABLE[0]\ndef work(h):\n    for i in TABLE:\n        print i\n",
        "TABLE = {}\ndef fill():\n    TABLE['a'] = 1\nfill()\ndef work(h):\n    return TABLE\n",
        "TABLE = []\nif os.environ.get('X'):\n    TABLE.append(1)\nelse:\n    TABLE.extend([2])\ndef work(h):\n    return TABLE\n",
        "TABLE = []\nif __name__ == '__main__':\n    TABLE.append(1)\ndef work(h):\n    return TABLE\n",
        "TABLE = []\ndef fill():\n    TABLE.append(1)\nif __name__ == '__main__':\n    fill()\ndef work(h):\n    return TABLE\n",
        # Registries that decorators fill.
        """
        names = {}
        def register(name):
            def deco(f):
                names[name] = f
                return f
            return deco
        @register('a')
        def one(h):
            return 1
        def work(h):
            one(h)
            return names['a'](h)
        """,
        """
        hooks = []
        def hook(f):
            hooks.append(f)
            return f
        @hook
        def one(h):
            return 1
        def work(h):
            one(h)
            for each in hooks:
                each(h)
        """,
        """
        routes = []
        def route(path):
            def deco(cls):
                routes.append((path, cls))
                return cls
            return deco
        @route('/y')
        class Other(webapp2.RequestHandler):
            def get(self):
                pass
        def work(h):
            return len(routes)
        """,
        """
        routes = []
        class route(object):
            def __init__(self, path):
                self.path = path
            def __call__(self, f):
                routes.append((self.path, f))
                return f
        @route('/x')
        def one(h):
            return 1
        def work(h):
            one(h)
            return routes
        """,
        """
        plugins = []
        class Plugin(object):
            def __init__(self, name):
                self.name = name
                plugins.append(self)
        Plugin('a')
        b = Plugin('b')
        def work(h):
            for plugin in plugins:
                print plugin.name
        """,
        """
        classes = []
        class Meta(type):
            def __new__(mcs, name, bases, attrs):
                made = type.__new__(mcs, name, bases, attrs)
                classes.append(made)
                return made
        class Thing(object):
            __metaclass__ = Meta
        def work(h):
            return classes, Thing()
        """,
        # Locals.
        "items = []\ndef work(h):\n    items = []\n    items.append(1)\n    items += [2]\n    del items[0]\n",
        "items = []\ndef add(items):\n    items.append(1)\ndef work(h):\n    add([])\n",
        "items = []\ndef work(h):\n    add = lambda items: items.append(1)\n    add([])\n",
        "items = []\ndef work(h):\n    def add(items=None):\n        items = items or []\n        items.append(1)\n    add()\n",
        # Copies, and what only looks.
        "NAMES = ['b', 'a']\ndef work(h):\n    own = list(NAMES)\n    own.sort()\n    more = NAMES + ['c']\n    more.append('d')\n"
        "    third = NAMES[:]\n    third.reverse()\n    return sorted(NAMES)\n",
        "TABLE = {'a': [1]}\ndef work(h):\n    own = list(TABLE['a'])\n    own.append(1)\n    return TABLE.get('a'), TABLE.items()\n",
        "import copy\nTABLE = {'a': [1]}\ndef work(h):\n    own = copy.deepcopy(TABLE)\n    own['a'].append(1)\n    own.clear()\n",
        "NAME = 'x'\ndef work(h):\n    return NAME.replace('a', 'b'), NAME.split().pop()\n",
        "def table():\n    return {'a': 1}\ndef work(h):\n    own = table()\n    own['b'] = 2\n    own.clear()\n",
        # What threads may share.
        "import Queue\nqueue = Queue.Queue()\ndef work(h):\n    queue.put(1)\n    queue.get()\n",
        "log = logging.getLogger('x')\nmc = memcache.Client()\nP = re.compile('a')\ndef work(h):\n    log.info('x')\n"
        "    mc.set('a', 1)\n    P.match('a')\n",
        "own = threading.local()\ndef work(h):\n    own.items = []\n    own.items.append(1)\n",
        "def work(h):\n    os.environ.update(a='b')\n    os.environ['c'] = 'd'\n",
        "import hashlib\ndef work(h):\n    digest = hashlib.md5()\n    digest.update('x')\n",
        "import jinja2\nenv = jinja2.Environment(loader=None)\nenv.globals['x'] = 1\nenv.filters.update({'a': str})\n"
        "def work(h):\n    return env.get_template('x').render({'a': 1})\n",
        # Under a lock.
        "items = []\nlock = threading.Lock()\ndef work(h):\n    with lock:\n        items.append(1)\n        del items[0]\n",
        "items = []\nlock = threading.Lock()\ndef add(values):\n    values.append(1)\ndef work(h):\n    with lock:\n"
        "        add(items)\n    own = []\n    add(own)\n",
        # Nobody's function, a tool's.
        "items = []\ndef nobody():\n    items.append(1)\ndef work(h):\n    return items\n",
        # Entities and handlers.
        "class M(db.Model):\n    tags = db.StringListProperty()\ndef work(h):\n    m = M()\n    m.tags.append('x')\n    m.put()\n",
        "def work(h):\n    values = h.__dict__\n    values['x'] = 1\n    h.response.headers.add('a', 'b')\n",
    ],
)
def test_leaves_alone(code: str) -> None:
    assert lines(RULE, code) == []


@pytest.mark.parametrize(
    "more",
    [
        {"test_main.py": "import main\nmain.items.append(1)\ndef test():\n    main.items.append(2)\n"},
        {"tool.py": "import main\nmain.items.append(1)\n"},
        {"data.py": "import main\ndef fill():\n    main.items.append(1)\n"},
    ],
)
def test_tests_and_tools_are_left_alone(more: dict[str, str]) -> None:
    assert told("items = []\ndef work(h):\n    return items\n", more) == []


@pytest.mark.parametrize(
    "change",
    [
        "items.append(1)",
        "items[3] = 1",
        "items[h.request.path] = 1",
        "items.add(1)",
        "items.setdefault(1, 2)",
        "items.update({h.request.path: 1})",
    ],
)
def test_single_changes_are_notes(change: str) -> None:
    kind = "[]" if "append" in change or "[3]" in change else "set()" if ".add" in change else "{}"
    assert lines(RULE, f"items = {kind}\ndef work(h):\n    {change}\n") == [f"note: {change}"]


@pytest.mark.parametrize(
    "loop",
    [
        "for x in items:\n        print x",
        "return [x for x in items]",
        "return sorted(items)",
        "return ', '.join(items)",
        "return list(items)",
        "for x in items.iteritems():\n        print x",
    ],
)
def test_changes_of_what_another_request_goes_through(loop: str) -> None:
    code = f"items = {{}}\ndef work(h):\n    items[time.time()] = 1\n    {loop}\n"
    assert lines(RULE, code) == ["warning: items[time.time()] = 1"]


@pytest.mark.parametrize(
    "change",
    [
        "items.pop()",
        "items.remove(1)",
        "items.sort()",
        "items.reverse()",
        "del items[0]",
        "del items[:]",
        "items[:] = [1]",
        "items.insert(0, 1)\n    items.pop()",
        "heapq.heappop(items)",
        "heapq.heapify(items)",
        "random.shuffle(items)",
    ],
)
def test_what_takes_out_or_moves(change: str) -> None:
    code = f"import heapq, random\nitems = [1]\ndef work(h):\n    {change}\n"
    assert told(code) == ["mutable-global warning"]


@pytest.mark.parametrize(
    "change", ["heapq.heappush(items, 1)", "bisect.insort(items, 1)", "insort(items, 1)"]
)
def test_functions_that_add(change: str) -> None:
    code = f"import heapq, bisect\nfrom bisect import insort\nitems = [1]\ndef work(h):\n    {change}\n"
    assert lines(RULE, code) == [f"note: {change}"]


@pytest.mark.parametrize("change", ["out.write('x')", "out.writelines(['x'])", "out.truncate(0)"])
def test_texts_in_memory(change: str) -> None:
    code = f"from cStringIO import StringIO\nout = StringIO()\ndef work(h):\n    {change}\n    return out.getvalue()\n"
    assert lines(RULE, code) == [f"warning: {change}"]


@pytest.mark.parametrize(
    "code",
    [
        "from StringIO import StringIO\nout = 1\ndef work(h):\n    out = StringIO()\n    out.write('x')\n",
        "def work(h):\n    h.response.out.write('x')\n    h.response.write('y')\n",
        "import sys\nlog = open('x')\ndef work(h):\n    sys.stdout.write('x')\n",
        "class Out(object):\n    def write(self, x):\n        logging.info(x)\nout = Out()\ndef work(h):\n    out.write('x')\n",
    ],
)
def test_other_things_that_are_written_to(code: str) -> None:
    assert told(code) == []


def test_what_others_empty() -> None:
    code = "items = []\ndef work(h):\n    items.append(1)\n    forget()\ndef forget():\n    global items\n    items = []\n"
    assert told(code) == ["mutable-global warning", "global-assign warning"]


def test_two_can_both_find_that_it_is_not_there() -> None:
    code = "items = []\ndef work(h):\n    if 1 not in items:\n        items.append(1)\n"
    (finding,) = reports(code)
    assert (finding.rule, finding.severity.value) == (RULE, "warning")
    assert "both add it" in finding.message


def test_a_list_that_grows_in_place() -> None:
    assert lines(RULE, "items = []\ndef work(h):\n    global items\n    items += [1]\n") == [
        "note: items += [1]"
    ]


@pytest.mark.parametrize(
    ("code", "more"),
    [
        ("import own\ndef work(h):\n    own.items.pop()\n", {"own.py": "items = [1]\n"}),
        ("from own import items\ndef work(h):\n    items.pop()\n", {"own.py": "items = [1]\n"}),
        ("from own import *\ndef work(h):\n    items.pop()\n", {"own.py": "items = [1]\n"}),
        (
            "from own import items as i\ndef work(h):\n    i.pop()\n",
            {"own.py": "from deep import items\n", "deep.py": "items = [1]\n"},
        ),
        (
            "from own import get\ndef work(h):\n    get().pop()\n",
            {"own.py": "items = [1]\ndef get():\n    return items\n"},
        ),
        ("items = [1]\nown = items\ndef work(h):\n    own.pop()\n", {}),
        ("items = [1]\ndef take(values):\n    values.pop()\ndef work(h):\n    take(items)\n", {}),
        ("items = [1]\ndef take(values=None):\n    values.pop()\ndef work(h):\n    take(values=items)\n", {}),
    ],
)
def test_by_other_names(code: str, more: dict[str, str]) -> None:
    assert told(code, more) == ["mutable-global warning"]


def test_the_message() -> None:
    code = "online = set()\ndef work(h):\n    note()\n    for x in online:\n        print x\ndef note():\n    online.add(1)\n"
    (finding,) = reports(code)
    assert finding.message == (
        "All requests share the module's `online`, and this changes what it holds, without a lock. A request "
        "that goes through it at that moment fails or misses an item. Keep in memcache or the datastore what "
        "requests have in common, and make in the handler what belongs to one; or hold a lock around each use. "
        "Requests get here by `Main.get` → `work` → `note`."
    )
    assert [related.message for related in finding.related] == ["It is kept here.", "`work` reads it."]
