"""Large files of YAML: what is asked about each entry must not take longer the more there are."""

import time

import pytest

from gaebot.app import App
from gaebot.engine import fix
from gaebot.rule import discover
from gaebot.text import SourceFile
from tests.rules.helpers import HOP

HEAD = b"application: a\nversion: 1\nruntime: python27\napi_version: 1\nthreadsafe: false\n"
HANDLERS = b"handlers:\n- url: /.*\n  script: main.app\n"


@pytest.mark.parametrize(
    "more",
    [
        b"version: 1\n" * 15_000,
        b"env_variables: {a: 1" + b", a: 1" * 3_000 + b"}\n",
        b"".join(b"k%d: 1\n" % n for n in range(3_000)),
    ],
    ids=["the same key", "the same key in braces", "unknown keys"],
)
def test_thousands_of_faults(more):
    started = time.process_time()
    result = fix(
        App({"app.yaml": SourceFile("app.yaml", HEAD + more + HANDLERS)}), discover(HOP), unsafe=True
    )
    assert time.process_time() - started < 10
    assert not [failure for failure in result.report.failures if failure.internal]
