"""`yaml-library-name`: what it leaves alone, finds and writes."""

from __future__ import annotations

import pytest

from tests.rules.helpers import find, fixed

RULE = "yaml-library-name"
HEAD = "runtime: python27\napi_version: 1\nthreadsafe: true\n"


@pytest.mark.parametrize(
    "yaml",
    [
        'libraries:\n- name: PIL\n  version: "1.1.7"\n- name: MySQLdb\n  version: "1.2.5"\n',
        "libraries:\n- {name: jinja2, version: latest}\n",
        "libraries:\n- name: webapp2\n",
        "libraries:\n- version: latest\n- name:\n",
        "libraries: []\n",
        "libraries: Jinja2\n",
    ],
)
def test_leaves_alone(yaml: str) -> None:
    assert find(RULE, {"app.yaml": HEAD + yaml}) == []


def test_other_runtimes_are_left_alone() -> None:
    assert find(RULE, {"app.yaml": "runtime: python37\nlibraries:\n- {name: foo, version: a}\n"}) == []


@pytest.mark.parametrize(
    ("before", "after", "is_safe"),
    [
        ("pil", "PIL", True),
        ("'Django'", "'django'", True),
        ("mysqldb", "MySQLdb", True),
        ("Pillow", "PIL", False),
        ("MySQL-python", "MySQLdb", False),
        ("PyYAML", "yaml", False),
        ("Crypto  # x", "pycrypto  # x", False),
    ],
)
def test_the_runtimes_own_spelling(before: str, after: str, *, is_safe: bool) -> None:
    start, end = f"{HEAD}libraries:\n- name: ", "\n  version: latest\n"
    files = {"app.yaml": f"{start}{before}{end}"}
    assert fixed(RULE, files)["app.yaml"] == f"{start}{after}{end}"
    assert (fixed(RULE, files, unsafe=False)["app.yaml"] != files["app.yaml"]) is is_safe


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("simplejson", "Python 2.7 brings `json` along"),
        ("requests", "copy it into the app"),
        ("jinja3", "If `jinja2` is meant"),
        ("[jinja2]", "one word"),
        ("5", "no library `5`"),
    ],
)
def test_what_only_a_human_can_put_right(name: str, words: str) -> None:
    (finding,) = find(RULE, {"app.yaml": f"{HEAD}libraries:\n- name: {name}\n  version: latest\n"})
    assert words in finding.message
    assert finding.fix is None


def test_a_name_that_is_there_already() -> None:
    yaml = "libraries:\n- {name: PIL, version: latest}\n- {name: pil, version: latest}\n"
    (finding,) = find(RULE, {"app.yaml": HEAD + yaml})
    assert finding.fix is None
