"""The parts of bench/versus.py that measure nothing: the synthetic app, the table, the ratios, the counts."""

from __future__ import annotations

import ast
import json
import os
import re
import sys
from pathlib import Path
from typing import Any

import pytest

from gaebot import disk
from gaebot.prove import ProofError, compile_files, find_python27

sys.path.append(str(Path(__file__).parent.parent / "bench"))

import synthetic
import versus
from against import counts, environment, measure, tables, trees
from against.digests import digest
from against.programs import CHECK, FIXIT, PARSER, PROGRAMS, PYUPGRADE

BENCH = Path(versus.__file__).parent

# The synthetic app.


@pytest.mark.parametrize("modules", [2, 3, 6, 7, 10, 100, 126, 127, 128, 1000])
def test_an_app_has_as_many_modules_as_asked_for(modules: int) -> None:
    paths = [path for path, _ in synthetic.app_files(modules, "both")]
    assert sum(path.endswith(".py") for path in paths) == modules
    assert len(paths) == len(set(paths))


def test_no_list_of_routes_grows_with_the_app() -> None:
    for path, text in synthetic.app_files(10_000, "both"):
        assert text.count(".ROUTES") <= 100, path


@pytest.mark.parametrize("modules", [10, 130])
def test_every_import_of_an_app_finds_its_module(modules: int) -> None:
    files = dict(synthetic.app_files(modules, "both"))
    for text in files.values():
        for line in re.findall(
            r"^from handlers import \w+|^from (?:models|services)\.\w+", text, re.MULTILINE
        ):
            path = line.removeprefix("from ").replace(" import ", "/").replace(".", "/")
            assert f"{path}.py" in files


def test_the_dialect_for_both_is_taken_by_python3() -> None:
    for path, text in synthetic.app_files(130, "both"):
        if path.endswith(".py"):
            ast.parse(text)


def test_the_other_dialect_is_not() -> None:
    files = dict(synthetic.app_files(10, "python2"))
    with pytest.raises(SyntaxError):
        ast.parse(files["handlers/articles0.py"])


def test_a_dialect_that_there_is_not_is_refused() -> None:
    with pytest.raises(ValueError, match="no dialect 'python3'"):
        list(synthetic.app_files(10, "python3"))


@pytest.mark.parametrize("dialect", synthetic.DIALECTS)
def test_both_dialects_are_taken_by_python27(dialect: str, tmp_path: Path) -> None:
    try:
        python27 = find_python27()
    except ProofError as error:
        if os.environ.get("CI") == "true":
            pytest.fail(str(error), pytrace=False)
        pytest.skip(str(error))
    synthetic.write_app(tmp_path, 130, dialect)
    assert set(compile_files(python27, tmp_path.rglob("*.py")).values()) == {None}


def test_an_app_is_one_for_gaebot_too(tmp_path: Path) -> None:
    size = synthetic.write_app(tmp_path, 10, "both")
    app = disk.read_app(str(tmp_path))
    assert not app.failures
    python = [source.data for path, source in app.files.items() if path.endswith(".py")]
    assert len(python) == 10
    assert sum(map(len, python)) == size


# The table.


def run(tree: str, program: str, number: int, seconds: float, peak: int = 0, **more: Any) -> dict[str, Any]:
    known = {"processes": 1, "code": 1, "is_over": False, "evidence": "3 errors"}
    return {
        "tree": tree,
        "program": program,
        "round": number,
        "seconds": seconds,
        "peak": peak,
        **known,
        **more,
    }


def results(*runs: dict[str, Any], **more: Any) -> dict[str, Any]:
    sizes = {"start": 10, "small": 110, "large": 1010, "app": 0}
    return {
        "machine": {"python": "3", "processors": 2, "system": "Linux"},
        "trees": {
            name: {"files": modules or 7, "bytes": 1, "modules": modules, "is_start": name == "start"}
            for name, modules in sizes.items()
        },
        "programs": {
            name: {"version": "1.0", "about": "as it is", "counts_as": ""}
            for name in (CHECK, PARSER, PYUPGRADE, FIXIT)
        },
        "runs": list(runs),
        "counts": {},
        "left_out": [],
        **more,
    }


def test_a_ratio_is_of_runs_of_one_round() -> None:
    found = results(
        run("app", CHECK, 0, 1.0),
        run("app", CHECK, 1, 10.0),
        run("app", CHECK, 2, 1.0),
        run("app", PYUPGRADE, 0, 2.0),
        run("app", PYUPGRADE, 1, 30.0),
    )
    assert tables.ratio_of(found, "app", PYUPGRADE) == (2.5, False)
    assert tables.ratio_of(found, "app", CHECK, PYUPGRADE) == (pytest.approx((1 / 2 + 1 / 3) / 2), False)
    assert tables.ratio_of(found, "app", FIXIT) == (0.0, False)


