"""Which code runs for requests at all: dead code, other versions of Python, tools, and what nobody calls."""

from __future__ import annotations

import pytest

from tests.rules.python27.threads.apps import lines, told

NOTHING = "def work(h):\n    pass\n"
PROCESS = "ts-process-global-call"


def count(body: str) -> str:
    """A handler's code that counts somewhere."""
    return "import sys\nn = 0\ndef work(h):\n    global n\n" + body


# -- dead code, and code for other versions --------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [
        "    return 1\n    n += 1\n",
        "    raise ValueError\n    n += 1\n",
        "    return 1\n    for i in 'ab':\n        n += 1\n",
        "    if h.a:\n        return 1\n        n += 1\n    return n\n",
        "    for i in 'ab':\n        continue\n        n += 1\n",
        "    while True:\n        break\n        n += 1\n",
        "    if sys.version_info < (2, 5):\n        n += 1\n    return n\n",
        "    if sys.version_info[:2] < (2, 7):\n        n += 1\n    return n\n",
        "    if sys.version_info >= (2, 6):\n        pass\n    else:\n        n += 1\n",
        "    if h.a:\n        pass\n    elif sys.version_info >= (3, 0):\n        n += 1\n",
        "    if sys.version_info >= (2, 6):\n        pass\n    elif h.a:\n        pass\n    else:\n        n += 1\n",
        "    if h.a:\n        pass\n    elif sys.version_info >= (2, 6):\n        pass\n    else:\n        n += 1\n",
        # How this comes out is not plain.
        "    if sys.version.startswith('2.5'):\n        n += 1\n",
    ],
)
def test_code_that_never_runs_is_left_alone(body: str) -> None:
    assert told(count(body)) == []
    assert (
        lines(PROCESS, "import socket\n" + count(body.replace("n += 1", "socket.setdefaulttimeout(h.t)")))
        == []
    )


@pytest.mark.parametrize(
    "body",
    [
        "    return 1\n    count()\n",
        "    if sys.version_info < (2, 5):\n        count()\n",
        "    return 1\n    def inner():\n        count()\n    inner()\n",
    ],
)
def test_what_only_such_code_calls_is_left_alone(body: str) -> None:
    called = "n = 0\ndef count():\n    global n\n    n += 1\n"
    assert told("import sys\n" + called + "def work(h):\n" + body) == []
    assert told("import sys\n" + called + "def work(h):\n" + body + "def other(request):\n    count()\n") == [
        "counter warning"
    ]


@pytest.mark.parametrize(
    "body",
    [
        "    n += 1\n    return 1\n",
        "    if h.a:\n        return 1\n    n += 1\n",
        "    for i in 'ab':\n        if i == h.a:\n            continue\n        n += 1\n",
        "    try:\n        return 1\n    finally:\n        n += 1\n",
        "    if sys.version_info < (2, 5):\n        pass\n    else:\n        n += 1\n",
        "    if sys.version_info >= (2, 6):\n        n += 1\n",
        "    if h.version == 2:\n        n += 1\n",
        "    if os.environ['CURRENT_VERSION_ID'] == '2':\n        n += 1\n",
    ],
)
def test_code_that_runs_is_found(body: str) -> None:
    assert told(count(body)) == ["counter warning"]
    code = "import socket\n" + count(body.replace("n += 1", "socket.setdefaulttimeout(h.t)"))
    assert lines(PROCESS, code) == ["warning: socket.setdefaulttimeout(h.t)"]


# -- state for tests -------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["user_for_test", "test_user", "TEST_USER", "_testing", "user_for_tests"])
def test_state_for_tests_is_left_alone(name: str) -> None:
    assert told(f"{name} = None\ndef work(h):\n    global {name}\n    {name} = h\n    return {name}\n") == []


@pytest.mark.parametrize("name", ["latest", "contest", "tested_user", "attestation"])
def test_other_names_are_not_for_tests(name: str) -> None:
    code = f"{name} = None\ndef work(h):\n    global {name}\n    {name} = h\n    return {name}\n"
    assert told(code) == ["request-state-global error"]


# -- classes that nobody names ---------------------------------------------------------------

PAGE = "n = 0\nclass Page(object):\n    def GET(self):\n        global n\n        n += 1\n"
WSGI = (
    "n = 0\nclass Application(object):\n    def __call__(self, environ, start_response):\n        global n\n"
    "        n += 1\n        start_response('200 OK', [])\n        return ['x']\n"
)


