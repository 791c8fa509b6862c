"""The patch that adds a lock: where its line and its imports go, and when there is none."""

from __future__ import annotations

import pytest

from gaebot.engine import fix as fix_all
from gaebot.finding import Finding, RunsOn, Safety, Severity
from gaebot.rules.python27.shared.locks.lock_patch import add_lock, known_lock, lock_name
from tests.fakes import FunctionRule
from tests.rules.helpers import make_app
from tests.rules.python27.shared.lock_samples import NEW, OLD, RACES, Race, node_at, patched, plan, run_of

GUIDE = """\
import threading
from google.appengine.ext import ndb

class Configuration(ndb.Model):
  _config_cache = None

  @classmethod
  def get_config(cls):
    if not cls._config_cache:
      cls._config_cache = cls.get_by_id('config')
    return cls._config_cache
"""
GUIDE_PATCHED = """\
import threading
from google.appengine.ext import ndb

class Configuration(ndb.Model):
  _config_cache = None
  _config_lock = threading.Lock()

  @classmethod
  def get_config(cls):
    with cls._config_lock:
      if not cls._config_cache:
        cls._config_cache = cls.get_by_id('config')
    return cls._config_cache
"""
FUTURE = "from __future__ import with_statement\n"


def guide(code: str = GUIDE, **options: object) -> str | None:
    """Google's example with a lock added."""
    return patched(
        *plan(
            code,
            "if not",
            anchor="_config_cache",
            owner="class Configuration",
            receiver="cls",
            name="_config_lock",
            **options,
        )
    )


def in_module(head: str, *, anchor: str = "x = 0", body: str = "x += 1", **options: object) -> str | None:
    """A module that counts in a function, below some lines."""
    return patched(
        *plan(f"{head}def f():\n  global x\n  {body}\n", "x += 1", anchor=anchor, name="_x_lock", **options)
    )


# -- no patch ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "head",
    [
        "import simplejson as threading\nx = 0\n",
        "threading = 1\nx = 0\n",
        "def threading(): pass\nx = 0\n",
        "try:\n  import threading\nexcept ImportError:\n  import dummy_threading as threading\nx = 0\n",
        "def g():\n  global threading\n  threading = 1\nx = 0\n",
        "if y: x = 0; f()\nelse: x = 0\n",
        "def main(): f()\nif __name__ == '__main__':\n  x = 0\n  main()\n",
        "y = 1; import os\nx = 0\n",
    ],
)
def test_no_import(head: str) -> None:
    anchor = "if y" if head.startswith("if") else "x = 0"
    assert in_module(head, anchor=anchor) is None


def test_a_threading_of_the_apps_own() -> None:
    assert in_module("x = 0\n", others={"threading.py": ""}) is None


def test_a_threading_of_the_class() -> None:
    assert guide(GUIDE.replace("  _config_cache = None", "  threading = 1\n  _config_cache = None")) is None


def test_an_anchor_behind_a_colon_or_in_a_function() -> None:
    assert (
        patched(*plan("class A: x = 0\ndef f():\n  A.x += 1\n", "A.x", anchor="x = 0", owner="class A"))
        is None
    )
    assert patched(*plan("def g():\n  x = 0\ndef f():\n  y += 1\n", "y", anchor="x = 0")) is None
    assert (
        patched(
            *plan("x = 0\nclass A:\n  y = 1\ndef f():\n  y += 1\n", "y +=", anchor="x = 0", owner="class")
        )
        is None
    )


@pytest.mark.parametrize("body", ["x += 1; yield x", "if x: yield x", "y = yield x"])
def test_a_generator_would_wait_with_the_lock(body: str) -> None:
    code = f"x = 0\ndef f():\n  global x\n  {body}\n"
    first, last = body[:4], body.rpartition("; ")[2][:4]
    assert patched(*plan(code, first, last, anchor="x = 0")) is None


