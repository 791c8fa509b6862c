import json
import os
import pty
import re
import subprocess
import sys

import pytest

from gaebot import __version__, api, cli, runs
from gaebot.finding import Safety, Severity
from gaebot.rule import discover
from tests.fakes import FunctionRule, WordRule
from tests.trees import APP_YAML, read_tree, write_tree

RULES = (
    WordRule("bad", b"bad", b"good"),
    WordRule("odd", b"odd", b"even", safety=Safety.REVIEW, severity=Severity.WARNING),
    WordRule("meh", b"meh", severity=Severity.NOTE),
)


@pytest.fixture
def own_rules(monkeypatch):
    monkeypatch.setattr(runs, "discover", lambda _hop: RULES)
    monkeypatch.setattr(runs, "choose", lambda rules, _select, _ignore: rules)


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(here, main):
    write_tree(here, {"app.yaml": APP_YAML, "main.py": main})


def run(*arguments, cwd=None, **named):
    """The program itself, in a process of its own."""
    environment = {**os.environ, "PYTHONPATH": os.getcwd(), **named.pop("env", {})}
    return subprocess.run(
        [sys.executable, "-m", "gaebot", *arguments],
        cwd=cwd,
        env=environment,
        capture_output=True,
        timeout=120,
        check=False,
        **named,
    )


def test_a_check_loads_only_what_it_needs(tmp_path):
    write(tmp_path, "import webapp2\n\napp = webapp2.WSGIApplication([])\n")
    unneeded = {
        "difflib", "gaebot.prove", "gaebot.render.html", "gaebot.render.json", "gaebot.render.sarif",
        "hashlib", "jinja2", "libcst", "regex", "rich",
    }  # fmt: skip
    program = (
        "import sys; from gaebot import cli; cli.main(['check', '--quiet', sys.argv[1]]); "
        f"print(sorted({unneeded} & set(sys.modules)), file=sys.stderr)"
    )
    environment = {**os.environ, "PYTHONPATH": os.getcwd()}
    command = [sys.executable, "-c", program, str(tmp_path)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert done.stdout
    assert done.stderr == "[]\n"


# -- exit codes ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "fail_on", "code"),
    [
        ("fine", "note", 0),
        ("meh", None, 0),
        ("meh", "warning", 0),
        ("meh", "note", 1),
        ("odd", None, 1),
        ("odd", "error", 0),
        ("bad", "error", 1),
        ("bad", "never", 0),
    ],
)
def test_exit_code_of_check(here, own_rules, text, fail_on, code):
    write(here, f"# {text}\n")
    assert cli.main(["check", *(["--fail-on", fail_on] if fail_on else [])]) == code


def test_a_file_that_can_not_be_read_is_a_finding(here, own_rules, capsys):
    write(here, "# fine\n")
    os.mkfifo("pipe.py")
    assert cli.main(["check"]) == 1
    assert "pipe.py: This is not a plain file" in capsys.readouterr().out
    assert cli.main(["check", "--fail-on", "never"]) == 0


def test_a_rule_that_fails_is_exit_code_3(here, monkeypatch, own_rules, capsys):
    def explode(_app):
        raise ZeroDivisionError("oh")

    monkeypatch.setattr(runs, "discover", lambda _hop: (FunctionRule("broken", explode), *RULES))
    write(here, "# bad\n")
    assert cli.main(["check", "--fail-on", "never"]) == 3
    printed = capsys.readouterr()
    assert "rule broken failed with ZeroDivisionError: oh" in printed.out
    assert "main.py:1:3 error bad" in printed.out
    assert printed.err == ""


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["nonsense"],
        ["check", "--format", "xml"],
        ["check", "--to", "python5"],
        ["check", "--fail-on", "always"],
        ["check", "--unsafe"],
        ["explain"],
        ["check", "nowhere"],
        ["check", "."],
        ["fix", "empty.py"],
    ],
)
def test_wrong_use_is_exit_code_2(here, arguments, capsys):
    (here / "empty.py").write_text("")
    assert cli.main(arguments) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "gaebot" in printed.err
    assert "Traceback" not in printed.err


def test_unknown_rules_are_wrong_use(here, capsys):
    write(here, "")
    some = discover("python27")[0].id
    wrong = f"{some[:-1]}q"
    for arguments in (["check", "--select", wrong], ["fix", "--ignore", wrong], ["explain", wrong]):
        assert cli.main(arguments) == 2
        assert f"Did you mean {some}?" in capsys.readouterr().err


def test_help_and_version(capsys):
    assert cli.main(["--help"]) == 0
    assert "exit codes:" in capsys.readouterr().out
    assert cli.main(["fix", "--help"]) == 0
    assert "--unsafe" in capsys.readouterr().out
    assert cli.main(["--version"]) == 0
    assert capsys.readouterr().out == f"gaebot {__version__}\n"


