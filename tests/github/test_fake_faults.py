"""Faults come when they are switched on, at the call for which they are, and never otherwise."""

import time

import github as pygithub
import pytest
import requests

from tests.github import faults


@pytest.fixture
def pull(github, demo):
    github.repository.commit({"a.py": "1\n2\n3\n"}, branch="topic")
    github.open_pull_request("topic")
    return demo.get_pull(1)


def failure(call, *arguments, **more):
    with pytest.raises(pygithub.GithubException) as caught:
        call(*arguments, **more)
    return caught.value


def test_the_nth_call(github, pull):
    github.faults.on("issues/create-comment", faults.forbidden(), call=2)
    pull.create_issue_comment("One.")
    assert (
        failure(pull.create_issue_comment, "Two.").data["message"] == "Resource not accessible by integration"
    )
    pull.create_issue_comment("Three.")
    assert [comment.body for comment in github.pull(1).comments] == ["One.", "Three."]
    assert [request.status for request in github.calls("issues/create-comment")] == [201, 403, 201]


def test_every_call_until_it_is_switched_off(github, pull):
    github.faults.on("*", faults.server_error(503))
    assert failure(pull.update).status == 503
    assert failure(pull.create_issue_comment, "One.").status == 503
    github.faults.clear()
    pull.update()
    assert github.pull(1).comments == []


def test_the_secondary_limit(github, pull):
    github.faults.on("issues/create-comment", faults.secondary_limit(1), call=1)
    error = failure(pull.create_issue_comment, "One.")
    assert isinstance(error, pygithub.RateLimitExceededException)
    assert error.headers["retry-after"] == "1"


def test_the_primary_limit(github, pull):
    github.faults.on("issues/create-comment", faults.primary_limit(1_767_618_000))
    error = failure(pull.create_issue_comment, "One.")
    assert isinstance(error, pygithub.RateLimitExceededException)


def test_pygithub_waits_as_long_as_it_is_told(github):
    github.repository.commit({"a.py": "1\n"}, branch="topic")
    github.open_pull_request("topic")
    client = pygithub.Github(
        auth=pygithub.Auth.Token(github.token), base_url=github.api_url, seconds_between_writes=0
    )
    github.faults.on("issues/create-comment", faults.secondary_limit(1), call=1)
    began = time.monotonic()
    client.get_repo("octo/demo").get_pull(1).create_issue_comment("One.")
    assert time.monotonic() - began >= 1
    assert [comment.body for comment in github.pull(1).comments] == ["One."]
    client.close()


def test_a_server_error_before_the_work(github, pull):
    github.faults.on("pulls/create-review", faults.server_error())
    assert failure(pull.create_review, body="Words.", event="COMMENT").status == 502
    assert github.pull(1).reviews == []


def test_a_server_error_after_the_work(github, pull):
    github.faults.on("pulls/create-review", faults.server_error(after=True))
    assert failure(pull.create_review, body="Words.", event="COMMENT").status == 502
    assert [review.body for review in github.pull(1).reviews] == ["Words."]


@pytest.mark.parametrize("after", [False, True])
def test_a_connection_that_ends(github, pull, after):
    github.faults.on("pulls/create-review", faults.cut(after=after))
    with pytest.raises(requests.exceptions.ConnectionError):
        pull.create_review(body="Words.", event="COMMENT")
    assert len(github.pull(1).reviews) == after
    assert github.requests[-1].status is None


def test_an_answer_that_is_late(github, connect, pull):
    github.faults.on("pulls/list-files", faults.slow(0.3))
    began = time.monotonic()
    assert [file.filename for file in pull.get_files()] == ["a.py"]
    assert time.monotonic() - began >= 0.3


def test_an_anchor_that_is_refused_though_it_is_right(github, pull):
    github.faults.refuse_anchor("a.py", 2)

    def review(*lines):
        comments = [{"path": "a.py", "body": "Hm.", "line": line, "side": "RIGHT"} for line in lines]
        pull.create_review(body="Words.", event="COMMENT", comments=comments)

    assert failure(review, 1, 2, 3).status == 422
    assert github.pull(1).review_comments == []
    review(1, 3)
    assert [comment.line for comment in github.pull(1).review_comments] == [1, 3]


def test_other_refusals(github, demo, pull):
    github.faults.on("pulls/create-review", faults.unprocessable("Something is wrong"))
    assert failure(pull.create_review, body="Words.", event="COMMENT").data["errors"] == [
        "Something is wrong"
    ]
    github.faults.on("git/get-ref", faults.gone())
    assert failure(demo.get_git_ref, "heads/main").status == 404


def test_a_mutation_can_fail(github, pull):
    comment = pull.create_issue_comment("Words.")
    github.faults.on("graphql/minimizeComment", faults.server_error())
    assert failure(comment.minimize).status == 502
    assert github.pull(1).comments[0].minimized is None


def test_a_branch_that_is_deleted_in_between(github, demo):
    sha = github.repository.commit({"a.py": "1\n"}, branch="topic")
    ref = demo.get_git_ref("heads/topic")
    github.delete_branch("topic")
    assert failure(ref.edit, sha).data["message"] == "Reference does not exist"
    assert failure(demo.get_branch, "topic").status == 404
