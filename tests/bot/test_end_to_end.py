"""The bot from the event to what stands on GitHub then: its real door, PyGithub, git, and a GitHub that behaves."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.github import faults
from tests.github.fake import FakeGitHub

ROOT = Path(__file__).parents[2]
APP = """\
application: shop
version: 1
runtime: python
api_version: 1
handlers:
- url: /.*
  script: main.py
"""
MAIN = """\
import md5

from django.utils import simplejson
from google.appengine.ext import webapp
from google.appengine.ext.webapp.util import run_wsgi_app


class Main(webapp.RequestHandler):
    def get(self):
        self.response.out.write(simplejson.dumps(md5.new('a').hexdigest()))


def main():
    run_wsgi_app(webapp.WSGIApplication([('/', Main)]))


if __name__ == '__main__':
    main()
"""
OLD = (
    MAIN.replace("import md5\n\n", "")
    .replace("from django.utils import simplejson\n", "")
    .replace("simplejson.dumps(md5.new('a').hexdigest())", "'a'")
)
REVIEWER = {"contents": "read", "pull-requests": "write"}


@pytest.fixture
def github(tmp_path: Path) -> Iterator[FakeGitHub]:
    with FakeGitHub(tmp_path / "github") as fake:
        fake.repository.commit({"app.yaml": APP, "main.py": OLD}, "Begin", branch="main", author="alice")
        yield fake
        assert fake.problems == []


@dataclass
class Runner:
    """A job on a runner: each run is a process of its own in a clone of its own."""

    github: FakeGitHub
    folder: Path
    number: int = 0

    def run(self, event: str, payload: dict, *, ref: str = "", token: str = "", **inputs: str) -> Done:
        self.number += 1
        place = self.folder / str(self.number)
        (place / "temp").mkdir(parents=True)
        workspace = place / "workspace"
        if ref:
            git("clone", "-q", self.github.clone_url, str(workspace), cwd=place)
            git("fetch", "-q", "origin", ref, cwd=workspace)
            git("checkout", "-q", "FETCH_HEAD", cwd=workspace)
        else:
            workspace.mkdir()
        (place / "event.json").write_text(json.dumps(payload))
        (place / "output").touch()
        (place / "summary").touch()
        keep = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        environment = {
            **keep,
            "GITHUB_ACTIONS": "true",
            "GITHUB_EVENT_NAME": event,
            "GITHUB_EVENT_PATH": str(place / "event.json"),
            "GITHUB_WORKSPACE": str(workspace),
            "GITHUB_REPOSITORY": self.github.full_name,
            "GITHUB_API_URL": self.github.api_url,
            "GITHUB_OUTPUT": str(place / "output"),
            "GITHUB_STEP_SUMMARY": str(place / "summary"),
            "RUNNER_TEMP": str(place / "temp"),
            "GAEBOT_GITHUB_TOKEN": token or self.github.token,
            **{f"GAEBOT_{name.upper()}": value for name, value in inputs.items()},
        }
        before = len(self.github.writes)
        done = subprocess.run(
            [sys.executable, "-I", str(ROOT / "hooks" / "start.py")],
            cwd=place / "temp",
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        assert "Traceback" not in done.stdout + done.stderr, done.stdout + done.stderr
        plans = list((place / "temp").rglob("gaebot-plan.json"))
        return Done(
            done.returncode,
            done.stdout,
            (place / "summary").read_text(),
            len(self.github.writes) - before,
            plans[0].read_text() if plans else "",
        )


@dataclass(frozen=True)
class Done:
    """What a run came to; `writes` is how many calls wanted to change something on GitHub."""

    code: int
    log: str
    summary: str
    writes: int
    plan: str


def git(*arguments: str, cwd: Path) -> None:
    subprocess.run(["git", *arguments], cwd=cwd, check=True, capture_output=True)


@pytest.fixture
def runner(github: FakeGitHub, tmp_path: Path) -> Runner:
    return Runner(github, tmp_path / "runs")


def opened(github: FakeGitHub, content: str = MAIN) -> None:
    github.repository.commit({"main.py": content}, "Use md5", branch="topic", author="alice")
    github.open_pull_request("topic", "main", title="Use md5", author="alice")


def review(github: FakeGitHub, runner: Runner, action: str = "synchronize", **named: str) -> Done:
    payload = github.event("pull_request", number=1, action=action)
    token = named.pop("token", "") or github.add_token(REVIEWER)
    return runner.run(
        "pull_request", payload, ref=github.pull(1).head_sha, token=token, mode="review", **named
    )


# -- reviews ---------------------------------------------------------------------------------


def test_a_review_and_what_becomes_of_it(github: FakeGitHub, runner: Runner) -> None:
    opened(github)
    done = review(github, runner, "opened")
    assert done.code == 1, done.log  # simplejson is an error, and new
    comments = list(github.pull(1).review_comments)
    assert comments
    assert all(comment.path == "main.py" for comment in comments)
    assert any("hashlib" in comment.body for comment in comments)
    assert len(github.pull(1).reviews) == 1
    (summary,) = github.pull(1).comments
    assert "threadsafe" in summary.body

    # The same again: nothing is said twice.
    assert review(github, runner).writes == 0

    # A rebase that moves the lines: nothing is said twice either.
    moved = github.repository.commit(
        {"main.py": "# moved\n" + MAIN}, "Use md5", branch="moved", author="alice"
    )
    github.force_push("topic", moved)
    review(github, runner)
    assert len(github.pull(1).review_comments) == len(comments)

    # Mended: the threads are answered, and the summary is the same comment.
    github.repository.commit({"main.py": OLD + "\n\n# mended\n"}, "Mend", branch="topic", author="alice")
    done = review(github, runner)
    assert len(github.pull(1).comments) == 1
    bodies = [comment.body for comment in github.pull(1).review_comments]
    assert sum("Fixed in" in body for body in bodies) == len(comments), done.log


def test_a_mended_thread_is_resolved_where_the_token_may(github: FakeGitHub, runner: Runner) -> None:
    opened(github)
    token = github.add_token({"contents": "write", "pull-requests": "write"})
    review(github, runner, "opened", token=token)
    github.repository.commit({"main.py": OLD + "\n\n# mended\n"}, "Mend", branch="topic", author="alice")
    review(github, runner, token=token)
    assert github.pull(1).threads
    assert all(thread.is_resolved for thread in github.pull(1).threads)


def test_a_server_that_fails_behind_the_review(github: FakeGitHub, runner: Runner) -> None:
    opened(github)
    github.faults.on("pulls/create-review", faults.server_error(after=True), call=1)
    done = review(github, runner, "opened")
    assert done.code == 1
    assert len(github.pull(1).reviews) == 1
    assert len(github.pull(1).comments) == 1
    assert review(github, runner).writes == 0


def test_a_fork_and_the_run_that_posts_for_it(github: FakeGitHub, runner: Runner) -> None:
    github.push("topic", {"main.py": MAIN}, fork="mallory", author="mallory")
    github.open_pull_request("mallory:topic", author="mallory", title="Use md5")
    payload = github.event("pull_request", number=1, action="opened")
    done = runner.run(
        "pull_request", payload, ref="refs/pull/1/head", token=github.read_only_token, mode="review"
    )
    assert done.code == 1
    assert github.pull(1).reviews == []
    assert github.pull(1).comments == []
    assert "::warning " in done.log or "::error " in done.log
    assert done.plan

    run = github.add_run(1, {"gaebot-plan": {"gaebot-plan.json": done.plan}})
    token = github.add_token({"actions": "read", "pull-requests": "write"})
    event = github.event("workflow_run", run=run)
    posted = runner.run("workflow_run", event, token=token, mode="post")
    assert posted.code in {0, 1}, posted.log
    assert len(github.pull(1).reviews) == 1
    assert len(github.pull(1).comments) == 1
    assert runner.run("workflow_run", event, token=token, mode="post").writes == 0


# -- fix-ups ---------------------------------------------------------------------------------


def push(github: FakeGitHub, runner: Runner, **inputs: str) -> Done:
    github.repository.commit({"README": str(runner.number)}, "More", branch="main", author="alice")
    return runner.run("push", github.event("push"), ref="main", mode="fix", **inputs)


def test_fix_ups_from_the_first_to_the_switch(github: FakeGitHub, runner: Runner) -> None:
    github.repository.commit({"main.py": MAIN}, "Use md5", branch="main", author="alice")
    done = push(github, runner)
    assert done.code in {0, 1}, done.log
    (prepare,) = [pull for pull in github.pulls if pull.state == "open"]
    assert github.repository.read("main.py", "gaebot/prepare") != MAIN
    assert "runtime: python\n" in github.repository.read("app.yaml", "gaebot/prepare")
    again = runner.run("workflow_dispatch", github.event("workflow_dispatch"), ref="main", mode="fix")
    assert again.writes == 0, again.log

    github.merge(prepare.number)
    push(github, runner)
    switch = [pull for pull in github.pulls if pull.state == "open"]
    assert len(switch) == 1, [pull.title for pull in github.pulls]
    assert "runtime: python27" in github.repository.read("app.yaml", "gaebot/switch")

    # Closed by a human: it stays closed.
    github.close_pull_request(switch[0].number)
    push(github, runner)
    assert [pull for pull in github.pulls if pull.state == "open"] == []


def test_a_repository_that_lets_actions_open_no_pull_requests(github: FakeGitHub, runner: Runner) -> None:
    github.allow_pull_requests_by_actions(allowed=False)
    github.repository.commit({"main.py": MAIN}, "Use md5", branch="main", author="alice")
    done = push(github, runner)
    assert done.code in {0, 1}, done.log
    assert github.pulls == []
    assert "Allow GitHub Actions to create" in done.log + done.summary


# -- commands --------------------------------------------------------------------------------


def test_a_command_by_somebody_who_may(github: FakeGitHub, runner: Runner) -> None:
    opened(github)
    github.grant("bob", "write")
    comment = github.comment(1, "/gaebot explain py-md5-sha", author="bob")
    event = github.event("issue_comment", comment=comment)
    done = runner.run("issue_comment", event, ref="main")
    assert done.code == 0, done.log
    assert "hashlib" in github.pull(1).comments[-1].body
    assert runner.run("issue_comment", event, ref="main").writes == 0


def test_a_command_by_somebody_who_may_not(github: FakeGitHub, runner: Runner) -> None:
    opened(github)
    comment = github.comment(1, "/gaebot fix", author="eve")
    done = runner.run("issue_comment", github.event("issue_comment", comment=comment), ref="main")
    assert (done.code, done.writes) == (0, 0)


def test_a_fix_that_is_asked_for(github: FakeGitHub, runner: Runner) -> None:
    opened(github)
    github.grant("bob", "write")
    comment = github.comment(1, "/gaebot fix", author="bob")
    done = runner.run("issue_comment", github.event("issue_comment", comment=comment), ref="main")
    assert done.code == 0, done.log
    assert "hashlib" in github.repository.read("main.py", "topic")


# -- faults ----------------------------------------------------------------------------------


def test_an_anchor_that_github_refuses(github: FakeGitHub, runner: Runner) -> None:
    content = MAIN + "\n\nimport sets\nX = sets.Set()\n"
    opened(github, content)
    github.faults.refuse_anchor("main.py", 1)
    done = review(github, runner, "opened")
    assert done.code == 1, done.log
    (summary,) = github.pull(1).comments
    told = "".join([summary.body, *(comment.body for comment in github.pull(1).review_comments)])
    assert "py-md5-sha" in told
    assert review(github, runner).code == 1


@pytest.mark.parametrize("call", ["first", "last"])
def test_a_secondary_limit(github: FakeGitHub, runner: Runner, call: str) -> None:
    opened(github)
    operation = "pulls/list-files" if call == "first" else "issues/create-comment"
    github.faults.on(operation, faults.secondary_limit(1), call=1)
    done = review(github, runner, "opened")
    assert done.code == 1, done.log
    assert (len(github.pull(1).reviews), len(github.pull(1).comments)) == (1, 1)
    assert review(github, runner).writes == 0


def test_a_secondary_limit_that_lasts(github: FakeGitHub, runner: Runner) -> None:
    opened(github)
    github.faults.on("pulls/create-review", faults.secondary_limit(3600), call=None)
    done = review(github, runner, "opened")
    assert done.code == 1
    assert github.pull(1).reviews == []
    assert "::error " in done.log or "::warning " in done.log
    assert done.summary


def test_a_cut_between_the_branch_and_the_pull_request(github: FakeGitHub, runner: Runner) -> None:
    github.repository.commit({"main.py": MAIN}, "Use md5", branch="main", author="alice")
    github.faults.on("pulls/create", faults.cut(after=False), call=1)
    push(github, runner)
    assert github.pulls == []
    done = runner.run("schedule", github.event("schedule"), ref="main", mode="fix")
    (pull,) = github.pulls
    assert pull.state == "open"
    assert done.code in {0, 1}, done.log
    assert runner.run("schedule", github.event("schedule"), ref="main", mode="fix").writes == 0


def test_a_pull_request_that_is_closed_or_locked_meanwhile(github: FakeGitHub, runner: Runner) -> None:
    opened(github)
    payload = github.event("pull_request", number=1, action="opened")
    ref = github.pull(1).head_sha
    github.close_pull_request(1)
    done = runner.run("pull_request", payload, ref=ref, token=github.add_token(REVIEWER), mode="review")
    assert (done.code, github.pull(1).reviews) == (1, [])
    github.reopen_pull_request(1)
    github.lock(1)
    done = review(github, runner)
    assert done.code == 1, done.log


def test_a_human_commit_on_our_branch_means_hands_off(github: FakeGitHub, runner: Runner) -> None:
    github.repository.commit({"main.py": MAIN}, "Use md5", branch="main", author="alice")
    push(github, runner)
    (pull,) = github.pulls
    mine = github.repository.commit({"NOTES": "mine"}, "Note", branch="gaebot/prepare", author="alice")
    github.repository.commit(
        {"other.py": "import md5\nprint md5.new('a')\n"}, "More", branch="main", author="bob"
    )
    push(github, runner)
    assert github.repository.resolve("gaebot/prepare") == mine
    assert any("gaebot" in comment.body for comment in github.pull(pull.number).comments)
    before = len(github.pull(pull.number).comments)
    push(github, runner)
    assert len(github.pull(pull.number).comments) == before


def test_what_was_there_before_makes_no_job_fail(github: FakeGitHub, runner: Runner) -> None:
    opened(github, OLD + "\n\n# nothing new\n")
    done = review(github, runner, "opened")
    assert done.code == 0, done.log
    (summary,) = github.pull(1).comments
    assert "yaml-runtime" in summary.body


def test_settings_of_the_pull_request_silence_nothing(github: FakeGitHub, runner: Runner) -> None:
    files = {"main.py": MAIN, ".gaebot.yaml": "skip: ['*']\nfail-on: never\n"}
    github.repository.commit(files, "Be quiet", branch="topic", author="mallory")
    github.open_pull_request("topic", "main", title="Be quiet", author="mallory")
    done = review(github, runner, "opened")
    assert done.code == 1
    assert github.pull(1).review_comments
