import re
from collections import Counter
from html.parser import HTMLParser

import cmarkgfm
import pytest
from cmarkgfm.cmark import Options
from hypothesis import given, settings
from hypothesis import strategies as st

from gaebot.finding import Failure, Finding, Fix, Place, RunsOn, Safety, Severity
from gaebot.render.markdown import MAX_BYTES, render_markdown
from gaebot.render.visible import visible
from gaebot.report import AgainstBaseline, Report
from gaebot.sharing import SharedState, ThreadSafety, Writer
from gaebot.text import SourceFile, Span
from tests.render.golden import HOSTILE_NAMES, golden_report

ALLOWED = {
    *("h2", "h3", "p", "ul", "li", "table", "thead", "tbody", "tr", "th", "td", "br"),
    *("code", "span", "strong", "details", "summary"),
}
# What GitHub makes of text outside of code: mentions, references, emoji, formulas, addresses.
ALIVE = re.compile(r"@\w|#\d|\bGH-\d|:[a-z]+:|\$\S|://|www\.\w", re.IGNORECASE)


class Page(HTMLParser):
    """What stands on a page: its tags, its texts outside and inside of code, and the cells of its tables."""

    def __init__(self, markdown):
        super().__init__(convert_charrefs=True)
        self.tags, self.texts, self.rows, self.items = Counter(), [], [], []
        self.open, self.strange = [], []
        self.said = ""
        # GitHub's own renderer. It drops strange HTML later on; here it must not come to that.
        html = cmarkgfm.github_flavored_markdown_to_html(markdown, options=Options.CMARK_OPT_UNSAFE)
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attributes):
        self.tags[tag] += 1
        if tag not in ALLOWED or (attributes and {key for key, _ in attributes} != {"align"}):
            self.strange.append((tag, attributes))
        if tag != "br":
            self.open.append(tag)
        if tag == "tr":
            self.rows.append([])
        if tag in {"td", "th"}:
            self.rows[-1].append("")
        if tag == "li":
            self.items.append("")
        if tag == "br":
            self.handle_data("\n")

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.said += data
        if "code" not in self.open:
            self.texts.append(data)
        if {"td", "th"} & set(self.open):
            self.rows[-1][-1] += data
        if "li" in self.open:
            self.items[-1] += data

    def handle_comment(self, data):
        self.strange.append(("comment", data))

    def handle_decl(self, decl):
        self.strange.append(("declaration", decl))

    unknown_decl = handle_decl
    handle_pi = handle_decl


def page(report, **named):
    """The page of a report, of which nothing is alive."""
    text = render_markdown(report, (), **named)
    assert "<!--" not in text
    assert not re.search(r"^\s*::|##\[", text, re.MULTILINE)
    shown = Page(text)
    assert shown.strange == []
    assert shown.open == []
    assert [told for told in shown.texts if ALIVE.search(told)] == []
    return shown


def finding(path="a.py", severity=Severity.ERROR, message="It is old.", at=0, **named):
    place = Place(SourceFile(path, b"old\n" * 100), Span(4 * at, 4 * at + 3))
    return Finding("some-rule", severity, place, message, **named)


# -- what it says --------------------------------------------------------------------------


def test_nothing_to_report():
    assert render_markdown(Report(apps=("",)), ()) == "## gaebot: nothing to report\n"


def test_one_app_without_services():
    patch = Fix("Make it `new`", (), Safety.SAFE, RunsOn.BOTH)
    found = (finding(fix=patch), finding(severity=Severity.NOTE, at=1))
    assert render_markdown(Report(found, apps=("",)), ()) == (
        "## gaebot: 1 error, 1 note\n\n"
        "1 finding can be fixed safely with `gaebot fix`.\n\n"
        "### Findings\n\n"
        "| place | | rule | message |\n|---|---|---|---|\n"
        "| `a.py`:1 | error | `some-rule` | It is old.<br>Fix: Make it `new` (gaebot fix) |\n\n\n"
        "<details><summary>1 note</summary>\n\n"
        "| place | | rule | message |\n|---|---|---|---|\n"
        "| `a.py`:2 | note | `some-rule` | It is old. |\n\n"
        "</details>\n"
    )


