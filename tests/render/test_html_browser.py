"""The page in a browser: filters, keys, print, and that it is accessible and calls nobody.

Where there is no Chromium and none can be fetched these tests skip and say why; with CI=true in the
environment that is a failure instead.
"""

from __future__ import annotations

import os
import time

import pytest

from gaebot.render.html.page import render_html
from scripts.browser import NoBrowserError, axe_source, chromium
from tests.render.pages import RULES, app_report, evidence_of, hostile_report, many_findings

PHONE = {"width": 360, "height": 740}
DESK = {"width": 1200, "height": 800}


def cannot_look(error):
    if os.environ.get("CI") == "true":
        pytest.fail(str(error), pytrace=False)
    pytest.skip(str(error))


@pytest.fixture(scope="module")
def browser():
    try:
        with chromium() as running:
            yield running
    except NoBrowserError as error:
        cannot_look(error)


@pytest.fixture(scope="module")
def axe():
    try:
        return axe_source()
    except NoBrowserError as error:
        cannot_look(error)


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """The addresses of some reports."""
    folder = tmp_path_factory.mktemp("reports")
    reports = {
        "apps": evidence_of(app_report("newsroom", "configured", "workers")),
        "one": app_report("newsroom"),
        "hostile": hostile_report(),
        "many": many_findings(2000),
    }
    for name, report in reports.items():
        (folder / f"{name}.html").write_text(render_html(report, RULES), encoding="utf-8")
    return {name: (folder / f"{name}.html").as_uri() for name in reports}


@pytest.fixture
def show(browser, pages):
    """Opens a report offline; in the end nothing may have been said or asked for."""
    contexts, complaints = [], []

    def opened(name, **options):
        context = browser.new_context(
            offline=True, **{"viewport": DESK, "reduced_motion": "reduce", **options}
        )
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("dialog", lambda dialog: complaints.append(dialog.message))
        address = pages[name.partition("#")[0]]
        page.on(
            "request",
            lambda request: request.url.partition("#")[0] == address or complaints.append(request.url),
        )
        page.goto(address + name[len(name.partition("#")[0]) :])
        return page

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []


def shown(page):
    return page.locator("details.finding:visible").count()


def focused(page):
    """Which finding has the focus, counted among those that are shown."""
    return page.evaluate(
        "[...document.querySelectorAll('details.finding:not([hidden])')]"
        ".indexOf(document.activeElement.closest('details.finding'))"
    )


# -- safety --------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["apps", "one", "many"])
def test_it_loads_from_a_file_alone(show, name):
    page = show(name)
    assert page.title().startswith("Moving ")
    assert shown(page) > 5


def test_nothing_of_a_hostile_app_runs(show):
    page = show("hostile")
    page.get_by_role("button", name="Open all").click()
    page.evaluate("document.querySelectorAll('details').forEach(part => { part.open = true })")
    for text in ("img", "script>"):
        page.get_by_role("searchbox").fill(text)
    for element in page.locator("summary:visible").all()[:20]:
        element.hover()
    assert page.evaluate("typeof hacked") == "undefined"
    assert page.evaluate("document.querySelectorAll('img, iframe, object, embed, link').length") == 0
    assert page.evaluate("document.scripts.length") == 1


# -- filters -------------------------------------------------------------------------------


def test_filter_by_severity(show):
    page = show("apps")
    total = shown(page)
    page.get_by_role("checkbox", name="Warnings").uncheck()
    page.get_by_role("checkbox", name="Notes").uncheck()
    errors = page.locator("details.finding[data-severity=error]").count()
    assert shown(page) == errors > 0
    assert page.get_by_role("status").inner_text() == f"{errors} of {total} findings"
    assert page.locator(".level-name.note:visible").count() == 0


@pytest.mark.parametrize(("field", "value"), [("family", "yaml"), ("app", "configured"), ("fix", "safe")])
def test_filter_by_a_list(show, field, value):
    page = show("apps")
    page.locator(f"select[name={field}]").select_option(value)
    same = page.locator(f"details.finding[data-{field}={value}]").count()
    assert shown(page) == same > 0
    assert (
        page.locator(".group:visible").count() == page.locator(".group:has(.finding:not([hidden]))").count()
    )


def test_search(show):
    page = show("apps")
    total = shown(page)
    page.get_by_role("searchbox").fill("FRONT.py  wsgi")
    found = shown(page)
    assert 0 < found < total
    assert "front.py" in page.locator("details.finding:visible").first.text_content()
    page.get_by_role("searchbox").fill("no such thing")
    assert shown(page) == 0
    page.get_by_role("button", name="Clear the filter").click()
    assert shown(page) == total


def test_a_box_of_the_picture_shows_its_findings(show):
    page = show("one")
    box = page.locator("svg.picture .node.module[data-path]").first
    path = box.get_attribute("data-path")
    box.click()
    assert page.get_by_role("searchbox").input_value() == f"{path}:"
    assert shown(page) > 0
    box.hover()
    assert page.locator("svg.picture .lines .near").count() > 0


# -- keys ----------------------------------------------------------------------------------


