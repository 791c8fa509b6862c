"""`yaml-library-combo-webapp2-webob`: what it leaves alone, finds and writes."""

from __future__ import annotations

import pytest

from tests.rules.helpers import find, fixed

RULE = "yaml-library-combo-webapp2-webob"
HEAD = "runtime: python27\napi_version: 1\nthreadsafe: true\n"


@pytest.mark.parametrize(
    "libraries",
    [
        "",
        '- {name: webob, version: "1.1.1"}\n',
        '- {name: webapp2, version: "2.3"}\n',
        '- {name: webapp2, version: "2.5.2"}\n- {name: webob, version: "1.2.3"}\n',
        "- {name: webapp2, version: latest}\n- {name: webob, version: latest}\n",
        "- {name: webapp2, version: 2.5.1}\n- {name: webob, version: 1.2.3}\n",
        "- {name: webob, version: }\n",
        "- webob\n",
    ],
)
def test_leaves_alone(libraries: str) -> None:
    assert find(RULE, {"app.yaml": f"{HEAD}libraries:\n{libraries}"}) == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            '- name: webob\n  version: "1.2.3"\n',
            '- name: webob\n  version: "1.2.3"\n- name: webapp2\n  version: "2.5.2"\n',
        ),
        (
            "  - name: webob\n    version: latest\n",
            '  - name: webob\n    version: latest\n  - name: webapp2\n    version: "2.5.2"\n',
        ),
        (
            "- {name: webapp2, version: '2.3'}\n- {name: webob, version: 1.2.3}\n",
            '- {name: webapp2, version: "2.5.2"}\n- {name: webob, version: 1.2.3}\n',
        ),
        (
            "- name: webob\r\n  version: 1.2.3",
            '- name: webob\r\n  version: 1.2.3\r\n- name: webapp2\r\n  version: "2.5.2"',
        ),
    ],
)
def test_webapp2_is_raised(before: str, after: str) -> None:
    start = (
        "runtime: python27\r\nthreadsafe: true\r\nlibraries:\r\n" if "\r" in before else f"{HEAD}libraries:\n"
    )
    assert fixed(RULE, {"app.yaml": start + before})["app.yaml"] == start + after


def test_a_flow_list_is_not_patched() -> None:
    (finding,) = find(RULE, {"app.yaml": f"{HEAD}libraries: [{{name: webob, version: 1.2.3}}]\n"})
    assert finding.fix is None
