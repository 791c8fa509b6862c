"""Pull requests follow their branches, and are listed as GitHub lists them."""

import github as pygithub
import pytest


@pytest.fixture
def pull(github, demo):
    github.repository.commit({"a.py": "1\n2\n3\n"}, "Change a", branch="topic")
    github.open_pull_request("topic", title="A change", body="Why not?")
    return demo.get_pull(1)


def errors(call, *arguments, **more):
    with pytest.raises(pygithub.GithubException) as caught:
        call(*arguments, **more)
    return caught.value.status, caught.value.data


def test_what_a_pull_request_says(github, pull):
    assert (pull.title, pull.body, pull.state, pull.user.login) == ("A change", "Why not?", "open", "alice")
    assert (pull.head.ref, pull.head.sha) == ("topic", github.repository.resolve("topic"))
    assert (pull.base.ref, pull.base.sha) == ("main", github.repository.resolve("main"))
    assert (pull.additions, pull.deletions, pull.changed_files, pull.commits) == (3, 0, 1, 1)
    assert pull.mergeable
    assert pull.head.repo.full_name == "octo/demo"


def test_the_refs_of_a_pull_request(github, pull):
    assert github.repository.ref("refs/pull/1/head") == pull.head.sha
    merge = github.repository.ref("refs/pull/1/merge")
    assert merge == pull.merge_commit_sha
    assert github.repository.line("log", "-1", "--format=%P", merge).split() == [pull.base.sha, pull.head.sha]


def test_a_conflict_leaves_no_merge(github, demo):
    github.repository.commit({"README.md": "one\n"}, branch="topic")
    github.repository.commit({"README.md": "two\n"})
    github.open_pull_request("topic")
    pull = demo.get_pull(1)
    assert pull.mergeable is False
    assert pull.mergeable_state == "dirty"
    assert github.repository.ref("refs/pull/1/merge") is None


def test_a_push_moves_it(github, demo, pull):
    sha = github.push("topic", {"b.py": "b\n"}, "Add b")
    assert demo.get_pull(1).head.sha == sha
    assert [commit.commit.message for commit in pull.get_commits()] == ["Change a", "Add b"]
    assert github.repository.ref("refs/pull/1/head") == sha


def test_a_branch_that_is_deleted_closes_it(github, demo, pull):
    demo.get_git_ref("heads/topic").delete()
    assert demo.get_pull(1).state == "closed"
    status, data = errors(demo.get_pull(1).edit, state="open")
    assert status == 422
    assert "has been deleted" in data["errors"][0]["message"]


def test_merging_it(github, demo, pull):
    github.merge(1)
    again = demo.get_pull(1)
    assert (again.state, again.merged, again.merged_by.login) == ("closed", True, "alice")
    assert github.repository.read("a.py") == "1\n2\n3\n"


def test_files(github, demo):
    github.repository.commit(
        {
            "kept.py": "a\n" * 20,
            "gone.py": "g\n",
            "moved.py": "m\n" * 20,
            "image.png": b"\0\1",
            "exact.py": "e\n",
        }
    )
    github.repository.commit(
        {
            "kept.py": "a\n" * 20 + "b\n",
            "gone.py": None,
            "moved.py": None,
            "there.py": "m\n" * 20 + "n\n",
            "image.png": b"\0\2",
            "exact.py": None,
            "same.py": "e\n",
            "ä b.py": "new",
        },
        branch="topic",
    )
    github.open_pull_request("topic")
    files = {file.filename: file for file in demo.get_pull(1).get_files()}
    assert {name: (file.status, file.previous_filename) for name, file in files.items()} == {
        "kept.py": ("modified", None),
        "gone.py": ("removed", None),
        "there.py": ("renamed", "moved.py"),
        "image.png": ("modified", None),
        "same.py": ("renamed", "exact.py"),
        "ä b.py": ("added", None),
    }
    assert files["kept.py"].patch == "@@ -18,3 +18,4 @@ a\n a\n a\n a\n+b"
    assert files["image.png"].patch is None
    assert files["same.py"].patch is None
    assert files["ä b.py"].patch == "@@ -0,0 +1 @@\n+new\n\\ No newline at end of file"
    assert files["gone.py"].deletions == 1


def test_a_patch_that_is_too_large_is_left_out(github, pull):
    github.leave_out_patch("a.py")
    (file,) = pull.get_files()
    assert file.patch is None
    assert file.additions == 3


def test_many_files_come_in_pages_and_end_at_three_thousand(github, demo):
    github.repository.commit({f"f{number:04}.py": "x\n" for number in range(3010)}, branch="topic")
    github.open_pull_request("topic")
    demo.requester.per_page = 100
    files = list(demo.get_pull(1).get_files())
    assert len(files) == 3000
    assert demo.get_pull(1).changed_files == 3010
    assert len(github.calls("pulls/list-files")) == 30


def test_thirty_on_a_page_unless_more_are_asked_for(github, demo, connect):
    for number in range(31):
        github.comment(github.open_issue().number if not number else 1, f"Comment {number}")
    issue = demo.get_issue(1)
    assert len(list(issue.get_comments())) == 31
    pages = [request.query.get("page", "1") for request in github.calls("issues/list-comments")]
    assert pages == ["1", "2"]


