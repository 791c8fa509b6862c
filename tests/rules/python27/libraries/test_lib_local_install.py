"""`lib-local-install`: what it leaves alone and finds."""

from __future__ import annotations

from tests.rules.helpers import find

RULE = "lib-local-install"


def yaml(more: str, runtime: str = "python27", threadsafe: str = "true") -> str:
    """An app.yaml with more at its end."""
    return (
        f"runtime: {runtime}\napi_version: 1\nthreadsafe: {threadsafe}\n"
        f"handlers:\n- url: /.*\n  script: main.app\n{more}"
    )


def test_leaves_alone() -> None:
    assert find(RULE, {"app.yaml": yaml("")}) == []
    assert find(RULE, {"app.yaml": yaml('libraries:\n- name: jinja2\n  version: "2.6"\n')}) == []


def test_libraries_in_c() -> None:
    entries = 'libraries:\n- name: jinja2\n  version: "2.6"\n- name: PIL\n  version: "1.1.7"\n- name: lxml\n  version: "3.7.3"\n'
    (finding,) = find(RULE, {"app.yaml": yaml(entries)})
    assert "PIL, lxml" in finding.message
