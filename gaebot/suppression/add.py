"""Write comments that silence findings, each where the finding is, or above the statement that it is in."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator

from gaebot.app import App
from gaebot.finding import Finding
from gaebot.suppression.comments import IgnoreComment, covered, ignore_comments
from gaebot.suppression.units import Units, units_of
from gaebot.text import Edit, SourceFile, Span

# In the first two lines, Python takes this for the encoding of the file (PEP 263), whatever is around it.
_CODING = re.compile(r"coding[:=]\s*[-\w.]")


class BadReasonError(ValueError):
    """A reason that can't stand in a comment."""


def ignore_edits(
    app: App, findings: Iterable[Finding], reason: str
) -> tuple[dict[str, tuple[Edit, ...]], tuple[Finding, ...]]:
    """The edits that silence findings, by path, and the findings whose files can't hold a comment.

    Raises `BadReasonError` for a reason of several lines, or with something in it that means more than
    text: the end of a page's comment, the encoding of a file.
    """
    if any(not character.isprintable() for character in reason) or "#}" in reason:
        raise BadReasonError("A reason has to be one line of text, without '#}'.")
    if _CODING.search(reason):
        raise BadReasonError("A reason can't hold 'coding:' or 'coding=': to Python that is an encoding.")
    by_path: dict[str, list[Finding]] = defaultdict(list)
    for finding in findings:
        by_path[finding.place.path].append(finding)
    edits: dict[str, tuple[Edit, ...]] = {}
    left: list[Finding] = []
    for path, found in by_path.items():
        units = units_of(app, path) if path not in app.read_only else None
        if units is None or app.is_vendored(path):
            left += found
            continue
        comments = ignore_comments(app).get(path, ())
        edits[path] = tuple(_edits(app.files[path], units, comments, found, reason))
    return edits, tuple(left)


def _edits(
    source: SourceFile,
    units: Units,
    comments: tuple[IgnoreComment, ...],
    findings: list[Finding],
    reason: str,
) -> Iterator[Edit]:
    more: dict[IgnoreComment, set[str]] = defaultdict(set)
    new: dict[int, set[str]] = defaultdict(set)
    first = {
        finding: comment
        for comment, finding in covered((each for each in comments if each.ids), findings, once=True)
    }
    for finding in findings:
        known = first.get(finding)
        if known is not None:
            more[known].add(finding.rule)
        else:
            new[units.first_line(finding.place.start.line)].add(finding.rule)
    for comment, rules in more.items():
        ids = ", ".join(dict.fromkeys([*(each.rule for each in comment.ids), *sorted(rules)]))
        yield source.edit(comment.ids_span, ids.encode(source.encoding))
    for line, rules in new.items():
        yield _new_comment(source, units, line, f"[{', '.join(sorted(rules))}] {reason}".strip())


def _new_comment(source: SourceFile, units: Units, line: int, text: str) -> Edit:
    span = source.line_span(source.line_starts[line - 1])
    content = source.data[span.start : span.end].removeprefix(source.bom if line == 1 else b"")
    if units.is_page:  # a line of its own would be printed with the page
        end = span.start + len(source.data[span.start : span.end].rstrip(b"\r\n"))
        return source.edit(Span(end, end), _encoded(source, f"{{# gaebot: ignore{text} #}}"))
    head = _end_of_head(source)
    if span.start < head:  # what the first two lines say has to stand there
        form, start, indent = "ignore-file", head, b""
    else:
        form, start = "ignore", span.end - len(content)
        indent = content[: len(content) - len(content.lstrip(b" \t\f"))]
    comment = indent + _encoded(source, f"# gaebot: {form}{text}") + source.newline
    before = source.data[:start].removeprefix(source.bom)
    if before and not before.endswith((b"\n", b"\r")):
        comment = source.newline + comment
    return source.edit(Span(start, start), comment)


def _end_of_head(source: SourceFile) -> int:
    """The byte offset behind the comments in the first two lines, as `#!/usr/bin/env python`."""
    end = 0
    for start in source.line_starts[:2]:
        line = source.line_span(start)
        text = source.data[line.start : line.end].removeprefix(source.bom if not start else b"")
        if not text.lstrip().startswith(b"#"):
            break
        end = line.end
    return end


def _encoded(source: SourceFile, text: str) -> bytes:
    """A text in the encoding of a file; what that does not know is written as an escape."""
    encoding = source.encoding if source.bom or not source.data.isascii() else "ascii"
    return text.encode(encoding, "backslashreplace")
