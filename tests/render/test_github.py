import json
import os
import re
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import gaebot
from gaebot.disk import find_apps
from gaebot.finding import Failure, Finding, Fix, Place, Related, RunsOn, Safety, Severity
from gaebot.render.github import render_github
from gaebot.render.visible import visible
from gaebot.report import Report
from gaebot.sharing import ThreadSafety
from gaebot.text import SourceFile, Span
from tests.render.golden import HOSTILE_NAMES, golden_report

FIRST = Span(0, 3)

# All that the runner knows; those that could do harm must never be seen.
KNOWN = {
    *(
        "error",
        "warning",
        "notice",
        "debug",
        "group",
        "endgroup",
        "add-mask",
        "add-matcher",
        "remove-matcher",
    ),
    *("echo", "stop-commands", "save-state", "set-output", "set-env", "add-path", "internal-set-repo-path"),
}


def unescaped(text, pairs):
    for escape, character in (*pairs, ("%25", "%")):  # the per cent sign last, as the runner does
        text = text.replace(escape, character)
    return text


def command_in(line):
    """The command that the runner sees in a line: name, properties, message; None when it sees none."""
    stripped = line.lstrip()
    if stripped.startswith("::") and "::" in stripped[2:]:
        head, message = stripped[2:].split("::", 1)
        name, _, rest = head.partition(" ")
        if name in KNOWN:
            properties = {}
            for part in filter(None, rest.strip().split(",")):
                key, _, value = part.partition("=")
                value = value.lstrip("=")  # empty parts are dropped
                if key and value:
                    escapes = (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","))
                    properties[key.lower()] = unescaped(value, escapes)
            return name, properties, unescaped(message, (("%0D", "\r"), ("%0A", "\n")))
    if old := re.search(r"##\[([^\]]*)\](.*)", line):
        name, _, rest = old[1].partition(" ")
        if name in KNOWN:
            return name, {"old form": rest}, old[2]
    return None


def seen(report):
    """The commands that the runner sees, and the lines in which it sees none."""
    text = render_github(report, ())
    assert text.endswith("\n")
    lines = re.split(r"\r\n|\r|\n", text)[:-1]
    commands = [command_in(line) for line in lines]
    assert {found[0] for found in commands if found} <= {"error", "warning", "notice"}
    return [c for c in commands if c], [line for line, c in zip(lines, commands, strict=True) if c is None]


def finding(path="a.py", *, data=b"old = 1\n", span=FIRST, **named):
    given = {"rule": "some-rule", "severity": Severity.ERROR, "message": "It is old.", **named}
    return Finding(place=Place(SourceFile(path, data), span), **given)


def test_the_decoder_knows_a_command_when_it_sees_one():
    assert command_in("  ::error file=a%3Ab%2C%25,line=3::x%0Ay%25") == (
        "error",
        {"file": "a:b,%", "line": "3"},
        "x\ny%",
    )
    assert command_in("text ##[set-env name=x]y")[0] == "set-env"
    assert command_in("text ::error::x") is None
    assert command_in("::unknown::x") is None


def test_nothing_to_report():
    assert seen(Report()) == ([], ["gaebot has nothing to report."])


def test_a_finding_whole():
    where = Place(SourceFile("b.py", b"\n\nused"), Span(2, 6))
    patch = Fix("Make it new", (), Safety.SAFE, RunsOn.BOTH)
    one = finding(related=(Related(where, "It is used here."),), fix=patch)
    assert seen(Report((one,))) == (
        [
            (
                "error",
                {
                    "file": "a.py",
                    "line": "1",
                    "endline": "1",
                    "col": "1",
                    "endcolumn": "4",
                    "title": "gaebot: some-rule",
                },
                "It is old.\nSee b.py:3: It is used here.\nFix: Make it new (gaebot fix)",
            )
        ],
        [],
    )


@pytest.mark.parametrize(
    ("span", "properties"),
    [
        (Span(0, 0), {"line": "1", "endline": "1", "col": "1", "endcolumn": "1"}),
        (Span(2, 6), {"line": "1", "endline": "2"}),
        (Span(2, 5), {"line": "1", "endline": "1"}),  # with the end of the line
        (Span(0, 10), {"line": "1", "endline": "2"}),
    ],
)
def test_columns_are_told_within_one_line_only(span, properties):
    ((_, told, _),), _ = seen(Report((finding(data=b"abcd\nefgh\n", span=span),)))
    assert {key: told[key] for key in told if key not in {"file", "title"}} == properties


def test_columns_count_characters():
    data = "'🐍é' old".encode()
    ((_, told, _),), _ = seen(Report((finding(data=data, span=Span(len(data) - 3, len(data))),)))
    assert (told["col"], told["endcolumn"]) == ("6", "9")


@pytest.mark.parametrize("name", HOSTILE_NAMES)
def test_hostile_names_come_back(name):
    said = f"It is {name}."
    commands, plain = seen(Report((finding(name, message=said),), (Failure(said, name),)))
    assert plain == []
    (_, failed, told), (_, found, message) = commands
    shown = visible(name).replace("https://", "https:/")  # as paths are tidied up
    for properties in (failed, found):
        assert properties["file"].removeprefix("./") == shown
    assert told == message == visible(" ".join(said.split()))


