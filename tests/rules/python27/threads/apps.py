"""Apps whose one handler calls `work`, and what the rules about shared state find in them."""

from __future__ import annotations

from textwrap import dedent

from gaebot.engine import check
from gaebot.finding import Finding
from tests.rules.helpers import fixed, make_app, rule
from tests.rules.python27.wsgi.scripts import wsgi

RULES = (
    "ts-request-state-global",
    "ts-counter",
    "ts-check-then-set-class",
    "ts-check-then-set-global",
    "ts-mutable-global",
    "ts-handler-mutable-class-attr",
    "ts-mutable-default",
    "ts-memoize",
    "ts-global-assign",
    "ts-class-attr-write",
    "ts-self-state-on-shared-instance",
)
HEAD = """\
import logging, os, re, time
import threading
import webapp2
from google.appengine.api import memcache, urlfetch, users
from google.appengine.ext import db, ndb

"""
MAIN = """

class Main(webapp2.RequestHandler):
    def get(self):
        work(self)


app = webapp2.WSGIApplication([('/', Main)])
"""


def files(code: str, more: dict[str, str] | None = None) -> dict[str, str | bytes]:
    """An app whose main.py is some code with a handler that calls `work`; `more` are further files by path."""
    others: dict[str, str | bytes] = {path: dedent(text) for path, text in (more or {}).items()}
    return {**wsgi(HEAD + dedent(code) + MAIN), **others}


def reports(code: str, more: dict[str, str] | None = None, rules: tuple[str, ...] = RULES) -> list[Finding]:
    """What some rules find in such an app. A rule that raises fails the test."""
    report = check(make_app(files(code, more)), [rule(rule_id) for rule_id in rules])
    assert not report.failures, report.failures
    return list(report.findings)


def told(code: str, more: dict[str, str] | None = None) -> list[str]:
    """The rules, without the 'ts-' in front, and the grades of all findings: 'counter warning'."""
    return [f"{finding.rule.removeprefix('ts-')} {finding.severity.value}" for finding in reports(code, more)]


def lines(rule_id: str, code: str, more: dict[str, str] | None = None) -> list[str]:
    """The grades of a rule's findings and the first lines that they point at: 'warning: hits += 1'."""
    found = []
    for finding in reports(code, more, (rule_id,)):
        source = finding.place.source.data
        line = source[: finding.place.span.start].count(b"\n")
        found.append(f"{finding.severity.value}: {source.splitlines()[line].decode().strip()}")
    return found


def patched(rule_id: str, code: str, head: str = HEAD) -> str:
    """The code after a rule's patch, without the head (which must be as it was) and the handler below."""
    main = fixed(rule_id, wsgi(head + code + MAIN))["main.py"]
    assert main.startswith(head), main
    assert main.endswith(MAIN), main
    return main.removeprefix(head).removesuffix(MAIN)
