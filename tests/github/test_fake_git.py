"""Git's objects and refs: through the REST interface, and by git itself."""

import base64
import os
import subprocess

import github as pygithub
import pytest


def refusal(call, *arguments, **more):
    with pytest.raises(pygithub.GithubException) as caught:
        call(*arguments, **more)
    return caught.value.status, caught.value.data.get("message")


def git(folder, *arguments, check=True, token=None):
    environment = {**os.environ, "GIT_TERMINAL_PROMPT": "0", "GIT_CONFIG_GLOBAL": os.devnull}
    options = ["-c", "user.name=alice", "-c", "user.email=alice@users.noreply.github.com"]
    if token:
        secret = base64.b64encode(f"x-access-token:{token}".encode()).decode()
        options += ["-c", f"http.extraheader=AUTHORIZATION: basic {secret}"]
    return subprocess.run(
        ["git", *options, *arguments],
        cwd=folder,
        check=check,
        capture_output=True,
        text=True,
        env=environment,
    )


@pytest.fixture
def clone(github, tmp_path):
    git(tmp_path, "clone", "--quiet", github.clone_url, "clone")
    return tmp_path / "clone"


def commit_into(clone, name="fix.py", text="fixed\n"):
    (clone / name).parent.mkdir(parents=True, exist_ok=True)
    (clone / name).write_text(text)
    git(clone, "add", ".")
    git(clone, "commit", "--quiet", "-m", "Fix")
    return git(clone, "rev-parse", "HEAD").stdout.strip()


def test_a_commit_through_the_interface(github, demo):
    main = demo.get_branch("main").commit
    blob = demo.create_git_blob("print 1\n", "utf-8")
    tree = demo.create_git_tree(
        [
            pygithub.InputGitTreeElement("a/b.py", "100644", "blob", sha=blob.sha),
            pygithub.InputGitTreeElement("run.sh", "100755", "blob", content="#!/bin/sh\n"),
            pygithub.InputGitTreeElement("README.md", "100644", "blob", sha=None),
        ],
        base_tree=main.commit.tree,
    )
    made = demo.create_git_commit("Add b", tree, [main.commit])
    demo.create_git_ref("refs/heads/topic", made.sha)
    assert github.repository.read("a/b.py", "topic") == "print 1\n"
    assert github.repository.read("README.md", "topic") is None
    assert github.repository.line("ls-tree", "topic", "run.sh").startswith("100755")
    assert github.repository.line("log", "-1", "--format=%an <%ae>", "topic") == (
        "github-actions[bot] <41898282+github-actions[bot]@users.noreply.github.com>"
    )


@pytest.mark.parametrize("named", [False, True])
def test_a_workflows_commit_is_signed_unless_it_names_an_author(github, demo, named):
    tree = demo.get_git_tree("main")
    author = {"author": pygithub.InputGitAuthor("Bot", "bot@example.com")} if named else {}
    made = demo.create_git_commit(
        "Word", tree, [demo.get_git_commit(github.repository.resolve("main"))], **author
    )
    assert made.verification.verified is not named


def test_blobs_and_trees_come_back(github, demo):
    sha = github.repository.commit({"a.bin": b"\xff\0", "d/e.py": "e\n"})
    tree = demo.get_git_tree(sha, recursive=True)
    assert [(each.path, each.type) for each in tree.tree] == [
        ("README.md", "blob"),
        ("a.bin", "blob"),
        ("d", "tree"),
        ("d/e.py", "blob"),
    ]
    blob = demo.get_git_blob(tree.tree[1].sha)
    assert base64.b64decode(blob.content) == b"\xff\0"


def test_files_at_a_ref(github, demo):
    old = github.repository.resolve("main")
    github.repository.commit({"ä/x y.yaml": "a: ä\n"})
    assert demo.get_contents("ä/x y.yaml").decoded_content.decode() == "a: ä\n"
    assert [each.path for each in demo.get_contents("ä")] == ["ä/x y.yaml"]
    assert refusal(demo.get_contents, "ä/x y.yaml", ref=old) == (404, "Not Found")
    assert refusal(demo.get_contents, "README.md", ref="nowhere") == (
        404,
        "No commit found for the ref nowhere",
    )


def test_refs(github, demo):
    main = github.repository.resolve("main")
    made = demo.create_git_ref("refs/heads/gaebot/fix", main)
    assert made.ref == "refs/heads/gaebot/fix"
    assert demo.get_git_ref("heads/gaebot/fix").object.sha == main
    assert [ref.ref for ref in demo.get_git_matching_refs("heads/gaebot/")] == ["refs/heads/gaebot/fix"]
    assert demo.get_branch("gaebot/fix").commit.sha == main
    assert refusal(demo.get_git_ref, "heads/gaebot")[0] == 404
    assert refusal(demo.create_git_ref, "refs/heads/gaebot/fix", main) == (422, "Reference already exists")
    assert refusal(demo.create_git_ref, "refs/heads/x", "1" * 40) == (422, "Object does not exist")
    assert refusal(demo.create_git_ref, "topic", main) == (422, "Reference name must start with 'refs/'.")
    made.delete()
    assert refusal(made.delete) == (422, "Reference does not exist")
    assert refusal(made.edit, main) == (422, "Reference does not exist")


