"""The SARIF multitool. Where it can't be had its tests skip; with CI=true that is a failure instead."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.render.judges import NoJudgeError, install_multitool


@pytest.fixture(scope="session")
def multitool() -> Path:
    """The program."""
    try:
        return install_multitool()
    except NoJudgeError as error:
        if os.environ.get("CI") == "true":
            pytest.fail(str(error), pytrace=False)
        pytest.skip(str(error))
