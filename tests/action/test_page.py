"""What README.md says of the action: workflows as they are, inputs and outputs as in action.yml."""

import re
import runpy
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
SCRIPT = runpy.run_path(str(ROOT / "scripts" / "action_page.py"))
WORKFLOWS = {
    path.name: path.read_text(encoding="utf-8") for path in (ROOT / "docs" / "workflows").glob("*.yml")
}
by_name = pytest.mark.parametrize("name", sorted(WORKFLOWS))


def test_it_is_what_the_script_makes():
    assert SCRIPT["page"](README) == README, "run `python scripts/action_page.py`"


def test_it_has_all_parts():
    assert SCRIPT["names"](README) == [
        "review.yml",
        "post.yml",
        "fix.yml",
        "commands.yml",
        "inputs",
        "outputs",
    ]


def test_it_shows_every_workflow_word_for_word():
    shown = SCRIPT["workflows"](README)
    assert shown == {f".github/workflows/gaebot-{name}": text for name, text in WORKFLOWS.items()}


def test_every_input_and_output_has_a_row():
    action = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
    for name in [*action["inputs"], *action["outputs"]]:
        assert len(re.findall(rf"^\| `{name}` \|", README, re.MULTILINE)) == 1
    # What would end a cell, or be taken for HTML, stands in none.
    rows = re.findall(r"^\| `[a-z-]+` \|.*$", README, re.MULTILINE)
    assert {row.count("|") for row in rows} <= {3, 4}
    assert not any("<" in row or "\n" in row for row in rows)


@by_name
def test_a_workflow_is_short(name):
    assert len(WORKFLOWS[name].splitlines()) < 30


@by_name
def test_a_workflow_has_no_more_rights_than_it_needs(name):
    workflow = yaml.safe_load(WORKFLOWS[name])
    assert workflow["permissions"] == {}
    assert "concurrency" in workflow
    for job in workflow["jobs"].values():
        assert set(job["permissions"]) <= {"actions", "contents", "pull-requests"}
        for step in job["steps"]:
            assert "run" not in step
            if "actions/checkout" in step["uses"]:
                assert step["with"]["persist-credentials"] is False


def test_only_what_commits_may_write_contents():
    rights = {
        name: job["permissions"].get("contents")
        for name, text in WORKFLOWS.items()
        for job in yaml.safe_load(text)["jobs"].values()
    }
    assert rights == {"commands.yml": "write", "fix.yml": "write", "post.yml": None, "review.yml": "read"}


def test_what_posts_for_a_fork_checks_out_nothing():
    assert "checkout" not in WORKFLOWS["post.yml"]
    assert "pull_request_target" not in "".join(WORKFLOWS.values())


@by_name
def test_other_actions_are_pinned(name):
    for used in re.findall(r"uses: (.*)", WORKFLOWS[name]):
        assert used == "OWNER/gaebot@v1" or re.fullmatch(
            r"actions/checkout@[0-9a-f]{40} # v\d+\.\d+\.\d+", used
        )


def test_the_workflow_that_posts_waits_for_the_one_that_reviews():
    review, post = (yaml.safe_load(WORKFLOWS[name]) for name in ("review.yml", "post.yml"))
    assert post[True]["workflow_run"]["workflows"] == [review["name"]]  # YAML 1.1 takes `on` for true
