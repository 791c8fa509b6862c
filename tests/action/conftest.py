"""The action as its users have it, and what judges it. What can't be had is skipped; with CI=true it fails instead."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.action.act import copy_action
from tests.action.judges import NoJudgeError, install_parser
from tests.hooks.conftest import once, registry

__all__ = ["once", "registry"]


@pytest.fixture(scope="session")
def github_parser() -> Path:
    """GitHub's own parser of workflows and actions, as a script for Node."""
    try:
        return install_parser()
    except NoJudgeError as error:
        if os.environ.get("CI") == "true":
            pytest.fail(str(error), pytrace=False)
        pytest.skip(str(error))


@pytest.fixture(scope="session")
def recording_action(once: Callable[[str, Callable[[Path], object]], Path]) -> Path:
    """The action, with modules in the place of the bot's that tell what they were called with."""
    return once("recording-action", copy_action)