def test_moving_a_branch(github, demo):
    first = github.repository.commit({"a": "1"}, branch="topic")
    second = github.repository.commit({"a": "2"}, branch="topic")
    aside = github.repository.commit({"b": "1"}, branch="aside")
    ref = demo.get_git_ref("heads/topic")
    assert refusal(ref.edit, first) == (422, "Update is not a fast forward")
    assert refusal(ref.edit, aside, force=False) == (422, "Update is not a fast forward")
    assert github.repository.resolve("topic") == second
    ref.edit(aside, force=True)
    assert github.repository.resolve("topic") == aside


def test_comparing(github, demo):
    github.repository.commit({"a": "1\n"}, "First", branch="topic")
    github.repository.commit({"a": "2\n"}, "Second", branch="topic")
    ahead = demo.compare("main", "topic")
    assert (ahead.status, ahead.ahead_by, ahead.behind_by) == ("ahead", 2, 0)
    assert [commit.commit.message for commit in ahead.commits] == ["First", "Second"]
    assert [file.patch for file in ahead.files] == ["@@ -0,0 +1 @@\n+2"]
    github.repository.commit({"b": "1\n"})
    assert demo.compare("main", "topic").status == "diverged"
    assert demo.compare("topic", "topic").status == "identical"
    assert refusal(demo.compare, "main", "nowhere")[0] == 404


def test_commits(github, demo):
    sha = github.repository.commit({"a": "1\n"}, "First", author="bob")
    commit = demo.get_commit("main")
    assert (commit.sha, commit.author.login, commit.commit.message) == (sha, "bob", "First")
    assert [file.filename for file in commit.files] == ["a"]
    assert [each.commit.message for each in demo.get_commits()] == ["First", "Begin"]
    assert [each.sha for each in demo.get_commits(path="a")] == [sha]


def test_a_workflow_may_not_change_workflows(github, demo):
    sha = github.repository.commit({".github/workflows/ci.yml": "on: push\n"}, branch="topic")
    assert refusal(demo.create_git_ref, "refs/heads/fix", sha) == (
        403,
        "Resource not accessible by integration",
    )


def test_a_clone_has_what_is_there(github, clone):
    assert (clone / "README.md").read_text() == "# demo\n"
    assert github.calls("git/upload-pack")


def test_a_fetch_of_a_pull_request(github, clone):
    github.push("patch", {"a.py": "x\n"}, author="mallory", fork="mallory")
    github.open_pull_request("mallory:patch", author="mallory")
    git(clone, "fetch", "--quiet", "origin", "refs/pull/1/head", "refs/pull/1/merge")
    listed = git(clone, "ls-remote", "origin").stdout
    assert "refs/pull/1/merge" in listed
    assert "mallory" not in listed


def test_a_fetch_of_one_commit(github, clone):
    sha = github.repository.commit({"a.py": "1\n"}, branch="topic")
    github.repository.commit({"a.py": "2\n"}, branch="topic")
    git(clone, "fetch", "--quiet", "--depth=1", "origin", sha)


def test_a_push_moves_pull_requests(github, demo, clone):
    github.repository.commit({"a.py": "1\n"}, branch="topic")
    github.open_pull_request("topic")
    git(clone, "fetch", "--quiet", "origin", "topic")
    git(clone, "checkout", "--quiet", "-b", "topic", "FETCH_HEAD")
    sha = commit_into(clone)
    git(clone, "push", "--quiet", "origin", "topic", token=github.token)
    assert demo.get_pull(1).head.sha == sha
    assert github.repository.ref("refs/pull/1/head") == sha
    assert "git/receive-pack" in github.writes


def test_a_large_push(github, clone):
    commit_into(clone, "large.bin", "".join(f"{number**7}\n" for number in range(200_000)))
    git(clone, "push", "--quiet", "origin", "HEAD:large", token=github.token)
    assert github.repository.ref("refs/heads/large")


def test_a_push_needs_a_token(github, clone):
    commit_into(clone)
    assert git(clone, "push", "origin", "HEAD:fix", check=False).returncode
    assert github.repository.ref("refs/heads/fix") is None


def test_a_push_needs_a_token_that_may_write(github, clone):
    commit_into(clone)
    done = git(clone, "push", "origin", "HEAD:fix", check=False, token=github.read_only_token)
    assert done.returncode
    assert "403" in done.stderr
    assert github.repository.ref("refs/heads/fix") is None


def test_a_push_over_someones_commit_is_refused(github, clone):
    github.repository.commit({"a.py": "1\n"})
    commit_into(clone)
    done = git(clone, "push", "origin", "HEAD:main", check=False, token=github.token)
    assert "rejected" in done.stderr


def test_a_push_of_a_workflow_is_refused(github, clone):
    commit_into(clone, ".github/workflows/ci.yml", "on: push\n")
    done = git(clone, "push", "origin", "HEAD:fix", check=False, token=github.token)
    assert (
        "refusing to allow a GitHub App to create or update workflow `.github/workflows/ci.yml`"
        in done.stderr
    )
    assert github.repository.ref("refs/heads/fix") is None
    git(clone, "push", "origin", "HEAD:fix", token=github.token_of("alice"))


def test_a_commit_from_elsewhere_has_its_time_in_utc(github, demo, clone):
    (clone / "a").write_text("a")
    git(clone, "add", ".")
    git(clone, "commit", "--quiet", "-m", "A", "--date=2026-02-03T04:05:06+02:00")
    git(clone, "push", "--quiet", "origin", "HEAD:main", token=github.token)
    assert demo.get_commit("main").commit.author.date.isoformat() == "2026-02-03T02:05:06+00:00"
