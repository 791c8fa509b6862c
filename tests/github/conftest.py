"""A GitHub for each test, and PyGithub to talk to it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import github as pygithub
import pytest

from tests.github.cut import NoPackageError, install_packages
from tests.github.fake import FakeGitHub
from tests.github.recordings import NoRecordingsError, install_recordings


@pytest.fixture
def github(tmp_path: Path) -> Iterator[FakeGitHub]:
    """A GitHub with one repository; in the end nothing may have been against its description."""
    with FakeGitHub(tmp_path / "github") as fake:
        yield fake
        assert fake.problems == []


@pytest.fixture
def connect(github: FakeGitHub) -> Iterator:
    """A function from a token to PyGithub, which neither waits nor tries again."""
    opened = []

    def connected(token: str | None = None) -> pygithub.Github:
        client = pygithub.Github(
            auth=pygithub.Auth.Token(token or github.token),
            base_url=github.api_url,
            retry=None,
            seconds_between_requests=0,
            seconds_between_writes=0,
        )
        opened.append(client)
        return client

    yield connected
    for client in opened:
        client.close()


@pytest.fixture
def client(connect):
    """PyGithub, with the token of a workflow that may write."""
    return connect()


@pytest.fixture
def demo(client):
    """The repository, as PyGithub has it."""
    return client.get_repo("octo/demo")


@pytest.fixture(scope="session")
def octokit() -> Path:
    """The folder with Octokit's packages."""
    return _fetched(install_packages, NoPackageError)


@pytest.fixture(scope="session")
def recordings() -> Path:
    """The folder with what GitHub really answered."""
    return _fetched(install_recordings, NoRecordingsError)


def _fetched(install: Callable[[], Path], failure: type[Exception]) -> Path:
    """What can be fetched; where it can't, tests skip, and with CI=true that is a failure."""
    try:
        return install()
    except failure as error:
        if os.environ.get("CI") == "true":
            pytest.fail(str(error), pytrace=False)
        pytest.skip(str(error))
