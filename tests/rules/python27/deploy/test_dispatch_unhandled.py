"""`dispatch-unhandled`: what it leaves alone and finds."""

from __future__ import annotations

import pytest

from tests.rules.helpers import find

RULE = "dispatch-unhandled"


def files(url: str, *handlers: str, service: str = "worker") -> dict[str, str | bytes]:
    entries = "".join(f"- url: '{handler}'\n  script: main.app\n" for handler in handlers)
    return {
        "app.yaml": "runtime: python27\nhandlers:\n- url: /only\n  script: main.app\n",
        "worker.yaml": f"module: worker\nruntime: python27\nhandlers:\n{entries}",
        "dispatch.yaml": f"dispatch:\n- url: '{url}'\n  module: {service}\n",
    }


@pytest.mark.parametrize(
    ("url", "handler"),
    [
        ("*/work/*", "/work/.*"),
        ("*/work/*", "/work/a/b"),
        ("*/work/*", "/.*"),
        ("*/work/*", "/(work|play)/.*"),
        ("*/work*", "/w[a-z]+/.*"),
        ("*/work", "/work/?"),
        ("work.example.com/*", "/anything"),
        ("*/", "/"),
        ("nothing", "/x"),
    ],
)
def test_handled_or_not_to_be_told(url: str, handler: str) -> None:
    assert find(RULE, files(url, handler)) == []


def test_a_service_that_is_not_here_is_left_alone() -> None:
    assert find(RULE, files("*/work/*", "/x", service="elsewhere")) == []


def test_odd_files_are_left_to_others() -> None:
    for text in ("", "dispatch: 3\n", "dispatch:\n- 3\n- url: [a]\n  module: worker\n- module: worker\n"):
        assert find(RULE, {**files("*/x", "/x"), "dispatch.yaml": text}) == []


@pytest.mark.parametrize(
    ("url", "handler"), [("*/work/*", "/jobs/.*"), ("*/work", "/work/"), ("a.com/work", "/jobs")]
)
def test_a_rule_without_a_handler(url: str, handler: str) -> None:
    (finding,) = find(RULE, files(url, handler))
    assert finding.place.path == "dispatch.yaml"
    assert "worker.yaml" in finding.message


def test_the_default_service() -> None:
    assert find(RULE, files("*/only", "/x", service="default")) == []
    assert len(find(RULE, files("*/other", "/x", service="default"))) == 1
