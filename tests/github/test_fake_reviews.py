"""Reviews are as strict as GitHub's: comments stand in the diff, and one that doesn't refuses all."""

import github as pygithub
import pytest

LINES = "".join(f"line {number}\n" for number in range(1, 61))
CHANGED = LINES.replace("line 10\n", "line ten\n").replace("line 50\n", "line fifty\nand more\n")

OUTSIDE = "Pull request review thread line must be part of the diff and Pull request review thread diff hunk can't be blank"


@pytest.fixture
def pull(github, demo):
    github.repository.commit({"app.py": LINES, "old.py": "x = 1\n", "same.py": "y = 1\n"})
    github.repository.commit({"app.py": CHANGED, "old.py": None, "new.py": "z = 1\n"}, branch="topic")
    github.open_pull_request("topic")
    return demo.get_pull(1)


def on(line, path="app.py", **more):
    return {"path": path, "body": f"About line {line}.", "line": line, "side": "RIGHT", **more}


def create(demo, pull, *comments, **more):
    options = {"body": "A word.", "event": "COMMENT", "comments": list(comments), **more}
    return pull.create_review(commit=demo.get_commit(pull.head.sha), **options)


def refusal(*arguments, **more):
    with pytest.raises(pygithub.GithubException) as caught:
        create(*arguments, **more)
    assert caught.value.status == 422
    assert caught.value.data["message"] == "Unprocessable Entity"
    return caught.value.data["errors"]


def test_a_comment_outside_the_diff_refuses_the_whole_review(github, demo, pull):
    assert refusal(demo, pull, on(10), on(30), on(50)) == [OUTSIDE]
    assert github.pull(1).reviews == []
    assert github.pull(1).review_comments == []
    assert github.writes == []


@pytest.mark.parametrize("line", [6, 14, 46, 55, 1000, 0])
def test_lines_beyond_the_context_are_outside(demo, pull, line):
    assert refusal(demo, pull, on(line)) == [OUTSIDE]


@pytest.mark.parametrize("line", [7, 10, 13, 47, 50, 51, 54])
def test_lines_of_a_hunk_and_of_its_context_take_comments(github, demo, pull, line):
    create(demo, pull, on(line))
    (comment,) = github.pull(1).review_comments
    assert (comment.path, comment.line, comment.side, comment.author) == (
        "app.py",
        line,
        "RIGHT",
        "github-actions[bot]",
    )
    (answered,) = pull.get_review_comments()
    assert answered.line == line
    assert answered.diff_hunk.splitlines()[-1].lstrip("+ -") in CHANGED


def test_a_file_that_does_not_differ_has_no_place(demo, pull):
    (error,) = refusal(demo, pull, on(1, "same.py"))
    assert "path is invalid" in error


def test_a_file_that_is_gone_takes_comments_on_the_left_only(github, demo, pull):
    assert refusal(demo, pull, on(1, "old.py")) == [OUTSIDE]
    create(demo, pull, on(1, "old.py", side="LEFT"))
    assert github.pull(1).review_comments[0].side == "LEFT"


def test_a_range_stays_in_one_hunk(demo, pull):
    error = "Pull request review thread start line must be part of the same hunk as the line."
    assert refusal(demo, pull, on(50, start_line=10, start_side="RIGHT")) == [error]


def test_a_range_outside_names_all_that_is_wrong(demo, pull):
    (error,) = refusal(demo, pull, on(31, start_line=30, start_side="RIGHT"))
    assert error == (
        "Pull request review thread line must be part of the diff, Pull request review thread start line must be "
        "part of the same hunk as the line., and Pull request review thread diff hunk can't be blank"
    )


@pytest.mark.parametrize("start", [10, 11])
def test_a_range_begins_before_it_ends(demo, pull, start):
    error = "Pull request review thread start line must precede the end line."
    assert refusal(demo, pull, on(10, start_line=start, start_side="RIGHT")) == [error]


def test_a_range_in_a_hunk(github, demo, pull):
    create(demo, pull, on(51, start_line=50, start_side="RIGHT"))
    (comment,) = pull.get_review_comments()
    assert (comment.start_line, comment.line, comment.start_side) == (50, 51, "RIGHT")


def test_a_commit_that_is_not_the_pull_requests_is_refused(demo, pull):
    with pytest.raises(pygithub.GithubException) as caught:
        pull.create_review(commit=demo.get_commit("main"), body="A word.", event="COMMENT")
    assert caught.value.status == 422


def test_a_review_of_an_older_commit_is_placed_in_its_diff(github, demo, pull):
    first = pull.head.sha
    github.push("topic", {"app.py": CHANGED.replace("line 30\n", "line thirty\n")})
    pull.create_review(commit=demo.get_commit(first), body="A word.", event="COMMENT", comments=[on(10)])
    with pytest.raises(pygithub.GithubException):
        pull.create_review(commit=demo.get_commit(first), body="", event="COMMENT", comments=[on(30)])
    pull.create_review(body="A word.", event="COMMENT", comments=[on(30)])
    assert [comment.line for comment in pull.get_review_comments()] == [10, 30]


def test_a_review_without_words_is_refused(demo, pull):
    refusal(demo, pull, body="")