# -- check and fix -------------------------------------------------------------------------


def test_check_prints_text(here, own_rules, capsys):
    write(here, "# bad\n")
    cli.main(["check"])
    assert "main.py:1:3 error bad\n" in capsys.readouterr().out


def test_check_prints_json(here, own_rules, capsys):
    write(here, "# bad\n")
    assert cli.main(["check", "--format", "json"]) == 1
    shape = json.loads(capsys.readouterr().out)
    assert shape["version"] == 1
    assert shape["findings"][0]["fix"]["edits"][0]["new"] == "good"
    assert "fixed" not in shape


def test_fix_writes_and_says_what(here, own_rules, capsys):
    write(here, "# bad odd\n")
    assert cli.main(["fix"]) == 1
    printed = capsys.readouterr().out
    assert printed.startswith("fixed main.py: bad: Put the new word there\nFixed 1 finding in 1 file.\n")
    assert "main.py:1:8 warning odd" in printed
    assert read_tree(here)["main.py"] == b"# good odd\n"
    assert cli.main(["fix", "--unsafe"]) == 0
    assert read_tree(here)["main.py"] == b"# good even\n"


def test_fix_prints_json(here, own_rules, capsys):
    write(here, "# bad meh\n")
    assert cli.main(["fix", "--format", "json"]) == 0
    shape = json.loads(capsys.readouterr().out)
    assert [one["rule"] for one in shape["fixed"]] == ["bad"]
    assert [one["rule"] for one in shape["findings"]] == ["meh"]


def test_diff_writes_nothing_and_prints_a_patch(here, own_rules, capfdbinary):
    write_tree(here / "app", {"app.yaml": APP_YAML, "main.py": b"# caf\xe9 bad\r\nx"})
    before = read_tree(here)
    assert cli.main(["fix", "--diff", "app"]) == 0
    printed = capfdbinary.readouterr()
    assert read_tree(here) == before
    assert printed.out.startswith(b"diff --git a/app/main.py b/app/main.py\n")
    assert b"would fix app/main.py: bad" in printed.err
    done = subprocess.run(["git", "apply", "-"], input=printed.out, check=False, capture_output=True)
    assert done.returncode == 0, done.stderr
    assert read_tree(here)["app/main.py"] == b"# caf\xe9 good\r\nx"


@pytest.mark.parametrize("cwd", [".", "src", "src/app"])
def test_the_patch_applies_where_gaebot_was_called(here, own_rules, capfdbinary, monkeypatch, cwd):
    subprocess.run(["git", "init", "-q"], check=True)
    write_tree(here / "src" / "app", {"app.yaml": APP_YAML, "main.py": "# bad\n"})
    monkeypatch.chdir(cwd)
    cli.main(["fix", "--diff"])
    patch = capfdbinary.readouterr().out
    subprocess.run(["git", "apply", "-"], input=patch, check=True)
    assert read_tree(here / "src" / "app")["main.py"] == b"# good\n"


def test_diff_with_json(here, own_rules, capfd):
    write(here, "# bad\n")
    cli.main(["fix", "--diff", "--format", "json"])
    printed = capfd.readouterr()
    assert printed.out.startswith("diff --git")
    assert json.loads(printed.err)["fixed"][0]["rule"] == "bad"


def test_select_and_ignore_reach_the_library(here, capsys):
    write_tree(here, {"app.yaml": APP_YAML, "main.py": "print 1\n"})
    cli.main(["check", "--select", "yaml-runtime", "--format", "json"])
    assert {one["rule"] for one in json.loads(capsys.readouterr().out)["findings"]} == {"yaml-runtime"}
    cli.main(["check", "--ignore", "yaml-runtime,wsgi", "--format", "json"])
    assert "yaml-runtime" not in {one["rule"] for one in json.loads(capsys.readouterr().out)["findings"]}


# -- explain and rules ---------------------------------------------------------------------


