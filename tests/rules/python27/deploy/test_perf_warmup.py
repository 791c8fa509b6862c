"""`perf-warmup`: what it leaves alone, finds and writes."""

from __future__ import annotations

from tests.rules.helpers import find, fixed

RULE = "perf-warmup"

DJANGO = 'libraries:\n- name: django\n  version: "1.4"\n'
WARMUP = "inbound_services:\n- warmup\n"


def yaml(more: str, runtime: str = "python27", threadsafe: str = "true") -> str:
    """An app.yaml with more at its end."""
    return (
        f"runtime: {runtime}\napi_version: 1\nthreadsafe: {threadsafe}\n"
        f"handlers:\n- url: /.*\n  script: main.app\n{more}"
    )


def test_leaves_alone() -> None:
    assert find(RULE, {"app.yaml": yaml("")}) == []
    assert find(RULE, {"app.yaml": yaml(DJANGO + WARMUP)}) == []
    assert find(RULE, {"app.yaml": yaml(DJANGO, runtime="python")}) == []


def test_the_service_is_added() -> None:
    made = fixed(RULE, {"app.yaml": yaml(DJANGO)})["app.yaml"]
    assert made == yaml(DJANGO) + "\n" + WARMUP


def test_many_modules_count_as_well() -> None:
    handlers = "".join(f"- url: /{name}\n  script: {name}.app\n" for name in "abcd")
    assert len(find(RULE, {"app.yaml": yaml(handlers)})) == 1


def test_without_a_taker_or_beside_other_services_there_is_no_fix() -> None:
    lone = yaml(DJANGO).replace("/.*", "/pages/.*")
    assert [finding.fix for finding in find(RULE, {"app.yaml": lone})] == [None]
    mail = yaml(DJANGO + "inbound_services:\n- mail\n")
    assert [finding.fix for finding in find(RULE, {"app.yaml": mail})] == [None]


def test_leaves_services_alone_that_start_by_themselves() -> None:
    for scaling in ("basic_scaling:\n  max_instances: 2\n", "manual_scaling:\n  instances: 1\n"):
        assert find(RULE, {"app.yaml": yaml(DJANGO + scaling)}) == []
