"""`find_target` against `LoadObject` of Google's SDK, which really imports, under Python 2.7."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

from gaebot.app import App
from gaebot.rules.python27.shared.scripts.targets import Kind, Status, find_target

FILES = {
    "main.py": "app = object()\ntable = [1]\ndef page(): pass\nclass Page(object): pass\n",
    "guarded.py": "if __name__ == '__main__':\n    app = object()\n",
    "star.py": "from main import *\n",
    "taken.py": "import main as app\nfrom pkg import sub\n",
    "pkg/__init__.py": "def hidden(): pass\n",
    "pkg/sub.py": "app = object()\n",
    "pkg/hidden.py": "app = object()\n",
    "pkg/deep/__init__.py": "",
    "pkg/deep/end.py": "app = object()\n",
    "pkg/bare/end.py": "app = object()\n",
    "own/__init__.py": "import sub\napp = sub.app\n",
    "own/sub.py": "app = object()\n",
    "plain/end.py": "app = object()\n",
    "both.py": "app = object()\n",
    "both/end.py": "app = object()\n",
    "site.py": "app = object()\n",
    "my-mod.py": "app = object()\n",
    "404.py": "app = object()\n",
}

# Says for each name: the type of what is found, or which of the two errors it ends in.
PROBE = """
import json, os, sys
for path in json.loads(os.environ['SDK_PATH']):
    sys.path.insert(0, path)
from google.appengine.runtime import wsgi
for name in sys.stdin.read().split():
    try:
        found, _, error = wsgi.LoadObject(name)
        answer = 'no attribute' if error else type(found).__name__
    except ImportError:
        answer = 'no module'
    print json.dumps([name, answer])
"""

KINDS = {
    "module": Kind.MODULE,
    "function": Kind.FUNCTION,
    "type": Kind.CLASS,
    "list": Kind.CONSTANT,
    "object": Kind.OTHER,
}

NAMES = [
    "main.app", "main.table", "main.page", "main.Page", "main.nothing", "main", "nothing.app",
    "guarded.app", "star.app", "star.page", "taken.app", "taken.app.app", "taken.sub.app",
    "taken.sub.nothing", "pkg", "pkg.sub", "pkg.sub.app", "pkg.sub.nothing", "pkg.nothing",
    "pkg.nothing.app", "pkg.hidden", "pkg.hidden.app", "pkg.deep.end.app", "pkg.deep.nothing.app",
    "pkg.bare.end.app", "own.app", "own.sub.app", "plain.end.app", "both.app", "both.end.app",
    "site.app", "my-mod.app", "404.app", "pkg.__init__.app", "main.app.more",
]  # fmt: skip


@pytest.fixture(scope="module")
def answers(python27: Path, sdk: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What the SDK's own function says to each name."""
    root = tmp_path_factory.mktemp("app")
    for path, text in FILES.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    environment = {**os.environ, "SDK_PATH": json.dumps([str(sdk), str(root)])}
    lines = subprocess.run(
        [str(python27), "-B", "-c", PROBE], input="\n".join(NAMES), env=environment,
        capture_output=True, text=True, check=True, timeout=60,
    ).stdout.splitlines()  # fmt: skip
    return dict(json.loads(line) for line in lines)


@pytest.mark.parametrize("name", NAMES)
def test_the_sdk_agrees(name: str, answers: dict[str, str]) -> None:
    app = App({path: text.encode() for path, text in FILES.items()})
    target, answer = find_target(app, name), answers[name]
    if answer == "no module":
        assert target.status in {Status.MODULE_MISSING, Status.INIT_MISSING} or (
            target.status is Status.ATTRIBUTE_MISSING and target.file is not None and target.file.is_package
        )
    elif answer == "no attribute" and name != "main.app.more":
        assert target.status in {Status.ATTRIBUTE_MISSING, Status.SHADOWED}
    elif answer == "no attribute":
        assert target.status is Status.FOUND  # attributes of objects can't be told from the sources
    else:
        assert target.status is Status.FOUND
        assert target.kind in {KINDS[answer], Kind.OTHER}