def test_the_longest_body(github, demo, pull):
    create(demo, pull, body="é" * 65_536)
    refusal(demo, pull, body="é" * 65_537)
    refusal(demo, pull, {**on(10), "body": "x" * 65_537})
    assert len(github.pull(1).reviews) == 1


def test_a_pending_review_is_seen_by_its_author_alone(github, connect, demo, pull):
    pull.create_review(body="A word.", comments=[on(10)])
    assert [review.state for review in pull.get_reviews()] == ["PENDING"]
    assert list(pull.get_review_comments()) == []
    other = connect(github.token_of("bob")).get_repo("octo/demo").get_pull(1)
    assert list(other.get_reviews()) == []


def test_nobody_approves_their_own(github, connect, demo):
    github.repository.commit({"a.py": "1\n"}, branch="mine")
    github.open_pull_request("mine", author="alice")
    mine = connect(github.token_of("alice")).get_repo("octo/demo").get_pull(1)
    with pytest.raises(pygithub.GithubException) as caught:
        mine.create_review(body="Good.", event="APPROVE")
    assert caught.value.data["errors"] == ["Can not approve your own pull request"]


def test_a_single_comment_says_which_field_is_wrong(github, demo, pull):
    commit = demo.get_commit(pull.head.sha)
    with pytest.raises(pygithub.GithubException) as caught:
        pull.create_review_comment("Hm.", commit, "app.py", line=30, side="RIGHT")
    assert caught.value.data["message"] == "Validation Failed"
    assert caught.value.data["errors"] == [
        {
            "resource": "PullRequestReviewComment",
            "code": "custom",
            "field": "pull_request_review_thread.line",
            "message": "pull_request_review_thread.line must be part of the diff",
        },
        {
            "resource": "PullRequestReviewComment",
            "code": "missing_field",
            "field": "pull_request_review_thread.diff_hunk",
        },
    ]


def test_a_comment_on_a_file_needs_no_line(github, demo, pull):
    commit = demo.get_commit(pull.head.sha)
    pull.create_review_comment("The whole file.", commit, "app.py", subject_type="file")
    (comment,) = github.pull(1).review_comments
    assert (comment.subject_type, comment.line) == ("file", None)


def test_answers_stay_in_the_conversation(github, demo, pull):
    create(demo, pull, on(10))
    (comment,) = github.pull(1).review_comments
    answer = github.reply(comment, "Done.", author="alice")
    first, second = pull.get_review_comments()
    assert second.in_reply_to_id == first.id == comment.id
    assert second.user.login == "alice"
    assert answer.thread is comment.thread
    pull.create_review_comment_reply(comment.id, "Thanks.")
    assert [each.body for each in github.pull(1).review_comments] == ["About line 10.", "Done.", "Thanks."]
    assert len(github.pull(1).threads) == 1


def test_a_comment_moves_with_its_line(github, demo, pull):
    create(demo, pull, on(50))
    github.push("topic", {"app.py": "# first\n# second\n" + CHANGED})
    (comment,) = pull.get_review_comments()
    assert (comment.line, comment.original_line) == (52, 50)
    assert comment.commit_id == github.pull(1).head_sha
    assert comment.original_commit_id == pull.head.sha


def test_a_comment_on_a_line_that_was_changed_is_outdated(github, demo, pull):
    create(demo, pull, on(50), on(10))
    github.push("topic", {"app.py": CHANGED.replace("line fifty", "line 5o")})
    outdated, current = pull.get_review_comments()
    assert (outdated.line, outdated.original_line, outdated.position) == (None, 50, None)
    assert (current.line, current.original_line) == (10, 10)


def test_comments_are_edited_and_deleted(github, demo, pull):
    create(demo, pull, on(10))
    (comment,) = pull.get_review_comments()
    comment.edit("Another word.")
    assert github.pull(1).review_comments[0].body == "Another word."
    comment.delete()
    assert github.pull(1).review_comments == []


def test_a_review_is_edited_and_dismissed(github, connect, demo, pull):
    review = create(demo, pull)
    review.edit("Other words.")
    assert github.pull(1).reviews[0].body == "Other words."
    asked = create(demo, pull, event="REQUEST_CHANGES")
    asked.dismiss("No longer.")
    assert [each.state for each in pull.get_reviews()] == ["COMMENTED", "DISMISSED"]


def test_comments_of_a_review(demo, pull):
    review = create(demo, pull, on(10), on(50))
    create(demo, pull, on(51))
    comments = pull.get_single_review_comments(review.id)
    assert [comment.body for comment in comments] == ["About line 10.", "About line 50."]


def test_positions_of_the_patch_still_work(github, demo, pull):
    create(demo, pull, {"path": "app.py", "body": "By position.", "position": 5})
    assert github.pull(1).review_comments[0].line == 10


def test_a_locked_pull_request_takes_words_of_collaborators_only(github, connect, demo, pull):
    github.lock(1)
    with pytest.raises(pygithub.GithubException):
        connect(github.token_of("bob")).get_repo("octo/demo").get_pull(1).create_review(
            body="Hello", event="COMMENT"
        )
    create(demo, pull)


def test_a_closed_pull_request_takes_reviews(github, demo, pull):
    github.close_pull_request(1)
    create(demo, pull, on(10))
    assert len(github.pull(1).review_comments) == 1
