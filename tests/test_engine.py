import time

from hypothesis import given
from hypothesis import strategies as st

from gaebot import limits
from gaebot.app import App
from gaebot.engine import Asked, Change, _Edits, check, fix
from gaebot.finding import Failure, Finding, Place, Safety, Severity
from gaebot.rule import YAML
from gaebot.text import Edit, NewFile, Span
from tests.fakes import FunctionRule, WordRule, make_fix

OLD_TO_NEW = WordRule("old", b"old", b"new")


def insertion(app, path, start, new, **named):
    """A finding whose fix inserts something."""
    place = Place(app.files[path], Span(start, start))
    return Finding("x", Severity.ERROR, place, "Insert.", fix=make_fix(Edit(path, start, b"", new), **named))


# -- check ---------------------------------------------------------------------------------


def test_findings_come_in_order_of_path_and_place_and_know_their_app():
    app = App({"b.py": b"old old", "a.py": b"x old"}, root="here")
    report = check(app, [WordRule("zeta", b"old"), WordRule("alpha", b"old")])
    assert [(f.path, f.place.span.start, f.rule) for f in report.findings] == [
        ("here/a.py", 2, "alpha"),
        ("here/a.py", 2, "zeta"),
        ("here/b.py", 0, "alpha"),
        ("here/b.py", 0, "zeta"),
        ("here/b.py", 4, "alpha"),
        ("here/b.py", 4, "zeta"),
    ]
    assert report.apps == ("here",)


def test_a_rule_that_raises_is_a_failure_and_the_others_go_on():
    def explode(app):
        yield from OLD_TO_NEW.check(app)
        raise ZeroDivisionError("oh")

    report = check(App({"a.py": b"old"}, root="here"), [FunctionRule("bad", explode), OLD_TO_NEW])
    assert [f.rule for f in report.findings] == ["old"]
    (failure,) = report.failures
    assert failure.rule == "bad"
    assert failure.app == "here"
    assert failure.internal
    assert failure.message == "rule bad failed with ZeroDivisionError: oh"


def test_failures_of_reading_are_in_the_report():
    report = check(App({}, failures=[Failure("No.", "x.py")], root="here"), [OLD_TO_NEW])
    assert [failure.full_path for failure in report.failures] == ["here/x.py"]


def test_vendored_code_is_for_rules_that_ask_for_it():
    app = App({"lib/a.py": b"old", "one.py": b"old", "b.py": b""}, vendored={"lib": "lib", "one.py": "one"})
    assert check(app, [OLD_TO_NEW]).findings == ()
    assert len(check(app, [WordRule("old", b"old", vendored=True)]).findings) == 2
    assert check(app, []).vendored == ("lib (lib)", "one.py (one)")


def test_equal_findings_count_once():
    assert len(check(App({"a.py": b"old"}), [OLD_TO_NEW, OLD_TO_NEW]).findings) == 1


def test_what_is_not_asked_for_is_not_reported():
    app = App({"a.py": b"old", "b.py": b"old"})
    report = check(app, [OLD_TO_NEW], asked=Asked(lambda finding: finding.place.path == "b.py"))
    assert [f.path for f in report.findings] == ["b.py"]


def test_progress_is_told_each_rule_before_it_runs():
    told = []
    check(App({}), [OLD_TO_NEW, WordRule("second", b"x")], told.append)
    assert told == ["old", "second"]


def test_the_report_holds_the_files_that_fixes_edit():
    app = App({"a.py": b"old", "b.py": b"x"}, root="here")
    assert check(app, [OLD_TO_NEW, WordRule("x", b"x")]).sources == {"here/a.py": app.files["a.py"]}


# -- fix -----------------------------------------------------------------------------------


def test_safe_fixes_are_made_and_the_rest_stays_byte_for_byte():
    app = App({"a.py": b"# old\r\n# \xff old", "b.py": b"x"})
    result = fix(app, [OLD_TO_NEW])
    assert result.changes == (Change("a.py", b"# old\r\n# \xff old", b"# new\r\n# \xff new"),)
    assert len(result.fixed) == 2
    assert result.report.findings == ()
    assert fix(result.app, [OLD_TO_NEW]).changes == ()


