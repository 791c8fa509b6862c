"""The report as one page for a browser: what stands in it, and that nothing in an app can break out."""

import base64
import hashlib
import subprocess
import sys
import time
from collections import Counter
from dataclasses import replace

import pytest

from gaebot.evidence import Evidence, Judgement, Outcome, Proof, Step
from gaebot.finding import Failure, Finding, Fix, Place, Related, RunsOn, Safety, Severity
from gaebot.render.html.excerpt import excerpt
from gaebot.render.html.layout import lay_out
from gaebot.render.html.page import render_html
from gaebot.render.html.patch import patch_text
from gaebot.render.html.picture import picture
from gaebot.render.html.words import prose
from gaebot.report import AgainstBaseline, Report
from gaebot.structure import AppStructure, HandlerNode, ServiceNode
from gaebot.text import NewFile, SourceFile, Span
from tests.render.pages import EVIL, RULES, Reader, app_report, evidence_of, hostile_report, many_findings

# All that the page is made of.
NAMES = """
    html head meta title style body header nav main section article footer div p h1 h2 h3 h4 h5 ul ol li a strong b
    span code kbd mark table caption thead tbody tfoot tr th td svg rect path g text desc details summary
    form fieldset legend label input select option button script
"""


@pytest.fixture(scope="module")
def shop():
    return app_report("newsroom", "configured")


@pytest.fixture(scope="module")
def page(shop):
    return Reader(render_html(shop, RULES))


@pytest.fixture(scope="module")
def hostile():
    return render_html(hostile_report(), RULES)


def place(text, word, path="main.py"):
    source = SourceFile(path, text.encode())
    start = source.data.index(word.encode())
    return Place(source, Span(start, start + len(word.encode())))


# -- the page ------------------------------------------------------------------------------


def test_nothing_to_report():
    page = Reader(render_html(Report(apps=("",)), RULES))
    assert page.one("h1").text == "Moving this app to python27"
    assert "Nothing to report." in page.one("p", "lead").text
    assert not page.all("script")
    assert not page.all("details")
    assert Reader(render_html(Report(), ())).one("h1").text == "Moving 0 apps"


def test_the_same_report_gives_the_same_page(shop):
    assert render_html(shop, RULES) == render_html(app_report("newsroom", "configured"), RULES)


def test_every_finding_is_there_once(shop, page):
    found = page.all("details", "finding")
    assert len(found) == len(shop.findings)
    assert len({one.attributes["id"] for one in found}) == len(found)
    for finding, name in zip(shop.findings, shop.fingerprints, strict=True):
        (one,) = [element for element in found if element.attributes["id"] == f"f-{name}"]
        assert f"{finding.path}:{finding.place.start.line}" in one.text
        assert finding.message.replace("`", "") in one.text
        assert one.attributes["data-severity"] == finding.severity.value
        assert one.attributes["data-app"] == finding.app
        for related in finding.related:
            assert related.message.replace("`", "") in one.text


def test_the_worst_comes_first(page):
    order = ["error", "warning", "note"]
    for app in ("newsroom", "configured"):
        found = [e.attributes for e in page.all("details", "finding")]
        ranks = [order.index(e["data-severity"]) for e in found if e["data-app"] == app]
        assert ranks == sorted(ranks)


def test_numbers(shop, page):
    tiles = [tile.text for tile in page.all("li", "tile")]
    assert tiles[0].startswith(f"Errors {shop.count(Severity.ERROR)} ")
    assert tiles[1].startswith(f"Warnings {shop.count(Severity.WARNING)} ")
    assert tiles[2].startswith(f"Notes {shop.count(Severity.NOTE)} ")
    safe, review = shop.fixable(Safety.SAFE), shop.fixable(Safety.REVIEW)
    assert tiles[3] == f"Fixable now {safe + review} {safe} safe, {review} with review"


def test_links_lead_somewhere(page, hostile):
    for reader in (page, Reader(hostile)):
        names = [e.attributes["id"] for e in reader.elements if "id" in e.attributes]
        assert len(names) == len(set(names))
        links = [e.attributes["href"] for e in reader.all("a") if e.attributes["href"].startswith("#")]
        assert len(links) > 10
        assert {link[1:] for link in links} <= set(names)


def test_a_rule_page_is_folded_under_its_findings(page):
    pages = [element.text for element in page.all("details", "page")]
    (runtime,) = [text for text in pages if "Python 2.5 runtime" in text][:1]
    assert runtime.startswith("Why, and what to do Why ")
    assert " Fix " in runtime
    assert "## " not in runtime


