"""A report as one page for a browser that needs nothing but itself: `render_html`.

What stands in the app is hostile. The template escapes all that it prints, characters that do not show are
written out (`visible`), and the page's policy lets nothing run or load but its own script and style.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Sequence
from functools import cache
from importlib import resources

from jinja2 import DictLoader, Environment, StrictUndefined
from markdown_it import MarkdownIt
from markupsafe import Markup

from gaebot.finding import Finding, Severity
from gaebot.render.html.evidence import evidence_view
from gaebot.render.html.findings import Known, anchors, app_views, by_count, family_of, patches
from gaebot.render.html.overview import blockers, overviews, tally
from gaebot.render.html.picture import Picture, picture
from gaebot.render.html.threads import by_file, service_view
from gaebot.render.html.words import MEANINGS, MENDING, mending, number, prose
from gaebot.render.visible import visible
from gaebot.report import Report
from gaebot.rule import Rule, hops

_TEMPLATES = (
    "page.html.jinja",
    "words.html.jinja",
    "findings.html.jinja",
    "picture.html.jinja",
    "evidence.html.jinja",
)
_SECTIONS = ("Why", "Fix", "Source")  # of a rule's page; its example is left to `gaebot explain`


def render_html(report: Report, rules: Sequence[Rule]) -> str:
    """The page of a report: numbers, blockers, evidence, threads, pictures of apps, findings and patches.

    `rules` are those that were asked: their families, titles and pages are told. The same report always
    gives the same page.
    """
    names = anchors(report)
    made = patches(report, names)
    known = {rule.id: rule for rule in rules}
    apps = app_views(report, Known(known, names, made))
    files = by_file(report.findings)
    style, script = _data("style.css"), _data("script.js")
    page = _environment().get_template("page.html.jinja")
    return page.render(
        report=report,
        title=_title(report, rules),
        tally=tally(report.findings),
        overviews=overviews(report, rules),
        blockers=blockers(apps),
        services=[service_view(entry, files, names) for entry in report.thread_safety],
        evidence=[evidence_view(entry) for entry in report.evidence],
        pictures=list(_pictures(report)),
        apps=apps,
        shared=[patch for patch in made.values() if patch.is_shared],
        pages={rule.id: _rule_page(rule) for rule in rules if rule.id in {f.rule for f in report.findings}},
        families=by_count(family_of(finding.rule, known) for finding in report.findings),
        ways=dict(by_count(map(mending, report.findings))),
        severities={severity.value: (severity.value, MEANINGS[severity]) for severity in Severity},
        mending=MENDING,
        number=number,
        prose=prose,
        style=Markup(style),  # noqa: S704 - our own file
        script=Markup(script),  # noqa: S704 - our own file
        policy=_policy(style, script),
    )


def _title(report: Report, rules: Sequence[Rule]) -> str:
    """What the page is about: 'Moving shop to python27'."""
    what = _name(report.apps[0]) if len(report.apps) == 1 else number(len(report.apps), "app")
    hop = [name for rule in rules if (name := rule.module.split(".")[2]) in hops()][:1]
    return " ".join(["Moving", visible(what), *(["to", *hop] if hop else [])])


def _name(app: str) -> str:
    """An app by the last folder of its root."""
    return app.rstrip("/").rpartition("/")[2] if app.rstrip("./") else "this app"


def _pictures(report: Report) -> Iterable[Picture]:
    found: dict[str, list[Finding]] = {}
    for finding in report.findings:
        found.setdefault(finding.app, []).append(finding)
    for structure in report.structure:
        if structure.services:
            yield picture(structure, found.get(structure.app, ()))


# -- the template --------------------------------------------------------------------------


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=DictLoader({name: _data(name) for name in _TEMPLATES}),
        autoescape=True,
        finalize=_finalize,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["count"] = "{:,}".format
    environment.filters["app"] = lambda app: visible(app) or "."
    return environment


def _finalize(value: object) -> object:
    """All that the template prints, except what is HTML by then: nothing in it hides."""
    if isinstance(value, str) and not isinstance(value, Markup):
        return visible(value)
    return value


def _data(name: str) -> str:
    """A file of this package."""
    return resources.files(__package__ or "").joinpath(name).read_text("utf-8")


def _policy(style: str, script: str) -> str:
    """The Content-Security-Policy: nothing is loaded, and only this style and this script are run."""
    return (
        f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; "
        "base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode("ascii")


# -- the pages of rules --------------------------------------------------------------------


@cache
def _markdown() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).disable(["image", "emphasis"])


@cache
def _rule_page(rule: Rule) -> tuple[tuple[str, Markup], ...]:
    """The sections of a rule's page that are shown, as HTML."""
    sections = rule.page.sections
    return tuple(
        (name, Markup(_markdown().render(sections[name])))  # noqa: S704 - HTML is off in it
        for name in _SECTIONS
        if name in sections
    )
