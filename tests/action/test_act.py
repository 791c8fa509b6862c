"""The action as a user's workflow runs it, by act, in repositories that mean it harm."""

from __future__ import annotations

import json
import runpy

import pytest

from tests.action.act import ROOT, run_act
from tests.hooks.repositories import Repository
from tests.trees import APP_YAML, read_tree

pytestmark = pytest.mark.usefixtures("registry")

PAGE = runpy.run_path(str(ROOT / "scripts" / "action_page.py"))
TRAP = "import os\nopen(os.environ['TRAP'], 'a').write(__file__ + '\\n')\n"
# What Python, pip, git or a shell would take from the current folder if they were let to.
TRAPS = {
    **dict.fromkeys(
        (
            *(
                "yaml.py",
                "gaebot.py",
                "github.py",
                "sitecustomize.py",
                "usercustomize.py",
                "json.py",
                "venv.py",
            ),
            *("pip/__init__.py", "pip/__main__.py", "hooks/__init__.py", "gaebot/__init__.py"),
        ),
        TRAP,
    ),
    "pyproject.toml": '[build-system]\nrequires = []\nbuild-backend = "yaml"\nbackend-path = ["."]\n',
    "setup.py": TRAP,
    ".python-version": "2.5\n",
    "pip.conf": "[global]\nindex-url = http://127.0.0.1:9/\n",
}
APP = {"app.yaml": APP_YAML, "main.py": "print 'hello'\n"}


@pytest.fixture
def repository(tmp_path):
    """A repository, whose traps name their file in `tmp_path / "trap"` when they are run."""
    folder = tmp_path / "repository"
    folder.mkdir()
    return Repository(folder)


def act(repository, tmp_path, event, payload, *, action=ROOT, **named):
    run = run_act(
        repository,
        tmp_path / "act",
        event,
        payload,
        action=action,
        TRAP=str(tmp_path / "trap"),
        PYTHONPATH=".",
        **named,
    )
    assert not (tmp_path / "trap").exists(), (tmp_path / "trap").read_text()
    return run


HEAD = "the head"
PULL_REQUEST = {
    "action": "opened",
    "number": 7,
    "pull_request": {"number": 7, "head": {"sha": HEAD}, "base": {"sha": "b" * 40}},
}
COMMENT = {
    "action": "created",
    "issue": {"number": 7, "pull_request": {"url": "x"}},
    "comment": {"id": 5, "body": "/gaebot explain yaml-runtime", "user": {"login": "ann", "type": "User"}},
}
PUSH = {"ref": "refs/heads/main", "repository": {"default_branch": "main"}}
WORKFLOW_RUN = {
    "action": "completed",
    "workflow_run": {"id": 99, "event": "pull_request", "head_sha": HEAD, "name": "gaebot"},
}


# For each workflow an event, and the call that it leads to.
CALLS = {
    "review": ("pull_request", PULL_REQUEST, "review", f"Review(number=7, head_sha='{HEAD}')"),
    "post": ("workflow_run", WORKFLOW_RUN, "post", "PostReview(run=99)"),
    "fix": ("push", PUSH, "fix_up", "FixUp(base='main')"),
    "commands": (
        "issue_comment",
        COMMENT,
        "command",
        "Command(number=7, name='explain', rest='yaml-runtime', author='ann', comment=5)",
    ),
}


