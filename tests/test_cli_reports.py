"""The command line's reports, settings, baselines, comments, standard input, links and completion."""

from __future__ import annotations

import json
import os
import pty
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from gaebot import cli
from gaebot.cli.terminal import knows_links
from gaebot.render.formats import FORMATS
from tests.trees import write_tree

APP = "application: a\nversion: 1\nruntime: python\napi_version: 1\nhandlers:\n- url: /\n  script: main.py\n"
MAIN = "import md5\nprint 'Content-Type: text/plain\\n\\n' + md5.new('a').hexdigest()\n"


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")
    write_tree(tmp_path, {"apps/shop/app.yaml": APP, "apps/shop/main.py": MAIN})
    (tmp_path / ".git").mkdir()
    return tmp_path


def printed(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    code = cli.main(list(arguments))
    told = capsys.readouterr()
    assert told.err == ""
    return code, told.out


# -- formats ---------------------------------------------------------------------------------

BEGINNINGS = {
    "text": "apps/shop/",
    "json": "{",
    "sarif": "{",
    "github": "::error ",
    "markdown": "#",
    "gitlab": "[",
    "junit": "<?xml",
    "rdjson": "{",
    "html": "<!doctype html>",
}


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_is_printed_and_written(
    here: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    code, text = printed(capsys, "check", "apps/shop", "--format", name)
    assert code == 1
    assert text.lower().startswith(BEGINNINGS[name].lower())
    code, out = printed(capsys, "check", "apps/shop", "--format", name, "--output", "report")
    assert (code, out) == (1, "")
    assert (here / "report").read_text() == text
    code, _ = printed(capsys, "fix", "--diff", "apps/shop", "--format", name, "--output", "report")
    assert (here / "report").read_text().lower().startswith(BEGINNINGS[name].lower())


def test_several_reports_at_once(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, text = printed(
        capsys, "check", "--report", "sarif=a.sarif", "--report", "junit=b.xml", "--report", "html=c.html"
    )
    assert code == 1
    assert text.endswith("gaebot fix --unsafe\n")
    assert json.loads((here / "a.sarif").read_text())["version"] == "2.1.0"
    assert ET.parse(here / "b.xml").getroot().tag == "testsuites"  # noqa: S314 - our own file
    assert "main.py" in (here / "c.html").read_text()


def test_other_programs_know_files_by_their_paths_in_the_repository(
    here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(here / "apps" / "shop")
    _, text = printed(capsys, "check", "--report", "gitlab=g.json", "--report", "json=j.json")
    assert text.startswith("app.yaml:")
    paths = {entry["location"]["path"] for entry in json.loads(Path("g.json").read_text())}
    assert paths == {"apps/shop/app.yaml", "apps/shop/main.py"}
    assert {finding["path"] for finding in json.loads(Path("j.json").read_text())["findings"]} == {
        "app.yaml",
        "main.py",
    }


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--report", "sarif"], "--report wants FORMAT=FILE, not 'sarif'. The formats are text, json,"),
        (["--report", "pdf=a.pdf"], "--report wants FORMAT=FILE"),
        (
            ["--output", "no/such/folder"],
            "The report can't be written to no/such/folder (no such file or directory).",
        ),
        (["--report", "json=apps"], "The report can't be written to apps (is a directory)."),
        (["--stdin-filename", "a.py"], "--stdin-filename goes with - as the only PATH."),
        (["-"], "Name the file that comes on standard input: --stdin-filename FILE."),
        (
            ["--config", "x.yaml"],
            "x.yaml can't be read (no such file or directory): make it a readable file.",
        ),
        (["--baseline"], "There is no baseline at .gaebot-baseline.json: write one with `gaebot baseline`."),
        (["--baseline-file", "x.json"], "There is no baseline at x.json: write one with `gaebot baseline`."),
        (["--add-ignores", "a\nb"], "A reason has to be one line of text, without '#}'."),
    ],
)
def test_wrong_use_gets_a_sentence(
    here: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], told: str
) -> None:
    assert cli.main(["check", *arguments]) == 2
    error = capsys.readouterr().err
    assert error.startswith(f"gaebot: {told}")
    assert error.count("\n") == 1


# -- settings, baseline, comments --------------------------------------------------------------


def test_the_grade_that_fails_comes_from_the_settings(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_tree(here, {".gaebot.yaml": "fail-on: never\n"})
    assert printed(capsys, "check", "-q")[0] == 0
    assert printed(capsys, "check", "-q", "--fail-on", "error")[0] == 1
    assert printed(capsys, "check", "-q", "--isolated")[0] == 1
    write_tree(here, {".gaebot.yaml": "fail-on: error\nselect: py-md5-sha\n"})
    assert printed(capsys, "check", "-q")[0] == 0


def test_a_baseline_from_the_first_to_the_last_finding(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_tree(here, {".gaebot.yaml": "select: py-md5-sha, yaml\n"})
    code, text = printed(capsys, "baseline")
    assert code == 0
    assert text.startswith(".gaebot-baseline.json knows ")
    assert text.endswith(" added, 0 taken out.\n")
    code, text = printed(capsys, "check", "--baseline")
    assert code == 0
    assert "Nothing new to report." in text
    assert "findings in .gaebot-baseline.json are left." in text
    (here / "apps/shop/main.py").write_text("print 'Content-Type: text/plain\\n\\n'\n")
    code, text = printed(capsys, "check", "--baseline")
    assert "1 can go from it: `gaebot baseline --prune` takes it out." in text
    assert ": 0 added, 1 taken out." in printed(capsys, "baseline", "--prune")[1]
    assert printed(capsys, "baseline", "-q") == (0, "")
    assert printed(capsys, "check", "--no-baseline", "-q")[0] == 1


def test_comments_that_gaebot_writes(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, text = printed(
        capsys, "check", "--add-ignores", "until spring", "--select", "py-md5-sha,yaml-runtime"
    )
    assert code == 0
    assert text.startswith(
        "Silenced 2 findings in 2 files.\nNothing to report.\n2 findings silenced by comments.\n"
    )
    assert (
        "# gaebot: ignore[yaml-runtime] until spring\nruntime: python\n"
        in (here / "apps/shop/app.yaml").read_text()
    )
    assert (here / "apps/shop/main.py").read_text().count("# gaebot: ignore[py-md5-sha] until spring") == 1
    assert printed(capsys, "check", "--select", "py-md5-sha,suppression")[0] == 0


def test_quiet_tells_findings_only(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, text = printed(capsys, "check", "-q", "--select", "yaml-runtime")
    assert text.startswith("apps/shop/app.yaml:3:1 error yaml-runtime\n")
    assert "fixed" not in text
    assert printed(capsys, "check", "-q", "--select", "py-sets") == (0, "")


# -- standard input --------------------------------------------------------------------------


def piped(here: Path, content: bytes, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "gaebot", "check", "-", "-q", *arguments],
        cwd=here,
        input=content,
        capture_output=True,
        check=False,
        timeout=60,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])},
    )


def test_what_an_editor_has_not_saved_yet(here: Path) -> None:
    done = piped(here, b"x = 1\n" + MAIN.encode(), "--stdin-filename", "apps/shop/main.py")
    assert b"apps/shop/main.py:2:1" in done.stdout
    assert b"app.yaml:" not in done.stdout
    assert (here / "apps/shop/main.py").read_text() == MAIN
    done = piped(here, MAIN.encode(), "--stdin-filename", "apps/shop/new.py", "--select", "py-md5-sha")
    assert (done.returncode, done.stdout) == (0, b"")  # nothing loads it
    done = piped(here, b"runtime: python\n", "--stdin-filename", "elsewhere/app.py")
    assert done.returncode == 2
    assert b"belongs to no App Engine app" in done.stderr


# -- terminals -------------------------------------------------------------------------------


def shown(here: Path, **variables: str) -> bytes:
    """What a check prints on a terminal."""
    keep = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    master, slave = pty.openpty()
    environment = {
        **keep,
        "PYTHONPATH": str(Path(__file__).parents[1]),
        "TERM": "xterm-256color",
        **variables,
    }
    command = [sys.executable, "-m", "gaebot", "check", "--select", "yaml-runtime"]
    with subprocess.Popen(command, cwd=here, stdout=slave, stderr=slave, env=environment) as process:
        os.close(slave)
        parts = []
        while True:
            try:
                part = os.read(master, 65536)
            except OSError:
                break
            if not part:
                break
            parts.append(part)
        process.wait(60)
    os.close(master)
    return b"".join(parts)


def test_links_stand_only_where_they_are_known(here: Path) -> None:
    link = b"\x1b]8;;file://" + str(here / "apps/shop/app.yaml").encode()
    assert link not in shown(here)
    assert link in shown(here, VTE_VERSION="6003")
    assert link in shown(here, FORCE_HYPERLINK="1", NO_COLOR="1")
    assert b"\x1b[" not in shown(here, NO_COLOR="1")
    assert b"\x1b[" in shown(here)


@pytest.mark.parametrize(
    ("variables", "known"),
    [
        ({}, False),
        ({"TERM": "xterm-256color"}, False),
        ({"TERM_PROGRAM": "Apple_Terminal"}, False),
        ({"TERM_PROGRAM": "iTerm.app"}, True),
        ({"TERM_PROGRAM": "vscode"}, True),
        ({"TERM": "xterm-kitty"}, True),
        ({"VTE_VERSION": "4801"}, False),
        ({"VTE_VERSION": "6003"}, True),
        ({"VTE_VERSION": "x"}, False),
        ({"WT_SESSION": "1"}, True),
        ({"WT_SESSION": "1", "TMUX": "x"}, False),
        ({"WT_SESSION": "1", "CI": "true"}, False),
        ({"TERM": "dumb", "WT_SESSION": "1"}, False),
        ({"FORCE_HYPERLINK": "1", "CI": "true"}, True),
        ({"FORCE_HYPERLINK": "0", "WT_SESSION": "1"}, False),
        ({"FORCE_HYPERLINK": "", "WT_SESSION": "1"}, False),
    ],
)
def test_terminals_that_know_links(variables: dict[str, str], *, known: bool) -> None:
    assert knows_links(variables.get) is known


# -- completion ------------------------------------------------------------------------------


@pytest.mark.parametrize("shell", ["bash", "zsh", "tcsh"])
def test_completion_names_commands_and_options(capsys: pytest.CaptureFixture[str], shell: str) -> None:
    code, text = printed(capsys, "completion", shell)
    assert code == 0
    for word in ("check", "baseline", "--add-ignores", "--unsafe", "sarif"):
        assert word.removeprefix("--") in text


@pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash here")
def test_bash_completes(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    _, text = printed(capsys, "completion", "bash")
    (tmp_path / "gaebot.bash").write_text(text)
    lines = [
        "source ./gaebot.bash",
        "COMP_WORDS=(gaebot check --fail); COMP_CWORD=2",
        "_shtab_gaebot gaebot --fail check",
        'printf "%s\\n" "${COMPREPLY[@]}"',
    ]
    done = subprocess.run(
        ["bash", "-c", "\n".join(lines)], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.stdout.split() == ["--fail-on"]
