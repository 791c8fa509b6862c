"""The hooks' folder is `gaebot.hooks` in everything that is built of this repository."""

import configparser
import email
import sys
import tarfile
import zipfile

import pytest
from packaging.requirements import Requirement

from tests.hooks.repositories import run

MODULES = {"__init__", "action", "arguments", "check", "fix"}


@pytest.fixture(scope="module")
def wheel(distributions):
    (path,) = distributions.glob("*.whl")
    with zipfile.ZipFile(path) as archive:
        yield archive


@pytest.fixture(scope="module")
def metadata(wheel):
    """Gives the text of a file of the wheel's metadata."""
    folder = next(name for name in wheel.namelist() if name.endswith(".dist-info/METADATA")).rpartition("/")[
        0
    ]
    return lambda name: wheel.read(f"{folder}/{name}").decode()


def test_it_is_a_package_of_gaebot(wheel):
    assert {f"gaebot/hooks/{module}.py" for module in MODULES} <= set(wheel.namelist())


def test_what_starts_the_action_is_left_out(wheel):
    names = {name.rpartition("/")[2] for name in wheel.namelist() if name.startswith("gaebot/hooks/")}
    assert names == {f"{module}.py" for module in MODULES}


def test_nothing_else_lands_beside_gaebot(wheel):
    top = {name.partition("/")[0] for name in wheel.namelist()}
    assert {name for name in top if not name.endswith(".dist-info")} == {"gaebot"}


def test_its_programs(metadata):
    parser = configparser.ConfigParser()
    parser.read_string(metadata("entry_points.txt"))
    assert dict(parser["console_scripts"]) == {
        "gaebot": "gaebot.cli:main",
        "gaebot-hook-check": "gaebot.hooks.check:main",
        "gaebot-hook-fix": "gaebot.hooks.fix:main",
    }


def test_github_is_an_extra(metadata):
    texts = email.message_from_string(metadata("METADATA")).get_all("Requires-Dist")
    requirements = [Requirement(text) for text in texts]
    wanted = {r.name.lower() for r in requirements if r.marker is None or r.marker.evaluate({"extra": ""})}
    assert "tree-sitter" in wanted
    assert "pygithub" not in wanted
    assert "pygithub" in {
        r.name.lower() for r in requirements if r.marker and r.marker.evaluate({"extra": "github"})
    }


def test_the_sdist_has_the_folder_once(distributions):
    (path,) = distributions.glob("*.tar.gz")
    with tarfile.open(path) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {f"hooks/{module}.py" for module in MODULES} <= names
    assert not {name for name in names if name.startswith("gaebot/hooks")}
    assert {".pre-commit-hooks.yaml", "action.yml", "hooks/requirements.txt", "hooks/start.py"} <= names


def test_an_editable_install_has_it(registry, source, tmp_path):
    done = run([sys.executable, "-m", "venv", "--without-pip", tmp_path / "venv"])
    assert done.returncode == 0, done.stderr
    python = tmp_path / "venv" / "bin" / "python"
    pip = [sys.executable, "-m", "pip", "--python", python]
    done = run([*pip, "install", "--quiet", "--no-deps", "--editable", source], tmp_path)
    assert done.returncode == 0, done.stderr
    program = "from importlib.util import find_spec; print(find_spec('gaebot.hooks.check').origin)"
    done = run([python, "-c", program], tmp_path)
    assert done.stdout.strip() == str(source / "gaebot" / "hooks" / "check.py"), done.stderr
    assert (source / "gaebot" / "hooks" / "check.py").samefile(source / "hooks" / "check.py")