def test_fixes_to_be_reviewed_need_unsafe_and_others_are_never_made():
    app = App({"a.py": b"one two"})
    rules = [
        WordRule("one", b"one", b"1", safety=Safety.REVIEW),
        WordRule("two", b"two", b"2", safety=Safety.DISPLAY),
    ]
    assert fix(app, rules).changes == ()
    result = fix(app, rules, unsafe=True)
    assert result.app.files["a.py"].data == b"1 two"
    assert [f.rule for f in result.report.findings] == ["two"]


def test_rules_about_yaml_do_not_run_where_none_is_asked_for():
    app = App({"a.py": b"old", "b.yaml": b"old"})
    rules = [WordRule("old", b"old", only_in=YAML)]
    assert check(app.asking_for("a.py".__eq__), rules).findings == ()
    assert len(check(app.asking_for("b.yaml".__eq__), rules).findings) == 2
    assert len(check(app, rules).findings) == 2


def test_what_is_not_asked_for_is_not_fixed():
    app = App({"a.py": b"old", "b.py": b"old"})
    result = fix(app, [OLD_TO_NEW], asked=Asked(lambda finding: finding.place.path == "b.py"))
    assert [change.path for change in result.changes] == ["b.py"]


def test_a_fix_is_whole_or_waits_for_the_next_pass():
    def both(app):
        if b"a" in app.files["x.py"].data:
            for new in (b"1", b"2"):
                place = Place(app.files["x.py"], Span(0, 1))
                edits = (place.replace(new), Edit("y.py", 0, b"b", new))
                yield Finding("both", Severity.ERROR, place, new.decode(), fix=make_fix(*edits))

    result = fix(App({"x.py": b"a", "y.py": b"b"}), [FunctionRule("both", both)])
    assert {change.path: change.new for change in result.changes} == {"x.py": b"1", "y.py": b"1"}
    assert len(result.fixed) == 1


def test_one_fix_of_several_findings_is_made_once_and_fixes_them_all():
    def twice(app):
        source = app.files["a.py"]
        if source.data.startswith(b"#"):
            return
        shared = make_fix(Edit("a.py", 0, b"", b"# new\n"))
        for start in (0, 1):
            yield Finding("x", Severity.ERROR, Place(source, Span(start, start + 1)), "m", fix=shared)

    result = fix(App({"a.py": b"x = 1\n"}), [FunctionRule("twice", twice)])
    assert result.app.files["a.py"].data == b"# new\nx = 1\n"
    assert len(result.fixed) == 2


def test_new_files_are_made_and_never_replace_one():
    def package(app):
        if "p/__init__.py" not in app.files:
            yield insertion(app, "p/a.py", 0, b"#\n", new_files=(NewFile("p/__init__.py", b""),))

    rule = FunctionRule("package", package)
    result = fix(App({"p/a.py": b""}), [rule])
    assert result.changes == (Change("p/__init__.py", None, b""), Change("p/a.py", b"", b"#\n"))
    taken = fix(App({"p/a.py": b""}, others=["p/__init__.py"]), [rule])
    assert taken.changes == ()
    assert taken.report.findings


def test_a_fix_that_would_break_python_is_left_out_and_reported():
    app = App({"a.py": b"old = 1\n"}, root="here")
    result = fix(app, [WordRule("old", b"old", b"1 +")])
    assert result.changes == ()
    assert result.fixed == ()
    assert [failure.internal for failure in result.report.failures] == [True]
    assert "'Put the new word there' would have broken a file" in result.report.failures[0].message
    assert result.report.failures[0].rule == "old"
    assert len(result.report.findings) == 1


def test_a_fix_that_would_empty_a_block_is_left_out_and_reported():
    result = fix(App({"a.py": b"if x:\n  old\ny = 1\n"}), [WordRule("old", b"old", b"# old")])
    assert result.changes == ()
    assert len(result.report.failures) == 1


def test_a_fix_that_would_break_yaml_is_left_out_and_reported():
    result = fix(App({"a.yaml": b"old: 1\n"}), [WordRule("old", b"old", b"[")])
    assert result.changes == ()
    assert len(result.report.failures) == 1


def test_one_bad_fix_does_not_keep_the_good_ones_out():
    app = App({"a.py": b"old = bad\nx = old\n", "b.py": b"bad = 1\n"})
    result = fix(app, [OLD_TO_NEW, WordRule("bad", b"bad", b"1 +")])
    assert {change.path: change.new for change in result.changes} == {"a.py": b"new = bad\nx = new\n"}
    assert [f.rule for f in result.fixed] == ["old", "old"]
    assert {failure.rule for failure in result.report.failures} == {"bad"}


