"""The contract that every rule keeps. CONTRIBUTING.md says it in words.

A new rule needs no line here: it is found, and all of this is asked of it.
"""

from __future__ import annotations

import re
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import pytest

from gaebot.app import App
from gaebot.disk import find_apps, read_app
from gaebot.engine import check, fix
from gaebot.finding import Finding, Fix, Place, Safety, Severity
from gaebot.rule import Rule, discover
from gaebot.vendored import find_vendored
from tests.hostile_apps import BROKEN, ODD
from tests.rules.helpers import HOP, assert_lies_where_expected, assert_same_alone

TESTS = Path(__file__).parent
RULES = discover(HOP)
SECTIONS = ["Why", "Fix", "Example", "Source"]
MOST_SECONDS = 20
MOST_LETTERS = 600

# 'S1', 'GAE001': nobody knows them by heart. 'UTF-8', 'SHA256' and the like are names.
NUMBERED_CODE = re.compile(r"\b(?:S[1-3]|(?!UTF|SHA|HTTP|PEP|ISO|RFC)[A-Z]{2,}-?\d{2,})\b")

SILENCING = "suppression"
"""The family whose rules look at what the others have found."""

every_rule = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
every_hostile_app = pytest.mark.parametrize("name", [*BROKEN, *ODD])


@cache
def example(rule: Rule) -> App:
    """The app of a rule's page, before."""
    files = rule.page.files()
    return App(files, vendored=find_vendored(files))


@cache
def hostile(name: str) -> App:
    return App({**BROKEN, **ODD}[name])


@cache
def apps() -> tuple[App, ...]:
    """The apps of tests/apps."""
    return tuple(read_app(root) for root in find_apps(str(TESTS / "apps")))


@contextmanager
def time_limit() -> Iterator[None]:
    """Turn a hang into a failure."""

    def stop(*_: object) -> None:
        raise TimeoutError(f"not done after {MOST_SECONDS} seconds")

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(MOST_SECONDS)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def check_well(app: App, rule: Rule) -> tuple[Finding, ...]:
    """What a rule finds; that it does not raise or hang, and that each finding is well-formed."""
    with time_limit():
        report = check(app, RULES if rule.family == SILENCING else [rule])
    assert [failure for failure in report.failures if failure.internal] == []
    findings = tuple(finding for finding in report.findings if finding.rule == rule.id)
    assert rule.family == SILENCING or findings == report.findings
    for finding in findings:
        assert_well_formed(app, rule, finding)
    return findings


def fix_well(app: App, rules: tuple[Rule, ...], *, unsafe: bool = True) -> App:
    """The app with the fixes of some rules made; that nothing is then left to fix."""
    allowed = {Safety.SAFE, Safety.REVIEW} if unsafe else {Safety.SAFE}
    with time_limit():
        result = fix(app, rules, unsafe=unsafe)
    assert [failure for failure in result.report.failures if failure.internal] == []
    left = [finding for finding in result.report.findings if finding.fix and finding.fix.safety in allowed]
    assert left == []
    assert_still_readable(app, result.app)
    return result.app


def assert_well_formed(app: App, rule: Rule, finding: Finding) -> None:
    message = finding.message
    assert finding.rule == rule.id
    assert_lies_where_expected(app, finding)
    assert isinstance(finding.severity, Severity)
    for place in (finding.place, *(related.place for related in finding.related)):
        assert_within(app, place)
    assert message.endswith(".")
    assert not message.endswith("..")
    assert message == " ".join(message.split()), "one line, single blanks"
    assert len(message) <= MOST_LETTERS
    assert message.count("`") % 2 == 0
    assert not NUMBERED_CODE.search(message)
    assert all(related.message for related in finding.related)
    if finding.fix is not None:
        assert_fits(app, finding.fix)


def assert_within(app: App, place: Place) -> None:
    assert app.files[place.path].data == place.source.data
    assert 0 <= place.span.start <= place.span.end <= len(place.source.data)


def assert_fits(app: App, made: Fix) -> None:
    """Whether a fix replaces what stands there, changes something, and makes only new files."""
    assert made.title
    assert made.title[0].isupper()
    assert not made.title.endswith(".")
    assert made.edits or made.new_files
    assert len(set(made.edits)) == len(made.edits)
    for edit in made.edits:
        assert app.files[edit.path].data[edit.start : edit.span.end] == edit.old
        assert edit.old != edit.new
        yaml = app.yaml(edit.path)
        assert yaml is None or not yaml.has_aliases, "a YAML file with aliases is not patched"
    for path in {edit.path for edit in made.edits}:
        edits = [edit for edit in made.edits if edit.path == path]
        assert_still_readable(app, app.with_files({path: app.files[path].apply(edits)}))
    assert not {new.path for new in made.new_files} & app.paths
    assert_still_readable(app, App({new.path: new.data for new in made.new_files}))