def test_a_fix_of_several_findings_is_shown_once_and_linked(shop, page):
    users = Counter((finding.app, finding.fix) for finding in shop.findings if finding.fix is not None)
    shared = [(fix, count) for (_, fix), count in users.items() if count > 1]
    patches = page.all("details", "patch")
    assert len(patches) == len(shared) > 0
    links = [element.attributes["href"] for element in page.all("a")]
    for patch, (fix, count) in zip(patches, shared, strict=True):
        assert fix.title.replace("`", "") in patch.text
        assert links.count("#" + patch.attributes["id"]) == count
    diffs = [element.text for element in page.all("div", "diff")]
    assert len(diffs) == len(users)
    assert sum("newsroom/app.yaml" in text and "+runtime: python27" in text for text in diffs) == 1


def test_thread_safety(page):
    service = next(e for e in page.all("article", "service") if "configured" in e.text)
    assert "threadsafe: false" in service.text
    assert "no lock" in service.text
    assert "3 names shared and changed, 3 without a lock" in service.text


def test_the_picture_has_a_title_and_tables(page):
    drawn = page.all("svg", "picture")
    assert len(drawn) == 2
    for svg in drawn:
        names = svg.attributes["aria-labelledby"].split()
        assert all(any(e.attributes.get("id") == name for e in page.elements) for name in names)
    assert "front.py" in drawn[0].text
    assert any(caption.text == "Handlers" for caption in page.all("caption"))


def test_evidence(shop):
    page = Reader(render_html(evidence_of(shop), RULES))
    works, fails = page.all("article", "proof")
    assert works.text.startswith("newsroom proved to work 2 steps passed")
    assert "GET /a: 200passed" in works.text
    assert "Judged by CPython 2.7.18." in works.text
    assert fails.text.startswith("configured not proved 1 step failed, 1 step not run")
    assert "because no Python 2.7 was found" in fails.text
    assert "GET /b: 500failedKeyError: 'x' (main.py:4)" in fails.text
    assert "Install python2.7." in fails.text
    assert [link.text for link in page.all("a") if link.attributes["href"] == "#evidence"] == ["Evidence"]


def test_many_judgements_are_cut():
    judgements = tuple(Judgement(f"{number}.py", Outcome.PASSED) for number in range(1_500))
    found = Evidence((Proof(Step.COMPILE, Outcome.PASSED, "1,500 files", judgements),), app="shop")
    page = Reader(render_html(Report(apps=("shop",), evidence=(found,)), RULES))
    assert "and 1,300 more" in page.one("article", "proof").text


def test_a_check_shows_no_evidence(page):
    assert not page.all("article", "proof")
    assert "Evidence" not in page.one("nav").text


def test_what_went_wrong_is_told():
    report = Report(
        failures=(Failure("This file is too large.", "big.py", app="shop"),),
        apps=("shop",),
        vendored=("shop/django (django)",),
        silenced=3,
        baseline=AgainstBaseline("known.json", 9, 4),
    )
    page = Reader(render_html(report, RULES))
    assert (
        page.one("div", "callout").text == "Could not be read or checked shop/big.py This file is too large."
    )
    assert "but not all could be read" in page.one("p", "lead").text
    (last,) = page.all("p", "small")
    assert "shop/django (django)" in last.text
    assert "3 findings silenced" in last.text
    assert "4 of 9 findings known from known.json" in last.text


def test_a_rule_that_is_not_known_has_no_page():
    finding = Finding("mystery", Severity.NOTE, place("old", "old"), "It is old.")
    page = Reader(render_html(Report((finding,), apps=("",)), ()))
    assert "mystery" in page.one("section", "group").text
    assert not page.all("details", "page")
    assert page.one("details", "finding").attributes["data-family"] == "other"


def test_a_finding_in_a_template_says_so():
    finding = Finding("r", Severity.NOTE, place("old", "old", "app.yaml.example"), "It is old.")
    page = Reader(render_html(Report((finding,), apps=("",)), ()))
    assert "template" in page.one("details", "finding").text


# -- hostile apps --------------------------------------------------------------------------


def test_nothing_breaks_out_of_the_page(hostile):
    page = Reader(hostile)
    assert {element.name for element in page.elements} <= set(NAMES.split())
    assert len(page.all("script")) == 1
    assert len(page.all("style")) == 1
    assert len(page.all("h1")) == 1
    for element in page.elements:
        assert not [name for name in element.attributes if name.startswith("on") or name in {"style", "src"}]
        assert element.attributes.get("href", "#").startswith("#")


def test_hidden_characters_are_made_visible(hostile):
    assert hostile.replace("\n", "").isprintable()
    assert "\\u202edesrever\\u2066\\u200b\\x1b[2J\\x00\\x07" in hostile
    hostile.encode("utf-8")  # no lone surrogates


