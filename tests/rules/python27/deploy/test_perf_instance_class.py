"""`perf-instance-class`: what it leaves alone and finds."""

from __future__ import annotations

from tests.rules.helpers import find

RULE = "perf-instance-class"

DJANGO = 'libraries:\n- name: django\n  version: "1.4"\n'


def yaml(more: str, runtime: str = "python27", threadsafe: str = "true") -> str:
    """An app.yaml with more at its end."""
    return (
        f"runtime: {runtime}\napi_version: 1\nthreadsafe: {threadsafe}\n"
        f"handlers:\n- url: /.*\n  script: main.app\n{more}"
    )


def test_leaves_alone() -> None:
    assert find(RULE, {"app.yaml": yaml("")}) == []
    assert find(RULE, {"app.yaml": yaml(DJANGO, threadsafe="false")}) == []
    assert find(RULE, {"app.yaml": yaml(DJANGO + "instance_class: F2\n")}) == []
    assert find(RULE, {"app.yaml": yaml('libraries:\n- name: jinja2\n  version: "2.6"\n')}) == []


def test_a_large_library_in_a_small_instance() -> None:
    assert len(find(RULE, {"app.yaml": yaml(DJANGO)})) == 1


def test_leaves_services_alone_that_start_by_themselves() -> None:
    for scaling in ("basic_scaling:\n  max_instances: 2\n", "manual_scaling:\n  instances: 1\n"):
        assert find(RULE, {"app.yaml": yaml(DJANGO + scaling)}) == []
