"""The baseline: what it leaves out, what can go from it, and that git merges it."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from gaebot import api
from gaebot.baseline import BaselineError, parse_baseline, render_baseline
from gaebot.text import SourceFile
from tests.trees import write_tree

APP = "application: a\nversion: 1\nruntime: python27\napi_version: 1\nthreadsafe: false\nhandlers:\n- url: /\n  script: main.py\n"
SETS = "from sets import Set\nX = Set()\n"
MD5 = "import md5\nY = md5.new('a').hexdigest()\n"


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    names = ("a", "b", "c")
    files = {f"{name}.py": SETS + MD5 for name in names}
    main = f"import {', '.join(names)}\nprint 'Content-Type: text/plain\\n'\n"
    write_tree(
        tmp_path, {"app.yaml": APP, "main.py": main, ".gaebot.yaml": "select: py-sets, py-md5-sha\n", **files}
    )
    return tmp_path


def found(*paths: str, **options: object) -> list[str]:
    return [f"{finding.path} {finding.rule}" for finding in api.check(*paths, **options).findings]


def known(here: Path) -> dict[str, int]:
    """How many findings of each file the baseline lists."""
    entries = json.loads((here / ".gaebot-baseline.json").read_text())
    return {group[0]: len(group) - 1 for group in entries[1:]}


FILE = ".gaebot-baseline.json"


# -- comparing -------------------------------------------------------------------------------


def test_what_it_knows_is_left_out_and_counted(here: Path) -> None:
    before = len(found())
    assert before
    written = api.write_baseline()
    assert (written.known, written.added, written.removed) == (before, before, 0)
    report = api.check(baseline=FILE)
    assert report.findings == ()
    assert report.baseline is not None
    assert (report.baseline.left, report.baseline.known, report.baseline.gone) == (before, before, ())
    assert len(found()) == before


def test_what_is_new_is_told_and_what_is_gone_counted(here: Path) -> None:
    api.write_baseline()
    (here / "a.py").write_text("# moved\n\n" + SETS)
    write_tree(here, {"main.py": (here / "main.py").read_text() + "import d\n", "d.py": MD5})
    report = api.check(baseline=FILE)
    assert {finding.path for finding in report.findings} == {"d.py"}
    assert report.baseline is not None
    assert {(path, rule) for path, rule, _ in report.baseline.gone} == {("a.py", "py-md5-sha")}
    assert report.baseline.left == report.baseline.known - len(report.baseline.gone)


def test_files_and_rules_that_were_not_looked_at_are_not_gone(here: Path) -> None:
    api.write_baseline()
    for name in ("a.py", "b.py"):
        (here / name).write_text("")
    report = api.check("a.py", select="py-sets", baseline=FILE)
    assert report.baseline is not None
    assert {(path, rule) for path, rule, _ in report.baseline.gone} == {("a.py", "py-sets")}
    assert report.baseline.left == 0


def test_it_means_the_same_from_everywhere(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (here / ".git").mkdir()
    write_tree(
        here, {f"apps/shop/{path.name}": path.read_bytes() for path in here.glob("*.*") if path.is_file()}
    )
    (here / "app.yaml").unlink()
    api.write_baseline(".")
    assert "apps/shop/a.py" in known(here)
    monkeypatch.chdir(here / "apps")
    assert found("shop", baseline=f"../{FILE}") == []
    monkeypatch.chdir(here / "apps" / "shop")
    assert found(baseline=f"../../{FILE}") == []
    assert found(str(here / "apps/shop"), baseline=f"../../{FILE}") == []


def test_the_settings_may_name_it(here: Path) -> None:
    (here / ".gaebot.yaml").write_text("select: py-sets\nbaseline: team/known.json\n")
    (here / "team").mkdir()
    assert api.write_baseline().path == "team/known.json"
    assert found() == []
    assert len(found(baseline="")) > 0


def test_apps_with_baselines_of_their_own(here: Path) -> None:
    for name in ("one", "two"):
        files = {path.name: path.read_bytes() for path in here.glob("*.*") if path.is_file()}
        write_tree(here / name, {**files, ".gaebot.yaml": "select: py-sets\nbaseline: known.json\n"})
    (here / "app.yaml").unlink()
    with pytest.raises(BaselineError, match="one app at a time"):
        api.write_baseline("one", "two")
    for name in ("one", "two"):
        api.write_baseline(name)
    report = api.check("one", "two")
    assert report.findings == ()
    assert report.baseline is not None
    assert report.baseline.path == "one/known.json, two/known.json"


def test_a_fix_leaves_out_of_what_remains_what_is_known(here: Path) -> None:
    api.write_baseline()
    result = api.fix(baseline=FILE, write=False)
    assert result.report.findings == ()


# -- writing ---------------------------------------------------------------------------------


def test_pruning_only_takes_out(here: Path) -> None:
    api.write_baseline()
    before = known(here)
    (here / "a.py").write_text(SETS)
    write_tree(here, {"main.py": (here / "main.py").read_text() + "import d\n", "d.py": MD5})
    written = api.write_baseline(prune=True)
    assert (written.added, written.removed) == (0, before["a.py"] - known(here)["a.py"])
    assert "d.py" not in known(here)
    assert api.write_baseline().added > 0
    assert "d.py" in known(here)


def test_what_is_written_twice_is_the_same(here: Path) -> None:
    api.write_baseline()
    before = (here / FILE).read_bytes()
    written = api.write_baseline()
    assert (written.added, written.removed) == (0, 0)
    assert (here / FILE).read_bytes() == before


def test_entries_of_files_that_were_not_looked_at_stay(here: Path) -> None:
    api.write_baseline()
    before = known(here)
    (here / "b.py").write_text("")
    api.write_baseline("a.py")
    assert known(here) == before
    api.write_baseline("b.py")
    assert known(here) == {**before, "b.py": 0}


def test_the_group_of_a_file_goes_with_the_file(here: Path) -> None:
    api.write_baseline()
    (here / "b.py").write_text("")
    api.write_baseline(prune=True)
    assert known(here)["b.py"] == 0
    (here / "b.py").unlink()
    api.write_baseline(prune=True)
    assert "b.py" not in known(here)


def test_entries_of_a_rule_that_there_is_no_more_can_go(here: Path) -> None:
    api.write_baseline()
    text = (here / FILE).read_text().replace('"py-sets ', '"py-bags ')
    (here / FILE).write_text(text)
    report = api.check(baseline=FILE)
    assert report.baseline is not None
    assert {rule for _, rule, _ in report.baseline.gone} == {"py-bags"}


# -- the file --------------------------------------------------------------------------------

ENTRIES = {"b ü\n.py": frozenset({("r", "1"), ("q", "2")}), "a.py": frozenset()}


def test_the_file_is_json_in_lines_of_their_own() -> None:
    text = render_baseline(ENTRIES)
    assert text == ('[{"gaebot-baseline": 1}\n,["a.py"\n ]\n,["b \\u00fc\\n.py"\n ,"q 2"\n ,"r 1"\n ]\n]\n')
    assert parse_baseline(SourceFile(FILE, text.encode())).entries == ENTRIES
    lines = text.splitlines(keepends=True)
    assert json.loads("".join(line for line in lines if "q 2" not in line))
    assert json.loads("".join(line for line in lines if "r 1" not in line))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "x.json:1: this is no JSON: write it anew"),
        ("[\n<<<<<<< ours\n", "x.json:2: this is no JSON: resolve the merge conflict in it"),
        ("{}", "x.json is no baseline"),
        ("[]", "x.json is no baseline"),
        ("[1]", "x.json is no baseline"),
        ('[{"gaebot-baseline": 1}, ["a", 1]]', "x.json is no baseline"),
        ('[{"gaebot-baseline": 1}, ["a", "b"]]', "x.json is no baseline"),
        ('[{"gaebot-baseline": 2}]', "x.json has version 2"),
        ("[" * 100_000, "x.json is no baseline"),
        ("\xff", "x.json:1: this is no JSON"),
    ],
)
def test_other_files_are_refused_with_a_way_out(text: str, told: str) -> None:
    with pytest.raises(BaselineError) as caught:
        parse_baseline(SourceFile("x.json", text.encode("utf-8")))
    assert str(caught.value).startswith(told)


def test_a_file_that_is_not_there(here: Path) -> None:
    with pytest.raises(
        BaselineError, match="There is no baseline at x.json: write one with `gaebot baseline`"
    ):
        api.check(baseline="x.json")


# -- two developers --------------------------------------------------------------------------


def git(here: Path, *arguments: str) -> str:
    name = ("-c", "user.name=A", "-c", "user.email=a@example.com")
    done = subprocess.run(["git", *name, *arguments], cwd=here, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize("pair", [("a.py", "b.py"), ("b.py", "c.py"), ("a.py", "c.py")])
def test_two_who_mend_files_merge_without_conflict(here: Path, pair: tuple[str, str]) -> None:
    (here / ".gaebot.yaml").write_text("select: py-md5-sha, py-app-id-prefix\n")  # each place is a finding
    git(here, "init", "-q", "-b", "main")
    api.write_baseline()
    git(here, "add", ".")
    git(here, "commit", "-qm", "begin")
    for branch, name in zip(("one", "two"), pair, strict=True):
        git(here, "checkout", "-q", "-b", branch, "main")
        (here / name).write_text("X = set()\n")
        api.write_baseline(prune=True)
        git(here, "commit", "-qam", branch)
    git(here, "merge", "-q", "--no-edit", "one")
    report = api.check(baseline=FILE)
    assert report.findings == ()
    assert report.baseline is not None
    assert report.baseline.gone == ()
    assert sum(count > 0 for count in known(here).values()) == len(known(here)) - 2
