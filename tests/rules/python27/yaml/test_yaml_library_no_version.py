"""`yaml-library-no-version`: what it leaves alone, finds and writes."""

from __future__ import annotations

import pytest

from tests.rules.helpers import find, fixed

RULE = "yaml-library-no-version"
HEAD = "runtime: python27\napi_version: 1\nthreadsafe: true\n"


@pytest.mark.parametrize(
    "yaml",
    [
        'libraries:\n- name: jinja2\n  version: "2.6"\n',
        "libraries:\n- {version: latest, name: jinja2}\n",
        "libraries: []\n",
        "libraries:\n",
        "libraries:\n- {name: foo, version: bar}\n",
    ],
)
def test_leaves_alone(yaml: str) -> None:
    assert find(RULE, {"app.yaml": HEAD + yaml}) == []


def test_other_runtimes_are_left_alone() -> None:
    assert find(RULE, {"app.yaml": "runtime: go\nlibraries:\n- jinja2\n"}) == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("- name: jinja2  # x", '- name: jinja2  # x\n  version: "2.6"'),
        ("- name: jinja2\n  version:", '- name: jinja2\n  version: "2.6"'),
        ("- name: jinja2\n  version:  # soon", '- name: jinja2\n  version: "2.6"  # soon'),
        ("- {name: pycrypto}", '- {name: pycrypto, version: "2.6.1"}'),
        ("- webapp2", '- name: webapp2\n  version: "2.5.2"'),
        ("  - webapp2", '  - name: webapp2\n    version: "2.5.2"'),
    ],
)
def test_a_version_is_written(before: str, after: str) -> None:
    files = {"app.yaml": f"{HEAD}libraries:\n{before}\nversion: 1\n"}
    assert fixed(RULE, files)["app.yaml"] == f"{HEAD}libraries:\n{after}\nversion: 1\n"


@pytest.mark.parametrize(
    ("yaml", "words"),
    [
        ("libraries:\n- name: django\n", "lacks its `version`"),
        ("libraries:\n- name: foo\n", "lacks its `version`"),
        ("libraries:\n- version: latest\n", "lacks its `name`"),
        ("libraries:\n- django\n", "must hold lines"),
        ("libraries:\n- foo\n", "must hold lines"),
        ("libraries:\n-\n", "is empty"),
        ("libraries: jinja2\n", "must be a list"),
        ("libraries: {jinja2: '2.6'}\n", "must be a list"),
        ("libraries: [jinja2]\n", "must hold lines"),
    ],
)
def test_what_only_a_human_can_put_right(yaml: str, words: str) -> None:
    (finding,) = find(RULE, {"app.yaml": HEAD + yaml})
    assert words in finding.message
    assert finding.fix is None