def test_only_a_global_statement() -> None:
    assert patched(*plan("x = 0\ndef f():\n  global x\n  x += 1\n", "global", anchor="x = 0")) is None


@pytest.mark.parametrize(
    "body",
    ["with _x_lock:\n    x += 1", "if y:\n    with a(_x_lock): pass\n    x += 1", "x += 1, _x_lock.locked()"],
)
def test_a_lock_that_is_taken_already(body: str) -> None:
    code = f"import threading\nx = 0\n_x_lock = threading.Lock()\ndef f():\n  global x\n  {body}\n"
    first = "if y" if body.startswith("if") else "x += 1"
    assert patched(*plan(code, first, anchor="x = 0", existing="_x_lock")) is None
    assert patched(*plan(code, first, anchor="x = 0", existing="_x_lock", reentrant=True)) is not None


@pytest.mark.parametrize("call", ["f()", "f(x)[0]", "g(f())"])
def test_a_function_that_calls_itself(call: str) -> None:
    code = f"import threading\nx = 0\ndef f():\n  global x\n  x = {call}\n"
    assert patched(*plan(code, "x = " + call, anchor="x = 0")) is None
    assert patched(*plan(code, "x = " + call, anchor="x = 0", reentrant=True)) is not None


@pytest.mark.parametrize(
    ("call", "is_own"),
    [
        ("cls.get_config()", True),
        ("self.get_config()", True),
        ("Configuration.get_config()", True),
        ("get_config()", False),
        ("other.get_config()", False),
        ("cls.get_config", False),
    ],
)
def test_a_method_that_calls_itself(call: str, is_own: bool) -> None:  # noqa: FBT001
    assert (guide(GUIDE.replace("cls.get_by_id('config')", call)) is None) == is_own


def test_a_lock_that_is_acquired_already() -> None:
    code = (
        "import threading\nx = 0\n_lock = threading.Lock()\ndef f():\n  global x\n  _lock.acquire()\n"
        "  try:\n    x += 1\n  finally:\n    _lock.release()\n"
    )
    assert patched(*plan(code, "x += 1", anchor="x = 0", existing="_lock")) is None


def test_a_lock_that_another_statement_takes() -> None:
    code = (
        "import threading\nx = 0\n_lock = threading.Lock()\ndef f():\n  global x\n  with _lock:\n    y()\n"
        "  x += 1\n"
    )
    assert patched(*plan(code, "x += 1", anchor="x = 0", existing="_lock")) == code.replace(
        "  x += 1", "  with _lock:\n    x += 1"
    )


def test_python_25_with_names_that_would_be_keywords() -> None:
    code = "x = 0\ndef f():\n  global x\n  x += 1\ndef with(as): pass\n"
    assert patched(*plan(code, "x +=", anchor="x = 0", yaml=OLD)) is None


def test_no_line_for_the_future_import() -> None:
    assert in_module("'doc'; y = 1\nimport threading\nx = 0\n", yaml=OLD) is None


# -- the patch -----------------------------------------------------------------------------


def test_as_the_guide_writes_it() -> None:
    assert guide() == GUIDE_PATCHED
    app, fix = plan(GUIDE, "if not", anchor="_config", owner="class", receiver="cls", name="_config_lock")
    assert fix is not None
    assert (fix.safety, fix.runs_on, fix.title) == (Safety.REVIEW, RunsOn.TARGET, "Take a lock")
    assert patched(app, fix) == GUIDE_PATCHED


def test_python_25_gets_the_with_statement() -> None:
    assert guide(yaml=OLD) == FUTURE + GUIDE_PATCHED
    _, fix = plan(GUIDE, "if not", anchor="_config", owner="class", receiver="cls", yaml=OLD)
    assert fix is not None
    assert fix.runs_on is RunsOn.BOTH