def test_template_tags_of_an_app_are_text(hostile):
    assert "{{ 7*7 }}" in hostile
    assert "49" not in Reader(hostile).one("h1").text


def test_the_policy_lets_only_the_own_script_and_style_run(hostile):
    page = Reader(hostile)
    policy = next(e for e in page.all("meta") if "http-equiv" in e.attributes).attributes["content"]
    for name in ("script", "style"):
        text = "".join(page.one(name).parts)
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"{name}-src 'sha256-{digest}'" in policy
        assert EVIL[:10] not in text
    assert policy.startswith("default-src 'none';")
    assert "unsafe" not in policy


def test_nothing_is_loaded(page, hostile):
    for reader in (page, Reader(hostile)):
        assert not [
            e for e in reader.elements if {"src", "srcset", "action", "background"} & e.attributes.keys()
        ]
        style = "".join(reader.one("style").parts)
        assert "url(" not in style
        assert "@import" not in style


# -- its parts -----------------------------------------------------------------------------


def told(text):
    return [(part.text, part.is_code) for part in prose(text)]


def test_prose():
    assert told("plain") == [("plain", False)]
    assert told("put `x` and `y`\n there") == [
        ("put ", False), ("x", True), (" and ", False), ("y", True), (" there", False),
    ]  # fmt: skip
    assert told("a ` alone") == [("a ` alone", False)]
    assert told("`x` and ` alone") == [("x", True), (" and ` alone", False)]
    assert told("") == []


def shown(where):
    return [(line.number, line.before, line.marked, line.behind) for line in excerpt(where).lines]


def test_an_excerpt_has_lines_around_the_place():
    text = "a\nb\nc\nx = old + 1\ne\nf\ng\n"
    assert shown(place(text, "old")) == [
        (2, "b", "", ""), (3, "c", "", ""), (4, "x = ", "old", " + 1"), (5, "e", "", ""), (6, "f", "", ""),
    ]  # fmt: skip


def test_an_excerpt_ends_with_the_file():
    assert shown(place("old\n", "old")) == [(1, "", "old", "")]
    assert shown(place("old", "old")) == [(1, "", "old", "")]
    assert shown(place("a\n\n", "\n\n")) == [(1, "a", "", ""), (2, "", "", "")]
    assert shown(Place(SourceFile("a.py", b""), Span(0, 0))) == [(1, "", "", "")]
    end = Place(SourceFile("a.py", b"a\n"), Span(2, 2))
    assert shown(end) == [(1, "a", "", ""), (2, "", "", "")]


def test_long_places_and_lines_are_cut():
    many = excerpt(place("line\n" * 100, "line\n" * 50))
    assert [line.number for line in many.lines] == list(range(1, 9))
    assert many.left_out == 42
    (line,) = excerpt(place("a" * 9000 + "old" + "b" * 9000, "old")).lines
    assert (len(line.before), line.marked, len(line.behind)) == (101, "old", 101)
    (line,) = excerpt(place("x" * 9000, "x" * 9000)).lines
    assert len(line.marked) == 241


def test_a_place_of_several_lines_is_marked_in_each():
    assert shown(place("if x:\n    y\nz\n", "x:\n    y")) == [
        (1, "if ", "x:", ""), (2, "    ", "y", ""), (3, "z", "", ""),
    ]  # fmt: skip


def patch_lines(fix, sources, app=""):
    return [(line.kind, line.text) for line in patch_text(fix, app, sources).lines]


def test_a_patch():
    where = place("a\nold\nb\n", "old")
    fix = Fix("Do it", (where.replace("né".encode()),), Safety.SAFE, RunsOn.BOTH, (NewFile("n.py", b""),))
    assert patch_lines(fix, {"shop/main.py": where.source}, "shop") == [
        ("file", "diff --git a/shop/main.py b/shop/main.py"),
        ("about", "--- a/shop/main.py"),
        ("about", "+++ b/shop/main.py"),
        ("hunk", "@@ -1,3 +1,3 @@"),
        ("same", " a"),
        ("old", "-old"),
        ("new", "+né"),
        ("same", " b"),
        ("file", "diff --git a/shop/n.py b/shop/n.py"),
        ("about", "new file mode 100644"),
    ]


def test_a_patch_of_a_file_that_is_not_there_has_no_lines():
    where = place("old", "old")
    fix = Fix("Do it", (where.replace(b"new"),), Safety.SAFE, RunsOn.BOTH)
    assert patch_lines(fix, {}) == []
    assert patch_lines(fix, {"main.py": SourceFile("main.py", b"other")}) == []