def test_growth_leaves_out_what_the_start_takes() -> None:
    found = results(
        run("start", CHECK, 0, 1.0, 100),
        run("small", CHECK, 0, 2.0, 200),
        run("large", CHECK, 0, 13.0, 1100),
    )
    assert tables.per_module(found, "small", CHECK, "seconds") == pytest.approx(0.01)
    assert tables.growth_of(found, "small", "large", CHECK, "seconds") == pytest.approx(1.2)
    assert tables.growth_of(found, "small", "large", CHECK, "peak") == pytest.approx(1.0)
    assert tables.growth_of(found, "small", "large", PARSER, "peak") is None


def test_no_growth_is_told_of_what_hardly_takes_more_than_the_start() -> None:
    found = results(run("start", CHECK, 0, 1.0), run("small", CHECK, 0, 1.01), run("large", CHECK, 0, 1.3))
    assert tables.growth_of(found, "small", "large", CHECK, "seconds") is None


def test_each_line_of_the_table_has_all_columns_and_nothing_is_left_out() -> None:
    found = results(
        run("app", CHECK, 0, 0.5, 50_000_000),
        run("app", FIXIT, 0, 120, 1, is_over=True, evidence=""),
        counts={"app": {CHECK: {"read": 7, "yaml": 2, "parsed": 6}}},
        left_out=[
            {"tree": "", "program": PYUPGRADE, "why": "not installed, because: no", "is_failure": False}
        ],
    )
    lines = tables.table(found).splitlines()
    assert len(lines) == 2 + 3 * 4
    assert {line.count("|") for line in lines} == {len(tables.COLUMNS) + 1}
    by_program = {line.split(" | ")[1]: line for line in lines if line.startswith("| app")}
    assert "| 500 ms | 1.00 | 50 MB | 7 | 7 + 2 .yaml | 6 |" in by_program[CHECK]
    assert "| over 120 s | over 240.00 |" in by_program[FIXIT]
    assert by_program[PYUPGRADE].endswith("not installed, because: no |")
    assert by_program[PARSER].endswith("not run |")


def test_goals_are_met_or_missed_with_their_figures() -> None:
    found = results(
        run("app", CHECK, 0, 3.0),
        run("app", PARSER, 0, 1.0),
        run("app", PYUPGRADE, 0, 5.0),
        run("app", FIXIT, 0, 40.0, is_over=True),
        counts={"app": {PYUPGRADE: {"read": 7, "yaml": 0, "parsed": 4}}},
    )
    told = [line for line in tables.goals(found).splitlines() if ": app: " in line]
    assert told == [
        "- met: app: gaebot check takes 3.00 times tree-sitter (at most 3)",
        "- MISSED: app: gaebot check is 1.7 times as fast as pyupgrade (at least 2; pyupgrade parsed 4 of 7 files)",
        "- not decided: app: gaebot check is more than 13.3 times as fast as fixit (at least 20)",
    ]


def test_a_goal_that_could_not_be_measured_says_why() -> None:
    left = [{"tree": "app", "program": PYUPGRADE, "why": "FAILED: it ended with 9", "is_failure": True}]
    found = results(run("app", CHECK, 0, 3.0), left_out=left)
    told = tables.goals(found)
    assert "- not measured: app: gaebot check against pyupgrade (FAILED: it ended with 9)" in told
    assert "- not measured: app: gaebot check against tree-sitter" in told


def test_goals_of_growth_are_told_for_each_two_sizes() -> None:
    found = results(
        run("start", CHECK, 0, 1.0, 100),
        run("small", CHECK, 0, 2.0, 200),
        run("large", CHECK, 0, 14.0, 1100),
    )
    told = [line for line in tables.goals(found).splitlines() if "per module of" in line]
    assert told == [
        "- MISSED: time per module of gaebot check, start-up apart, at 1,010 modules is 1.30 times that at 110 "
        "(at most 1.2)",
        "- met: memory per module of gaebot check, start-up apart, at 1,010 modules is 1.00 times that at 110 "
        "(at most 1.2)",
    ]


def test_an_earlier_run_can_be_compared_with() -> None:
    before = results(run("app", CHECK, 0, 9.0, 2_000_000), run("app", PARSER, 0, 1.0))
    now = results(run("app", CHECK, 0, 4.0, 1_000_000), run("app", PARSER, 0, 2.0))
    line = "- app: gaebot check took 9.00 times tree-sitter before, now 2.00; 2 MB before, now 1 MB"
    assert tables.compared(before, now) == line


def test_a_file_of_results_is_printed_without_running_anything(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "old.json").write_text(json.dumps(results(run("app", CHECK, 0, 1.0))))
    assert versus.main(["--print", str(tmp_path / "old.json")]) == 0
    out = capsys.readouterr().out
    assert out.startswith("| tree | program |")
    assert "**Goals**" in out
    assert "- pyupgrade 1.0: as it is" in out


# The programs.


def evidence(name: str, output: str, code: int, files: int = 3) -> str:
    program = next(program for program in PROGRAMS if program.name == name)
    return program.evidence(output.splitlines(), code, files)


