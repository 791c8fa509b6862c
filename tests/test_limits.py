"""Every limit: at it nothing is said, beyond it one sentence, and nothing of the rest is lost."""

import re
from pathlib import Path

import pytest

from gaebot import limits, patterns
from gaebot.app import App
from gaebot.disk import interrupted, read_app, write_changes
from gaebot.disk.journal import FOLDER
from gaebot.engine import Change, check, fix
from gaebot.patterns import Pattern
from gaebot.rule import discover
from gaebot.syntax.page import Page
from gaebot.syntax.python import PythonFile
from gaebot.syntax.rewrite import _is_readable
from gaebot.syntax.tree import parse
from gaebot.text import SourceFile
from tests.fakes import WordRule
from tests.rules.helpers import HOP
from tests.trees import write_tree

PAGE = Path(__file__).parents[1] / "docs" / "limits.md"
NAMES = sorted(name for name in vars(limits) if name.isupper())
GOOD = {
    "app.yaml": b"application: a\nversion: 1\nruntime: python27\napi_version: 1\nthreadsafe: false\n"
    b"handlers:\n- url: /.*\n  script: main.app\n",
    "main.py": b"import md5\n",
}


# -- the page ----------------------------------------------------------------------------------


def rows():
    found = re.findall(
        r"^\| `(\w+)` \| ([^|]+) \| ([^|]+) \| ([^|]+) \|$", PAGE.read_text("utf-8"), re.MULTILINE
    )
    return {name: (value, beyond, way_out) for name, value, beyond, way_out in found}


def test_the_page_names_every_limit_with_its_value():
    assert {name: value for name, (value, _, _) in rows().items()} == {
        name: f"{getattr(limits, name):,}" for name in NAMES
    }


def test_every_limit_says_what_lies_beyond_and_the_way_out():
    for name, (_, beyond, way_out) in rows().items():
        assert beyond.endswith("."), name
        assert way_out.endswith("."), name


def test_every_limit_is_tested_here():
    assert sorted(CASES) == NAMES


# -- at each limit and beyond it -----------------------------------------------------------------


def told(root, files):
    """What a check says of files in an app, in whose other files everything must still be found: by path."""
    write_tree(root, {**GOOD, **files})
    report = check(read_app(str(root)), discover(HOP))
    assert "main.py" in {finding.place.path.rpartition("/")[2] for finding in report.findings}
    said = {failure.path: failure.message for failure in report.failures}
    of_files = {
        finding.place.path: finding.message for finding in report.findings if finding.rule == "yaml-invalid"
    }
    return {**said, **{path.removeprefix(f"{root}/"): message for path, message in of_files.items()}}


def file_bytes(root, limit, more):
    return told(root, {"a.py": b"#" * (limit + more)}), "a.py", "keep it out of the app with skip_files"


def yaml_bytes(root, limit, more):
    data = b"cron: []\n"
    return told(root, {"cron.yaml": data + b"#" * (limit - len(data) + more)}), "cron.yaml", "divide it"


def yaml_depth(root, limit, more):
    # The mapping at the top and the scalar within are one level each.
    data = b"cron:\n- url: " + b"[" * (limit - 4 + more) + b"x" + b"]" * (limit - 4 + more)
    said = told(root, {"cron.yaml": data + b"\n"})
    return (
        {path: text for path, text in said.items() if "nested" in text},
        "cron.yaml",
        "write it more simply",
    )


def yaml_nodes(root, limit, more):
    data = b"cron: [" + b"x," * (limit - 3 + more) + b"]\n"
    said = told(root, {"cron.yaml": data})
    return {path: text for path, text in said.items() if "values" in text}, "cron.yaml", "divide it"


def files(root, limit, more):
    names = [f"{number}.txt" for number in range(limit - len(GOOD) + more)]
    return told(root, dict.fromkeys(names, b"")), "", "name the folders of the apps"


def folder_depth(root, limit, more):
    path = "/".join(["d"] * (limit + more)) + "/x.txt"
    return told(root, {path: b""}), path.rpartition("/")[0], "further up"


def python_nesting(root, limit, more):
    code = b"x = " + b"(" * (limit + more) + b"1" + b")" * (limit + more)
    return told(root, {"a.py": code + b"\n"}), "a.py", "in several steps"


def tree_depth(root, limit, more):
    # The module and the statement are around it, the name within.
    code = b"import md5\n" + b"-" * (limit - 2 + more) + b"x\n"
    app = App({"a.py": SourceFile("a.py", code)})
    assert app.python("a.py").root is not None
    return {failure.path: failure.message for failure in app.unread()}, "a.py", "in several steps"


def journal_bytes(root, limit, more):
    write_tree(root, GOOD)
    write_changes(str(root), [Change("a.py", None, b"")])
    plan = b'{"gaebot": 1, "steps": [], "folders": [], "is_undo": false}'
    write_tree(root / FOLDER, {"plan": plan.ljust(limit + more)})
    said = interrupted(str(root))
    return {} if said is None else {FOLDER: said}, FOLDER, "delete it"


