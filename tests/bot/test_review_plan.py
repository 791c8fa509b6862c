"""Where comments are put: the host, which is strict, takes all of them at once."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from gaebot.bot.forge import Comment, Thread
from gaebot.bot.marker import mark
from gaebot.bot.review.plan import Answer, Close, PostReview, Shown, answers_plan, review_plan
from gaebot.bot.review.statement import Lines, Remark, Remedy, Statement, statement_of
from gaebot.bot.settings import Settings
from gaebot.finding import Finding, Fix, Place, RunsOn, Safety, Severity
from gaebot.report import Report
from gaebot.text import SourceFile, Span
from tests.bot.fake_forge import BOT, FakeForge
from tests.bot.pulls import report_of

LINES = st.lists(st.sampled_from(["a", "b", "", "c d", "@@ -1 +1 @@", "+x", "-y", "é", "```"]), max_size=40)


@st.composite
def findings(draw, source):
    found = []
    for _ in range(draw(st.integers(0, 8))):
        start = draw(st.integers(0, len(source.data)))
        end = draw(st.integers(start, min(len(source.data), start + 60)))
        place = Place(source, Span(start, end))
        new = draw(st.sampled_from([b"", b"x", b"x\ny", b"x\n", b"```\n"]))
        fix = Fix("t", (place.replace(new),), Safety.SAFE, RunsOn.BOTH)
        found.append(Finding("r", draw(st.sampled_from(Severity)), place, "m", fix=fix))
    return tuple(found)


@given(LINES, LINES, st.booleans(), st.data())
def test_the_host_takes_every_review_that_is_planned(old, new, ends, data):
    before, after = "\n".join(old) + "\n" * ends, "\n".join(new) + "\n"
    host = FakeForge({"a.py": before}, {"a.py": after})
    source = SourceFile("a.py", after.encode())
    report = Report(data.draw(findings(source)), sources={"a.py": source})
    statement = statement_of(report, None, 7, host.pull.head_sha, {})
    shown = Shown(host.pull, BOT, host.changed_files(7))
    for operation in review_plan(statement, shown, Settings()):
        placed = operation.comments
        host.post_review(7, host.pull.head_sha, operation.body, [each.comment for each in placed])
        suggested = [each.comment for each in placed if "suggestion\n" in each.comment.body]
        covered = [line for c in suggested for line in range(c.start_line or c.line, c.line + 1)]
        assert len(covered) == len(set(covered))
        by_name = {remark.fingerprint: remark for remark in statement.remarks}
        for each in placed:
            remark = by_name[each.fingerprint]
            if each.comment in suggested:
                lines = remark.remedy.lines
                assert (lines.start, lines.end) == (
                    each.comment.start_line or each.comment.line,
                    each.comment.line,
                )
            else:
                assert remark.line <= each.comment.line <= remark.end_line


def one(path="a.py", **named):
    remark = Remark("0" * 16, "r", Severity.ERROR, "", path, 2, 2, ("bad",), "It is bad.")
    return Statement(7, "c" * 40, (replace(remark, **named),), ("",))


def shown(head="one\nbad\ntwo\n", base="one\ntwo\n", threads=()):
    host = FakeForge({"a.py": base}, {"a.py": head})
    return Shown(host.pull, BOT, host.changed_files(7), tuple(threads))


def placed(statement, **named):
    return [
        (each.comment.start_line, each.comment.line, each.comment.body)
        for operation in review_plan(statement, shown(**named), Settings())
        for each in operation.comments
    ]


def test_no_comment_beside_what_changed():
    assert placed(one(line=1, end_line=1, quote=("one",))) == []
    assert placed(one(line=3, end_line=3, quote=("two",))) == []
    assert placed(one(path="b.py")) == []
    assert placed(one(line=9, end_line=9)) == []
    assert placed(one(quote=())) == []


def test_a_range_that_is_long_or_leaves_the_hunk_is_told_on_its_first_changed_line():
    (told,) = placed(one(line=1, end_line=3, quote=("one", "bad", "two")))
    assert told[:2] == (1, 3)
    (told,) = placed(one(line=1, end_line=30, quote=("one",)))
    assert told[:2] == (None, 2)
    many = "\n".join(["bad"] * 30) + "\n"
    (told,) = placed(one(line=2, end_line=30), head=many, base="")
    assert told[:2] == (None, 2)


def test_a_suggestion_stays_in_one_hunk_and_fits_into_a_comment():
    base = "".join(f"{number}\n" for number in range(40))
    head = base.replace("1\n", "bad\n", 1).replace("30\n", "30b\n")

    def told(lines, message="m", title="t"):
        remedy = Remedy(title, Safety.SAFE, RunsOn.BOTH, 1, lines)
        ((first, last, body),) = placed(one(remedy=remedy, message=message), head=head, base=base)
        return (first, last, "```suggestion" in body)

    assert told(Lines(1, ("0", "bad"), ("x",))) == (1, 2, True)
    assert told(Lines(2, ("bad",), ("x",))) == (None, 2, True)
    assert told(Lines(2, ("other",), ("x",))) == (None, 2, False)
    assert told(Lines(2, tuple(head.split("\n")[1:31]), ("x",))) == (None, 2, False)
    long = Lines(2, ("bad",), ("x\u3042" * 3900,))
    assert told(long) == (None, 2, True)
    assert told(long, "@" * 1500) == (None, 2, True)
    assert told(long, "@" * 1500, "@" * 1500) == (None, 2, False)


def thread(path, name="1" * 16):
    return Thread("T", False, path, None, (Comment(1, BOT, f"{mark('finding', name)}\n\nx"),))


def test_only_what_was_checked_is_called_fixed():
    def plan(path, apps=("shop",), files=None):
        host = FakeForge(files or {"x": "1\n"}, {"x": "2\n"})
        statement = Statement(7, "c" * 40, (), apps)
        return answers_plan(statement, Shown(host.pull, BOT, host.changed_files(7), (thread(path),)))

    assert plan("blog/a.py") == ()
    assert plan("shopping/a.py") == ()
    assert [type(each) for each in plan("shop/a.py")] == [Answer, Close]
    assert [type(each) for each in plan("blog/a.py", ())] == []
    assert [type(each) for each in plan("blog/a.py", (), {"x": "1\n", "blog/a.py": "x\n"})] == [Answer, Close]


def test_one_run_answers_so_many():
    threads = [replace(thread("a.py", f"{number:016x}"), id=f"T{number}") for number in range(1, 100)]
    host = FakeForge({"a.py": "x\n"}, {"a.py": "y\n"})
    statement = Statement(7, "c" * 40, (), ("",))
    assert len(answers_plan(statement, Shown(host.pull, BOT, (), tuple(threads)))) == 60


def test_a_review_is_of_the_best_and_has_no_more_than_allowed():
    host = FakeForge({}, {"a.py": "hint\nold\nbad\n" * 20})
    statement = statement_of(report_of(host.head), None, 7, host.pull.head_sha, {})
    (operation,) = review_plan(
        statement, Shown(host.pull, BOT, host.changed_files(7)), Settings(max_comments=20)
    )
    assert isinstance(operation, PostReview)
    assert len(operation.comments) == 20
    assert all("error" in each.comment.body for each in operation.comments)
