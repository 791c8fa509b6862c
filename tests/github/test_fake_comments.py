"""The conversation, labels, users, permissions: what a token may, and as whom it acts."""

import functools
import io
import zipfile

import github as pygithub
import pytest
import requests

NO_ACCESS = "Resource not accessible by integration"


@pytest.fixture
def pull(github, demo):
    github.repository.commit({"a.py": "1\n2\n3\n"}, branch="topic")
    github.open_pull_request("topic")
    return demo.get_pull(1)


def refusal(call, *arguments, **more):
    with pytest.raises(pygithub.GithubException) as caught:
        call(*arguments, **more)
    return caught.value.status, caught.value.data.get("message")


def test_a_comment_comes_and_goes(github, pull):
    made = pull.create_issue_comment("Hello.")
    assert (made.user.login, made.user.type) == ("github-actions[bot]", "Bot")
    github.clock.forward(days=1)
    made.edit("Hello again.")
    (comment,) = github.pull(1).comments
    assert comment.body == "Hello again."
    assert comment.updated_at > comment.created_at
    made.delete()
    assert github.pull(1).comments == []
    assert refusal(made.edit, "Too late.") == (404, "Not Found")


def test_a_comment_of_a_person(github, pull):
    github.comment(1, "Why?", author="bob")
    (comment,) = pull.get_issue_comments()
    assert (comment.user.login, comment.user.type, comment.body) == ("bob", "User", "Why?")


def test_a_comment_has_words_and_not_too_many(github, pull):
    pull.create_issue_comment("x" * 65_536)
    assert refusal(pull.create_issue_comment, "x" * 65_537)[0] == 422
    assert refusal(pull.create_issue_comment, "")[0] == 422
    assert refusal(next(iter(pull.get_issue_comments())).edit, "x" * 65_537)[0] == 422
    assert [len(comment.body) for comment in github.pull(1).comments] == [65_536]


def test_a_locked_conversation(github, connect, pull):
    github.lock(1)
    bob = connect(github.token_of("bob")).get_repo("octo/demo").get_pull(1)
    assert refusal(bob.create_issue_comment, "Hi") == (
        403,
        "Unable to create comment because issue is locked.",
    )
    pull.create_issue_comment("A workflow still may.")


def test_a_hidden_comment(github, pull):
    made = pull.create_issue_comment("Old news.")
    assert made.minimize("OUTDATED")
    assert github.pull(1).comments[0].minimized == "outdated"
    assert made.unminimize()
    assert github.pull(1).comments[0].minimized is None
    assert github.writes[-2:] == ["graphql/minimizeComment", "graphql/unminimizeComment"]


def test_a_reaction(github, pull):
    comment = pull.get_issue_comment(github.comment(1, "/gaebot fix").id)
    comment.create_reaction("eyes")
    comment.create_reaction("eyes")
    assert github.pull(1).comments[0].reactions == [("github-actions[bot]", "eyes")]


def test_an_issue(github, demo):
    made = demo.create_issue("Dashboard", "- [ ] one", labels=["gaebot"])
    made.edit(body="- [x] one")
    assert github.issue(1).body == "- [x] one"
    made.edit(state="closed")
    assert [issue.number for issue in demo.get_issues(state="all", labels=["gaebot"])] == [1]
    assert list(demo.get_issues()) == []
    assert demo.get_issue(1).closed_by.login == "github-actions[bot]"


def test_pull_requests_are_issues(demo, pull):
    assert demo.get_issue(1).pull_request.html_url == pull.html_url
    assert refusal(demo.get_pull, 2) == (404, "Not Found")


def test_labels_of_the_repository(demo):
    demo.create_label("gaebot", "0052cc", "Made by a bot")
    assert demo.get_label("gaebot").color == "0052cc"
    assert refusal(demo.create_label, "gaebot", "0052cc") == (422, "Validation Failed")
    assert refusal(demo.get_label, "other")[0] == 404


def test_a_read_only_token_writes_nothing(github, connect, pull):
    demo = connect(github.read_only_token).get_repo("octo/demo")
    reader = demo.get_pull(1)
    assert [file.filename for file in reader.get_files()] == ["a.py"]
    for call, arguments in (
        (reader.create_issue_comment, ("Hi",)),
        (functools.partial(reader.create_review, body="Hi", event="COMMENT"), ()),
        (reader.edit, ("Title",)),
        (reader.add_to_labels, ("x",)),
        (demo.create_git_ref, ("refs/heads/x", reader.head.sha)),
        (demo.create_git_blob, ("x", "utf-8")),
    ):
        assert refusal(call, *arguments) == (403, NO_ACCESS)
    assert github.writes == []