def test_the_golden_report_is_inert():
    shown = page(golden_report())
    assert shown.rows[:4] == [
        ["app", "errors", "warnings", "notes", "fixed safely", "with review", "threadsafe"],
        ["shop", "2", "1", "2", "1", "2", "false"],
        ["ho<s>til|e", "0", "14", "0", "14", "0", ""],
        [".", "0", "0", "0", "0", "0", "true"],
    ]
    assert {len(row) for row in shown.rows} == {4, 6, 7}


def test_what_is_not_listed_is_counted():
    baseline = AgainstBaseline("known.json", 7, 5, (("a.py", "r", "0"), ("b.py", "r", "1")))
    vendored = tuple(f"lib{number} (x)" for number in range(7))
    said = page(Report(apps=("",), silenced=1, baseline=baseline, vendored=vendored)).said
    assert "Comments in the files silence 1 finding." in said
    assert (
        "Of 7 findings that the baseline known.json lists, 5 are still there and left out here. "
        "2 entries can go from it." in said
    )
    assert "lib4 (x) and 2 more." in said
    nothing = page(Report(apps=("",), baseline=baseline._replace(gone=()))).said
    assert "can go" not in nothing


def test_failures_are_listed_and_faults_of_gaebot_told():
    failures = (Failure("Too large.", "big.py"), Failure("Broke.", rule="r", internal=True))
    assert page(Report(failures=failures)).items == [
        "big.py: Too large.",
        "gaebot: Broke. (a fault of gaebot: please report it)",
    ]


def test_thread_safety():
    where = finding().place
    writers = (
        Writer(where, "count", ("Home.get", "count"), rule="ts-counter"),
        Writer(where, "Top.get", (), lock="_lock"),
    )
    states = (SharedState("hits", where, writers), SharedState("cache", None, writers[1:]))
    entry = ThreadSafety("app.yaml", False, "`hits` is shared", states, (where,) * 7)
    shown = page(Report(thread_safety=(entry,)).for_app("shop"))
    places = ", ".join(["shop/a.py:1"] * 5)
    assert shown.items == [
        f"shop/app.yaml: threadsafe: false, because hits is shared. To mend before true: {places} and 2 more."
    ]
    assert shown.rows[-3:] == [
        ["hits", "shop/a.py:1", "count shop/a.py:1", "Home.get", "none", "ts-counter"],
        ["hits", "shop/a.py:1", "Top.get shop/a.py:1", "", "_lock", ""],
        ["cache", "", "Top.get shop/a.py:1", "", "_lock", ""],
    ]


# -- hostile text --------------------------------------------------------------------------


def cells_of(path, said):
    """The cells of the row about a finding: what a reader sees."""
    shown = page(Report((finding(path, message=said),), (Failure(said, path),)))
    assert len(shown.rows) == 2
    assert shown.items[0].endswith(shown.rows[1][3])
    return shown.rows[1]


@pytest.mark.parametrize("name", HOSTILE_NAMES)
def test_hostile_names_are_texts(name):
    where, _, _, message = cells_of(name, f"It is {name}.")
    assert where == f"{visible(name).replace('https://', 'https:/')}:1"
    assert message.replace("`", "") == f"It is {visible(' '.join(name.split()))}.".replace("`", "")


@pytest.mark.parametrize(
    "said",
    [
        "a `b` c", "``", "`", "a ` b", "`a``b`", "`a` `b` `c", "`a|b` | c", "`a\\` \\", "\\`a\\`", "`$`x`$`", "$`x`$",
        "*a* _b_ __c__ ~~d~~ [e](f) ![g](h) <i> &amp; <!-- j -->", "`<!-- x -->`", "`<!-- x`", "- a", "1. a", "# a", "@a/b #1",
        "https://a.example www.a.example a@b.example", ":tada: `:tada:`", "GH-1 gh-2", "snake_case _x_ a_", "a\n\n| b |",
        "</td></tr></table>", "`a`|`b`", "`` ` ``", "` a `", "`@team`@team",
    ],
)  # fmt: skip
def test_markup_in_a_message_is_text(said):
    *_, message = cells_of("a.py", said)
    assert message.replace("`", "").split() == visible(said.replace("\n", " ")).replace("`", "").split()


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("`a``b` c", "ab c"),
        ("`a` `b`", "a b"),
        ("``", ""),
        ("` a `", " a "),
        ("a `b", "a `b"),
        ("`a|b`", "a|b"),
    ],
)
def test_names_in_backticks_are_code(said, shown):
    *_, message = cells_of("a.py", said)
    assert message == shown


