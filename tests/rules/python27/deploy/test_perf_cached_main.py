"""`perf-cached-main`: what it leaves alone and finds."""

from __future__ import annotations

from tests.rules.helpers import find

RULE = "perf-cached-main"

YAML = "runtime: {}\napi_version: 1\nthreadsafe: false\nhandlers:\n- url: /.*\n  script: main.{}\n"


def test_leaves_alone() -> None:
    assert find(RULE, {"app.yaml": YAML.format("python27", "py"), "main.py": "def main(): pass\n"}) == []
    assert find(RULE, {"app.yaml": YAML.format("python27", "app"), "main.py": "app = 1\n"}) == []
    assert find(RULE, {"app.yaml": YAML.format("python", "py"), "main.py": "print 1\n"}) == []


def test_scripts_without_main() -> None:
    for code in ("print 1\n", "def main(x): pass\n", "class main: pass\n"[:0] + "x = 1\n"):
        assert len(find(RULE, {"app.yaml": YAML.format("python27", "py"), "main.py": code})) == 1
