"""What is against GitHub's description is noted, in requests as well as in answers."""

import pytest
import requests

from tests.github import bodies


def send(github, verb, path, body=None):
    headers = {"Authorization": f"token {github.token}"}
    return requests.request(verb, github.api_url + path, json=body, headers=headers, timeout=10).status_code


@pytest.fixture
def pull(github):
    github.repository.commit({"a.py": "1\n"}, branch="topic")
    return github.open_pull_request("topic")


@pytest.mark.parametrize(
    ("verb", "path", "body", "problem"),
    [
        ("GET", "/repos/octo/demo/nothing", None, "there is no such operation"),
        ("DELETE", "/repos/octo/demo", None, "there is no such operation"),
        ("GET", "/repos/octo/demo/pulls?state=opened", None, "'opened' is not one of"),
        ("GET", "/repos/octo/demo/pulls?per_page=many", None, "'many' is not of type 'integer'"),
        ("GET", "/repos/octo/demo/pulls?author=me", None, "the parameter author is not described"),
        ("POST", "/repos/octo/demo/pulls/1/reviews", {"event": "SHIP IT"}, "'SHIP IT' is not one of"),
        (
            "POST",
            "/repos/octo/demo/pulls/1/reviews",
            {"comments": [{"path": "a.py"}]},
            "'body' is a required",
        ),
        (
            "POST",
            "/repos/octo/demo/pulls/1/reviews",
            {"comments": [{"path": "a.py", "body": "Hm.", "line": "1"}]},
            "'1' is not of type 'integer'",
        ),
        (
            "POST",
            "/repos/octo/demo/pulls/1/reviews",
            {"comment": []},
            "the property comment is not described",
        ),
        ("POST", "/repos/octo/demo/issues/1/comments", {}, "'body' is a required property"),
        ("POST", "/repos/octo/demo/issues/1/labels", {"labels": [{"id": 1}]}, "labels"),
        ("POST", "/repos/octo/demo/git/refs", "text", "is not of type 'object'"),
    ],
)
def test_a_request_that_is_wrong(github, pull, *, verb, path, body, problem):
    assert send(github, verb, path, body) in (404, 422)
    assert len(github.problems) == 1
    assert problem in github.problems[0]
    assert github.writes == []
    github.problems.clear()


@pytest.mark.parametrize("body", [["one"], {"labels": ["one"]}])
def test_labels_come_either_way(github, pull, body):
    assert send(github, "POST", "/repos/octo/demo/issues/1/labels", body) == 200
    assert pull.labels == ["one"]


def test_an_answer_that_is_wrong(github, pull, monkeypatch):
    right = bodies.label
    monkeypatch.setattr(bodies, "label", lambda *of: {**right(*of), "color": 7})
    send(github, "POST", "/repos/octo/demo/issues/1/labels", {"labels": ["one"]})
    assert github.problems == ["issues/add-labels answers: 200 0.color: 7 is not of type 'string'"]
    github.problems.clear()


def test_a_fake_that_breaks_says_so(github, pull, monkeypatch):
    monkeypatch.setattr(bodies, "label", lambda *_: 1 / 0)
    with pytest.raises(requests.exceptions.ConnectionError):
        send(github, "POST", "/repos/octo/demo/issues/1/labels", {"labels": ["one"]})
    assert "the fake itself failed: ZeroDivisionError" in github.problems[0]
    github.problems.clear()