def test_lists_by_state_head_and_base(github, demo, pull):
    github.repository.commit({"b.py": "b\n"}, branch="other")
    github.repository.commit({"c.py": "c\n"}, branch="stable")
    github.open_pull_request("other", "stable")
    github.close_pull_request(1)

    def numbers(**query):
        return [each.number for each in demo.get_pulls(**query)]

    assert numbers() == [2]
    assert numbers(state="all") == [2, 1]
    assert numbers(state="all", sort="created", direction="asc") == [1, 2]
    assert numbers(state="closed") == [1]
    assert numbers(state="all", head="octo:topic") == [1]
    assert numbers(state="all", base="stable") == [2]
    assert numbers(head="octo:nowhere") == []


def test_a_fork(github, demo):
    sha = github.push("patch", {"a.py": "evil\n"}, author="mallory", fork="mallory")
    github.open_pull_request("mallory:patch", author="mallory")
    pull = demo.get_pull(1)
    assert pull.head.label == "mallory:patch"
    assert pull.head.sha == sha
    assert pull.head.repo.full_name == "mallory/demo"
    assert pull.head.repo.fork
    assert [branch.name for branch in demo.get_branches()] == ["main"]


def test_opening_one(github, demo):
    github.repository.commit({"a.py": "1\n"}, branch="fix")
    made = demo.create_pull(base="main", head="fix", title="Fix it", body="By a bot.", draft=True)
    assert made.user.login == "github-actions[bot]"
    assert github.pull(1).title == "Fix it"
    assert github.pull(1).draft


def test_opening_the_same_again(github, demo, pull):
    status, data = errors(demo.create_pull, base="main", head="topic", title="Again")
    assert status == 422
    assert data["errors"][0]["message"] == "A pull request already exists for octo:topic."


def test_opening_one_with_nothing_in_it(github, demo):
    github.repository.git("branch", "empty", "main")
    status, data = errors(demo.create_pull, base="main", head="empty", title="Nothing")
    assert (status, data["errors"][0]["message"]) == (422, "No commits between main and empty")


@pytest.mark.parametrize(
    ("base", "head", "field"), [("main", "nowhere", "head"), ("nowhere", "topic", "base")]
)
def test_opening_one_between_branches_that_are_not_there(demo, pull, base, head, field):
    status, data = errors(demo.create_pull, base=base, head=head, title="No")
    assert (status, data["errors"]) == (422, [{"resource": "PullRequest", "field": field, "code": "invalid"}])


def test_workflows_may_be_forbidden_to_open_any(github, demo):
    github.repository.commit({"a.py": "1\n"}, branch="fix")
    github.allow_pull_requests_by_actions(allowed=False)
    status, data = errors(demo.create_pull, base="main", head="fix", title="Fix it")
    assert status == 403
    assert data["message"] == "GitHub Actions is not permitted to create or approve pull requests."
    assert github.pulls == []


def test_editing_one(github, demo, pull):
    pull.edit(title="Another title", body="Other words")
    assert (github.pull(1).title, github.pull(1).body) == ("Another title", "Other words")
    pull.edit(state="closed")
    assert github.pull(1).state == "closed"
    pull.edit(state="open")
    assert github.pull(1).state == "open"
    status, data = errors(pull.edit, body="x" * 65_537)
    assert (status, data["errors"][0]["message"]) == (422, "body is too long (maximum is 65536 characters)")


def test_labels(github, demo, pull):
    pull.add_to_labels("gaebot", "python 2.7")
    assert github.pull(1).labels == ["gaebot", "python 2.7"]
    assert [label.name for label in demo.get_pull(1).labels] == ["gaebot", "python 2.7"]
    pull.remove_from_labels("python 2.7")
    pull.set_labels("other")
    assert [label.name for label in pull.get_labels()] == ["other"]
    assert {label.name for label in demo.get_labels()} == {"gaebot", "python 2.7", "other"}
    assert errors(pull.remove_from_labels, "nothing")[1]["message"] == "Label does not exist"
    demo.get_issue(1).edit(labels=["third"])
    assert github.pull(1).labels == ["third"]


def test_reviewers(github, demo, pull):
    github.grant("bob", "write")
    pull.create_review_request(reviewers=["bob"])
    assert github.pull(1).requested_reviewers == ["bob"]
    assert [user.login for user in demo.get_pull(1).requested_reviewers] == ["bob"]
    status, data = errors(pull.create_review_request, reviewers=["mallory"])
    assert status == 422
    assert "not a collaborator" in data["message"]
    status, data = errors(pull.create_review_request, reviewers=["alice"])
    assert data["message"] == "Review cannot be requested from pull request author."


def test_pull_requests_of_a_commit(demo, pull):
    assert [each.number for each in demo.get_commit(pull.head.sha).get_pulls()] == [1]


def test_a_new_base(github, demo, pull):
    github.repository.commit({"b.py": "b\n"}, branch="stable")
    pull.edit(base="stable")
    assert demo.get_pull(1).base.ref == "stable"
