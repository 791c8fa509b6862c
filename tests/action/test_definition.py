"""action.yml: its inputs and outputs, and what its steps leave out; the packages that it installs."""

import re
import runpy
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from gaebot.bot.actions import Runner
from gaebot.bot.settings import Settings

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "action.yml").read_text(encoding="utf-8")
ACTION = yaml.safe_load(TEXT)
STEPS = ACTION["runs"]["steps"]
RUN = next(step for step in STEPS if step.get("id") == "run")
REQUIREMENTS = (ROOT / "hooks" / "requirements.txt").read_text(encoding="utf-8")
SCRIPT = runpy.run_path(str(ROOT / "scripts" / "action_requirements.py"))

INPUTS = [
    "github-token",
    "mode",
    "paths",
    "to",
    "fail-on",
    "unsafe",
    "config",
    "baseline",
    "max-comments",
    "max-pull-requests",
    "branch-prefix",
    "labels",
    "reviewers",
    "draft",
    "group-by",
    "sarif-file",
    "python-version",
]
OUTPUTS = ["findings", "errors", "warnings", "notes", "report", "review-url", "pull-requests"]
ICONS = {"arrow-up-circle"}  # of Feather 4.28, which has it
COLORS = {"white", "black", "yellow", "blue", "green", "orange", "red", "purple", "gray-dark"}


def test_inputs_and_outputs():
    assert list(ACTION["inputs"]) == INPUTS
    assert list(ACTION["outputs"]) == OUTPUTS
    for entry in [*ACTION["inputs"].values(), *ACTION["outputs"].values()]:
        assert entry["description"].endswith(".")


def test_each_output_is_one_of_the_step():
    for name, output in ACTION["outputs"].items():
        assert output["value"] == f"${{{{ steps.run.outputs.{name} }}}}"


def test_defaults_are_those_of_the_settings():
    defaults = {name: entry["default"] for name, entry in ACTION["inputs"].items()}
    assert defaults.pop("github-token") == "${{ github.token }}"
    assert defaults.pop("python-version") == "3.13"
    assert all(isinstance(value, str) for value in defaults.values())
    assert Settings.read(defaults) == Settings()
    # What is not empty is what the settings say, and not only the same as nothing.
    assert {name: value for name, value in defaults.items() if value} == {
        "mode": Settings().mode.value,
        "paths": ",".join(Settings().paths),
        "unsafe": str(Settings().unsafe).lower(),
        "max-comments": str(Settings().max_comments),
        "max-pull-requests": str(Settings().max_pull_requests),
        "branch-prefix": Settings().branch_prefix,
        "draft": str(Settings().draft).lower(),
        "group-by": Settings().group_by.value,
    }


def test_every_setting_is_an_input():
    fields = {name.replace("_", "-") for name in Settings.__dataclass_fields__}
    assert fields == set(INPUTS) - {"github-token", "python-version"}


def test_every_input_reaches_the_program():
    passed = {name: value for name, value in RUN["env"].items() if name != "PYTHON"}
    given = {name: f"value of {value}" for name, value in passed.items()}
    runner = Runner.read(
        {
            **dict.fromkeys(
                (
                    *("GITHUB_EVENT_NAME", "GITHUB_EVENT_PATH", "GITHUB_REPOSITORY", "GITHUB_API_URL"),
                    *("GITHUB_WORKSPACE", "RUNNER_TEMP"),
                ),
                "x",
            ),
            **given,
        }
    )
    told = {**runner.inputs, "github-token": runner.token}
    assert told == {name: f"value of ${{{{ inputs.{name} }}}}" for name in INPUTS if name != "python-version"}


def test_no_value_is_part_of_a_command():
    commands = [step for step in STEPS if "run" in step]
    assert len(commands) == 2
    for step in commands:
        assert "${{" not in step["run"]
        assert step["shell"] == "bash"
        # Neither the programs nor pip begin in the checkout.
        assert step["working-directory"] == "${{ runner.temp }}"
        assert re.findall(r'^"\$\w+" (.*)$', step["run"], re.MULTILINE)[0].startswith("-I ")


def test_other_actions_are_pinned():
    lines = re.findall(r"uses: (.*)", TEXT)
    assert len(lines) == 3
    for line in lines:
        assert re.fullmatch(r"actions/[a-z-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", line)


def test_python_can_be_left_to_the_runner():
    (step,) = (step for step in STEPS if "setup-python" in step.get("uses", ""))
    assert step["if"] == "inputs.python-version != ''"
    assert step["with"]["update-environment"] is False


def test_branding():
    assert ACTION["branding"]["icon"] in ICONS
    assert ACTION["branding"]["color"] in COLORS


# -- what is installed ----------------------------------------------------------------------


def packages():
    """The packages of requirements.txt, each with the rest of its entry."""
    entries = re.sub(r"\\\n", "", re.sub(r"^#.*\n", "", REQUIREMENTS, flags=re.MULTILINE)).splitlines()
    return [(Requirement(entry.partition(" --hash=")[0]), entry) for entry in entries]


def test_every_package_has_a_version_and_hashes():
    assert packages()
    for requirement, entry in packages():
        assert re.fullmatch(r"==[^,*]+", str(requirement.specifier))
        assert re.search(r"( +--hash=sha256:[0-9a-f]{64})+$", entry)


def test_no_host_is_named():
    assert "//" not in REQUIREMENTS
    assert not re.search(r"^ *-(?!-hash)", REQUIREMENTS, re.MULTILINE)


def test_every_dependency_is_there():
    tomllib = pytest.importorskip("tomllib")  # of Python 3.11
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["github"]]
    for text in wanted:
        requirement = Requirement(text)
        versions = [
            str(one.specifier)[2:] for one, _ in packages() if one.name == canonicalize_name(requirement.name)
        ]
        assert versions, f"{requirement.name} is missing: run `python scripts/action_requirements.py`"
        assert all(requirement.specifier.contains(version) for version in versions), text


@pytest.mark.parametrize("python", SCRIPT["PYTHONS"])
@pytest.mark.parametrize("system", ["linux", "darwin", "win32"])
def test_every_runner_gets_each_package_once(python, system):
    environment = {
        "python_version": python,
        "python_full_version": f"{python}.1",
        "sys_platform": system,
        "platform_machine": "x86_64",
        "platform_python_implementation": "CPython",
        "implementation_name": "cpython",
    }
    names = [one.name for one, _ in packages() if one.marker is None or one.marker.evaluate(environment)]
    assert len(names) == len(set(names))
    assert {"pyyaml", "regex", "libcst", "cryptography", "pygithub"} <= set(names)
