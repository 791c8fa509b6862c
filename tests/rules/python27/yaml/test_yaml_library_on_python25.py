"""`yaml-library-on-python25`: what it leaves alone and finds."""

from __future__ import annotations

import pytest

from tests.rules.helpers import find

RULE = "yaml-library-on-python25"


LIBRARIES = "libraries:\n- {name: jinja2, version: latest}\n"


@pytest.mark.parametrize(
    "yaml",
    [
        "runtime: python27\n" + LIBRARIES,
        "runtime: python\n",
        "runtime: python\nlibraries: []\n",
        "runtime: python\nlibraries:\n",
        "runtime: go\n" + LIBRARIES,
        "runtime: python\nenv: flex\n" + LIBRARIES,
    ],
)
def test_leaves_alone(yaml: str) -> None:
    assert find(RULE, {"app.yaml": yaml}) == []


def test_libraries_on_the_old_runtime() -> None:
    (finding,) = find(RULE, {"app.yaml": "runtime: python\n" + LIBRARIES})
    assert finding.place.start.line == 2
    assert finding.fix is None


def test_every_service_is_checked() -> None:
    files = {
        "app.yaml": "runtime: python27\n" + LIBRARIES,
        "worker.yaml": "runtime: python\nservice: worker\n" + LIBRARIES,
    }
    assert [f.place.path for f in find(RULE, files)] == ["worker.yaml"]
