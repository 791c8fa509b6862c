"""One report with everything in it, and how each format shows it: the files in this folder.

`python -m tests.render.golden` writes the files anew. Read what has changed before you commit it.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from gaebot.evidence import Evidence, Judgement, Outcome, Proof, Step
from gaebot.finding import Failure, Finding, Fix, Place, Related, RunsOn, Safety, Severity
from gaebot.render.evidence import render_evidence
from gaebot.render.github import render_github
from gaebot.render.gitlab import render_gitlab
from gaebot.render.html.page import render_html
from gaebot.render.json import render_json
from gaebot.render.junit import render_junit
from gaebot.render.markdown import render_markdown
from gaebot.render.rdjson import render_rdjson
from gaebot.render.sarif import render_sarif
from gaebot.render.text import render_report
from gaebot.report import AgainstBaseline, Report
from gaebot.rule import Page, discover
from gaebot.sharing import SharedState, ThreadSafety, Writer
from gaebot.text import Edit, NewFile, SourceFile, Span
from gaebot.version import __version__

HOSTILE_NAMES = (
    "new\nline.py",
    "`code`|pipe.py",
    "<img src=x onerror=alert(1)>.py",
    "@team.py",
    "bidi\u202egnp.py",
    "<!-- gaebot -->.py",
    "::error::x.py",
    "##[error]x.py",
    "=begins.py",
    "100%0A,a:b.py",
    "[link](https://evil.example).py",
    "$`x`$ **b** #12 GH-12 :tada: www.evil.example a@b.example.py",
    "\ufffe\x1b[31m é漢🐍\\|.py",
    os.fsdecode(b"caf\xe9.py"),
)


@dataclass(frozen=True, eq=False)
class PagedRule:
    """A rule that has a page and finds nothing."""

    id: str
    family: str
    severity: Severity
    page: Page

    @property
    def module(self) -> str:
        """Where it would stand."""
        return f"gaebot.rules.python27.{self.family}.{self.id.replace('-', '_')}"


RULES = (
    PagedRule(
        "yaml-runtime",
        "yaml",
        Severity.ERROR,
        Page.parse(
            "`runtime: python` must become `runtime: python27`.\n\n## Why\n\nThe old runtime\nis gone.\n\n"
            "More of it.\n\n## Fix\n\nMove it.\n\n## Source\n\nhttps://guide.example/move, and others.\n"
        ),
    ),
    PagedRule(
        "ts-counter", "threads", Severity.WARNING, Page.parse("A counter.\n\n## Why\n\nIt is shared.\n")
    ),
    PagedRule("unused", "yaml", Severity.ERROR, Page.parse("Nobody names it.")),
)


def _place(source: SourceFile, word: bytes) -> Place:
    start = source.data.index(word)
    return Place(source, Span(start, start + len(word)))


def _shop() -> Report:
    """An app with all severities, a fix over several files that two findings share, and shared state."""
    yaml = SourceFile("app.yaml", b"version: 1\r\nruntime: python\r\nhandlers: []\r\n")
    main = SourceFile("main.py", "\ufeff# é漢🐍\nhits = 0\ndef count():\n  '🐍'; hits += 1\n".encode())
    latin = SourceFile("old.py", b"# coding: latin-1\nx = '\xe9'; y = 2\nif x:\n  pass\n")
    switch = Fix(
        "Move app.yaml to python27",
        (
            _place(yaml, b"python").replace(b"python27"),
            Edit("main.py", len(main.data), b"", "# ü\n".encode()),
            _place(latin, b"'\xe9'").replace(b"u'\xe9'"),
        ),
        Safety.REVIEW,
        RunsOn.TARGET,
        (NewFile("lib/__init__.py", b""), NewFile("lib/new.py", "x = 'ä'\n".encode())),
    )
    lock = Fix(
        "Hold a lock",
        (_place(main, b"hits = 0").replace(b"hits = 1"), _place(main, b"hits += 1").replace(b"with l: pass")),
        Safety.SAFE,
        RunsOn.BOTH,
    )
    written = _place(main, b"hits += 1")
    related = (
        Related(_place(main, b"hits = 0"), "It is kept here."),
        Related(_place(yaml, b"handlers"), "See x[0](1)."),
    )
    findings = (
        Finding(
            "yaml-runtime", Severity.ERROR, _place(yaml, b"runtime: python"), "Gone: `python`.", (), switch
        ),
        Finding("ts-counter", Severity.NOTE, _place(main, b"def count"), "Only advice, 100% of it."),
        Finding("ts-counter", Severity.WARNING, written, "All share `hits`, see h[0](1).", related, lock),
        Finding("yaml-runtime", Severity.ERROR, _place(latin, b"y = 2\nif x:\n"), "Two lines.", (), switch),
        Finding("not-known", Severity.NOTE, Place(yaml, Span(0, 0)), "An empty place.\nIn two lines."),
    )
    writer = Writer(written, "count", ("Home.get", "count"), rule="ts-counter")
    locked = Writer(written, "Top.get", ("Top.get",), lock="_lock")
    states = (
        SharedState("hits", _place(main, b"hits = 0"), (writer, locked)),
        SharedState("cache", None, (locked,)),
    )
    sharing = ThreadSafety("app.yaml", False, "requests would change `hits`", states, (written,))
    proofs = (
        Proof(
            Step.COMPILE,
            Outcome.FAILED,
            "2 files",
            (
                Judgement("main.py", Outcome.PASSED),
                Judgement("old.py", Outcome.FAILED, "line 3: invalid syntax"),
            ),
        ),
        Proof(Step.YAML, Outcome.PASSED, "1 file", (Judgement("app.yaml", Outcome.PASSED),)),
        Proof(
            Step.LOAD,
            Outcome.NOT_RUN,
            "1 of 2 could not be judged",
            (
                Judgement("app.yaml", Outcome.PASSED, script="main.app"),
                Judgement("api.yaml", Outcome.NOT_RUN, "its runtime is go, not python27"),
            ),
        ),
        Proof(
            Step.ANSWER,
            Outcome.FAILED,
            "22 handlers of 1 service",
            (
                *(
                    Judgement("app.yaml", Outcome.PASSED, "", f"/{number}", "main.app", f"GET /{number}", 200)
                    for number in range(20)
                ),
                Judgement(
                    "app.yaml", Outcome.FAILED, "KeyError: 'x' (main.py:4)", "/.*", "main.app", "GET /", 500
                ),
                Judgement(
                    "app.yaml", Outcome.NOT_RUN, "no URL was found that it takes", "/hidden", "main.app"
                ),
            ),
        ),
        Proof(
            Step.AGAIN,
            Outcome.FAILED,
            "`gaebot fix` is not done with the app",
            (Judgement("main.py", Outcome.FAILED, "it would be changed by ts-counter"),),
        ),
    )
    return Report(
        findings,
        (Failure("This file is larger than 5,000,000 bytes.", "big.py"),),
        vendored=("simplejson (simplejson)",),
        sources={source.path: source for source in (yaml, main, latin)},
        thread_safety=(sharing,),
        evidence=(Evidence(proofs, ("CPython 2.7.18", "Google's App Engine SDK 1.9.88")),),
        silenced=3,
    ).for_app("shop")


def _hostile() -> Report:
    """An app whose files have names, and whose rules say texts, that want to be more than that."""
    findings = []
    for name in HOSTILE_NAMES:
        source = SourceFile(name, b"old\n")
        where = Place(source, Span(0, 3))
        said = f"It is `{name}`, and {name}."
        patch = Fix(f"Mend {name}", (where.replace(b"new"),), Safety.SAFE, RunsOn.BOTH)
        findings.append(Finding("ts-counter", Severity.WARNING, where, said, (Related(where, said),), patch))
    sources = {finding.path: finding.place.source for finding in findings}
    failures = tuple(
        Failure(f"No: {name}.", name, "a-rule", internal=name == "@team.py") for name in HOSTILE_NAMES
    )
    found = (
        Proof(
            Step.ANSWER,
            Outcome.FAILED,
            f"of {HOSTILE_NAMES[0]}",
            tuple(
                Judgement(name, Outcome.FAILED, name, name, name, f"GET /{name}", 500)
                for name in HOSTILE_NAMES
            ),
        ),
        Proof(Step.AGAIN, Outcome.NOT_RUN, HOSTILE_NAMES[5]),
    )
    evidence = (Evidence(found, (), ("Install `it`, and <b>again</b>.",)),)
    return Report(tuple(findings), failures, sources=sources, evidence=evidence).for_app("ho<s>til|e")


def golden_report() -> Report:
    """Three apps, of which one has nothing; comments and a baseline have silenced some findings."""
    quiet = Report(
        thread_safety=(ThreadSafety("app.yaml", True, "requests change nothing", (), ()),),
        evidence=(Evidence((Proof(Step.COMPILE, Outcome.PASSED, "3 files"),)),),
    )
    merged = Report.merge([_shop(), _hostile(), quiet.for_app("")])
    baseline = AgainstBaseline("base|line.json", 7, 5, (("a.py", "ts-counter", "0" * 16),))
    return replace(merged, baseline=baseline)


def _page(report: Report) -> str:
    discover("python27")  # a page says of a family what its package does, where that is loaded
    return _without_looks(render_html(report, RULES))


def _without_looks(page: str) -> str:
    """A page without its style and script, which are files of their own, and the hashes of both."""
    page = re.sub(r"<(style|script)\b[^>]*>.*?</\1>", r"<\1/>", page, flags=re.DOTALL)
    page = re.sub(r"sha256-[A-Za-z0-9+/=]+", "sha256-HASH", page)
    return page.replace(__version__, "VERSION")


FORMATS: dict[str, Callable[[Report], str]] = {
    "github.txt": lambda report: render_github(report, RULES),
    "evidence.txt": render_evidence,
    "gitlab.json": lambda report: render_gitlab(report, RULES),
    "junit.xml": lambda report: render_junit(report, RULES),
    "report.json": render_json,
    "report.txt": render_report,
    "rdjson.json": lambda report: render_rdjson(report, RULES),
    "sarif.json": lambda report: render_sarif(report, RULES).replace(f'"{__version__}"', '"VERSION"'),
    "summary.md": lambda report: render_markdown(report, RULES),
    "report.html": _page,
}


def golden_file(name: str) -> Path:
    """The file that says how a format shows the report."""
    return Path(__file__).parent / name


def write() -> None:
    """Write all files anew."""
    for name, render in FORMATS.items():
        golden_file(name).write_text(render(golden_report()), encoding="utf-8", newline="\n")
