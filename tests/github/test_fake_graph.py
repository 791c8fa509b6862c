"""The GraphQL interface, held against GitHub's own schema."""

import github as pygithub
import pytest

THREADS = """
query($owner: String!, $name: String!, $number: Int!, $after: String) {
  viewer { login }
  repository(owner: $owner, name: $name) {
    pullRequest(number: $number) {
      id
      reviewThreads(first: 2, after: $after) {
        nodes {
          id isResolved isOutdated line path resolvedBy { login }
          comments(first: 10) { nodes { id databaseId body author { __typename login } replyTo { databaseId } } }
        }
        pageInfo { endCursor hasNextPage }
        totalCount
      }
    }
  }
}
"""


@pytest.fixture
def pull(github, demo):
    github.repository.commit({"a.py": "1\n2\n3\n"}, branch="topic")
    github.open_pull_request("topic")
    pull = demo.get_pull(1)
    comments = [
        {"path": "a.py", "body": f"Line {line}.", "line": line, "side": "RIGHT"} for line in (1, 2, 3)
    ]
    pull.create_review(body="Words.", event="COMMENT", comments=comments)
    return pull


def threads(client, after=None):
    variables = {"owner": "octo", "name": "demo", "number": 1, "after": after}
    _, answer = client.requester.graphql_query(THREADS, variables)
    return answer["data"]["repository"]["pullRequest"]["reviewThreads"]


def resolve(client, thread, mutation="resolveReviewThread"):
    return client.requester.graphql_named_mutation(
        mutation, {"threadId": thread}, "thread { isResolved resolvedBy { login } }"
    )


def test_conversations_come_in_pages(github, client, pull):
    first = threads(client)
    assert first["totalCount"] == 3
    assert first["pageInfo"]["hasNextPage"]
    second = threads(client, first["pageInfo"]["endCursor"])
    assert not second["pageInfo"]["hasNextPage"]
    found = first["nodes"] + second["nodes"]
    assert [thread["line"] for thread in found] == [1, 2, 3]
    assert [thread["comments"]["nodes"][0]["databaseId"] for thread in found] == [
        comment.id for comment in github.pull(1).review_comments
    ]


def test_apps_have_another_name_here(client, pull):
    author = threads(client)["nodes"][0]["comments"]["nodes"][0]["author"]
    assert author == {"__typename": "Bot", "login": "github-actions"}
    _, answer = client.requester.graphql_query("{ viewer { login } }", {})
    assert answer["data"]["viewer"]["login"] == "github-actions[bot]"


def test_resolving_and_back(github, client, pull):
    thread = threads(client)["nodes"][1]["id"]
    _, answer = resolve(client, thread)
    assert answer["thread"]["isResolved"] is True
    assert [each.is_resolved for each in github.pull(1).threads] == [False, True, False]
    resolve(client, thread, "unresolveReviewThread")
    assert not any(each.is_resolved for each in github.pull(1).threads)


def test_resolving_needs_the_permission_to_write_contents(github, connect, client, pull):
    thread = threads(client)["nodes"][0]["id"]
    weak = connect(github.add_token({"pull-requests": "write", "contents": "read"}))
    with pytest.raises(pygithub.GithubException) as caught:
        resolve(weak, thread)
    (error,) = caught.value.data["errors"]
    assert (error["type"], error["message"]) == ("FORBIDDEN", "Resource not accessible by integration")
    assert not github.pull(1).threads[0].is_resolved


def test_answers_are_part_of_the_conversation(github, client, pull):
    github.reply(github.pull(1).review_comments[0], "No.", author="alice")
    comments = threads(client)["nodes"][0]["comments"]["nodes"]
    assert [(each["author"]["login"], each["body"]) for each in comments] == [
        ("github-actions", "Line 1."),
        ("alice", "No."),
    ]
    assert comments[1]["replyTo"]["databaseId"] == comments[0]["databaseId"]


def test_a_line_that_was_changed_is_outdated(github, client, pull):
    github.push("topic", {"a.py": "1\n2!\n3\n"})
    assert [(each["line"], each["isOutdated"]) for each in threads(client)["nodes"]] == [
        (1, False),
        (None, True),
    ]


def test_hiding_a_comment_beside_the_code(github, client, pull):
    comment = github.pull(1).review_comments[0]
    _, answer = client.requester.graphql_named_mutation(
        "minimizeComment",
        {"subjectId": comment.node, "classifier": "RESOLVED"},
        "minimizedComment { isMinimized minimizedReason }",
    )
    assert answer["minimizedComment"] == {"isMinimized": True, "minimizedReason": "resolved"}
    assert comment.minimized == "resolved"


def commit_on(client, branch, head, **changes):
    return client.requester.graphql_named_mutation(
        "createCommitOnBranch",
        {
            "branch": {"repositoryNameWithOwner": "octo/demo", "branchName": branch},
            "expectedHeadOid": head,
            "fileChanges": changes,
            "message": {"headline": "Fix it", "body": "At once."},
        },
        "commit { oid } ref { name }",
    )


def test_a_commit_onto_a_branch(github, client, demo, pull):
    head = github.pull(1).head_sha
    additions = [{"path": "b.py", "contents": "YgoK"}]
    _, answer = commit_on(client, "topic", head, additions=additions, deletions=[{"path": "a.py"}])
    sha = answer["commit"]["oid"]
    assert github.pull(1).head_sha == sha
    assert (github.repository.read("b.py", "topic"), github.repository.read("a.py", "topic")) == (
        "b\n\n",
        None,
    )
    commit = demo.get_git_commit(sha)
    assert (commit.message, commit.verification.verified) == ("Fix it\n\nAt once.", True)


def test_a_commit_onto_a_branch_that_moved(github, client, pull):
    head = github.pull(1).head_sha
    moved = github.push("topic", {"c.py": "c\n"})
    with pytest.raises(pygithub.GithubException) as caught:
        commit_on(client, "topic", head, additions=[{"path": "b.py", "contents": "YgoK"}])
    assert caught.value.data["errors"][0]["type"] == "STALE_DATA"
    assert github.pull(1).head_sha == moved


def test_something_by_its_global_name(github, client, pull):
    query = "query($id: ID!) { node(id: $id) { __typename ... on PullRequest { number } } }"
    _, answer = client.requester.graphql_query(query, {"id": github.pull(1).node})
    assert answer["data"]["node"] == {"__typename": "PullRequest", "number": 1}


def test_what_is_not_there(client, pull):
    with pytest.raises(pygithub.GithubException) as caught:
        resolve(client, "PRRT_0")
    assert caught.value.data["errors"][0]["type"] == "NOT_FOUND"


@pytest.mark.parametrize(
    ("query", "problem"),
    [
        ("{ viewer { nick } }", "Cannot query field 'nick' on type 'User'."),
        ("{ viewer { login }", "Syntax Error"),
        ("{ repository(owner: 1, name: 2) { id } }", "String cannot represent a non string value"),
    ],
)
def test_a_query_that_the_schema_does_not_take_is_a_problem(github, client, query, problem):
    with pytest.raises(pygithub.GithubException):
        client.requester.graphql_query(query, {})
    assert problem in github.problems[0]
    github.problems.clear()


def test_a_connection_wants_to_know_how_many(client, pull):
    query = (
        '{ repository(owner: "octo", name: "demo") { pullRequest(number: 1) { comments%s { totalCount } } } }'
    )
    for arguments in ("", "(first: 101)"):
        with pytest.raises(pygithub.GithubException) as caught:
            client.requester.graphql_query(query % arguments, {})
        assert "PAGINATION" in caught.value.data["errors"][0]["type"]
