"""The fake's answers have the keys that GitHub's own answers had when they were recorded."""

import pytest

from tests.github.recordings import recorded, shapes

# No pull request was recorded as an issue, and some recordings are older than the keys.
NOT_RECORDED = {
    "actions/get-artifact .digest",
    "actions/list-workflow-run-artifacts .artifacts[].digest",
    "issues/get .draft",
    "issues/get .pull_request",
    "pulls/list-review-comments [].user.user_view_type",
    "rate-limit/get .resources.code_search",
}


@pytest.fixture
def answered(github, client, demo):
    """The answers to one call of many operations."""
    github.repository.commit({"a.py": "1\n2\n"}, "One", branch="topic")
    github.open_pull_request("topic", body="Why not?")
    github.repository.commit({"b.py": "1\n"}, "Two")
    pull = demo.get_pull(1)
    pull.create_review(body="", event="COMMENT", comments=[{"path": "a.py", "body": "Hm.", "line": 1}])
    github.reply(github.pull(1).review_comments[0], "What?")
    pull.add_to_labels("gaebot")
    comment = pull.create_issue_comment("Hello.")
    demo.create_issue("A question")
    run = demo.get_workflow_run(github.add_run(1, {"report": {"a": "b"}}).id)
    (artifact,) = run.get_artifacts()
    demo.requester.requestJsonAndCheck("GET", artifact.url)
    main = demo.get_git_commit(pull.base.sha)
    made = demo.create_git_commit("Again", demo.get_git_tree("main"), [main])
    ref = demo.create_git_ref("refs/heads/again", made.sha)
    ref.edit(made.sha)
    for call in (
        lambda: demo.get_git_ref("heads/again"),
        lambda: demo.get_issue(1),
        lambda: pull.get_issue_comment(comment.id),
        lambda: list(pull.get_issue_comments()),
        lambda: list(demo.get_issues()),
        lambda: list(demo.get_labels()),
        lambda: demo.get_label("gaebot"),
        lambda: list(pull.get_commits()),
        lambda: [pull.get_review_comment(each.id) for each in pull.get_review_comments()],
        lambda: demo.get_pull(1),
        lambda: demo.compare("main", "topic"),
        lambda: demo.get_branch("main"),
        lambda: demo.get_commit("topic"),
        lambda: list(demo.get_commits()),
        lambda: client.get_user("alice"),
        client.get_rate_limit,
    ):
        call()
    return shapes(iter(github.answered))


def test_keys_are_those_that_were_recorded(answered, recordings):
    theirs = shapes(recorded(recordings))
    both = answered.keys() & theirs.keys()
    assert len(both) >= 20
    missing, invented = set(), set()
    for operation in both:
        for place in answered[operation].keys() & theirs[operation].keys():
            ours, _ = answered[operation][place]
            always, sometimes = theirs[operation][place]
            missing |= {f"{operation} {place}.{key}" for key in always - ours}
            invented |= {f"{operation} {place}.{key}" for key in ours - sometimes}
    assert missing == set()
    assert invented <= NOT_RECORDED