def test_line_endings_do_not_disturb_a_patch():
    where = place("a\r\nold\r\n", "old")
    fix = Fix("Do it", (where.replace(b"new"),), Safety.SAFE, RunsOn.BOTH)
    assert ("new", "+new") in patch_lines(fix, {"main.py": where.source})


def test_a_long_patch_is_cut():
    fix = Fix("Do it", (), Safety.SAFE, RunsOn.BOTH, (NewFile("n.py", b"x\n" * 1000),))
    text = patch_text(fix, "", {})
    assert len(text.lines) == 400
    assert text.left_out == 605


def test_boxes_stand_in_columns_and_do_not_overlap():
    columns = [["s"], ["a", "b", "c"], ["x", "y"]]
    layout = lay_out(columns, [("s", "a"), ("s", "b"), ("a", "y"), ("c", "x"), ("x", "y"), ("y", "a")])
    boxes = layout.boxes
    assert set(layout.lines) == {("s", "a"), ("s", "b"), ("a", "y"), ("c", "x")}
    assert boxes["y"].y < boxes["x"].y  # what leads to it stands higher
    assert boxes["s"].x < boxes["a"].x == boxes["b"].x < boxes["x"].x
    assert boxes["a"].y + boxes["a"].height < boxes["b"].y
    assert all(box.x + box.width <= layout.width for box in boxes.values())
    assert all(box.y + box.height <= layout.height for box in boxes.values())
    assert lay_out([], []).boxes == {}


def crowded(handlers, modules):
    source = SourceFile("app.yaml", b"handlers:\n")
    made = tuple(
        HandlerNode(
            f"/{number}", f"m{number % modules}.py", f"m{number % modules}.py", Place(source, Span(0, 0))
        )
        for number in range(handlers)
    )
    imports = tuple((f"m{number % 9}.py", f"m{number}.py") for number in range(modules))
    return AppStructure((ServiceNode("app.yaml", made),), imports)


def test_a_large_picture_is_cut_and_says_so():
    drawn = picture(crowded(80, 130), ())
    kinds = [node.kind for node in drawn.nodes]
    assert (kinds.count("handler"), kinds.count("module")) == (60, 100)
    assert drawn.left_out == "20 handlers and 30 modules"
    assert (len(drawn.handlers), len(drawn.modules)) == (80, 130)
    assert drawn.width <= 1064
    assert picture(crowded(60, 50), ()).left_out == ""


def test_modules_with_errors_are_drawn_rather_than_others():
    structure = crowded(9, 130)
    late = Finding("r", Severity.ERROR, place("old", "old", "m129.py"), "It is old.")
    drawn = picture(structure, (late,))
    (node,) = [node for node in drawn.nodes if node.marks.count]
    assert (node.label, node.marks.severity, node.title) == ("m129.py", "error", "m129.py: 1 error")


def test_findings_stand_on_handlers_services_modules_and_elsewhere():
    text = "runtime: python\nhandlers:\n- url: /a\n  script: main.py\n"
    handler = HandlerNode("/a", "main.py", "main.py", place(text, "url: /a\n  script: main.py", "app.yaml"))
    structure = AppStructure((ServiceNode("app.yaml", (handler,)),), (), "shop")
    places = [
        place(text, "runtime", "app.yaml"),
        place(text, "main.py", "app.yaml"),
        place("old", "old"),
        place("old", "old", "cron.yaml"),
    ]
    findings = [Finding("r", Severity.WARNING, where, "It is old.", app="shop") for where in places]
    drawn = picture(structure, findings)
    assert [(node.kind, node.marks.count) for node in drawn.nodes] == [
        ("service", 1),
        ("handler", 1),
        ("module", 1),
    ]
    assert [path for path, _ in drawn.elsewhere] == ["shop/cron.yaml"]


# -- cost ----------------------------------------------------------------------------------


def test_many_findings_are_written_quickly_and_stay_small():
    report = many_findings(2000)
    begin = time.perf_counter()
    page = render_html(report, RULES)
    assert time.perf_counter() - begin < 15
    assert len(page.encode()) < 10_000_000
    assert page.count('<details class="finding') == 2000


def test_the_template_engine_is_loaded_for_this_format_alone():
    code = (
        "import sys, gaebot, gaebot.cli, gaebot.render.html\n"
        "print(sorted({'jinja2', 'markdown_it'} & set(sys.modules)))"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout == "[]\n"


def test_related_places_are_named():
    other = Related(place("x\nused", "used", "b.py"), "It is used here.")
    finding = replace(Finding("r", Severity.NOTE, place("old", "old"), "It is old."), related=(other,))
    page = Reader(render_html(Report((finding,), apps=("",)), ()))
    assert page.one("ul", "related").text == "b.py:2 It is used here."
