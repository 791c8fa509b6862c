"""The verdict on `threadsafe`: what decides it, for each service, and what becomes of it in the end."""

from __future__ import annotations

import pytest

from gaebot.engine import fix
from gaebot.rule import discover
from gaebot.rules.python27.shared.concurrency.summary import thread_safety
from gaebot.rules.python27.shared.conversion.switch import switches
from gaebot.rules.python27.shared.conversion.threadsafety import Verdict
from tests.rules.helpers import make_app

HEAD = "runtime: python\napi_version: 1\n"
HANDLERS = "handlers:\n- url: /.*\n  script: main.app\n"
WEBAPP = "import webapp2\n\n"
ROUTES = "\n\napp = webapp2.WSGIApplication([('/', Home)])\n"

QUIET = (
    f"{WEBAPP}class Home(webapp2.RequestHandler):\n    def get(self):\n        self.response.write(1){ROUTES}"
)
COUNTER = (
    f"{WEBAPP}hits = 0\n\nclass Home(webapp2.RequestHandler):\n    def get(self):\n        global hits\n"
    f"        hits += 1\n        self.response.write(hits){ROUTES}"
)
LEAK = (
    f"{WEBAPP}user = None\n\nclass Home(webapp2.RequestHandler):\n    def get(self):\n        global user\n"
    f"        user = self.request.get('user')\n        self.response.write(user){ROUTES}"
)
CACHE = (
    f"{WEBAPP}from google.appengine.ext import db\n\ntotal = None\n\n"
    "class Home(webapp2.RequestHandler):\n    def get(self):\n        global total\n"
    f"        if total is None:\n            total = db.Query('A').fetch(9)\n"
    f"        self.response.write(total){ROUTES}"
)


def verdict(files: dict[str, str | bytes], path: str = "app.yaml") -> Verdict:
    return next(s.verdict for s in switches(make_app(files)) if s.service.path == path)


def fixed(files: dict[str, str | bytes]) -> dict[str, str]:
    result = fix(make_app(files), discover("python27"), unsafe=True)
    return {path: source.data.decode() for path, source in result.app.files.items()}


@pytest.mark.parametrize("code", [QUIET, CACHE])
def test_nothing_that_gives_wrong_answers_is_in_the_way(code: str) -> None:
    found = verdict({"app.yaml": HEAD + HANDLERS, "main.py": code})
    assert found.value
    assert found.blockers == ()
    assert "threadsafe: true" in fixed({"app.yaml": HEAD + HANDLERS, "main.py": code})["app.yaml"]


def test_request_data_in_a_global_is() -> None:
    files: dict[str, str | bytes] = {"app.yaml": HEAD + HANDLERS, "main.py": LEAK}
    found = verdict(files)
    assert not found.value
    assert not found.waits
    assert [(b.place.path, b.place.start.line, b.name) for b in found.blockers] == [("main.py", 8, "user")]
    assert "`user`" in found.reason
    assert "threadsafe: false" in fixed(files)["app.yaml"]


def test_a_race_that_a_lock_mends_is_mended_before_the_switch() -> None:
    files: dict[str, str | bytes] = {"app.yaml": HEAD + HANDLERS, "main.py": COUNTER}
    found = verdict(files)
    assert found.value
    assert found.waits
    after = fixed(files)
    assert "threadsafe: true" in after["app.yaml"]
    assert "with _hits_lock:\n" in after["main.py"]


def test_one_that_a_lock_does_not_mend_is_not_waited_for() -> None:
    files: dict[str, str | bytes] = {
        "app.yaml": HEAD + HANDLERS,
        "main.py": COUNTER,
        "main2.py": LEAK,
        "other.yaml": "service: other\n" + HEAD + HANDLERS.replace("main.app", "main2.app"),
    }
    after = fixed(files)
    assert "threadsafe: true" in after["app.yaml"]
    assert "threadsafe: false" in after["other.yaml"]


def test_each_service_is_judged_by_its_own_files() -> None:
    files: dict[str, str | bytes] = {
        "app.yaml": HEAD + HANDLERS,
        "main.py": QUIET,
        "leak.py": LEAK,
        "other.yaml": "service: other\n" + HEAD + HANDLERS.replace("main.app", "leak.app"),
    }
    assert verdict(files).value
    assert not verdict(files, "other.yaml").value


def test_an_explicit_false_stays() -> None:
    yaml = f"{HEAD}threadsafe: false\n{HANDLERS}"
    after = fixed({"app.yaml": yaml, "main.py": COUNTER})
    assert "runtime: python27" in after["app.yaml"]
    assert "threadsafe: false" in after["app.yaml"]


def test_an_explicit_true_on_the_old_runtime_does_not_stay() -> None:
    after = fixed({"app.yaml": f"{HEAD}threadsafe: true\n{HANDLERS}", "main.py": LEAK})
    assert "threadsafe: false" in after["app.yaml"]


def test_a_script_that_stays_cgi_decides_alone() -> None:
    yaml = f"{HEAD}handlers:\n- url: /.*\n  script: raw.py\n"
    found = verdict({"app.yaml": yaml, "raw.py": "print 'Content-Type: text/plain'\nprint\n"})
    assert not found.value
    assert "CGI" in found.reason


def test_the_section_says_who_writes_what_from_where() -> None:
    files: dict[str, str | bytes] = {
        "app.yaml": HEAD + HANDLERS,
        "main.py": COUNTER.replace("global hits\n        hits += 1", "count()").replace(
            "class Home", "def count():\n    global hits\n    hits += 1\n\nclass Home"
        ),
    }
    (entry,) = thread_safety(make_app(files))
    assert (entry.service, entry.is_safe) == ("app.yaml", False)
    (state,) = entry.states
    assert (state.name, state.is_guarded, state.place and state.place.start.line) == ("hits", False, 3)
    (writer,) = state.writers
    assert (writer.function, writer.handlers, writer.rule) == ("count", ("Home.get",), "ts-counter")


def test_the_section_tells_what_is_guarded() -> None:
    code = COUNTER.replace("hits += 1", "with lock:\n            hits += 1").replace(
        "hits = 0", "import threading\nlock = threading.Lock()\nhits = 0"
    )
    (entry,) = thread_safety(make_app({"app.yaml": HEAD + HANDLERS, "main.py": code}))
    assert entry.is_safe
    assert entry.states[0].is_guarded
    assert entry.states[0].writers[0].lock == "lock"
    assert entry.states[0].writers[0].rule == ""


def test_templates_of_an_app_yaml_are_no_services() -> None:
    files: dict[str, str | bytes] = {"app.yaml.example": HEAD + HANDLERS, "main.py": LEAK}
    assert list(thread_safety(make_app(files))) == []