@given(st.text(), st.text(alphabet="#[]:=,%;\r\n\x85\u2028 aerdo"))
def test_any_text_comes_back(path, said):
    for one, other in ((path, said), (said, path)):
        commands, plain = seen(Report((finding(message=one), finding(message=other, rule="x" + one))))
        assert plain == []
        assert [message for *_, message in commands] == [visible(" ".join(t.split())) for t in (one, other)]


def test_the_golden_report_is_safe():
    commands, plain = seen(golden_report())
    assert Counter(name for name, *_ in commands) == {"error": 3, "warning": 10, "notice": 2}
    assert plain == ["Left out: 5 warnings. GitHub shows 10 annotations of a kind for each step."]


def test_ten_of_a_kind_are_shown_and_the_rest_counted():
    kinds = [kind for kind in (Severity.NOTE, Severity.WARNING, Severity.ERROR) for _ in range(11)]
    kinds += [Severity.NOTE, Severity.NOTE]
    commands, (line,) = seen(Report(tuple(finding(severity=kind) for kind in kinds)))
    assert [name for name, *_ in commands] == ["error"] * 10 + ["warning"] * 10 + ["notice"] * 10
    assert (
        line == "Left out: 1 error, 1 warning, 3 notes. GitHub shows 10 annotations of a kind for each step."
    )


def test_what_blocks_the_switch_comes_first():
    found = tuple(finding(span=Span(at, at + 1)) for at in range(4))
    sharing = ThreadSafety("app.yaml", False, "x", (), (found[2].place,))
    report = Report(found, thread_safety=(sharing,)).for_app("shop")
    commands, _ = seen(report)
    assert [properties["col"] for _, properties, _ in commands] == ["3", "1", "2", "4"]


def test_failures_are_one_error_and_the_first():
    failures = tuple(Failure("Too large.", f"{number}.py") for number in range(30))
    commands, (line,) = seen(Report((finding(),) * 12, failures))
    assert len(commands) == 10
    name, properties, message = commands[0]
    assert (name, properties) == ("error", {"title": "gaebot: could not be read or checked (30)"})
    assert message.splitlines()[29] == "29.py: Too large."
    assert line.startswith("Left out: 3 errors.")


def test_a_failure_of_no_file():
    ((_, properties, message),), _ = seen(Report(failures=(Failure("Broke.", rule="r", app="x"),)))
    assert (properties, message) == ({"title": "gaebot: could not be read or checked (1)"}, "x: Broke.")


@pytest.mark.parametrize("character", ["a", "%", "🐍"])
def test_long_messages_are_cut_where_the_runner_would(character):
    ((*_, message),), _ = seen(Report((finding(message=character * 5000),)))
    units = len(message.encode("utf-16-le")) // 2
    assert 4090 < units <= 4096
    assert set(message) == {character, "…"}


def test_many_related_places_are_counted():
    related = (Related(finding().place, "Here."),) * 9
    ((*_, message),), _ = seen(Report((replace(finding(), related=related),)))
    assert message.splitlines()[1:] == ["See a.py:1: Here."] * 6 + ["See also 3 more places."]


# -- what another runner makes of it -----------------------------------------------------------

WORKFLOW = """\
on: push
jobs:
  check:
    runs-on: ubuntu-latest
    steps:
    - run: cat "$REPORT"
"""


def decoded_by_act(folder, text):
    """The commands that act finds in a step's output: kind, properties and message."""
    (folder / ".github" / "workflows").mkdir(parents=True)
    (folder / ".github" / "workflows" / "check.yml").write_text(WORKFLOW)
    (folder / "report.txt").write_text(text)
    git = ["git", "-c", "user.name=A", "-c", "user.email=a@example.com"]
    for command in (["init", "-q"], ["add", "."], ["commit", "-qm", "x"]):
        subprocess.run([*git, *command], cwd=folder, check=True, capture_output=True)
    act = Path(sys.executable).with_name("act")
    done = subprocess.run(
        [
            act,
            "push",
            "-P",
            "ubuntu-latest=-self-hosted",
            "--json",
            "--no-cache-server",
            "--env",
            f"REPORT={folder / 'report.txt'}",
        ],
        cwd=folder,
        env={**os.environ, "HOME": str(folder), "XDG_CONFIG_HOME": str(folder / "xdg")},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    told = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    return [
        (entry["command"], {name.lower(): value for name, value in entry["kvPairs"].items()}, entry["arg"])
        for entry in told
        if entry.get("command") in {"error", "warning", "notice"}
    ]


def test_act_decodes_the_same_text(tmp_path):
    """act splits a command at the last `::`, the runner at the first, and takes the escape of a per cent sign
    back before the others, the runner behind them: so no message here holds `::`, and no name an escape.
    """
    names = ("a b", "a,b", "a:b", "100%", "::error::x", "##[error]x", "é", "`x` | <img>", "@team")
    hostile = [
        finding(f"{name}/a.py", message=f"100% of {number}, no: yes.") for number, name in enumerate(names)
    ]
    reports = [Report(tuple(hostile), apps=("",)), gaebot.check(*find_apps("tests/apps"))]
    for number, report in enumerate(reports):
        commands, _ = seen(report)
        assert len(commands) >= len(names)
        assert decoded_by_act(tmp_path / str(number), render_github(report, ())) == commands
