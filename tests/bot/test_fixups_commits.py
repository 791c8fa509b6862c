"""Each example app in fix-up pull requests, judged by Python 2.7, commit by commit."""

from __future__ import annotations

import pytest

from gaebot import prove
from tests.bot.repositories import APPS, Repository, app

NAMES = sorted(path.name for path in APPS.iterdir() if path.is_dir())


@pytest.mark.parametrize("name", NAMES)
def test_each_commit_compiles_and_the_same_content_is_made_by_any_run(tmp_path, name):
    """With a Python 2.7; without one, all but the compiling."""
    repository = Repository(tmp_path, app(name, folders=False))
    try:
        python27 = prove.find_python27()
    except prove.ProofError:
        python27 = None
    forge = repository.forge
    for _ in range(2):
        repository.run()
        for number, branch in forge.open_ones().items():
            for commit in forge.commits("main", branch):
                folder = tmp_path / commit.sha
                folder.mkdir()
                places = []
                for path, data in forge.files(commit.sha).items():
                    if path.endswith(".py"):
                        places.append(folder / path.replace("/", "__"))
                        places[-1].write_bytes(data)
                if python27 is not None:
                    assert set(prove.compile_files(python27, places).values()) <= {None}
            body = forge.pulls[number].body
            assert "failed" not in body
            if python27 is not None:
                assert "Python 2.7 compiles the Python files: passed" in body
        before = repository.state
        repository.run()
        assert repository.state == before
        for number in forge.open_ones():
            forge.merge(number)
    repository.run()
    assert forge.open_ones() == {}
