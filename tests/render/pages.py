"""Reports for the tests of the HTML page, and a reader of the page."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from html.parser import HTMLParser
from pathlib import Path

from gaebot import disk, engine
from gaebot.app import App
from gaebot.evidence import Evidence, Judgement, Outcome, Proof, Step
from gaebot.finding import Finding, Fix, Place, Related, RunsOn, Safety, Severity
from gaebot.report import Report
from gaebot.rule import discover
from gaebot.sharing import SharedState, ThreadSafety, Writer
from gaebot.structure import AppStructure, HandlerNode, ServiceNode
from gaebot.survey import survey
from gaebot.text import NewFile, SourceFile, Span

APPS = Path(__file__).parent.parent / "apps"
RULES = discover("python27")

# What an app may hold to break out of a page: tags, ends of tags and strings, templates, hidden characters.
HOSTILE = (
    "</script><script>hacked()</script>",
    "<img src=x onerror=hacked()>",
    "</style><style>*{display:none}</style>",
    "\" onmouseover=hacked() x='",
    "-->{{ 7*7 }}{% raw %}<!--",
    "\u202edesrever\u2066\u200b\x1b[2J\x00\x07",
    "javascript:hacked()",
    "\udcff\udc80",
    "]]></textarea></title></details></svg><svg onload=hacked()>",
    "w" * 400,
)
EVIL = "".join(HOSTILE)


def app_report(*names, rules=RULES):
    """The report of apps that the tests ship, with their structure."""
    reports = []
    for name in names:
        app = disk.read_app(str(APPS / name))
        app.root = name
        report = engine.check(app, rules)
        reports.append(replace(report, structure=(survey(app),)))
    return Report.merge(reports)


def evidence_of(report):
    """The same report with evidence that its first app works, and that the others do not."""
    passed = tuple(
        Judgement("app.yaml", Outcome.PASSED, "", url, "main.app", f"GET {url}", 200) for url in ("/", "/a")
    )
    failed = Judgement(
        "app.yaml", Outcome.FAILED, "KeyError: 'x' (main.py:4)", "/b", "main.app", "GET /b", 500
    )
    works = (
        Proof(Step.COMPILE, Outcome.PASSED, "1 file", (Judgement("main.py", Outcome.PASSED),)),
        Proof(Step.ANSWER, Outcome.PASSED, "2 handlers of 1 service", passed),
    )
    fails = (
        Proof(Step.COMPILE, Outcome.NOT_RUN, "no Python 2.7 was found"),
        Proof(Step.ANSWER, Outcome.FAILED, "3 handlers of 1 service", (*passed, failed)),
    )
    first, *others = report.apps
    evidence = [Evidence(works, ("CPython 2.7.18",), app=first)]
    evidence += [Evidence(fails, (), ("Install `python2.7`.",), app) for app in others]
    return replace(report, evidence=tuple(evidence))


def hostile_report():
    """A report in which every text is hostile."""
    findings, states, handlers = [], [], []
    sources = {}
    for number, text in enumerate(HOSTILE):
        path = f"dir/{text.replace('/', '|')}{number}.py"
        data = f"x = 1 # {text}\ny = '{text}'\n".encode("utf-8", "surrogateescape")
        source = SourceFile(path, data)
        place = Place(source, Span(0, len(data) - 1))
        edit = Place(source, Span(0, 1)).replace(b"<img src=y onerror=hacked()>")
        new = NewFile(f"new{path}", data)
        fix = Fix(text, (edit,), Safety.REVIEW, RunsOn.BOTH, (new,))
        rule = f"rule {text.encode('ascii', 'ignore').decode()}"
        finding = Finding(rule, Severity.ERROR, place, f"`{text}` {text}", (Related(place, text),), fix)
        findings += [finding, replace(finding, severity=Severity.NOTE, rule=f"{rule}2")]
        states.append(SharedState(text, place, (Writer(place, text, (text, "h"), text, text),)))
        handlers.append(HandlerNode(text, text, path if number % 2 else "", place))
        sources[f"{EVIL}/{path}"] = source
    service = ServiceNode(EVIL, tuple(handlers), 3)
    imports = tuple((one.module_path, two.module_path) for one in handlers for two in handlers)
    report = Report(
        tuple(findings),
        thread_safety=(ThreadSafety(EVIL, False, EVIL, tuple(states), (findings[0].place,)),),
        structure=(AppStructure((service,), imports),),
        evidence=(
            Evidence(
                tuple(
                    Proof(
                        step,
                        outcome,
                        EVIL,
                        tuple(Judgement(text, outcome, text, text, text, text, 500) for text in HOSTILE),
                    )
                    for step, outcome in zip(Step, [*Outcome, *Outcome], strict=False)
                ),
                HOSTILE,
                HOSTILE,
            ),
        ),
        vendored=(EVIL,),
        silenced=2,
    )
    return replace(report.for_app(EVIL), sources=sources)


def many_findings(count):
    """A report of an app with many findings of real rules, each with a fix of its own."""
    rules = RULES[:40]
    files = {
        f"module{number}.py": b"import os\n\n" + b"value = os.environ\n" * 50 for number in range(count // 50)
    }
    app = App(files, root="shop")
    findings = []
    for source in app.files.values():
        for line in range(50):
            place = Place(source, Span(11 + 19 * line, 11 + 19 * line + 5))
            rule = rules[(len(findings) // 7) % len(rules)]
            fix = Fix("Rename it", (place.replace(b"other"),), Safety.SAFE, RunsOn.BOTH)
            severity = list(Severity)[len(findings) % 3]
            findings.append(
                rule.finding(place, "The value is old: name it anew.", fix=fix, severity=severity)
            )
    return replace(Report(tuple(findings), sources=app.files).for_app("shop"))


@dataclass
class Element:
    """An element of a page: its name, attributes, and all text in it."""

    name: str
    attributes: dict[str, str]
    parts: list[str] = field(default_factory=list)

    @property
    def text(self):
        """Its text, with single blanks."""
        return " ".join("".join(self.parts).split())

    @property
    def classes(self):
        return self.attributes.get("class", "").split()


class Reader(HTMLParser):
    """Reads a page into its elements. Fails when what is opened is not closed."""

    VOID = frozenset({"meta", "input", "link", "br", "img", "hr"})
    DRAWN = frozenset({"rect", "path"})

    def __init__(self, page):
        super().__init__()
        self.elements = []
        self._open = []
        self.feed(page)
        self.close()
        assert not self._open

    def handle_starttag(self, tag, attrs):
        element = Element(tag, dict(attrs))
        assert len(element.attributes) == len(attrs), f"an attribute comes twice: {attrs}"
        self.elements.append(element)
        if tag not in self.VOID:
            self._open.append(element)

    def handle_startendtag(self, tag, attrs):
        assert tag in self.DRAWN
        self.elements.append(Element(tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self._open.pop().name == tag

    def handle_data(self, data):
        for element in self._open:
            element.parts.append(data)

    def all(self, name, *classes):
        """The elements with a name and classes."""
        return [e for e in self.elements if e.name == name and set(classes) <= set(e.classes)]

    def one(self, name, *classes):
        (element,) = self.all(name, *classes)
        return element
