"""`gaebot.hooks.action`: from the event to the exit code, with stand-ins for what speaks with GitHub."""

import json
import os
import sys
from pathlib import Path
from types import ModuleType

import pytest

import gaebot
from gaebot.bot.event import FixUp
from gaebot.bot.forge import ForbiddenError, ForgeError, LimitError, UnreachableError
from gaebot.bot.outcome import Outcome
from gaebot.bot.settings import Settings
from gaebot.config import ConfigError
from gaebot.hooks import action
from tests.action.test_actions import outputs
from tests.trees import APP_YAML, write_tree

PUSH = {"ref": "refs/heads/main", "repository": {"default_branch": "main"}}
PULL_REQUEST = {
    "action": "opened",
    "pull_request": {"number": 7, "head": {"sha": "abc"}, "base": {"sha": "def"}},
}
COMMENT = {
    "action": "created",
    "issue": {"number": 7, "pull_request": {}},
    "comment": {"id": 5, "body": "/gaebot fix", "user": {"login": "ann", "type": "User"}},
}
WORKFLOW_RUN = {"workflow_run": {"id": 99, "event": "pull_request"}}


class Bot:
    """Stand-ins for the bot's modules. `does` is called for each job with the name of the call and its values."""

    def __init__(self):
        self.calls = []
        self.does = lambda _name, **_values: Outcome()

    def call(self, name, **values):
        self.calls.append((name, values))
        return self.does(name, **values)

    def modules(self):
        def forge(*arguments):
            return type(
                "Forge", (), {"arguments": arguments, "pull_request": lambda _, number: f"pull {number}"}
            )()

        return {
            "github": {"GitHub": forge},
            "checkout": {"GitChecks": lambda *arguments: arguments},
            "review": {},
            "review.run": {
                "review": lambda forge, job, settings, checks, output: self.call(
                    "review", forge=forge, job=job, settings=settings, checks=checks, output=output
                ),
                "post": lambda forge, job, settings, output: self.call(
                    "post", forge=forge, job=job, settings=settings, output=output
                ),
            },
            "fixups": {},
            "fixups.run": {
                "fix_up": lambda forge, job, settings, root, output: self.call(
                    "fix_up", forge=forge, job=job, settings=settings, root=root, output=output
                )
            },
            "commands": {
                "command": lambda forge, job, settings, root, output: self.call(
                    "command", forge=forge, job=job, settings=settings, root=root, output=output
                )
            },
        }


@pytest.fixture
def bot(monkeypatch):
    made = Bot()
    for name, content in made.modules().items():
        module = ModuleType(f"gaebot.bot.{name}")
        vars(module).update(content)
        monkeypatch.setitem(sys.modules, module.__name__, module)
    return made


class Job:
    """A job in temporary folders: what the action is told, and what it says."""

    def __init__(self, tmp_path, monkeypatch, capsys):
        self.root, self.temporary = tmp_path / "checkout", tmp_path / "temporary"
        self.root.mkdir()
        self.temporary.mkdir()
        self.event_file, self.outputs_file = tmp_path / "event.json", tmp_path / "outputs"
        self.summary = tmp_path / "summary.md"
        self._monkeypatch, self._capsys = monkeypatch, capsys
        self.outputs_file.touch()
        self.lines = []

    def run(self, event, payload, **inputs):
        """The exit code of the action for an event."""
        self.event_file.write_text(json.dumps(payload), encoding="utf-8")
        variables = {
            "GITHUB_EVENT_NAME": event,
            "GITHUB_EVENT_PATH": str(self.event_file),
            "GITHUB_REPOSITORY": "octo/demo",
            "GITHUB_API_URL": "http://127.0.0.1:9",
            "GITHUB_WORKSPACE": str(self.root),
            "GITHUB_OUTPUT": str(self.outputs_file),
            "GITHUB_STEP_SUMMARY": str(self.summary),
            "RUNNER_TEMP": str(self.temporary),
            "GAEBOT_GITHUB_TOKEN": "a-token",
            **{f"GAEBOT_{name.upper()}": value for name, value in inputs.items()},
        }
        with self._monkeypatch.context() as patch:
            for name, value in variables.items():
                patch.setenv(name, value)
            code = action.main()
        self.lines = self._capsys.readouterr().out.splitlines()
        return code

    @property
    def outputs(self):
        return outputs(self.outputs_file.read_text(encoding="utf-8"))

    @property
    def errors(self):
        return [
            line.partition("::error title=gaebot::")[2] for line in self.lines if line.startswith("::error")
        ]