@pytest.mark.parametrize("name", CALLS)
def test_a_workflow_as_it_is_printed(repository, tmp_path, recording_action, name):
    event, payload, called, job = CALLS[name]
    path = f".github/workflows/gaebot-{name}.yml"
    text = PAGE["workflows"]((ROOT / "README.md").read_text(encoding="utf-8"))[path]
    repository.stage({**TRAPS, **APP, path: text})
    repository.commit()
    head = repository.git("rev-parse", "HEAD").strip()
    payload = json.loads(json.dumps(payload).replace(HEAD, head))
    job = job.replace(HEAD, head)
    run = act(repository, tmp_path, event, payload, action=recording_action, name="OWNER/gaebot@v1")
    assert not run.failed, run.log
    (told,) = run.recorded()
    assert (told["called"], told["job"]) == (called, job)
    assert told["forge"] == ["***", "octo/demo", "http://127.0.0.1:9"]  # the log does not show the token
    # Nothing comes from the checkout.
    assert told["isolated"] == 1
    assert told["hidden"] == []
    assert told["files"][0] == f"{told['path'][-1]}/gaebot/__init__.py"
    assert not any(part in {"", "."} or part.startswith(told["folder"]) for part in told["path"])
    assert not told["files"][1].startswith(told["folder"])
    assert "asked for Python 3.13" in run.log
    # What it says, as act understands it.
    assert run.said("warning") == ["100% old"]
    assert run.said("error") == []
    assert ": :error::not a command" in run.log
    assert run.said("summary") == ["# What was found\n"]
    outputs = run.outputs()
    assert (outputs["review-url"], json.loads(outputs["pull-requests"])) == (
        "http://127.0.0.1/review",
        [7, 8],
    )
    assert sorted(read_tree(run.artifacts)) == ["gaebot-plan/gaebot-plan.json", "gaebot/kept/more.txt"]
    if "actions/checkout" in text:
        kinds = ("errors", "warnings", "notes")
        assert int(outputs["findings"]) == sum(int(outputs[kind]) for kind in kinds) > 0
        assert outputs["report"].endswith("/report.json")


def workflow(*steps, event="schedule"):
    """A workflow, as JSON, which is YAML. Each step is the inputs of the action."""
    made = [{"uses": "actions/checkout@v4"}]
    made += [
        {
            "uses": "octo/gaebot@v1",
            "id": f"step{number}",
            "continue-on-error": number + 1 < len(steps),
            "with": {"python-version": "", **inputs},
        }
        for number, inputs in enumerate(steps)
    ]
    on = {"schedule": [{"cron": "17 5 * * 1"}]} if event == "schedule" else event
    return json.dumps({"on": on, "jobs": {"gaebot": {"runs-on": "ubuntu-latest", "steps": made}}})


def test_a_repository_without_an_app(repository, tmp_path):
    repository.stage({**TRAPS, ".github/workflows/fix.yml": workflow({"mode": "fix"})})
    repository.commit()
    run = act(repository, tmp_path, "schedule", {"schedule": "17 5 * * 1"})
    assert not run.failed, run.log
    assert "There is nothing to do: . is no App Engine app" in run.log
    assert run.said("error") == []
    assert not list(run.artifacts.iterdir())


def test_a_wrong_input(repository, tmp_path):
    repository.stage(
        {**APP, ".github/workflows/fix.yml": workflow({"max-comments": "many"}, {"paths": 'a/b \' "$(id)"'})}
    )
    repository.commit()
    run = act(repository, tmp_path, "schedule", {})
    assert run.failed
    first, second = run.said("error")
    assert first == "The input `max-comments` wants a number, not 'many'."
    assert second.startswith('a/b \' "$(id)"')


def test_inputs_do_not_reach_a_shell(repository, tmp_path, recording_action):
    name = f'it\'s "a" $(touch {tmp_path}/pwned) `touch {tmp_path}/pwned` ; touch {tmp_path}/pwned # %0A::error::x'
    inputs = {"paths": f"my app\n{name}", "labels": name, "branch-prefix": f"gaebot {name}/"}
    repository.stage(
        {
            **{f"my app/{path}": text for path, text in APP.items()},
            **{f"{name.strip()}/{path}": text for path, text in APP.items()},
            ".github/workflows/fix.yml": workflow(inputs),
        }
    )
    repository.commit()
    run = act(repository, tmp_path, "schedule", {}, action=recording_action)
    assert not (tmp_path / "pwned").exists()
    assert not run.failed, run.log
    (told,) = run.recorded()
    assert f"paths={('my app', name)!r}" in told["settings"]
    assert f"labels={(name,)!r}" in told["settings"]
    assert run.said("error") == []
