"""The result of a check: `Report`."""

from __future__ import annotations

import posixpath
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import NamedTuple

from gaebot.evidence import Evidence
from gaebot.finding import Failure, Finding, Safety, Severity
from gaebot.paths import full_path, is_below
from gaebot.sharing import ThreadSafety
from gaebot.structure import AppStructure
from gaebot.text import SourceFile


class AgainstBaseline(NamedTuple):
    """How a report compares with a baseline: of `known` findings that it lists, `left` are still there.

    Those are left out of the report. `gone` are the entries that can go from the file: the path as the
    baseline says it, the rule, and the fingerprint of each. `path` is that of the baseline, as the caller
    named it.
    """

    path: str
    known: int
    left: int
    gone: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True)
class Report:
    """The result of checking one app root, or several (see `merge`).

    `sources` are the files that the findings' fixes edit, by full path: they turn the byte offset
    of an edit into a line and a column. `silenced` is how many findings comments in the files have silenced.
    """

    findings: tuple[Finding, ...] = ()
    failures: tuple[Failure, ...] = ()
    apps: tuple[str, ...] = ()  # app roots that were checked, as the caller named them
    vendored: tuple[str, ...] = ()  # "folder (library)" of third-party code that was left alone
    sources: Mapping[str, SourceFile] = field(default_factory=dict, repr=False)
    thread_safety: tuple[ThreadSafety, ...] = ()  # what requests share, one entry for each service
    structure: tuple[AppStructure, ...] = ()  # of each app, where it was asked for
    evidence: tuple[Evidence, ...] = ()  # that each app works, where it was asked for
    silenced: int = 0
    baseline: AgainstBaseline | None = None  # of the whole report, where one was asked for
    fail_on: Mapping[str, str] = field(default_factory=dict)  # what the `.gaebot.yaml` of an app root says

    @cached_property
    def fingerprints(self) -> tuple[str, ...]:
        """One stable name for each finding, in the order of `findings`.

        Made from the rule, the path, the snippet and the count of equal ones before it: no line
        number, so a finding keeps its name when code moves around it.
        """
        return fingerprints(self.findings, [finding.path for finding in self.findings])

    def count(self, severity: Severity) -> int:
        """How many findings have this severity."""
        return sum(finding.severity is severity for finding in self.findings)

    def fixable(self, safety: Safety) -> int:
        """How many findings have a fix that is this safe."""
        return sum(finding.fix is not None and finding.fix.safety is safety for finding in self.findings)

    def for_app(self, root: str) -> Report:
        """The same report with everything in it told which app root it belongs to."""
        return replace(
            self,
            findings=tuple(replace(finding, app=root) for finding in self.findings),
            failures=tuple(replace(failure, app=root) for failure in self.failures),
            apps=(root,),
            vendored=tuple(full_path(root, name) for name in self.vendored),
            sources={full_path(root, path): source for path, source in self.sources.items()},
            thread_safety=tuple(entry.for_app(root) for entry in self.thread_safety),
            structure=tuple(entry.for_app(root) for entry in self.structure),
            evidence=tuple(entry.for_app(root) for entry in self.evidence),
        )

    @staticmethod
    def merge(reports: Iterable[Report]) -> Report:
        """One report of several, in the order given."""
        all_reports = list(reports)
        return Report(
            findings=tuple(finding for report in all_reports for finding in report.findings),
            failures=tuple(failure for report in all_reports for failure in report.failures),
            apps=tuple(app for report in all_reports for app in report.apps),
            vendored=tuple(name for report in all_reports for name in report.vendored),
            sources={path: source for report in all_reports for path, source in report.sources.items()},
            thread_safety=tuple(entry for report in all_reports for entry in report.thread_safety),
            structure=tuple(entry for report in all_reports for entry in report.structure),
            evidence=tuple(entry for report in all_reports for entry in report.evidence),
            silenced=sum(report.silenced for report in all_reports),
            baseline=_merged([report.baseline for report in all_reports if report.baseline is not None]),
            fail_on={app: word for report in all_reports for app, word in report.fail_on.items()},
        )

    def renamed(self, name_of: Callable[[str], str]) -> Report:
        """The same report with app roots named otherwise, such as by their paths in the repository."""

        def renamed(path: str) -> str:
            root = max((app for app in self.apps if is_below(path, app)), key=len, default=None)
            return path if root is None else full_path(name_of(root), posixpath.relpath(path, root or "."))

        return replace(
            self,
            findings=tuple(replace(finding, app=name_of(finding.app)) for finding in self.findings),
            failures=tuple(replace(failure, app=name_of(failure.app)) for failure in self.failures),
            apps=tuple(map(name_of, self.apps)),
            vendored=tuple(map(renamed, self.vendored)),
            sources={renamed(path): source for path, source in self.sources.items()},
            thread_safety=tuple(entry.for_app(name_of(entry.app)) for entry in self.thread_safety),
            structure=tuple(entry.for_app(name_of(entry.app)) for entry in self.structure),
            evidence=tuple(entry.for_app(name_of(entry.app)) for entry in self.evidence),
            fail_on={name_of(app): word for app, word in self.fail_on.items()},
        )


def fingerprints(findings: Iterable[Finding], paths: Iterable[str]) -> tuple[str, ...]:
    """One stable name for each finding, made with a path for each, in order."""
    import hashlib  # noqa: PLC0415 - few reports are asked for it

    seen: Counter[tuple[str, str, bytes]] = Counter()
    names = []
    for finding, path in zip(findings, paths, strict=True):
        key = (finding.rule, path, b" ".join(finding.place.snippet.split()))
        seen[key] += 1
        name = path.encode("utf-8", "surrogateescape")  # file names may be any bytes
        text = b"\0".join((finding.rule.encode(), name, key[2], b"%d" % seen[key]))
        names.append(hashlib.sha256(text).hexdigest()[:16])
    return tuple(names)


def _merged(parts: Sequence[AgainstBaseline]) -> AgainstBaseline | None:
    """What several comparisons come to together; None where there was none."""
    if not parts:
        return None
    return AgainstBaseline(
        ", ".join(dict.fromkeys(part.path for part in parts)),
        sum(part.known for part in parts),
        sum(part.left for part in parts),
        tuple(entry for part in parts for entry in part.gone),
    )
