"""`perf-max-concurrent`: what it leaves alone and finds."""

from __future__ import annotations

from tests.rules.helpers import find

RULE = "perf-max-concurrent"

SCALING = "automatic_scaling:\n  max_concurrent_requests: 20\n"


def yaml(more: str, runtime: str = "python27", threadsafe: str = "true") -> str:
    """An app.yaml with more at its end."""
    return (
        f"runtime: {runtime}\napi_version: 1\nthreadsafe: {threadsafe}\n"
        f"handlers:\n- url: /.*\n  script: main.app\n{more}"
    )


def test_leaves_alone() -> None:
    assert find(RULE, {"app.yaml": yaml(SCALING)}) == []
    assert (
        find(RULE, {"app.yaml": yaml("automatic_scaling:\n  max_idle_instances: 1\n", threadsafe="false")})
        == []
    )
    assert find(RULE, {"app.yaml": yaml("automatic_scaling: x\n", threadsafe="false")}) == []


def test_one_request_at_a_time() -> None:
    assert len(find(RULE, {"app.yaml": yaml(SCALING, threadsafe="false")})) == 1
