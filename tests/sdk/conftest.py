"""The judges: a CPython 2.7 and Google's SDK, which is installed into the cache on demand.

Where there is no Python 2.7 these tests skip and say why; with CI=true in the environment that
is a failure instead.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import NoReturn

import pytest

from gaebot.prove import ProofError, find_python27, find_sdk, install_sdk


def _cannot_judge(error: ProofError) -> NoReturn:
    if os.environ.get("CI") == "true":
        pytest.fail(str(error), pytrace=False)
    pytest.skip(str(error))


@pytest.fixture(scope="session")
def python27() -> Path:
    """A CPython 2.7."""
    try:
        return find_python27()
    except ProofError as error:
        _cannot_judge(error)


@pytest.fixture(scope="session")
def sdk(python27: Path) -> Path:
    """The folder of Google's SDK."""
    try:
        return find_sdk() if os.environ.get("GAEBOT_SDK") else install_sdk(python27)
    except ProofError as error:
        _cannot_judge(error)
