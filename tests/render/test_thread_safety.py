"""The section of the text report about what requests share, and its twin in JSON."""

import json
from dataclasses import replace
from textwrap import dedent

from gaebot.finding import Place
from gaebot.render.json import render_json
from gaebot.render.text import render_report
from gaebot.report import Report
from gaebot.sharing import SharedState, ThreadSafety, Writer
from gaebot.text import SourceFile, Span

SOURCE = SourceFile("main.py", b"hits = 0\nuser = 1\nhits += 1\n")


def place(line):
    start = 9 * (line - 1)  # each line is so long
    return Place(SOURCE, Span(start, start + 4))


HITS = SharedState("hits", place(1), (Writer(place(3), "count", ("Home.get", "Top.get"), rule="ts-counter"),))
LOCKED = SharedState("user", None, (Writer(place(2), "Home.get", ("Home.get",), lock="_user_lock"),))
BAD = ThreadSafety("app.yaml", False, "requests would change `hits`", (HITS, LOCKED), (place(3),))
GOOD = ThreadSafety("app.yaml", True, "requests change nothing", (), ())


def text(*entries, width=100):
    return render_report(Report(apps=("",), thread_safety=entries), width=width)


def expected(lines):
    return dedent(lines).lstrip("\n")


def test_without_services_there_is_no_section():
    assert "Thread safety" not in text()


def test_what_shares_nothing_takes_one_line():
    assert text(GOOD) == expected("""
        Thread safety
        app.yaml: threadsafe: true, because requests change nothing.

        Nothing to report.
    """)


def test_what_shares_something_whole():
    assert text(BAD) == expected("""
        Thread safety
        app.yaml: threadsafe: false, because requests would change `hits`.
          to mend before `true`: main.py:3
          hits (main.py:1)
            count (main.py:3), from Home.get, Top.get: no lock, ts-counter
          user
            Home.get (main.py:2): under _user_lock

        Nothing to report.
    """)


def test_long_lists_are_cut_and_say_so():
    many = replace(HITS, writers=HITS.writers * 9)
    shown = text(replace(BAD, states=(many,) * 30, to_mend=(place(3),) * 7))
    assert "and 2 more places" in shown
    assert "    … and 5 more\n" in shown
    assert "… and 10 more names or attributes that requests share and change" in shown


def test_paths_are_those_of_the_caller_and_visible():
    assert text(BAD.for_app("shop\x1b")).splitlines()[1].startswith("shop\\x1b/app.yaml: ")


def test_lines_are_wrapped():
    assert max(map(len, text(replace(BAD, reason="word " * 40), width=60).splitlines())) <= 60


def test_json():
    (entry,) = json.loads(render_json(Report(thread_safety=(BAD.for_app("shop"),))))["thread_safety"]
    assert (entry["app"], entry["service"], entry["threadsafe"]) == ("shop", "shop/app.yaml", False)
    assert [mend["line"] for mend in entry["to_mend"]] == [3]
    hits, user = entry["shared"]
    assert (hits["name"], hits["place"]["line"], hits["guarded"]) == ("hits", 1, False)
    assert (user["place"], user["guarded"]) == (None, True)
    (writer,) = hits["writers"]
    assert (writer["function"], writer["handlers"], writer["lock"], writer["rule"], writer["line"]) == (
        "count", ["Home.get", "Top.get"], None, "ts-counter", 3,
    )  # fmt: skip


def test_reports_of_several_apps_are_joined():
    merged = Report.merge([Report(thread_safety=(GOOD,)), Report(thread_safety=(BAD,))])
    assert merged.thread_safety == (GOOD, BAD)
