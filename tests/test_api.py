import subprocess
import sys

import pytest

import gaebot
from gaebot import disk, runs
from gaebot.finding import Safety, Severity
from tests.fakes import FunctionRule, WordRule
from tests.trees import APP_YAML, read_tree, write_tree

RULES = (
    WordRule("old", b"old", b"new"),
    WordRule("odd", b"odd", b"even", safety=Safety.REVIEW, severity=Severity.WARNING),
)
FILES = {"app.yaml": APP_YAML, "main.py": "# old\n", "util.py": "# odd\n"}


@pytest.fixture(autouse=True)
def rules(monkeypatch):
    """The rules come and go; what the library does with them is tested on two of our own."""
    monkeypatch.setattr(runs, "discover", lambda _hop: RULES)
    monkeypatch.setattr(runs, "choose", lambda rules, _select, _ignore: rules)


@pytest.fixture
def root(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return write_tree(tmp_path / "app", FILES)


def places(report):
    return [(finding.path, finding.rule) for finding in report.findings]


def test_check(root):
    assert places(gaebot.check("app")) == [("app/main.py", "old"), ("app/util.py", "odd")]
    assert places(gaebot.check(root)) == [("app/main.py", "old"), ("app/util.py", "odd")]
    assert read_tree(root) == {name: text.encode() for name, text in FILES.items()}


def test_check_without_a_path_is_the_current_folder(root, monkeypatch):
    monkeypatch.chdir(root)
    assert places(gaebot.check()) == [("main.py", "old"), ("util.py", "odd")]


def test_several_apps_are_one_report(root):
    write_tree(root.parent / "two", FILES)
    report = gaebot.check("two", "app")
    assert report.apps == ("two", "app")
    assert [finding.path for finding in report.findings] == [
        "two/main.py",
        "two/util.py",
        "app/main.py",
        "app/util.py",
    ]
    assert gaebot.check(".").apps == ("app", "two")


def test_a_file_is_a_focus(root):
    assert places(gaebot.check("app/util.py")) == [("app/util.py", "odd")]
    assert places(gaebot.check("app/util.py", "app/app.yaml")) == [("app/util.py", "odd")]


def test_failures_outside_the_focus_are_not_told(root):
    with (root / "big.py").open("wb") as file:
        file.truncate(6_000_000)
    assert [failure.full_path for failure in gaebot.check("app").failures] == ["app/big.py"]
    assert gaebot.check("app/util.py").failures == ()
    assert len(gaebot.check("app/big.py").failures) == 1


def test_fix_writes_the_safe_fixes(root):
    result = gaebot.fix("app")
    assert [finding.rule for finding in result.fixed] == ["old"]
    assert [change.path for change in result.changes] == ["app/main.py"]
    assert places(result.report) == [("app/util.py", "odd")]
    assert read_tree(root)["main.py"] == b"# new\n"
    assert read_tree(root)["util.py"] == b"# odd\n"


def test_fix_writes_what_is_to_be_reviewed_when_asked_to(root):
    result = gaebot.fix("app", unsafe=True)
    assert result.report.findings == ()
    assert read_tree(root)["util.py"] == b"# even\n"
    assert gaebot.fix("app", unsafe=True).changes == ()


def test_fix_can_leave_the_disk_alone(root):
    before = read_tree(root)
    dry = gaebot.fix("app", unsafe=True, write=False)
    assert read_tree(root) == before
    assert dry.changes == gaebot.fix("app", unsafe=True).changes


def test_fix_keeps_to_the_focus(root):
    gaebot.fix("app/util.py", unsafe=True)
    assert read_tree(root)["main.py"] == b"# old\n"
    assert read_tree(root)["util.py"] == b"# even\n"


def test_an_app_that_can_not_be_written_stays_whole_and_the_others_are_fixed(root, monkeypatch):
    write_tree(root.parent / "two", FILES)
    real = disk.write_changes

    def refuse(where, changes):
        if where == "app":
            raise disk.WriteRefusedError("Nothing was written: the disk is full.")
        real(where, changes)

    monkeypatch.setattr(disk, "write_changes", refuse)
    result = gaebot.fix(".", unsafe=True)
    assert {finding.app for finding in result.fixed} == {"two"}
    assert [failure.message for failure in result.report.failures] == [
        "Nothing was written: the disk is full."
    ]
    assert places(result.report) == [("app/main.py", "old"), ("app/util.py", "odd")]


def test_a_file_that_changes_meanwhile_is_not_overwritten(root, monkeypatch):
    def change_it(app):
        (root / "main.py").write_text("# mine\n")
        yield from RULES[0].check(app)

    monkeypatch.setattr(runs, "discover", lambda _hop: (FunctionRule("old", change_it),))
    result = gaebot.fix("app")
    assert "main.py has changed since it was read" in result.report.failures[0].message
    assert (root / "main.py").read_text() == "# mine\n"


def test_progress(root):
    write_tree(root.parent / "two", FILES)
    steps = []
    gaebot.check(".", progress=steps.append)
    assert [(step.app, step.rule, step.number, step.total) for step in steps] == [
        ("app", "", 0, 4),
        ("app", "old", 0, 4),
        ("app", "odd", 1, 4),
        ("two", "", 2, 4),
        ("two", "old", 2, 4),
        ("two", "odd", 3, 4),
    ]


def test_no_app(root):
    with pytest.raises(gaebot.NoAppError, match="nowhere"):
        gaebot.check("nowhere")


def test_every_public_name_is_there():
    for name in gaebot.__all__:
        assert getattr(gaebot, name) is not None
    assert set(gaebot.__all__) <= set(dir(gaebot))
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        gaebot.nonsense  # noqa: B018


def loaded_after(code):
    program = f"import sys; {code}; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_importing_gaebot_loads_nothing_heavy():
    assert loaded_after("import gaebot").isdisjoint({"libcst", "rich", "tree_sitter", "yaml", "regex"})
    assert loaded_after("from gaebot import check, fix").isdisjoint({"libcst", "rich"})
    assert loaded_after("import gaebot.cli").isdisjoint({"libcst", "rich"})
