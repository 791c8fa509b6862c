"""`/gaebot fix`, `/gaebot ignore` and `/gaebot explain` on pull requests."""

from __future__ import annotations

import pytest

from gaebot import prove
from gaebot.bot.commands import command
from gaebot.bot.event import Command
from gaebot.bot.forge import ForbiddenError, RefusedError, UnreachableError
from gaebot.bot.marker import mark, marks
from gaebot.bot.settings import Settings
from gaebot.rule import discover, hops
from tests.bot.fake_forge_git import ME, FakeOutput
from tests.bot.repositories import Repository, app

OLD = b"import md5\n\n\ndef name(x):\n    return md5.new(x).hexdigest()\n"


@pytest.fixture(autouse=True)
def judges(monkeypatch):
    def none():
        raise prove.ProofError("There is none.")

    monkeypatch.setattr(prove, "find_python27", none)


class Asking(Repository):
    """A repository with a pull request that changes some files, and people who ask for something there."""

    def __init__(self, tmp_path, changes, files=None):
        super().__init__(tmp_path, files or app("cinema", folders=False))
        self.forge.heads["work"] = self.forge.heads["main"]
        self.forge.push("work", changes, author="bob")
        self.number = self.forge.open_for("bob", "work")
        self.comment = 1000

    def ask(self, name, rest="", *, author="alice", again=False, **settings):
        self.comment += not again
        self.check_out()
        self.output = FakeOutput()
        self.forge.calls.clear()
        job = Command(self.number, name, rest, author, self.comment)
        return command(self.forge, job, Settings(**settings), str(self.folder), self.output)

    @property
    def answers(self):
        return self.forge.said(self.number)

    @property
    def head(self):
        return self.forge.files("work")


@pytest.fixture
def asking(tmp_path):
    return Asking(tmp_path, {"films.py": app("cinema", folders=False)["films.py"] + b"\n" + OLD})


# -- nothing is done ------------------------------------------------------------------------


@pytest.mark.parametrize("author", ["eve", "nobody"])
@pytest.mark.parametrize("name", ["fix", "ignore", "explain"])
def test_people_who_may_not_write_get_nothing(asking, author, name):
    outcome = asking.ask(name, "yaml-runtime please", author=author)
    assert asking.answers == []
    assert asking.forge.writes == 0
    assert "may not write" in outcome.why
    assert author in asking.output.text
    assert asking.forge.calls["pull_request"] == 0


def test_a_comment_is_answered_once(asking):
    asking.ask("explain", "yaml-runtime")
    outcome = asking.ask("explain", "yaml-runtime", again=True)
    assert len(asking.answers) == 1
    assert "answered already" in outcome.why
    asking.ask("explain", "yaml-runtime")
    assert len(asking.answers) == 2


def test_a_mark_of_somebody_else_is_no_answer(asking):
    from gaebot.bot.forge import Comment

    asking.forge.comments_by_pull[asking.number] = [Comment(1, "eve", mark("answer", "1001"))]
    asking.ask("explain", "yaml-runtime")
    assert len(asking.answers) == 2


@pytest.mark.parametrize("name", ["fix", "ignore"])
def test_a_fork(asking, name):
    asking.forge.change(asking.number, head_repository="eve/demo")
    asking.ask(name, "py-md5-sha they wait")
    assert asking.forge.calls["make_commits"] == 0
    assert "where gaebot may not push" in asking.answers[0]
    assert {"fix": "`gaebot fix`", "ignore": "--add-ignores"}[name] in asking.answers[0]


def test_a_fork_that_is_gone(asking):
    asking.forge.change(asking.number, head_repository="")
    asking.ask("fix")
    assert "where gaebot may not push" in asking.answers[0]


@pytest.mark.parametrize("name", ["fix", "ignore"])
def test_a_closed_one(asking, name):
    asking.forge.change(asking.number, is_open=False)
    asking.ask(name, "py-md5-sha they wait")
    assert asking.forge.calls["make_commits"] == 0
    assert "is closed" in asking.answers[0]


def test_a_fix_up_is_not_committed_to(asking):
    asking.forge.change(asking.number, author=ME, body=mark("fix-up", "prepare"))
    asking.ask("ignore", "py-md5-sha they wait")
    assert asking.forge.calls["make_commits"] == 0
    assert "gaebot's own" in asking.answers[0]


