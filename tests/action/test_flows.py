"""What users see: the workflows as the README prints them, run by act, with a GitHub that behaves behind them."""

from __future__ import annotations

import itertools
import runpy
import subprocess
from types import SimpleNamespace

import pytest

from tests.action.act import ROOT, run_act
from tests.bot.test_end_to_end import APP, MAIN, OLD
from tests.github.fake import FakeGitHub

pytestmark = pytest.mark.usefixtures("registry")

PAGE = runpy.run_path(str(ROOT / "scripts" / "action_page.py"))
WORKFLOWS = PAGE["workflows"]((ROOT / "README.md").read_text(encoding="utf-8"))


@pytest.fixture
def github(tmp_path):
    with FakeGitHub(tmp_path / "github") as fake:
        files = {"app.yaml": APP, "main.py": OLD, **WORKFLOWS}
        fake.repository.commit(files, "Begin", branch="main", author="alice")
        yield fake
        assert fake.problems == []


@pytest.fixture
def runs(github, tmp_path):
    """A function that runs one of the workflows for an event, in a place of its own."""
    places = itertools.count()

    def run(name, event, payload, token):
        place = tmp_path / f"run{next(places)}"
        folder = place / "repository"
        git = ["git", "-c", "advice.detachedHead=false"]
        subprocess.run([*git, "clone", "-q", github.clone_url, str(folder)], check=True, capture_output=True)
        repository = SimpleNamespace(root=folder)  # act gives it to the job where no commit is asked for
        return run_act(
            repository,
            place / "act",
            event,
            payload,
            action=ROOT,
            name="OWNER/gaebot@v1",
            token=token,
            GITHUB_API_URL=github.api_url,
            REPOSITORY_OF_THE_TEST=github.clone_url,
        )

    return run


def test_a_review_and_a_second_one_that_changes_nothing(github, runs):
    github.repository.commit({"main.py": MAIN}, "Use md5", branch="topic", author="alice")
    github.open_pull_request("topic", "main", title="Use md5", author="alice")
    token = github.add_token({"contents": "read", "pull-requests": "write"})
    run = runs("review", "pull_request", github.event("pull_request", number=1, action="opened"), token)
    assert run.failed  # one of the errors is new
    assert len(github.pull(1).reviews) == 1
    assert len(github.pull(1).comments) == 1
    assert run.outputs()["review-url"].startswith(github.server_url)
    assert int(run.outputs()["errors"]) == 3
    assert "# " in run.said("summary")[0]
    before = len(github.writes)
    runs("review", "pull_request", github.event("pull_request", number=1, action="synchronize"), token)
    assert len(github.writes) == before


def test_a_fork_and_what_posts_for_it(github, runs):
    github.push("topic", {"main.py": MAIN}, fork="mallory", author="mallory")
    github.open_pull_request("mallory:topic", author="mallory", title="Use md5")
    git = github.repository.git
    git("update-ref", "refs/heads/of-the-fork", github.pull(1).head_sha)  # as the checkout would fetch it
    event = github.event("pull_request", number=1, action="opened")
    run = runs("review", "pull_request", event, github.read_only_token)
    assert run.failed
    assert (github.pull(1).reviews, github.pull(1).comments) == ([], [])
    plan = (run.artifacts / "gaebot-plan" / "gaebot-plan.json").read_text()
    number = github.add_run(1, {"gaebot-plan": {"gaebot-plan.json": plan}})
    token = github.add_token({"actions": "read", "pull-requests": "write"})
    event = github.event("workflow_run", run=number)
    runs("post", "workflow_run", event, token)
    assert len(github.pull(1).reviews) == 1
    assert len(github.pull(1).comments) == 1
    before = len(github.writes)
    runs("post", "workflow_run", event, token)
    assert len(github.writes) == before


def test_a_fix_up_and_a_second_run_that_changes_nothing(github, runs):
    github.repository.commit({"main.py": MAIN}, "Use md5", branch="main", author="alice")
    token = github.add_token({"contents": "write", "pull-requests": "write"})
    run = runs("fix", "push", github.event("push"), token)
    assert len(github.pulls) == 1, run.log
    (pull,) = github.pulls
    assert run.outputs()["pull-requests"] == f"[{pull.number}]"
    assert "hashlib" in github.repository.read("main.py", "gaebot/prepare")
    before = len(github.writes)
    runs("fix", "push", github.event("push"), token)
    assert len(github.writes) == before
