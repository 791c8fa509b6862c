"""Payloads of events have the state of the fake in them, and fit GitHub's schemas."""

import json

import pytest

from tests.github import events


@pytest.fixture
def pull(github):
    github.repository.commit({"a.py": "1\n2\n"}, branch="topic")
    return github.open_pull_request("topic", title="A change")


@pytest.mark.parametrize("action", ["opened", "reopened", "closed"])
def test_a_pull_request(github, pull, action):
    if action == "closed":
        github.close_pull_request(1)
    payload = github.event("pull_request", number=1, action=action)
    assert payload["action"] == action
    assert payload["number"] == 1
    assert payload["pull_request"]["head"]["sha"] == pull.head_sha
    assert payload["pull_request"]["head"]["repo"]["full_name"] == "octo/demo"
    assert payload["pull_request"]["title"] == "A change"
    assert payload["repository"]["full_name"] == "octo/demo"
    assert payload["sender"]["login"] == "alice"
    assert "Codertocat" not in json.dumps(payload)


def test_a_push_to_a_pull_request(github, pull):
    before = pull.head_sha
    after = github.push("topic", {"a.py": "3\n"})
    payload = github.event("pull_request", number=1, action="synchronize", before=before)
    assert (payload["before"], payload["after"]) == (before, after)
    assert github.event("pull_request", number=1, action="synchronize")["before"] == before


def test_a_pull_request_of_a_fork(github):
    github.push("patch", {"a.py": "1\n"}, fork="mallory", author="mallory")
    github.open_pull_request("mallory:patch", author="mallory")
    payload = github.event("pull_request", number=1)
    assert payload["pull_request"]["head"]["repo"]["full_name"] == "mallory/demo"
    assert payload["pull_request"]["head"]["repo"]["fork"] is True
    assert payload["pull_request"]["user"]["login"] == "mallory"


def test_a_push(github):
    before = github.repository.resolve("main")
    github.repository.commit({"a.py": "1\n"}, "One")
    after = github.repository.commit({"a.py": "2\n"}, "Two")
    payload = github.event("push", before=before)
    assert (payload["before"], payload["after"], payload["ref"]) == (before, after, "refs/heads/main")
    assert [commit["message"] for commit in payload["commits"]] == ["One", "Two"]
    assert payload["head_commit"]["id"] == after
    assert not payload["forced"]


@pytest.mark.parametrize("on_pull", [True, False])
def test_a_comment(github, pull, on_pull):
    number = 1 if on_pull else github.open_issue().number
    payload = github.event("issue_comment", comment=github.comment(number, "/gaebot fix", author="bob"))
    assert payload["comment"]["body"] == "/gaebot fix"
    assert payload["comment"]["user"]["login"] == payload["sender"]["login"] == "bob"
    assert payload["issue"]["number"] == number
    assert ("pull_request" in payload["issue"]) is on_pull


def test_a_comment_beside_the_code(github, pull):
    github.review(1, {"path": "a.py", "line": 1, "body": "Hm."})
    answer = github.reply(pull.review_comments[0], "Why?")
    payload = github.event("pull_request_review_comment", comment=answer)
    assert payload["comment"]["in_reply_to_id"] == pull.review_comments[0].id
    assert payload["pull_request"]["number"] == 1


def test_the_end_of_a_run(github, pull):
    run = github.add_run(1, {"gaebot": {"report.json": "{}"}})
    payload = github.event("workflow_run", run=run)
    assert payload["workflow_run"]["id"] == run.id
    assert payload["workflow_run"]["head_sha"] == pull.head_sha
    assert [each["number"] for each in payload["workflow_run"]["pull_requests"]] == [1]


def test_a_start_by_hand_or_by_the_clock(github):
    assert github.event("workflow_dispatch", inputs={"fix": "true"})["inputs"] == {"fix": "true"}
    payload = github.event("schedule")
    assert payload["schedule"] == "0 4 * * 1"
    assert payload["repository"]["full_name"] == "octo/demo"


def test_a_payload_that_does_not_fit_is_refused(github, pull):
    pull.title = None
    with pytest.raises(events.BadEventError, match=r"title: None is not of type 'string'"):
        github.event("pull_request", number=1)
