"""What keeps a service from `threadsafe: true`, and what does not."""

from __future__ import annotations

import pytest

from gaebot.finding import Severity
from gaebot.rules.python27.shared.conversion.switch import switches
from gaebot.rules.python27.shared.conversion.threadsafety import Verdict
from tests.rules.helpers import find, make_app
from tests.rules.python27.threads.apps import files

COUNTER = "n = 0\ndef work(h):\n    global n\n    n += 1\n    return n\n"
LEAK = "user = None\ndef work(h):\n    global user\n    user = users.get_current_user()\n    return user\n"
REBOUND = "x = None\ndef work(h):\n    global x\n    names = ['a']\n    x = names[0]\n    return x\n"


def verdict(code: str) -> Verdict:
    """The verdict about an app whose handler calls `work`."""
    (switch,) = switches(make_app(files(code)))
    return switch.verdict


@pytest.mark.parametrize(
    "code",
    [
        "def work(h):\n    return 1\n",
        # What only slows requests down, or makes them talk more.
        "import socket\ndef work(h):\n    socket.setdefaulttimeout(h.t)\n",
        "import sys\ndef work(h):\n    sys.setrecursionlimit(h.n)\n",
        "def work(h):\n    logging.getLogger().setLevel(h.level)\n",
        "def work(h):\n    logging.getLogger().addHandler(h.log)\n",
        "def work(h):\n    logging.disable(h.level)\n",
        "import warnings\ndef work(h):\n    warnings.simplefilter(h.action)\n",
        "import random\ndef work(h):\n    random.seed(h.n)\n",
        "import mimetypes\ndef work(h):\n    mimetypes.add_type(h.type, '.x')\n",
        # What each request does again alike.
        "import sys\ndef work(h):\n    sys.stdout = sys.stderr\n",
        # What does no harm, or only costs.
        "x = None\ndef work(h):\n    global x\n    x = 'a'\n    return x\n",
        "x = None\ndef work(h):\n    global x\n    if x is None:\n        x = urlfetch.fetch('u')\n    return x\n",
        "items = []\ndef work(h):\n    items.append(1)\n",
        "items = {}\ndef work(h):\n    items.pop(h.a, None)\n",
        "x = None\ndef work(h):\n    global x\n    x = time.time()\n",
        LEAK.replace("    global user", "    return 1\n    global user"),
    ],
)
def test_harmless_code_is_no_blocker(code: str) -> None:
    found = verdict(code)
    assert found.value
    assert found.blockers == ()
    assert find("ts-threadsafe-true", files(code)) == []


def test_notes_beside_a_blocker_are_none() -> None:
    code = "import socket\nitems = []\n" + COUNTER
    code = code.replace(
        "    return n\n", "    socket.setdefaulttimeout(h.t)\n    items.append(1)\n    return n\n"
    )
    found = verdict(code)
    assert [blocker.name for blocker in found.blockers] == ["n"]


@pytest.mark.parametrize(
    ("code", "is_leak"),
    [
        (COUNTER, False),
        (REBOUND, False),
        ("import sys\ndef work(h):\n    sys.stdout = h.response.out\n    print 1\n", False),
        ("import urllib2\ndef work(h):\n    urllib2.install_opener(h.opener)\n", False),
        ("import gettext\ndef work(h):\n    gettext.install(h.lang)\n", False),
        ("items = {}\ndef work(h):\n    items[h.a] = 1\n    for key in items:\n        print key\n", False),
        (LEAK, True),
        (
            "class Own(object):\n    user = None\ndef work(h):\n    Own.user = h.session['u']\n    return Own.user\n",
            True,
        ),
    ],
)
def test_what_gives_wrong_answers_is_a_blocker(code: str, *, is_leak: bool) -> None:
    (blocker,) = verdict(code).blockers
    assert blocker.is_leak == is_leak
    (finding,) = find("ts-threadsafe-true", files(code))
    assert finding.severity is (Severity.ERROR if is_leak else Severity.WARNING)


def test_one_leak_makes_the_whole_an_error() -> None:
    code = "user = None\n" + COUNTER.replace("    return n", "    keep(h)\n    return n")
    code += "def keep(h):\n    global user\n    user = users.get_current_user()\n    return user\n"
    assert [blocker.is_leak for blocker in verdict(code).blockers] == [False, True]
    (finding,) = find("ts-threadsafe-true", files(code))
    assert finding.severity is Severity.ERROR


def test_data_of_a_request_that_nobody_reads_is_no_blocker() -> None:
    code = LEAK.replace("    return user\n", "")
    assert verdict(code).blockers == ()