@pytest.fixture
def job(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    return Job(tmp_path, monkeypatch, capsys)


@pytest.fixture
def app(job):
    return write_tree(job.root, {"app.yaml": APP_YAML, "main.py": "print 'hello'\n"})


# -- what needs nothing ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("case", "said"),
    [
        (("release", {}, {}), "gaebot has nothing to do for the event release."),
        (("pull_request", {**PULL_REQUEST, "action": "labeled"}, {}), "Nothing of the code changes"),
        (("pull_request", PULL_REQUEST, {"mode": "fix"}), "A pull request is not reviewed in mode fix."),
        (("push", {"ref": "refs/tags/v1"}, {}), "refs/tags/v1 is no branch"),
        (("schedule", {}, {}), "There is nothing to do: . is no App Engine app"),
        (("pull_request", PULL_REQUEST, {}), "There is nothing to do: . is no App Engine app"),
    ],
)
def test_nothing_to_do_is_no_failure(job, bot, case, said):
    event, payload, inputs = case
    assert job.run(event, payload, **inputs) == 0
    assert any(line.startswith(said) for line in job.lines)
    assert bot.calls == []
    assert (job.errors, job.summary.exists()) == ([], False)
    assert job.outputs == {"pull-requests": "[]", "plan": "", "kept": ""}


# -- who is asked ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("case", "name"),
    [
        (("pull_request", PULL_REQUEST, "review"), "review"),
        (("pull_request", PULL_REQUEST, "both"), "review"),
        (("workflow_run", WORKFLOW_RUN, "post"), "post"),
        (("push", PUSH, "fix"), "fix_up"),
        (("schedule", {}, "both"), "fix_up"),
        (("workflow_dispatch", {}, "fix"), "fix_up"),
        (("issue_comment", COMMENT, "both"), "command"),
    ],
)
def test_each_event_has_its_module(job, app, bot, case, name):
    event, payload, mode = case
    assert job.run(event, payload, mode=mode, max_comments="3") == 0
    ((called, values),) = bot.calls
    assert called == name
    assert values["forge"].arguments == ("a-token", "octo/demo", "http://127.0.0.1:9")
    assert values["settings"].max_comments == 3
    if "root" in values:
        assert values["root"] == str(job.root)
    if "checks" in values:
        root, settings, forge, pull = values["checks"]
        assert (root, settings, forge) == (str(job.root), values["settings"], values["forge"])
        assert (pull.number, pull.head_sha, pull.base_sha, pull.is_open) == (7, "abc", "def", True)


def test_it_works_in_the_checkout_and_goes_back(job, app, bot):
    seen = []

    def does(_name, **_values):
        seen.append(os.getcwd())
        return Outcome()

    bot.does, before = does, os.getcwd()
    assert job.run("push", PUSH) == 0
    assert seen == [os.path.realpath(job.root)]
    assert os.getcwd() == before


def test_an_app_that_is_named_and_gone_is_for_the_review_to_tell(job, app, bot):
    assert job.run("pull_request", PULL_REQUEST, paths="old") == 0
    assert [name for name, _ in bot.calls] == ["review"]


# -- what comes of it --------------------------------------------------------------------------


def test_what_came_of_it_is_told(job, app, bot):
    def does(_name, *, output, settings, **_values):
        output.summarise("# Found")
        output.keep("gaebot-fixes.patch", b"x")
        report = gaebot.check(*settings.paths)
        return Outcome(report=report, went={"review": 1}, review_url="https://x/1", pull_requests=(3, 4))

    bot.does = does
    assert job.run("push", PUSH) == 0
    told = job.outputs
    document = json.loads(Path(told["report"]).read_text(encoding="utf-8"))
    severities = [finding["severity"] for finding in document["findings"]]
    assert severities
    assert told["findings"] == str(len(severities))
    for kind in ("error", "warning", "note"):
        assert told[f"{kind}s"] == str(severities.count(kind))
    assert (told["review-url"], told["pull-requests"]) == ("https://x/1", "[3, 4]")
    assert os.listdir(told["kept"]) == ["gaebot-fixes.patch"]
    assert not told["report"].startswith((told["kept"], str(job.root)))
    assert "Told in the review: 1 finding." in job.lines
    assert "Fix-up pull request: #4" in job.lines
    assert job.summary.read_text(encoding="utf-8") == "# Found\n"


def test_a_reason_is_told_once(job, app, bot):
    def does(_name, *, output, **_values):
        output.log("The branch has moved on.")
        return Outcome(why="The branch has moved on.")

    bot.does = does
    assert job.run("push", PUSH) == 0
    assert job.lines == ["The branch has moved on."]


def test_findings_make_it_fail_when_they_are_to(job, app, bot):
    bot.does = lambda _name, **_values: Outcome(fails=True)
    assert job.run("pull_request", PULL_REQUEST) == 1
    assert job.errors == []


def test_sarif_is_written_where_it_is_asked_for(job, app, bot):
    bot.does = lambda _name, settings, **_values: Outcome(report=gaebot.check(*settings.paths))
    assert job.run("pull_request", PULL_REQUEST, sarif_file="out/gaebot.sarif") == 0
    log = json.loads((job.root / "out" / "gaebot.sarif").read_text(encoding="utf-8"))
    (run,) = log["runs"]
    uris = {
        result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for result in run["results"]
    }
    assert uris <= {"app.yaml", "main.py"}
    assert "app.yaml" in uris


