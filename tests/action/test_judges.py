"""What others say of action.yml and of the workflows: zizmor, two linters, and GitHub's own parser.

Each judge is shown something bad first: one that finds nothing in it would find nothing anywhere.
"""

import re
import shutil
from pathlib import Path

import pytest

from tests.action.judges import judged, parser_complaints

ROOT = Path(__file__).parents[2]
ACTION = ROOT / "action.yml"
WORKFLOWS = sorted((ROOT / "docs" / "workflows").glob("*.yml"))
SCHEMAS = {"vendor.github-actions": [ACTION], "vendor.github-workflows": WORKFLOWS}

# For each file something that the judges have to see, as what it replaces and what with.
HOLE = ('"$PYTHON" -I -X utf8', '"$PYTHON" ${{ inputs.paths }}')
TYPO = ("runs-on:", "run-on:")


def spoiled(folder, path, old, new):
    """A copy of a file with something in it replaced."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    copy = folder / path.name
    copy.write_text(text.replace(old, new), encoding="utf-8")
    return copy


def test_there_are_workflows():
    assert [path.stem for path in WORKFLOWS] == ["commands", "fix", "post", "review"]


def test_zizmor_sees_a_hole(tmp_path):
    spoiled(tmp_path, ACTION, *HOLE)
    code, said = judged("zizmor", "--offline", "--no-progress", "action.yml", cwd=tmp_path)
    assert code == 14, said
    assert "template-injection" in said


def test_zizmor_sees_what_is_not_pinned(tmp_path):
    shutil.copy(ROOT / "zizmor.yml", tmp_path)
    text = re.sub(r"@[0-9a-f]{40}", "@v7", WORKFLOWS[-1].read_text(encoding="utf-8"))
    (tmp_path / "review.yml").write_text(text, encoding="utf-8")
    code, said = judged("zizmor", "--offline", "--no-progress", "review.yml", cwd=tmp_path)
    assert code == 14, said
    assert said.count("error[unpinned-uses]") == 1


def test_zizmor_finds_nothing():
    code, said = judged("zizmor", "--offline", "--no-progress", ACTION, *WORKFLOWS, cwd=ROOT)
    assert code == 0, said
    assert "No findings to report" in said


def test_what_zizmor_is_told_to_pass_over():
    """Only two events, of which zizmor says that they are almost always used insecurely."""
    ignores = [
        (path.name, line.strip().split("#", 1)[1].strip())
        for path in [ACTION, *WORKFLOWS]
        for line in path.read_text(encoding="utf-8").splitlines()
        if "zizmor:" in line
    ]
    assert ignores == [
        ("commands.yml", "zizmor: ignore[dangerous-triggers] no code of the pull request is run"),
        ("post.yml", "zizmor: ignore[dangerous-triggers] no code of the pull request is fetched or run"),
    ]


@pytest.mark.parametrize("schema", SCHEMAS)
def test_the_schemas_are_kept(schema):
    code, said = judged("check-jsonschema", "--builtin-schema", schema, *SCHEMAS[schema], cwd=ROOT)
    assert code == 0, said


@pytest.mark.parametrize(
    ("schema", "change"), [("vendor.github-actions", ("using:", "use:")), ("vendor.github-workflows", TYPO)]
)
def test_the_schemas_see_a_typo(tmp_path, schema, change):
    copy = spoiled(tmp_path, SCHEMAS[schema][-1], *change)
    code, said = judged("check-jsonschema", "--builtin-schema", schema, copy, cwd=tmp_path)
    assert code == 1, said


def test_actionlint_sees_a_typo(tmp_path):
    copy = spoiled(tmp_path, WORKFLOWS[-1], "github.event.pull_request", "github.evnt.pull_request")
    code, said = judged("actionlint", "-no-color", copy, cwd=tmp_path)
    assert code == 1, said


def test_actionlint_finds_nothing():
    code, said = judged("actionlint", "-no-color", *WORKFLOWS, cwd=ROOT)
    assert (code, said) == (0, "")


def test_githubs_parser_sees_typos(github_parser, tmp_path):
    copies = [
        spoiled(tmp_path, WORKFLOWS[-1], *TYPO),
        spoiled(tmp_path, ACTION, "${{ inputs.paths }}", "${{ secrets.paths }}"),
    ]
    said = parser_complaints(github_parser, copies)
    assert {name for name, *_ in said} == {"review.yml", "action.yml"}


def test_githubs_parser_finds_nothing(github_parser):
    assert parser_complaints(github_parser, [ACTION, *WORKFLOWS]) == []