@pytest.mark.parametrize(
    ("name", "rest", "said"),
    [
        ("explain", "", "Say which rule"),
        ("ignore", "", "Say which rule, and why"),
        ("ignore", "py-md5-sha", "Say which rule, and why"),
        ("explain", "yaml-runtme", "Did you mean yaml-runtime?"),
        ("ignore", "py-md5-shaa because", "Did you mean py-md5-sha?"),
        ("explain", "zzzz", "`gaebot rules` lists them."),
        ("ignore", "py-md5-sha coding: rot13", "that is an encoding"),
        ("ignore", "py-md5-sha a\u202eb", "one line of text"),
        ("ignore", "yaml-runtime not yet", "finds nothing that a comment could silence"),
        ("ignore", "webob-str-vars not yet", "finds nothing that a comment could silence"),
    ],
)
def test_what_can_not_be_done_is_said(asking, name, rest, said):
    asking.ask(name, rest)
    assert asking.forge.calls["make_commits"] == 0
    assert said in asking.answers[0]


@pytest.mark.parametrize(
    "rest", ["<img src=x>", "@team", "`@team`", "<!-- gaebot:answer 5 -->", "a|b", "#12", "[a](http://x)"]
)
@pytest.mark.parametrize("name", ["explain", "ignore"])
def test_what_people_write_is_no_markup(asking, rest, name):
    asking.ask(name, f"{rest.replace(' ', '')} why" if name == "ignore" else rest)
    (said,) = asking.answers
    assert marks(said, "answer") == ["1001"]
    for bad in ("<img", "](http"):
        assert bad not in said
    assert "@team" not in said.replace("`@team`", "")


def test_nothing_to_fix(tmp_path):
    asking = Asking(tmp_path, {"films.py": b"x = 1\n"})
    asking.ask("fix")
    assert "nothing that gaebot can fix in the files that this changes" in asking.answers[0]


def test_a_fix_that_needs_other_files_is_not_made(tmp_path):
    """The switch changes app.yaml and the scripts, of which this pull request has one."""
    yaml = app("cinema", folders=False)["app.yaml"] + b"\n# new\n"
    asking = Asking(tmp_path, {"app.yaml": yaml})
    asking.ask("fix")
    assert asking.head["app.yaml"] == yaml


def test_no_app(tmp_path):
    asking = Asking(tmp_path, {"x.py": OLD}, files={"README": b""})
    asking.ask("fix")
    assert "no App Engine app" in asking.answers[0]


def test_settings_of_the_pull_request_do_not_count(asking):
    asking.forge.push("work", {".gaebot.yaml": b"ignore: [py-md5-sha]\n"}, author="bob")
    asking.ask("fix")
    assert b"hashlib" in asking.head["films.py"]


def test_settings_that_can_not_be_followed(tmp_path):
    files = {**app("cinema", folders=False), ".gaebot.yaml": b"ignor: [x]\n"}
    asking = Asking(tmp_path, {"films.py": OLD}, files=files)
    asking.ask("fix")
    assert "ignor" in asking.answers[0]
    assert asking.forge.calls["make_commits"] == 0


@pytest.mark.parametrize(
    "path", ["static/x.py", "vendor.txt", ".github/workflows/x.yaml", "other/../x.py", "a.png"]
)
def test_files_that_are_no_code_of_the_app(tmp_path, path):
    skip = b"application: a\nversion: 1\nruntime: python\napi_version: 1\nskip_files: static/.*\nhandlers:\n- url: /.*\n  script: main.py\n"
    files = {**app("cinema", folders=False), "app.yaml": skip}
    asking = Asking(tmp_path, {path: OLD}, files=files)
    asking.ask("fix")
    assert asking.head[path] == OLD


def test_what_a_link_leads_to_is_not_written_over_it(asking, monkeypatch):
    """The host shows the file that it leads to; what git holds is the path."""
    blobs = asking.forge.blobs
    monkeypatch.setattr(asking.forge, "blobs", lambda paths, ref: dict.fromkeys(blobs(paths, ref), "0" * 40))
    asking.ask("fix")
    assert asking.forge.calls["make_commits"] == 0


# -- something is done ----------------------------------------------------------------------


def test_fix(asking):
    asking.ask("fix")
    assert b"hashlib" in asking.head["films.py"]
    assert asking.head["main.py"] == asking.forge.files("main")["main.py"]
    (said,) = asking.answers
    assert said.startswith("gaebot has fixed ")
    assert "`py-md5-sha`" in said
    commits = asking.forge.commits("main", "work")[1:]
    assert {commit.author for commit in commits} == {ME}
    assert commits[-1].sha == asking.forge.heads["work"]
    assert said.split("See ")[1].startswith(commits[-1].sha[:12])
    assert all("Gaebot-Command: 1001" in commit.message for commit in commits)


