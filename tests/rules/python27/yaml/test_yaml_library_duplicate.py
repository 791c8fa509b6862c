"""`yaml-library-duplicate`: what it leaves alone, finds and writes."""

from __future__ import annotations

import pytest

from tests.rules.helpers import find, fixed

RULE = "yaml-library-duplicate"
HEAD = "runtime: python27\napi_version: 1\nthreadsafe: true\n"


@pytest.mark.parametrize(
    "yaml",
    [
        "libraries:\n- {name: jinja2, version: latest}\n- {name: django, version: latest}\n",
        "libraries:\n- {name: PIL, version: latest}\n- {name: pil, version: latest}\n",
        "libraries: []\n",
        "libraries:\n- jinja2\n- jinja2\n",
        "libraries:\n- {version: latest}\n- {version: latest}\n",
    ],
)
def test_leaves_alone(yaml: str) -> None:
    assert find(RULE, {"app.yaml": HEAD + yaml}) == []


def test_each_service_has_its_own() -> None:
    libraries = "libraries:\n- {name: jinja2, version: latest}\n"
    files = {"app.yaml": HEAD + libraries, "worker.yaml": f"{HEAD}service: worker\n{libraries}"}
    assert find(RULE, files) == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "libraries:\n- name: six\n  version: '1.9.0'\n- name: six\n  version: 1.9.0  # x\nversion: 1\n",
            "libraries:\n- name: six\n  version: '1.9.0'\nversion: 1\n",
        ),
        (
            "libraries:\n- {name: jinja2, version: 2.6}\n- {name: jinja2, version: latest}\n",
            "libraries:\n- {name: jinja2, version: 2.6}\n",
        ),
        (
            "libraries: [{name: jinja2, version: 2.6}, {name: jinja2, version: 2.6}]\n",
            "libraries: [{name: jinja2, version: 2.6}]\n",
        ),
        (
            "libraries:\r\n- {name: PIL, version: latest}\r\n- {name: PIL, version: latest}\r\n",
            "libraries:\r\n- {name: PIL, version: latest}\r\n",
        ),
    ],
)
def test_the_second_goes(before: str, after: str) -> None:
    assert fixed(RULE, {"app.yaml": HEAD + before}, unsafe=False)["app.yaml"] == HEAD + after


def test_different_versions_are_for_a_human() -> None:
    yaml = "libraries:\n- {name: django, version: '1.2'}\n- {name: django, version: '1.4'}\n"
    (finding,) = find(RULE, {"app.yaml": HEAD + yaml})
    assert finding.fix is None
    assert finding.related[0].place.start.line == 5
