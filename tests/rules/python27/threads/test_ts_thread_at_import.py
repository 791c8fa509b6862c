"""`ts-thread-at-import`: what it leaves alone and finds."""

from __future__ import annotations

from textwrap import indent

import pytest

from gaebot.finding import Severity
from tests.rules.helpers import find
from tests.rules.python27.wsgi.scripts import wsgi

RULE = "ts-thread-at-import"

HEAD = "import thread, threading\nimport webapp2\nfrom threading import Thread\ndef f(): pass\n"
APP = "\napp = webapp2.WSGIApplication([('/', Main)])\n"


def source(module: str, code: str = "pass") -> str:
    body = indent(code, "        ")
    return f"{HEAD}{module}\nclass Main(webapp2.RequestHandler):\n    def get(self):\n{body}\n{APP}"


@pytest.mark.parametrize(
    ("module", "code"),
    [
        ("", "threading.Thread(target=f).start()"),
        ("worker = Thread(target=f)", "pass"),
        ("worker = Thread(target=f)", "worker.start()"),
        ("lock = threading.Lock()", "pass"),
        ("def go():\n    Thread(target=f).start()", "go()"),
        ("def go():\n    Thread(target=f).start()", "pass"),
        ("class W(Thread):\n    pass\nw = W()", "w.start()"),
        ("class W(object):\n    pass\nW().start()", "pass"),
        ("def Thread(target): return f\nThread = f\nf.start()", "pass"),
        ("if __name__ == '__main__':\n    Thread(target=f).start()", "pass"),
        ("timer = f()\ntimer.start()", "pass"),
    ],
)
def test_leaves_alone(module: str, code: str) -> None:
    assert find(RULE, wsgi(source(module, code))) == []


def test_tools_are_left_alone() -> None:
    assert find(RULE, {**wsgi(source("")), "tool.py": source("Thread(target=f).start()")}) == []


@pytest.mark.parametrize(
    "module",
    [
        "threading.Thread(target=f).start()",
        "worker = Thread(target=f)\nworker.setDaemon(True)\nworker.start()",
        "threading.Timer(5, f).start()",
        "thread.start_new_thread(f, ())",
        "class W(Thread):\n    pass\nW().start()",
        "class W(Thread):\n    pass\nw = W()\nw.start()",
        "def go():\n    w = Thread(target=f)\n    w.start()\ngo()",
        "class Pool(object):\n    worker = Thread(target=f)\n    worker.start()",
    ],
)
def test_finds(module: str) -> None:
    (finding,) = find(RULE, wsgi(source(module)))
    assert finding.severity is Severity.WARNING
    # One place, one finding.
    assert find("py-threads-real", wsgi(source(module))) == []


@pytest.mark.parametrize("code", ["Job().start()", "job = Job()\njob.start()"])
def test_a_class_of_another_file(code: str) -> None:
    files = wsgi(f"import webapp2\nfrom jobs import Job\n{code}\napp = webapp2.WSGIApplication([])\n")
    files["jobs.py"] = "import threading\nclass Job(threading.Thread):\n    pass\n"
    (finding,) = find(RULE, files)
    assert finding.place.path == "main.py"


def test_the_threads_of_requests_are_the_other_rules() -> None:
    files = wsgi(source("Thread(target=f).start()", "Thread(target=f).start()"))
    assert len(find(RULE, files)) == 1
    (finding,) = find("py-threads-real", files)
    assert finding.related == ()