def test_fix_twice(asking):
    asking.ask("fix")
    head = asking.forge.heads["work"]
    asking.ask("fix")
    assert asking.forge.heads["work"] == head
    assert "nothing that gaebot can fix" in asking.answers[1]


def test_fix_safely_only(asking):
    asking.ask("fix", unsafe=False)
    assert b"hashlib" in asking.head["films.py"]
    assert b"threading" not in asking.head["films.py"]


def test_fix_new_and_renamed_files(tmp_path):
    main = app("cinema", folders=False)["main.py"].replace(b"films", b"movies")
    asking = Asking(tmp_path, {"movies.py": OLD, "films.py": None, "main.py": main})
    asking.ask("fix")
    assert b"hashlib" in asking.head["movies.py"]
    assert "films.py" not in asking.head


def test_ignore(asking):
    asking.ask("ignore", "py-md5-sha the digest is only a key")
    assert b"# gaebot: ignore[py-md5-sha] the digest is only a key\nimport md5\n" in asking.head["films.py"]
    assert "silence 1 finding of `py-md5-sha`" in asking.answers[0]
    asking.ask("ignore", "py-md5-sha the digest is only a key")
    assert "finds nothing" in asking.answers[1]
    before = asking.head["films.py"]
    asking.ask("fix")
    assert b"import md5\n" in asking.head["films.py"]
    assert before.count(b"ignore[") == 1


def test_explain(asking):
    asking.ask("explain", "yaml-runtime")
    (said,) = asking.answers
    assert said.startswith("### `yaml-runtime`\n\n")
    assert "## Why" in said


def test_every_page_can_be_posted():
    import re

    for rule in discover(hops()[0]):
        prose = re.sub(r"`[^`]*`", "", re.sub(r"```.*?```", "", rule.page.text, flags=re.DOTALL))
        assert not re.search(r"(?<!\w)@\w|(?<!\w)#\d|<[a-z!/]", prose), rule.id
        assert len(rule.page.text) < 60_000


def test_the_calls_do_not_grow_with_what_is_found(tmp_path):
    calls = []
    for count in (1, 30):
        text = b"import md5\n" + b"x = md5.new('a')\n" * count
        asking = Asking(tmp_path / str(count), {"films.py": text})
        asking.ask("ignore", "py-md5-sha why not")
        calls.append(sum(asking.forge.calls.values()))
    assert calls[0] == calls[1] <= 14


# -- faults ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("verb", "after"),
    [
        ("permission", False),
        ("pull_request", False),
        ("comments", False),
        ("commits", False),
        ("changed_files", False),
        ("file", False),
        ("blobs", False),
        ("make_commits", False),
        ("make_commits", True),
        ("move_branch", False),
        ("move_branch", True),
        ("post_comment", False),
        ("post_comment", True),
    ],
)
@pytest.mark.parametrize(("name", "rest"), [("fix", ""), ("ignore", "py-md5-sha why not")])
def test_a_run_that_is_repeated_does_the_rest_once(asking, verb, after, name, rest):
    asking.forge.fail(verb, UnreachableError("502"), after=after)
    outcome = asking.ask(name, rest)
    assert "could not be answered: 502" in outcome.why
    assert not outcome.fails
    asking.ask(name, rest, again=True)
    assert len(asking.answers) == 1
    made = [c for c in asking.forge.commits("main", "work") if "Gaebot-Command: 1001" in c.message]
    assert len(made) == (1 if name == "ignore" else len({c.message for c in made}))
    assert made
    state = asking.state
    asking.ask(name, rest, again=True)
    assert asking.state == state


def test_somebody_pushes_meanwhile(asking):
    asking.forge.just_before("move_branch", lambda: asking.forge.push("work", {"films.py": b"mine"}))
    asking.ask("fix")
    assert asking.head["films.py"] == b"mine"
    assert "please ask again" in asking.answers[0]


def test_a_protected_branch(asking):
    asking.forge.fail("move_branch", ForbiddenError("Protected branch"))
    asking.ask("fix")
    assert "could not commit to this branch: Protected branch" in asking.answers[0]


@pytest.mark.parametrize("error", [ForbiddenError("locked"), RefusedError("too long")])
def test_an_answer_that_can_not_be_posted(asking, error):
    asking.forge.fail("post_comment", error)
    outcome = asking.ask("explain", "yaml-runtime")
    assert "could not be answered" in outcome.why
    assert not outcome.fails