def assert_still_readable(before: App, after: App) -> None:
    """Python that could be parsed, and YAML that could be composed, still can; new files can too."""
    for path, source in after.files.items():
        known = before.files.get(path)
        if known is not None and known.data == source.data:
            continue
        python, yaml = after.python(path), after.yaml(path)
        old_python, old_yaml = before.python(path), before.yaml(path)
        if python is not None and (old_python is None or not old_python.is_broken):
            assert not python.is_broken, f"{path}:\n{source.data.decode('latin-1')}"
        if yaml is not None and (old_yaml is None or old_yaml.problem is None):
            assert yaml.problem is None, f"{path}: {yaml.problem}\n{source.data.decode('latin-1')}"


# -- the page --------------------------------------------------------------------------------


@every_rule
def test_its_page_is_complete(rule: Rule) -> None:
    page = rule.page
    assert page.title.endswith(".")
    assert page.text.startswith(f"{page.title}\n\n"), "a title of one line"
    assert list(page.sections) == SECTIONS
    assert all(page.sections.values())
    assert page.before
    assert not NUMBERED_CODE.search(page.title)


@every_rule
def test_its_name_is_one_word_everywhere(rule: Rule) -> None:
    file = rule.id.replace("-", "_")
    hop = "common" if rule.family == SILENCING else HOP
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", rule.id)
    assert rule.module == f"gaebot.rules.{hop}.{rule.family}.{file}"
    assert (TESTS / "rules" / hop / rule.family / f"test_{file}.py").is_file()


def test_no_two_rules_have_one_name() -> None:
    assert len({rule.id for rule in RULES}) == len(RULES)


def test_the_folders_of_tests_hold_no_test_of_a_rule_that_is_gone() -> None:
    known = {(rule.family, f"test_{rule.id.replace('-', '_')}") for rule in RULES}
    families = {rule.family for rule in RULES}
    tests = {
        (path.parent.name, path.stem)
        for path in (TESTS / "rules" / HOP).glob("*/test_*.py")
        if path.parent.name in families and path.stem.startswith(f"test_{path.parent.name}_")
    }
    assert tests <= known


# -- the example -----------------------------------------------------------------------------


@every_rule
def test_its_example_is_found(rule: Rule) -> None:
    assert check_well(example(rule), rule)


@every_rule
def test_its_example_says_what_the_fix_makes(rule: Rule) -> None:
    before, after = rule.page.before, rule.page.after
    made = fix_well(example(rule), RULES if rule.family == SILENCING else (rule,))
    encodings = rule.page.encodings
    files = {path: made.files[path].data.decode(encodings.get(path, "utf-8")) for path in made.files}
    assert files == {**before, **after}
    assert bool(after) == (files != before)
    if after:
        assert check_well(made, rule) == ()
    assert all(before.get(path) != text for path, text in after.items()), "`after` shows what has changed"


# -- every app -------------------------------------------------------------------------------


@every_rule
def test_it_survives_the_apps_of_the_tests(rule: Rule) -> None:
    for app in apps():
        check_well(app, rule)
        fix_well(app, (rule,))


@every_rule
def test_it_survives_the_examples_of_the_others(rule: Rule) -> None:
    for other in RULES:
        check_well(example(other), rule)


@every_rule
@every_hostile_app
def test_it_survives_hostile_apps(rule: Rule, name: str) -> None:
    app = hostile(name)
    check_well(app, rule)
    made = fix_well(app, (rule,))
    if name in BROKEN:
        unchanged = {path: made.files[path].data for path in app.files}
        assert unchanged == {path: source.data for path, source in app.files.items()}


# -- all rules together ----------------------------------------------------------------------


@pytest.mark.parametrize("unsafe", [False, True], ids=["safe", "unsafe"])
@pytest.mark.parametrize("app", apps(), ids=lambda app: Path(app.root).name)
def test_all_fixes_together_come_to_rest(app: App, *, unsafe: bool) -> None:
    made = fix_well(app, RULES, unsafe=unsafe)
    assert fix(made, RULES, unsafe=unsafe).changes == ()


@every_rule
def test_all_fixes_together_come_to_rest_on_its_example(rule: Rule) -> None:
    made = fix_well(example(rule), RULES)
    assert fix(made, RULES, unsafe=True).changes == ()


@every_hostile_app
def test_all_fixes_together_come_to_rest_on_hostile_apps(name: str) -> None:
    made = fix_well(hostile(name), RULES)
    assert fix(made, RULES, unsafe=True).changes == ()


@pytest.mark.parametrize("app", apps(), ids=lambda app: Path(app.root).name)
def test_a_file_alone_gives_what_it_gives_among_all(app: App) -> None:
    findings = check(app, RULES).findings
    for path in app.files:
        assert_same_alone(app, path, RULES, findings)