def test_broken_files_can_be_fixed():
    result = fix(App({"a.py": b"print (\nold\n"}), [OLD_TO_NEW])
    assert result.app.files["a.py"].data == b"print (\nnew\n"


def test_edits_that_fit_no_file_are_left_out_and_reported():
    def wrong(edit):
        def find(app):
            yield Finding("w", Severity.ERROR, Place(app.files["a.py"], Span(0, 1)), "m", fix=make_fix(*edit))

        return FunctionRule("wrong", find)

    app = App({"a.py": b"abc"})
    for edits in (
        [Edit("a.py", 0, b"x", b"y")],
        [Edit("a.py", 0, b"ab", b""), Edit("a.py", 1, b"bc", b"")],
        [Edit("gone.py", 0, b"", b"y")],
    ):
        result = fix(app, [wrong(edits)])
        assert result.changes == ()
        assert len(result.report.failures) == 1


def test_files_behind_links_are_not_edited():
    app = App({"a.py": b"old", "b.py": b"old"}, read_only=["a.py"])
    result = fix(app, [OLD_TO_NEW])
    assert [change.path for change in result.changes] == ["b.py"]
    assert [f.path for f in result.report.findings] == ["a.py"]
    assert result.report.failures == ()


def test_fixes_that_never_rest_are_named():
    def grow(app):
        yield insertion(app, "a.py", 0, b"#\n")

    result = fix(App({"a.py": b""}), [FunctionRule("grow", grow)])
    assert result.app.files["a.py"].data == b"#\n" * limits.MAX_FIX_PASSES
    assert result.report.failures[0].message == "fixes did not come to rest after 10 passes: x"


def test_fixes_may_make_room_for_further_fixes():
    rules = [WordRule("one", b"one", b"two"), WordRule("two", b"two", b"three")]
    result = fix(App({"a.py": b"one"}), rules)
    assert result.app.files["a.py"].data == b"three"
    assert result.changes == (Change("a.py", b"one", b"three"),)


@given(
    st.lists(st.sampled_from([b"old", b"a", b"\n", b"\r\n", b"\xff", b"neold", b"w"]), max_size=30).map(
        b"".join
    )
)
def test_fixing_comes_to_rest(data):
    result = fix(App({"a.txt.py": b"# " + data.replace(b"\n", b"").replace(b"\r", b"")}), [OLD_TO_NEW])
    assert b"old" not in result.app.files["a.txt.py"].data
    assert fix(result.app, [OLD_TO_NEW]).changes == ()


# -- thousands of them ---------------------------------------------------------------------


@given(st.lists(st.tuples(st.integers(0, 12), st.integers(0, 4)), max_size=12))
def test_edits_fit_when_they_are_in_the_way_of_none(wanted):
    taken, spans = _Edits(), []
    for start, length in wanted:
        edit = Edit("a.py", start, b"x" * length, b"")
        fits = edit.span in spans or not any(edit.span.overlaps(span) for span in spans)
        assert taken.fits(edit) == fits
        if fits:
            taken.add(edit)
            spans.append(edit.span)
    assert sorted(edit.span for edit in taken.all) == sorted(set(spans))


def test_thousands_of_fixes_in_one_file_are_made_in_one_pass():
    app = App({"a.py": b"old\n" * 10_000})
    started = time.process_time()
    result = fix(app, [OLD_TO_NEW])
    assert result.app.files["a.py"].data == b"new\n" * 10_000
    assert time.process_time() - started < 5


def test_a_few_fixes_that_do_harm_are_found_among_thousands():
    harmful = {100, 101, 3_999}
    data = b"".join(b"old\n" if number not in harmful else b"odd\n" for number in range(5_000))
    rules = [OLD_TO_NEW, WordRule("odd", b"odd", b"(")]
    started = time.process_time()
    result = fix(App({"a.py": data}), rules)
    assert time.process_time() - started < 10
    assert result.app.files["a.py"].data == data.replace(b"old", b"new")
    assert len(result.fixed) == 5_000 - len(harmful)
    assert {failure.rule for failure in result.report.failures} == {"odd"}