def test_each_permission_is_one_of_its_own(github, connect, pull):
    demo = connect(github.add_token({"pull-requests": "write"})).get_repo("octo/demo")
    one = demo.get_pull(1)
    one.create_issue_comment("Pull requests have comments.")
    one.create_review(body="Hi", event="COMMENT")
    assert refusal(demo.create_git_ref, "refs/heads/x", one.head.sha) == (403, NO_ACCESS)
    assert refusal(demo.create_issue, "Hi") == (403, NO_ACCESS)
    issue = github.open_issue()
    assert refusal(demo.get_issue(issue.number).create_comment, "Hi") == (403, NO_ACCESS)


def test_a_token_that_is_wrong_or_missing(github, connect):
    wrong = connect("ghs_wrong")
    assert refusal(wrong.get_repo, "octo/demo") == (401, "Bad credentials")
    anonymous = pygithub.Github(base_url=github.api_url, retry=None, seconds_between_writes=0)
    demo = anonymous.get_repo("octo/demo")
    assert refusal(demo.create_issue, "Hi") == (401, "Requires authentication")
    anonymous.close()


def test_who_a_token_is(github, connect, client):
    assert refusal(lambda: client.get_user().login) == (403, NO_ACCESS)
    assert connect(github.token_of("bob")).get_user().login == "bob"
    assert client.get_user("bob").login == "bob"


@pytest.mark.parametrize(("login", "level"), [("octo", "admin"), ("alice", "write"), ("mallory", "read")])
def test_what_someone_may(demo, login, level):
    assert demo.get_collaborator_permission(login) == level


def test_what_nobody_may(demo):
    assert refusal(demo.get_collaborator_permission, "nobody")[0] == 404
    assert refusal(demo.get_collaborator_permission, "github-actions[bot]")[0] == 404


def test_a_stranger_opens_pull_requests_and_no_more(github, connect):
    github.push("patch", {"a.py": "1\n"}, fork="mallory", author="mallory")
    demo = connect(github.token_of("mallory")).get_repo("octo/demo")
    pull = demo.create_pull(base="main", head="mallory:patch", title="Mine")
    assert refusal(pull.add_to_labels, "x")[0] == 403


def test_another_repository_is_not_there(client):
    assert refusal(client.get_repo, "octo/other") == (404, "Not Found")


def test_the_rate_limit(client):
    assert client.get_rate_limit().rate.limit == 1000


def test_a_run_and_its_artifact(github, demo, tmp_path):
    github.repository.commit({"a.py": "1\n"}, branch="topic")
    github.open_pull_request("topic")
    run = github.add_run(1, {"gaebot": {"report.json": "{}"}})
    read = demo.get_workflow_run(run.id)
    assert (read.head_sha, read.event, [each.number for each in read.pull_requests]) == (
        github.pull(1).head_sha,
        "pull_request",
        [1],
    )
    (artifact,) = read.get_artifacts()
    headers = {"Authorization": f"Bearer {github.token}"}
    answer = requests.get(artifact.archive_download_url, headers=headers, timeout=10)
    archive = zipfile.ZipFile(io.BytesIO(answer.content))
    assert archive.namelist() == ["report.json"]


def test_a_run_of_a_fork_does_not_say_for_what(github, demo):
    github.push("patch", {"a.py": "1\n"}, fork="mallory", author="mallory")
    github.open_pull_request("mallory:patch", author="mallory")
    run = demo.get_workflow_run(github.add_run(1).id)
    assert run.pull_requests == []
    assert run.head_repository.full_name == "mallory/demo"


def test_artifacts_need_a_permission(github, connect):
    github.repository.commit({"a.py": "1\n"}, branch="topic")
    github.open_pull_request("topic")
    run = github.add_run(1)
    demo = connect(github.add_token({"pull-requests": "write"})).get_repo("octo/demo")
    assert refusal(demo.get_workflow_run, run.id) == (403, NO_ACCESS)


def test_sarif(github):
    body = {"commit_sha": github.repository.resolve("main"), "ref": "refs/heads/main", "sarif": "H4sI"}
    url = f"{github.api_url}/repos/octo/demo/code-scanning/sarifs"
    headers = {"Authorization": f"Bearer {github.token}"}
    assert requests.post(url, json=body, headers=headers, timeout=10).status_code == 202
    assert github.sarif == [body]