@pytest.mark.parametrize("yaml", [OLD, NEW])
def test_a_with_statement_that_is_there(yaml: str) -> None:
    code = "from __future__ import (division, with_statement)\n" + GUIDE
    app, fix = plan(
        code, "if not", anchor="_config", owner="class", receiver="cls", name="_config_lock", yaml=yaml
    )
    assert fix is not None
    assert fix.runs_on is RunsOn.BOTH
    assert patched(app, fix) == "from __future__ import (division, with_statement)\n" + GUIDE_PATCHED


@pytest.mark.parametrize(
    ("head", "lines"),
    [
        ("import os\nx = 0\n", "import threading\nimport os\nx = 0\n_x_lock = threading.Lock()\n"),
        ("x = 0\n", "import threading\nx = 0\n_x_lock = threading.Lock()\n"),
        ("import threading as t\nx = 0\n", "import threading as t\nx = 0\n_x_lock = t.Lock()\n"),
        ("from threading import Lock\nx = 0\n", "from threading import Lock\nx = 0\n_x_lock = Lock()\n"),
        (
            "from threading import RLock\nx = 0\n",
            "import threading\nfrom threading import RLock\nx = 0\n_x_lock = threading.Lock()\n",
        ),
        # The import has to come before the line.
        ("x = 0\nimport os\n", "import threading\nx = 0\n_x_lock = threading.Lock()\nimport os\n"),
        (
            "x = 0\nimport threading\n",
            "import threading\nx = 0\n_x_lock = threading.Lock()\nimport threading\n",
        ),
        (
            "'doc'\nx = 0\nimport os\n",
            "'doc'\nimport threading\nx = 0\n_x_lock = threading.Lock()\nimport os\n",
        ),
        (
            "import threading\nimport threading\nx = 0\n",
            "import threading\nimport threading\nx = 0\n_x_lock = threading.Lock()\n",
        ),
        (
            "def g():\n  import threading\nx = 0\n",
            "import threading\ndef g():\n  import threading\nx = 0\n_x_lock = threading.Lock()\n",
        ),
        # What the line goes below.
        (
            "import threading\nx = 0; y = (1,\n  2)  # two\n\n",
            "import threading\nx = 0; y = (1,\n  2)  # two\n_x_lock = threading.Lock()\n\n",
        ),
        (
            "import threading\ny = 1; x = 0\n",
            "import threading\ny = 1; x = 0\n_x_lock = threading.Lock()\n",
        ),
        (
            "import threading\nif y:\n  x = 0\nelse:\n  x = 1\n  # one\n\n# f\n",
            "import threading\nif y:\n  x = 0\nelse:\n  x = 1\n  # one\n_x_lock = threading.Lock()\n\n# f\n",
        ),
        ("import threading\r\nx = 0\r\n", "import threading\r\nx = 0\r\n_x_lock = threading.Lock()\r\n"),
    ],
)
def test_the_line_and_the_import(head: str, lines: str) -> None:
    assert in_module(head) == lines + "def f():\n  global x\n  with _x_lock:\n    x += 1\n"


@pytest.mark.parametrize(
    ("head", "lines"),
    [
        ("import os\nx = 0\n", "import threading\nimport os\nx = 0\n"),
        ("'doc'\nimport os\nx = 0\n", "'doc'\nFUTUREimport threading\nimport os\nx = 0\n"),
        ("x = 0\nimport os\n", "import threading\nx = 0\n"),
        ("# c\nx = 0\n", "# c\nFUTUREimport threading\nx = 0\n"),
        (
            "from __future__ import division\nimport os\nx = 0\n",
            "from __future__ import division\nFUTUREimport threading\nimport os\nx = 0\n",
        ),
    ],
)
def test_both_imports_at_one_place(head: str, lines: str) -> None:
    code = in_module(head, yaml=OLD)
    assert code is not None
    expected = lines.replace("FUTURE", FUTURE) if "FUTURE" in lines else FUTURE + lines
    assert code.startswith(expected + "_x_lock = threading.Lock()\n")
    assert code.endswith("  with _x_lock:\n    x += 1\n")