TOLD = {
    "MAX_FILE_BYTES": (file_bytes, 1_000),
    "MAX_YAML_BYTES": (yaml_bytes, 1_000),
    "MAX_YAML_DEPTH": (yaml_depth, limits.MAX_YAML_DEPTH),
    "MAX_YAML_NODES": (yaml_nodes, 1_000),
    "MAX_FILES": (files, 20),
    "MAX_FOLDER_DEPTH": (folder_depth, limits.MAX_FOLDER_DEPTH),
    "MAX_PYTHON_NESTING": (python_nesting, limits.MAX_PYTHON_NESTING),
    "MAX_TREE_DEPTH": (tree_depth, limits.MAX_TREE_DEPTH),
    "MAX_JOURNAL_BYTES": (journal_bytes, 1_000),
}


@pytest.mark.parametrize("name", TOLD)
def test_what_lies_beyond_is_told_in_one_sentence(name, tmp_path, monkeypatch):
    ask, limit = TOLD[name]
    monkeypatch.setattr(limits, name, limit)
    said, _, _ = ask(tmp_path / "at", limit, 0)
    assert said == {}
    said, path, way_out = ask(tmp_path / "beyond", limit, 1)
    assert said.keys() == {path}
    (text,) = said.values()
    assert way_out in text
    assert re.search(r"[.] [A-Z]|\n", text) is None
    assert text.endswith(".")


def page_bytes(monkeypatch, tmp_path, limit, more):
    monkeypatch.setattr(limits, "MAX_PAGE_BYTES", limit)
    app = read_app(str(write_tree(tmp_path, {**GOOD, "x.html": b"{{ x }}".ljust(limit + more)})))
    assert app.failures == ()
    assert "x.html" in app.paths
    return "x.html" in app.files


def tag_bytes(monkeypatch, tmp_path, limit, more):
    tag = b"{{" + b"x".ljust(limit + more) + b"}}"
    return bool(list(Page(SourceFile("x.html", tag)).tokens))


def fragment_bytes(monkeypatch, tmp_path, limit, more):
    return _is_readable(b"x" * (limit + more))


def fragment_nesting(monkeypatch, tmp_path, limit, more):
    return _is_readable(b"(" * (limit + more) + b")" * (limit + more))


def comment_cost(monkeypatch, tmp_path, limit, more):
    line = b"# x\n"
    monkeypatch.setattr(limits, "MAX_COMMENT_COST", 200 * 200 * len(line) + 1)
    file = PythonFile(SourceFile("a.py", b"x\n" + line * (200 + more)))
    assert file.is_in_comment(2 + 100 * len(line))
    return not parse(file.source.data).left_out


def fix_passes(monkeypatch, tmp_path, limit, more):
    wanted = limit - 1 + more  # the pass that finds nothing more to do counts
    rules = [WordRule(f"r{n}", b"<%d>" % n, b"<%d>" % (n + 1)) for n in range(wanted + 1)]
    result = fix(App({"a.py": b"<0>"}), rules)
    assert result.changes[0].new == b"<%d>" % min(wanted + 1, limit)
    return not result.report.failures


def pattern_seconds(monkeypatch, tmp_path, limit, more):
    pattern = Pattern(r"(a|aa)+$")
    pattern.match("a" * (60 if more else 10) + "b")
    return pattern.is_usable


def pattern_total(monkeypatch, tmp_path, limit, more):
    clock = iter([0, limit + (more or -1)])
    monkeypatch.setattr(patterns, "perf_counter", lambda: next(clock))
    pattern = Pattern("a")
    pattern.match("a")
    return pattern.is_usable


def pattern_length(monkeypatch, tmp_path, limit, more):
    return Pattern("a" * (limit + more)).is_usable


def pattern_copies(monkeypatch, tmp_path, limit, more):
    return Pattern(f"(a{{{(limit + more * 10) // 10}}}){{10}}").is_usable


def ignore_bytes(monkeypatch, tmp_path, limit, more):
    comment = b"# gaebot: ignore-file[yaml-runtime]"
    yaml = comment + b"#" * (limit - len(comment) + more) + b"\nruntime: python\napi_version: 1\n"
    report = check(App({"app.yaml": SourceFile("app.yaml", yaml)}), discover(HOP))
    return "yaml-runtime" not in {finding.rule for finding in report.findings}


HARMLESS = {
    "MAX_PAGE_BYTES": page_bytes,
    "MAX_TAG_BYTES": tag_bytes,
    "MAX_FRAGMENT_BYTES": fragment_bytes,
    "MAX_FRAGMENT_NESTING": fragment_nesting,
    "MAX_COMMENT_COST": comment_cost,
    "MAX_IGNORE_BYTES": ignore_bytes,
    "MAX_FIX_PASSES": fix_passes,
    "PATTERN_SECONDS": pattern_seconds,
    "PATTERN_TOTAL_SECONDS": pattern_total,
    "MAX_PATTERN_LENGTH": pattern_length,
    "MAX_PATTERN_COPIES": pattern_copies,
}
CASES = [*TOLD, *HARMLESS]


@pytest.mark.parametrize("name", HARMLESS)
def test_what_lies_beyond_counts_as_nothing(name, tmp_path, monkeypatch):
    ask, limit = HARMLESS[name], getattr(limits, name)
    assert ask(monkeypatch, tmp_path / "at", limit, 0)
    assert not ask(monkeypatch, tmp_path / "beyond", limit, 1)