@pytest.mark.parametrize("code", [PAGE, WSGI, PAGE + "title = 'page'\n"])
def test_classes_that_nobody_names_are_left_alone(code: str) -> None:
    assert told(code + NOTHING) == []


@pytest.mark.parametrize(
    "code",
    [
        PAGE + "urls = ('/', 'Page')\n",
        PAGE + "routes = {'/': Page}\n",
        PAGE.replace("object", "webapp2.RequestHandler").replace("GET", "get"),
        WSGI + "other = Application()\n",
    ],
)
def test_classes_that_code_or_strings_name_are_found(code: str) -> None:
    assert told(code + NOTHING) == ["counter warning"]


# -- methods of entities ---------------------------------------------------------------------


def entity(method: str) -> str:
    """A class of entities with a method that counts."""
    return f"n = 0\nclass Post(db.Model):\n    def {method}(self):\n        global n\n        n += 1\n"


@pytest.mark.parametrize("method", ["bump", "get_title", "to_dict"])
def test_methods_of_entities_that_nobody_calls_are_left_alone(method: str) -> None:
    assert told(entity(method) + "def work(h):\n    Post().put()\n    Post.all()\n") == []


@pytest.mark.parametrize(
    ("code", "more"),
    [
        (entity("bump") + "def work(h):\n    Post().bump()\n", {}),
        (entity("bump") + "def work(h):\n    for post in Post.all():\n        post.bump()\n", {}),
        (entity("bump") + "def work(h):\n    Post.all()\n", {"post.html": "{{ post.bump }}"}),
        (entity("put") + "def work(h):\n    Post()\n", {}),
        (entity("_pre_put_hook").replace("db.", "ndb.") + "def work(h):\n    Post.query()\n", {}),
        (entity("__init__") + "def work(h):\n    Post.all()\n", {}),
    ],
)
def test_methods_of_entities_that_somebody_calls_are_found(code: str, more: dict[str, str]) -> None:
    assert told(code, more) == ["counter warning"]


# -- methods of the SDK's objects, and of the app's own of the same name ---------------------

QUEUE = (
    "from google.appengine.api import taskqueue\nn = 0\nclass Queue(object):\n    def add(self, name):\n"
    "        global n\n        n += 1\n"
)


@pytest.mark.parametrize(
    "call",
    [
        "taskqueue.Task(url='/x').add('q')",
        "task = taskqueue.Task(url='/x')\n    task.add('q')",
        "memcache.add('q', 1)",
        "names = set()\n    names.add('q')",
    ],
)
def test_methods_from_outside_do_not_lead_to_the_apps_own(call: str) -> None:
    assert told(QUEUE + f"def work(h):\n    {call}\n") == []


@pytest.mark.parametrize("call", ["h.queue.add('q')", "Queue().add('q')"])
def test_methods_of_what_may_be_the_apps_own_do(call: str) -> None:
    assert told(QUEUE + f"def work(h):\n    {call}\n") == ["counter warning"]


# -- functions with two names ----------------------------------------------------------------

PROFILED = (
    "n = 0\ndef real_main():\n    pass\ndef profile_main():\n    global n\n    n += 1\n    real_main()\n"
)


@pytest.mark.parametrize("code", [NOTHING, "main = profile_main\n" + NOTHING, "main = real_main\n" + NOTHING])
def test_a_function_that_is_only_given_another_name_is_left_alone(code: str) -> None:
    assert told(PROFILED + code) == []


@pytest.mark.parametrize(
    ("code", "more"),
    [
        ("main = profile_main\ndef work(h):\n    main()\n", {}),
        ("later = {'main': profile_main}\n" + NOTHING, {}),
        ("import hooks\nhooks.main = profile_main\n" + NOTHING, {"hooks.py": "main = None\n"}),
    ],
)
def test_a_function_that_is_called_by_its_other_name_is_found(code: str, more: dict[str, str]) -> None:
    assert told(PROFILED + code, more) == ["counter warning"]


def test_the_other_name_may_be_imported() -> None:
    module = PROFILED + "main = profile_main\n"
    assert told("from profiled import main\ndef work(h):\n    main()\n", {"profiled.py": module}) == [
        "counter warning"
    ]
