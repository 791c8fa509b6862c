"""`yaml-admin-console`: what it leaves alone and finds."""

from __future__ import annotations

import pytest

from tests.rules.helpers import find

RULE = "yaml-admin-console"
HEAD = "runtime: python27\napi_version: 1\nthreadsafe: true\n"


@pytest.mark.parametrize(
    "yaml",
    [
        HEAD,
        HEAD + "admin_console:\n",
        HEAD + "handlers:\n- {url: /admin_console, script: a.b}\n",
        "runtime: go\nadmin_console: {pages: [{name: a, url: /b}]}\n",
    ],
)
def test_leaves_alone(yaml: str) -> None:
    assert find(RULE, {"app.yaml": yaml}) == []


@pytest.mark.parametrize("runtime", ["python", "python27"])
def test_pages(runtime: str) -> None:
    yaml = f"runtime: {runtime}\nadmin_console:\n  pages:\n  - name: a\n    url: /b\n"
    (finding,) = find(RULE, {"app.yaml": yaml})
    assert finding.place.start.line == 2
    assert finding.fix is None


def test_an_include_of_two_services_is_told_once() -> None:
    files = {
        "app.yaml": HEAD + "includes: [lib/include.yaml]\n",
        "worker.yaml": HEAD + "service: worker\nincludes: [lib/include.yaml]\n",
        "lib/include.yaml": "admin_console: {pages: [{name: a, url: /b}]}\n",
    }
    (finding,) = find(RULE, files)
    assert finding.place.path == "lib/include.yaml"