@settings(max_examples=300)
@given(st.text(), st.text(alphabet="`|<>\\!-[]()*_~@#$:&;/.ghw1 a\n", max_size=30))
def test_any_text_is_text(path, said):
    for one, other in ((path, said), (said, path)):
        *_, message = cells_of(one, other)
        told = visible(" ".join(other.split())).replace("`", "").replace("\ufffd", "")
        assert message.replace("`", "").replace("\ufffd", "").split() == told.split()


# -- room ----------------------------------------------------------------------------------


def many(count=3000):
    kinds = [Severity.NOTE, Severity.WARNING, Severity.ERROR]
    found = [
        finding(f"folder{number % 7}/äöü{number}.py", kinds[number % 3], "It is old. " * 30)
        for number in range(count)
    ]
    half = count // 2
    both = [Report(tuple(part)).for_app(app) for app, part in (("x", found[:half]), ("y", found[half:]))]
    return Report.merge(both)


@pytest.mark.parametrize("limit", [MAX_BYTES, 300_000, 60_000, 10_000, 4_000, 0])
def test_it_is_never_larger_than_the_limit(limit):
    report = many()
    text = render_markdown(report, (), limit=limit)
    assert len(text.encode()) <= max(limit, 4_000)
    shown = page(report, limit=limit)
    rows = [row for row in shown.rows if len(row) == 4 and row[0] != "place"]
    left_out = 3000 - len(rows)
    told = sum(
        int(number.replace(",", ""))
        for number in re.findall(r"([\d,]+) (?:finding|note)", shown.said.split("There was no room")[-1])
    )
    assert told == left_out
    # The best are there: nothing milder is shown while something worse is left out.
    shown_kinds = Counter(row[1] for row in rows)
    if shown_kinds["note"]:
        assert shown_kinds["warning"] == 1000
    if shown_kinds["warning"]:
        assert shown_kinds["error"] == 1000


def test_the_default_leaves_room_below_a_mebibyte():
    text = render_markdown(many(6000), ())
    assert 900_000 < len(text.encode()) <= 1024 * 1024 - 16 * 1024


def test_what_blocks_the_switch_is_kept_first():
    found = tuple(finding(at=at, message="It is old. " * 100) for at in range(50))
    entry = ThreadSafety("app.yaml", False, "x", (), (found[40].place,))
    report = Report(found, thread_safety=(entry,)).for_app("")
    shown = page(report, limit=4_000)
    assert "a.py:41" in [row[0] for row in shown.rows]
    assert "a.py:40" not in [row[0] for row in shown.rows]


def test_nothing_milder_is_shown_in_the_place_of_what_has_no_room():
    messages = ["It is old.", "It is old. " * 130, "It is old."]
    found = tuple(finding(message=message, at=at) for at, message in enumerate(messages))
    shown = page(Report(found * 2), limit=4_000)
    assert [row[0] for row in shown.rows[1:]] == ["a.py:1", "a.py:2", "a.py:3", "a.py:1"]


def test_one_long_message_does_not_take_the_room_of_all():
    found = (finding(message="x" * 100_000), finding(at=1))
    assert len(render_markdown(Report(found), ())) < 3_000


def test_many_failures_and_services_are_cut_too():
    failures = tuple(Failure("Too large.", f"{number}.py") for number in range(5000))
    entries = tuple(ThreadSafety(f"{number}.yaml", True, "x", (), ()) for number in range(5000))
    report = Report((), failures, thread_safety=entries, apps=tuple(map(str, range(5000))))
    text = render_markdown(report, (), limit=20_000)
    assert len(text.encode()) <= 20_000
    page(report, limit=20_000)
    assert re.search(r"There was no room here for [\d,]+ apps, 5,000 failures, 5,000 services", text)


def test_ten_thousand_findings_take_no_time():
    import time

    begin = time.perf_counter()
    render_markdown(many(10_000), ())
    assert time.perf_counter() - begin < 20