def test_a_program_that_did_its_work_shows_it() -> None:
    assert evidence(CHECK, "main.py\n\n2 errors, 1 note.\n1 finding can\n", 1) == "2 errors, 1 note"
    assert evidence(CHECK, "Nothing to report.\n", 0) == "Nothing to report"
    assert evidence(PARSER, "3 files, 2 without errors\n", 0) == "3 files, 2 without errors"
    assert evidence(PYUPGRADE, "Rewriting a.py\nRewriting b.py\n", 1) == "2 rewritten or refused"
    assert evidence(PYUPGRADE, "", 0) == "0 rewritten or refused"
    assert evidence(FIXIT, "🛠️  3 files checked, 1 file with errors 🛠️\n", 1).startswith("3 files checked")
    assert evidence(FIXIT, "🧼 3 files clean 🧼\n", 0) == "3 files clean"
    assert evidence("fissix (2to3)", "RefactoringTool: Refactored ./a.py\n", 0) == "1 to be rewritten"
    assert evidence("ruff", "a.py:1:1: D100 Missing\n", 1) == "1 findings"


@pytest.mark.parametrize(
    ("name", "output", "code"),
    [
        (CHECK, "", 0),
        (CHECK, "Nothing to report.", 3),
        (PARSER, "2 files, 2 without errors", 0),
        (PARSER, "", 0),
        (PYUPGRADE, "", 1),
        (PYUPGRADE, "Traceback", 120),
        (FIXIT, "2 files clean", 0),
        ("ruff", "", 2),
    ],
)
def test_a_program_that_did_not_is_told(name: str, output: str, code: int) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        evidence(name, output, code)


def test_every_program_has_its_package_pinned() -> None:
    pinned = environment.pinned(environment.REQUIREMENTS.read_text("utf-8"))
    assert {package for program in PROGRAMS for package in program.packages} <= pinned.keys()


def test_what_gaebot_needs_is_pinned() -> None:
    pinned = environment.pinned(environment.REQUIREMENTS.read_text("utf-8"))
    project = (BENCH.parent / "pyproject.toml").read_text("utf-8")
    needed = re.search(r"^dependencies = \[(.*?)^\]", project, re.DOTALL | re.MULTILINE)
    assert needed
    assert set(re.findall(r'"([\w-]+)', needed.group(1))) <= pinned.keys()


def test_programs_can_be_named_in_part_and_a_check_is_always_among_them() -> None:
    assert [program.name for program in versus.tools("pyup")] == [CHECK, PYUPGRADE]
    assert [program.name for program in versus.tools("fixit")] == [CHECK, FIXIT]
    assert [program.name for program in versus.tools("one ")] == [
        CHECK,
        "fixit, one process",
        "ruff, one thread",
    ]


# Files and processes.


def test_files_with_the_same_text_count_as_often_as_it_was_parsed() -> None:
    contents = [b"", b"", b"\xef\xbb\xbfx = 1\r\n"]
    empty = f"parsed {digest(b'')}"
    assert counts.parsed([empty], contents) == 1
    assert counts.parsed([empty] * 5, contents) == 2
    assert counts.parsed([empty, empty, f"parsed {digest('x = 1')}"], contents) == 3
    assert counts.parsed(["read /x"], contents) == 0


def test_a_file_counts_whether_its_bytes_or_its_text_were_parsed() -> None:
    text = "# coding: latin-1\nname = 'é'\n"
    for given in (text, text.encode("latin-1")):
        assert counts.parsed([f"parsed {digest(given)}"], [text.encode("latin-1")]) == 1


def test_only_files_below_the_tree_count_as_read(tmp_path: Path) -> None:
    root = tmp_path.resolve()
    log = [f"read {root}/a.py", f"read {root}/a.py", "read /usr/b.py", f"read {root}/app.yaml", "parsed 1"]
    assert counts.read(log, root, ".py") == {f"read {root}/a.py"}
    assert counts.read(log, root, ".yaml") == {f"read {root}/app.yaml"}


def test_a_copy_leaves_out_the_settings_of_the_programs(tmp_path: Path) -> None:
    source = tmp_path / "source"
    (source / ".git").mkdir(parents=True)
    for name in ("main.py", "app.yaml", "pyproject.toml", ".gaebot.yaml", ".git/config"):
        (source / name).write_text("")
    tree = trees.copied("app", source, tmp_path / "copy")
    assert tree.files == ("main.py",)
    assert sorted(path.name for path in (tmp_path / "copy").iterdir()) == ["app.yaml", "main.py"]


def test_a_run_tells_its_time_its_memory_and_its_exit_code(tmp_path: Path) -> None:
    output = tmp_path / "output"
    program = "import sys; held = bytearray(60_000_000); print(len(held)); sys.exit(5)"
    done = measure.run([sys.executable, "-c", program], tmp_path, dict(os.environ), 60, output)
    assert (done.code, done.is_over) == (5, False)
    assert done.seconds > 0
    assert 60_000_000 < done.peak < 200_000_000
    assert output.read_text() == "60000000\n"


def test_a_run_is_ended_at_its_limit(tmp_path: Path) -> None:
    program = "import time; time.sleep(60)"
    done = measure.run([sys.executable, "-c", program], tmp_path, dict(os.environ), 0.3, tmp_path / "output")
    assert done.is_over
    assert done.seconds == pytest.approx(0.3)