def test_a_shared_name_at_the_end_of_the_file() -> None:
    code = "import threading\ndef f():\n  global x\n  x += 1\nx = 0"
    assert patched(*plan(code, "x +=", anchor="x = 0")) == (
        "import threading\ndef f():\n  global x\n  with _lock:\n    x += 1\nx = 0\n_lock = threading.Lock()"
    )


def test_a_function_that_its_own_attribute_belongs_to() -> None:
    code = "import threading\ndef f(x=[]):\n  x.append(1)\nf.y = 1\n"
    assert patched(*plan(code, "x.", anchor="def f", name="_x_lock")) == (
        "import threading\ndef f(x=[]):\n  with _x_lock:\n    x.append(1)\n_x_lock = threading.Lock()\nf.y = 1\n"
    )


def test_global_statements_stay_outside() -> None:
    code = "import threading\nx = 0\ndef f():\n  global x\n  # count\n  x += 1\n"
    assert patched(*plan(code, "global", "x +=", anchor="x = 0")) == (
        "import threading\nx = 0\n_lock = threading.Lock()\ndef f():\n  global x\n  with _lock:\n    # count\n    x += 1\n"
    )


def test_a_generator_inside_the_statements_is_another_function() -> None:
    code = "x = 0\ndef f():\n  def g():\n    yield x\n  x = g\n"
    assert patched(*plan(code, "def g", "x = g", anchor="x = 0")) is not None


def test_reentrant() -> None:
    assert "_x_lock = threading.RLock()\n" in (in_module("import threading\nx = 0\n", reentrant=True) or "")
    code = "from threading import RLock, Lock as L\nx = 0\n"
    assert "_x_lock = RLock()\n" in (in_module(code, reentrant=True) or "")
    assert "_x_lock = L()\n" in (in_module(code) or "")


@pytest.mark.parametrize(
    ("other", "name"),
    [
        ("", "_config_lock"),
        ("def _config_lock(): pass\n", "_config_lock_2"),
        ("y._config_lock\n", "_config_lock_2"),
        ("y._config_lock = _config_lock_2 = 1\n", "_config_lock_3"),
        ("'_config_lock'\n", "_config_lock"),
    ],
)
def test_a_name_that_is_taken(other: str, name: str) -> None:
    assert f"  {name} = threading.Lock()\n" in (guide(GUIDE + other) or "")
    assert f"    with cls.{name}:\n" in (guide(GUIDE + other) or "")


@pytest.mark.parametrize(
    ("other", "name"),
    [
        ("class B(Configuration):\n  _config_lock = 1\n", "_config_lock_2"),
        ("class Model(object):\n  _config_lock = 1\n", "_config_lock_2"),
        ("class Other(object):\n  _config_lock = 1\n", "_config_lock"),
        ("class B(Configuration):\n  _config_lock_size = 1\n", "_config_lock"),
    ],
)
def test_a_name_that_a_relative_has(other: str, name: str) -> None:
    assert f"  {name} = threading.Lock()\n" in (guide(others={"other.py": other}) or "")


# -- a lock that is there ------------------------------------------------------------------

TWO = """\
import threading

class A(object):
  items = {}
  size = 0

  @classmethod
  def get(cls, key):
    if key not in cls.items:
      cls.items[key] = key
    if not cls.size:
      cls.size = len(cls.items)

  @classmethod
  def put(cls, key):
    cls.items.setdefault(key, key)
    return 1
"""


def test_an_existing_lock() -> None:
    code = GUIDE.replace("import threading\n", "from locks import _config_lock\n")
    assert guide(code, existing="_config_lock") == code.replace(
        "    if not cls._config_cache:\n      cls._config_cache =",
        "    with cls._config_lock:\n      if not cls._config_cache:\n        cls._config_cache =",
    )


def test_an_existing_lock_needs_the_with_statement_too() -> None:
    code = GUIDE_PATCHED.replace("    with cls._config_lock:\n  ", "").replace("\n        cls", "\n      cls")
    assert guide(code, existing="_config_lock", yaml=OLD) == FUTURE + GUIDE_PATCHED