def test_slash_goes_to_the_search_and_escape_clears(show):
    page = show("apps")
    total = shown(page)
    page.keyboard.press("/")
    page.keyboard.type("yaml/j")
    assert page.get_by_role("searchbox").input_value() == "yaml/j"
    page.get_by_role("checkbox", name="Notes").uncheck()
    page.keyboard.press("Escape")
    assert shown(page) == total
    assert page.get_by_role("searchbox").input_value() == ""


def test_keys_move_between_the_findings_that_are_shown(show):
    page = show("apps")
    page.get_by_role("checkbox", name="Errors").uncheck()
    page.keyboard.press("j")
    assert focused(page) == 0
    page.keyboard.press("j")
    page.keyboard.press("ArrowDown")
    assert focused(page) == 2
    page.keyboard.press("k")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("k")
    assert focused(page) == 0
    page.keyboard.press("Enter")
    assert page.locator("details.finding[open]").count() == 1
    assert page.locator("details.finding[open] .code").first.is_visible()
    page.keyboard.press("/")
    page.keyboard.press("Enter")
    assert focused(page) == 0


def test_a_focused_finding_is_not_behind_the_filters(show):
    page = show("apps")
    for _ in range(12):
        page.keyboard.press("j")
    for _ in range(8):
        page.keyboard.press("k")
        top = page.evaluate("document.activeElement.getBoundingClientRect().top")
        assert top >= page.locator(".filters").bounding_box()["height"]


def test_every_control_is_reached_by_tab_and_shows_it(show):
    page = show("apps")
    reached = set()
    for _ in range(60):
        page.keyboard.press("Tab")
        name, outline = page.evaluate(
            "(() => { const e = document.activeElement; const seen = e.type === 'checkbox' ? e.nextElementSibling : e;"
            " return [e.name || e.tagName + (e.type || ''), getComputedStyle(seen).outlineStyle]; })()"
        )
        reached.add(name)
        assert outline != "none", name
    assert {"search", "severity", "family", "app", "fix", "open", "BUTTONreset", "SUMMARY"} <= reached


# -- links ---------------------------------------------------------------------------------


def test_a_link_opens_what_it_leads_to(show):
    page = show("one")
    finding = page.locator("details.finding:has(.patch-head a)").first
    finding.locator("summary").click()
    finding.locator(".patch-head a").click()
    patch = page.locator("details.patch").first
    assert patch.evaluate("part => part.open")
    assert patch.locator(".diff").is_visible()
    page.get_by_role("searchbox").fill("no such thing")
    patch.locator(".settles a").first.click()
    page.wait_for_function("document.querySelector('details.finding:target').open")
    assert focused(page) >= 0


def test_an_address_leads_to_a_finding(show):
    name = show("one").locator("details.finding").nth(9).get_attribute("id")
    page = show(f"one#{name}")
    assert page.locator(f"#{name}[open] .code").first.is_visible()


# -- print, and without a script -----------------------------------------------------------


def test_print_opens_everything_and_closes_it_again(show):
    page = show("apps")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator("details:not([open])").count() == 0
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator("details.finding[open]").count() == 0
    assert page.pdf().startswith(b"%PDF-")


def test_without_a_script_it_can_be_read_and_printed(show):
    page = show("apps", java_script_enabled=False)
    assert not page.locator(".filters").is_visible()
    finding = page.locator("details.finding").first
    finding.locator("summary").click()
    assert finding.locator(".code").first.is_visible()
    page.emulate_media(media="print")
    last = page.locator("details.finding").last
    assert last.locator(".code").first.bounding_box()["height"] > 20


# -- for everybody -------------------------------------------------------------------------


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("name", ["apps", "hostile"])
def test_it_is_accessible(show, axe, name, viewport, scheme):
    page = show(name, viewport=viewport, color_scheme=scheme)
    page.evaluate("document.querySelectorAll('details').forEach(part => { part.open = true })")
    page.evaluate(f"{axe}\n;0")
    result = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    told = [(v["id"], v["nodes"][0]["html"], v["nodes"][0]["failureSummary"]) for v in result["violations"]]
    assert told == []


@pytest.mark.parametrize("name", ["apps", "one", "hostile", "many"])
@pytest.mark.parametrize("is_open", [True, False], ids=["open", "closed"])
def test_nothing_is_wider_than_a_phone(show, name, is_open):
    page = show(name, viewport=PHONE)
    if is_open:
        page.evaluate("document.querySelectorAll('details').forEach(part => { part.open = true })")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_many_findings_stay_usable(show):
    begin = time.perf_counter()
    page = show("many")
    assert page.get_by_role("status").inner_text() == "2,000 findings"
    assert time.perf_counter() - begin < 20
    begin = time.perf_counter()
    page.get_by_role("searchbox").fill("module7.py")
    page.wait_for_function("document.querySelector('.status').textContent.startsWith('50 of')")
    page.keyboard.press("Escape")
    page.wait_for_function("document.querySelector('.status').textContent === '2,000 findings'")
    assert time.perf_counter() - begin < 10