def test_sarif_may_go_beside_the_checkout(job, app, bot):
    bot.does = lambda _name, settings, **_values: Outcome(report=gaebot.check(*settings.paths))
    assert job.run("pull_request", PULL_REQUEST, sarif_file=str(job.temporary / "x.sarif")) == 0
    assert (job.temporary / "x.sarif").is_file()


@pytest.mark.parametrize("file", ["../x.sarif", "/x.sarif", "link/x.sarif", "folder", "a/../../x.sarif"])
def test_sarif_goes_nowhere_else(job, app, bot, tmp_path, file):
    (tmp_path / "elsewhere").mkdir()
    (job.root / "link").symlink_to(tmp_path / "elsewhere")
    (job.root / "folder").mkdir()
    assert job.run("pull_request", PULL_REQUEST, sarif_file=file) == 2
    assert job.errors == [
        f"The input `sarif-file` can't be {file!r}: it has to be a file of the checked-out repository."
    ]
    assert bot.calls == []
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_a_link_in_the_place_of_the_sarif_file_is_not_followed(job, app, bot, tmp_path):
    target = tmp_path / "target"
    target.write_text("mine", encoding="utf-8")
    (job.root / "x.sarif").symlink_to(target)
    bot.does = lambda _name, settings, **_values: Outcome(report=gaebot.check(*settings.paths))
    assert job.run("pull_request", PULL_REQUEST, sarif_file="x.sarif") == 0
    assert target.read_text(encoding="utf-8") == "mine"
    assert not (job.root / "x.sarif").is_symlink()


# -- what is wrong -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("inputs", "said"),
    [
        ({"mode": "revew"}, "The input `mode` can't be 'revew': it may be review, fix, both, post."),
        ({"max_comments": "-1"}, "The input `max-comments` wants a number, not '-1'."),
        ({"draft": "yes"}, "The input `draft` can't be 'yes': it may be true, false."),
        ({"mode": "x\n::set-output name=a::b"}, "The input `mode` can't be 'x\\n::set-output name=a::b'"),
        ({"github_token": " "}, "The input `github-token` is empty"),
        ({"paths": "old"}, "old can't be opened"),
    ],
)
def test_an_input_that_can_not_be_followed(job, app, bot, inputs, said):
    assert job.run("push", PUSH, **inputs) == 2
    (error,) = job.errors
    assert error.startswith(said)
    assert bot.calls == []


def test_outside_of_a_job_it_says_so(monkeypatch, capsys):
    for name in list(os.environ):
        if name.startswith("GITHUB_"):
            monkeypatch.delenv(name)
    assert action.main() == 2
    assert capsys.readouterr().out.startswith(
        "::error title=gaebot::The variable GITHUB_EVENT_NAME is not set"
    )


def raises(error):
    def does(_name, *, output, **_values):
        output.keep("gaebot-plan.json", b"{}")
        raise error

    return does


def test_settings_that_can_not_be_followed(job, app, bot):
    bot.does = raises(ConfigError(".gaebot.yaml:3: `selct` is no key."))
    assert job.run("push", PUSH) == 2
    assert job.errors == [".gaebot.yaml:3: `selct` is no key."]


@pytest.mark.parametrize(
    ("error", "way_out"),
    [
        (ForbiddenError("Resource not accessible"), "`permissions`"),
        (LimitError("Too fast"), "run the job again later"),
        (UnreachableError("502"), "run the job again later"),
        (ForgeError("What?"), "report it"),
    ],
)
def test_a_code_host_that_can_not_be_read(job, app, bot, error, way_out):
    bot.does = raises(error)
    assert job.run("push", PUSH) == 3
    (said,) = job.errors
    assert str(error) in said
    assert way_out in said


def test_a_fault_inside_is_one_line_and_a_traceback(job, app, bot):
    bot.does = raises(KeyError("a\n::error::b\x1b[0m ##[error]c"))
    assert job.run("push", PUSH) == 3
    (said,) = job.errors
    assert said.startswith("gaebot stopped with KeyError: ")
    assert "report it" in said
    start, end = job.lines.index("::group::Traceback"), job.lines.index("::endgroup::")
    inside = job.lines[start + 1 : end]
    assert inside[0].startswith("Traceback (most recent call last)")
    assert not any(line.startswith("::") or "##[" in line or "\x1b" in line for line in inside)
    # What was kept until then is not lost.
    assert job.outputs["plan"].endswith("gaebot-plan.json")


@pytest.mark.parametrize("text", ["[]", "{", '{"ref": 3}'])
def test_a_payload_that_is_none(job, app, bot, monkeypatch, text):
    monkeypatch.setattr(json, "dumps", lambda *_: text)
    assert job.run("pull_request", {}) in {2, 3}
    assert len(job.errors) == 1


def test_the_defaults_are_the_settings(job, app, bot):
    assert job.run("workflow_dispatch", {}) == 0
    ((_, values),) = bot.calls
    assert values["settings"] == Settings()
    assert values["job"] == FixUp("")