@pytest.mark.parametrize(
    ("code", "owner", "is_known"),
    [
        ("import threading\n_lock = threading.Lock()\n", "", True),
        ("from threading import RLock as R\n_lock = R()\n", "", True),
        ("import threading\nclass A:\n  _lock = threading.Lock()\n", "class A", True),
        ("import threading\nclass A:\n  _lock = threading.Lock()\n", "", False),
        ("import threading\nclass A:\n  pass\n_lock = threading.Lock()\n", "class A", False),
        ("import threading\ndef f():\n  _lock = threading.Lock()\n", "", False),
        ("import threading\n_lock = threading.Event()\n", "", False),
        ("import threading\n_lock = threading.Lock\n", "", False),
        ("_lock = 1\n", "", False),
    ],
)
def test_known_lock(code: str, owner: str, is_known: bool) -> None:  # noqa: FBT001
    file = make_app({"main.py": code}).python("main.py")
    assert file is not None
    assert (known_lock(file, node_at(file, owner) if owner else None, "_lock") is not None) == is_known


def test_two_races_under_one_lock() -> None:
    """A rule that asks for a lock for each: both fixes are made, and one lock serves both."""

    def check(app):
        file = app.python("main.py")
        for start in ("if key", "cls.items.setdefault"):
            statement = node_at(file, start)
            if statement.parent.parent.type == "with_statement":
                continue
            owner = node_at(file, "class A")
            name = lock_name("items")
            fix = add_lock(
                app,
                file,
                run_of(statement, statement),
                anchor=node_at(file, "items"),
                owner=owner,
                receiver="cls",
                name=name,
                reentrant=False,
                title=f"Take a lock for {start}",
                existing=name if known_lock(file, owner, name) else None,
            )
            yield Finding("race", Severity.WARNING, file.place(statement), "A race.", fix=fix)

    result = fix_all(make_app({"app.yaml": NEW, "main.py": TWO}), [FunctionRule("race", check)], unsafe=True)
    code = result.app.files["main.py"].data.decode()
    assert not result.report.failures
    assert len(result.fixed) == 2
    assert code.count("threading.Lock()") == 1
    assert "    with cls._items_lock:\n      cls.items.setdefault(key, key)\n    return 1\n" in code
    assert "    with cls._items_lock:\n      if key not in cls.items:\n        cls.items[key] = key\n" in code


# -- names ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("shared", "name"),
    [
        ("_config_cache", "_config_lock"),
        ("config", "_config_lock"),
        ("__instances", "_instances_lock"),
        ("__instances__", "_instances_lock"),
        ("g_blog", "_g_blog_lock"),
        ("cache", "_cache_lock"),
        ("_cache", "_cache_lock"),
        ("cache_size", "_cache_size_lock"),
        ("memocache", "_memocache_lock"),
        ("userCache", "_userCache_lock"),
        ("USERS", "_USERS_LOCK"),
        ("USER_CACHE", "_USER_LOCK"),
        ("_CACHE", "_CACHE_LOCK"),
        ("X2", "_X2_LOCK"),
        ("_", "_lock"),
    ],
)
def test_lock_name(shared: str, name: str) -> None:
    assert lock_name(shared) == name


# -- what stays ----------------------------------------------------------------------------


@pytest.mark.parametrize("race", RACES.values(), ids=RACES)
@pytest.mark.parametrize("yaml", [OLD, NEW])
def test_strings_and_comments_stay(race: Race, yaml: str) -> None:
    app, fix = race.plan(yaml)
    assert fix is not None
    before = app.python("main.py")
    after = app.with_files({"main.py": app.files["main.py"].apply(fix.edits)}).python("main.py")
    assert before is not None
    assert after is not None
    assert not after.is_broken
    query = "[(string) (comment)] @x"
    assert [node.text for node in after.nodes(query)] == [node.text for node in before.nodes(query)]