def test_rules_lists_all(capsys):
    assert cli.main(["rules"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split()[:3] == ["rule", "severity", "family"]
    assert [line.split()[0] for line in lines[1:]] == [rule.id for rule in discover("python27")]


def test_explain_prints_the_page(capsys):
    rule = discover("python27")[0]
    assert cli.main(["explain", rule.id]) == 0
    assert capsys.readouterr().out == f"{rule.page.text}\n"


# -- as a program --------------------------------------------------------------------------


def test_the_program(tmp_path):
    write(tmp_path, "print 1\n")
    done = run("check", str(tmp_path))
    assert done.returncode == 1
    assert b"error yaml-runtime" in done.stdout
    assert b"\x1b" not in done.stdout
    assert done.stderr == b""


UNFIT = (b"plain/nested.py", b"plain/nul.py")


def test_hostile_input_never_ends_in_a_traceback(tmp_path):
    write_tree(
        tmp_path,
        {
            "plain/app.yaml": APP_YAML,
            "plain/main.py": "import os\n",
            "plain/nested.py": "x = " + "(" * 10_000 + ")" * 10_000 + "\n",
            "plain/nul.py": "x = '\0'\n\0",
            "plain/nested.yaml": "[" * 10_000 + "]" * 10_000,
            "plain/bomb.yaml": "".join(
                f"k{n}: &k{n} [{', '.join([f'*k{n - 1}'] * 9)}]\n" for n in range(1, 20)
            ),
            "broken/app.yaml": "runtime: python\n\t: [",
            "alias/app.yaml": "a: &a [x, x]\nb: &b [*a, *a]\nruntime: python\nhandlers: *b\n",
            "merge/app.yaml": "a: &a {<<: {b: c}}\n<<: [" + ", ".join(["*a"] * 2000) + "]\nruntime: python\n",
            "latin/app.yaml": b"runtime: \xe4\n",
        },
    )
    (tmp_path / "folder" / "app.yaml").mkdir(parents=True)
    os.symlink("loop", tmp_path / "plain" / "loop")
    os.mkfifo(tmp_path / "plain" / "pipe.py")
    with (tmp_path / "plain" / "big.py").open("wb") as file:
        file.truncate(50_000_000)
    for command in (["check"], ["fix", "--unsafe"], ["check", "--format", "json"]):
        done = run(*command, str(tmp_path))
        assert done.returncode == 1, done.stdout[-2000:]
        assert b"Traceback" not in done.stdout + done.stderr
        for name in (b"plain/big.py", b"plain/pipe.py", b"plain/loop", b"folder/app.yaml", *UNFIT):
            assert name in done.stdout
    assert b"yaml-runtime" in run("check", str(tmp_path / "alias")).stdout


def test_a_reader_that_goes_away_is_no_error(tmp_path):
    write(tmp_path, "")
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(
        [sys.executable, "-m", "gaebot", "check", tmp_path],
        env={**os.environ, "PYTHONPATH": os.getcwd()},
        stdout=writer,
        stderr=subprocess.PIPE,
        check=False,
    )
    os.close(writer)
    assert done.stderr == b""
    assert done.returncode == 141


def test_interruption_is_quiet(here, monkeypatch, capsys):
    def interrupt(*_paths, **_named):
        raise KeyboardInterrupt

    monkeypatch.setattr(api, "check", interrupt)
    assert cli.main(["check"]) == 130
    assert capsys.readouterr().err == ""


def test_a_terminal_that_knows_ascii_only(tmp_path):
    write_tree(tmp_path, {"app.yaml": APP_YAML, "caf\u00e9.py": "# caf\u00e9\nprint 1\n"})
    done = run("check", str(tmp_path), env={"PYTHONIOENCODING": "ascii"})
    assert done.returncode == 1
    assert b"Traceback" not in done.stderr


def on_a_terminal(*command, stream, **env):
    """What a program prints on one of its streams when that is a terminal."""
    leader, follower = pty.openpty()
    environment = {name: value for name, value in os.environ.items() if name != "NO_COLOR"}
    environment |= {"PYTHONPATH": os.getcwd(), "TERM": "xterm", **env}
    streams = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, stream: follower}
    process = subprocess.Popen([sys.executable, *command], env=environment, **streams)
    os.close(follower)
    printed = b""
    while chunk := read_terminal(leader):
        printed += chunk
    os.close(leader)
    process.wait(timeout=60)
    return printed


def read_terminal(leader):
    try:
        return os.read(leader, 65536)
    except OSError:  # how Linux says that the other side is closed
        return b""


def test_colour_is_for_terminals(tmp_path):
    write(tmp_path, "")
    command = ["-m", "gaebot", "check", str(tmp_path)]
    assert re.search(rb"\x1b\[\d*;?31merror", on_a_terminal(*command, stream="stdout"))
    assert b"\x1b[" not in on_a_terminal(*command, stream="stdout", NO_COLOR="1")
    assert b"\x1b[" not in on_a_terminal(*command, stream="stdout", TERM="dumb")


def test_the_progress_bar_is_for_terminals_and_long_runs(tmp_path):
    write(tmp_path, "")
    program = (
        "import sys; from gaebot import cli, progress; progress._SECONDS_BEFORE_IT_SHOWS = {seconds}; "
        f"cli.main(['check', {str(tmp_path)!r}]); sys.exit('rich' in sys.modules)"
    )
    shown = on_a_terminal("-c", program.format(seconds=0), stream="stderr")
    assert b"\xe2\x94\x81" in shown  # the bar
    assert b"yaml-" in shown
    assert on_a_terminal("-c", program.format(seconds=1000), stream="stderr") == b""
