"""Code that gets a lock: which statements, of which shared name, and how it is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tree_sitter import Node

from gaebot.app import App
from gaebot.finding import Fix
from gaebot.rules.python27.shared.locks.lock_patch import add_lock
from gaebot.syntax.python import PythonFile
from tests.rules.helpers import APP_YAML, make_app
from tests.snippets import blocks

OLD = APP_YAML
NEW = "runtime: python27\napi_version: 1\nthreadsafe: true\nhandlers:\n- url: /.*\n  script: main.app\n"


def node_at(file: PythonFile, start: str) -> Node:
    """The first statement that begins with a text."""
    for statements in blocks(file):
        for node in statements:
            if (node.text or b"").startswith(start.encode()):
                return node
    raise AssertionError(f"no statement begins with {start}")


def run_of(first: Node, last: Node) -> list[Node]:
    """The statements from one to another of the same block."""
    assert first.parent is not None
    siblings = [node for node in first.parent.named_children if node.type != "comment"]
    return [node for node in siblings if first.start_byte <= node.start_byte <= last.start_byte]


def plan(
    code: str | bytes,
    first: str,
    last: str = "",
    *,
    anchor: str,
    owner: str = "",
    receiver: str = "",
    name: str = "_lock",
    reentrant: bool = False,
    existing: str | None = None,
    yaml: str = NEW,
    others: Mapping[str, str] | None = None,
) -> tuple[App, Fix | None]:
    """An app with the code as main.py, and the fix that puts some of its statements under a lock."""
    data = code if isinstance(code, bytes) else code.encode()
    app = make_app({"app.yaml": yaml, **(others or {}), "main.py": data})
    file = app.python("main.py")
    assert file is not None
    fix = add_lock(
        app,
        file,
        run_of(node_at(file, first), node_at(file, last or first)),
        anchor=node_at(file, anchor),
        owner=node_at(file, owner) if owner else None,
        receiver=receiver,
        name=name,
        reentrant=reentrant,
        title="Take a lock",
        existing=existing,
    )
    return app, fix


def patched(app: App, fix: Fix | None) -> str | None:
    """main.py with a fix made, as Latin-1; None without a fix."""
    return app.files["main.py"].apply(fix.edits).data.decode("latin-1") if fix is not None else None


@dataclass(frozen=True)
class Race:
    """A module with `get()`, which eight threads race to run; `count()` says what that came to.

    `want` is what it says when the threads ran one after the other.
    """

    code: str | bytes
    first: str
    last: str
    anchor: str
    owner: str = ""
    receiver: str = ""
    name: str = "_lock"
    reentrant: bool = False
    want: int = 1

    def plan(self, yaml: str) -> tuple[App, Fix | None]:
        """An app with the module, and the fix that ends the race."""
        return plan(
            self.code,
            self.first,
            self.last,
            anchor=self.anchor,
            owner=self.owner,
            receiver=self.receiver,
            name=self.name,
            reentrant=self.reentrant,
            yaml=yaml,
        )


RACES = {
    "class attribute": Race(
        """\
import time
LOADED = []

class Configuration(object):
  _config_cache = None

  @classmethod
  def get_config(cls):
    # Load it once.
    if not cls._config_cache:
      time.sleep(0.1)
      LOADED.append(1)
      cls._config_cache = '''a
  config'''
    return cls._config_cache

def get():
  assert Configuration.get_config() == 'a\\n  config'

def count():
  return len(LOADED)
""",
        "if not",
        "",
        "_config_cache",
        "class",
        "cls",
        "_config_lock",
    ),
    "module global": Race(
        """\
'''Counts.'''
hits = 0
import time

def get():
    global hits; old = hits
    time.sleep(0.02)   # as long as a request
    hits = old + \\
  1
    print 'seen',

def count():
    return hits
""",
        "old",
        "hits = old",
        "hits = 0",
        "",
        "",
        "_hits_lock",
        want=8,
    ),
    "tabs, CRLF and Latin-1": Race(
        b"# coding: latin-1\r\n\r\nimport time\r\n\r\nclass A:\r\n\tusers, other = {}, 1; x = 2\r\n"
        b"\tdef add(self):\r\n"
        b"\t\t# caf\xe9\r\n\t\tn = len(self.users)\r\n\r\n\t\ttime.sleep(0.02)\r\n"
        b"\t\tself.users[n] = 'caf\xe9'\r\n\t\t\t# added\r\n\r\n"
        b"def get():\r\n\tA().add()\r\ndef count():\r\n\treturn len(A.users)",
        "n = len",
        "self.users",
        "users",
        "class A",
        "self",
        "_users_lock",
        want=8,
    ),
    "reentrant": Race(
        """\
from time import sleep
try:
  import nothing_of_that_name as cache
except ImportError, error:
  cache = {}

def get(again=True):
  if again:
    get(False)
  n = cache.get('n', 0)
  sleep(0.01)
  cache['n'] = n + 1

def count():
  return cache['n']
""",
        "if again",
        "cache['n'] =",
        "try",
        name="_cache_lock",
        reentrant=True,
        want=16,
    ),
}
