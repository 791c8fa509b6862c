"""Edits of the comments that silence findings: take ids out of one, or put some into a file."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from gaebot.finding import Fix, RunsOn, Safety
from gaebot.suppression.comments import IgnoreComment
from gaebot.suppression.silence import IgnoreUse, superfluous
from gaebot.text import Edit, Span


def takings_out(uses: Iterable[IgnoreUse]) -> dict[IgnoreComment, Fix]:
    """For each comment with ids that do nothing the one fix that takes them out: it may name thousands."""
    return {comment: taking_out(comment, rules) for comment, rules in superfluous(uses).items()}


def taking_out(comment: IgnoreComment, rules: Collection[str]) -> Fix:
    """The fix that takes ids out of a comment which silence nothing, or the comment with them."""
    return Fix("Take out what silences nothing", (without(comment, rules),), Safety.SAFE, RunsOn.BOTH)


def without(comment: IgnoreComment, rules: Collection[str]) -> Edit:
    """Take some ids out of a comment; the whole comment where none is left, with its line if it has one."""
    source, place = comment.place.source, comment.place
    left = list(dict.fromkeys(each.rule for each in comment.ids if each.rule not in rules))
    if left:
        return source.edit(comment.ids_span, ", ".join(left).encode(source.encoding))
    line = source.line_span(place.span.start)
    if comment.is_alone:
        text = source.data[line.start : line.end].removeprefix(source.bom)
        rest = source.data[place.span.end : line.end]
        if not rest.strip():
            return source.edit(Span(line.end - len(text), line.end), b"")
    before = source.data[line.start : place.span.start]
    return source.edit(Span(line.start + len(before.rstrip(b" \t")), place.span.end), b"")
