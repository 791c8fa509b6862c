"""Reading page templates in Django's language: tags, variables and filters as ranges of bytes.

Only the small language of Django 0.96 to 1.x is known: `{% tag %}`, `{{ variable|filter }}` and
`{# comment #}`, each on one line. All is read in time that grows with the size, whatever the file holds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from functools import cached_property

from gaebot import limits
from gaebot.finding import Place
from gaebot.text import SourceFile, Span

_CLOSING = {b"{%": b"%}", b"{{": b"}}", b"{#": b"#}"}
_OPENING = re.compile(rb"\{[%{#]")
_MARKUP = (b"{%", b"{{")
# Words of a tag or an expression: quoted strings stay whole.
_WORDS = re.compile(r"""(?:[^\s'"]*(?:"[^"]*"|'[^']*'))*[^\s'"]*|\S+""")
_PIPES = re.compile(r"""((?:[^|'"]|"[^"]*"|'[^']*')*)\|?""")
_TEXT_FIELD = re.compile(rb"<(/?)(?:textarea|title)\b", re.IGNORECASE)
_SCRIPT_TAG = re.compile(rb"<(/?)(?:script|style)\b", re.IGNORECASE)


class Kind(Enum):
    """What stands between the brackets."""

    TAG = "{% %}"
    VARIABLE = "{{ }}"


@dataclass(frozen=True)
class Token:
    """A tag or a variable. `span` are its bytes with the brackets, `text` what is between, without blanks."""

    kind: Kind
    span: Span
    text: str

    @cached_property
    def words(self) -> list[str]:
        """The words of the text; a quoted string is one."""
        return [word for word in _WORDS.findall(self.text) if word]

    @property
    def name(self) -> str:
        """The first word: the name of a tag."""
        return self.words[0] if self.words else ""

    @property
    def expression(self) -> tuple[str, tuple[str, ...]]:
        """Of a variable: what is printed, and the names of its filters in order."""
        first, *rest = [part.strip() for part in _PIPES.findall(self.text)[:-1]] or [""]
        return first, tuple(part.partition(":")[0].strip() for part in rest)


class Page:
    """A page template."""

    def __init__(self, source: SourceFile) -> None:
        self.source = source

    @property
    def path(self) -> str:
        """Path of the file, relative to the app root."""
        return self.source.path

    @cached_property
    def tokens(self) -> tuple[Token, ...]:
        """The tags and variables in order, without what is commented out."""
        return tuple(self._tokens())

    def _tokens(self) -> Iterator[Token]:
        commented = False
        for opening, span in _bracketed(self.source.data):
            inner = Span(span.start + 2, span.end - 2)
            if opening == b"{#" or inner.end - inner.start > limits.MAX_TAG_BYTES:
                continue
            text = self.source.decode(inner).strip()
            if opening == b"{%" and text.partition(" ")[0] in {"comment", "endcomment"}:
                commented = text.startswith("comment")
            elif not commented:
                yield Token(Kind.TAG if opening == b"{%" else Kind.VARIABLE, span, text)

    def tags(self, *names: str) -> list[Token]:
        """The tags with one of these names, in order; without names all."""
        return [t for t in self.tokens if t.kind is Kind.TAG and (not names or t.name in names)]

    @cached_property
    def variables(self) -> list[Token]:
        """The variables that are printed, in order."""
        return [token for token in self.tokens if token.kind is Kind.VARIABLE]

    @cached_property
    def loaded(self) -> frozenset[str]:
        """The tag libraries that it loads."""
        return frozenset(word for tag in self.tags("load") for word in tag.words[1:])

    def place(self, token: Token) -> Place:
        """Where a token stands."""
        return Place(self.source, token.span)

    def filters(self, token: Token) -> list[tuple[str, Span]]:
        """The filters of a variable in order: the name of each, and its bytes with the argument."""
        data, end = self.source.data, token.span.end - 2
        bars = []
        quote = b""
        for offset in range(token.span.start + 2, end):
            byte = data[offset : offset + 1]
            if quote:
                quote = b"" if byte == quote else quote
            elif byte in b"'\"":
                quote = byte
            elif byte == b"|":
                bars.append(offset)
        spans = []
        for bar, following in zip(bars, [*bars, end][1:], strict=True):
            whole = data[bar + 1 : following]
            start = bar + 1 + len(whole) - len(whole.lstrip())
            span = Span(start, start + len(whole.strip()))
            spans.append((self.source.decode(span).partition(":")[0].strip(), span))
        return spans

    def is_in_script(self, token: Token) -> bool:
        """Whether a token stands between <script> and </script>, or in a style sheet."""
        return any(span.start <= token.span.start < span.end for span in self._scripts)

    def is_in_text(self, token: Token) -> bool:
        """Whether a token stands in a tag of HTML, as in `title="{{ x }}"`, or in a text field."""
        data, start = self.source.data, token.span.start
        if any(span.start <= start < span.end for span in self._text_fields):
            return True
        if any(span.start <= start < span.end for span in self._code):
            return False  # `<` is a comparison there, or the `<!--` for old browsers
        begin = max(0, start - limits.MAX_TAG_BYTES)
        return data.rfind(b"<", begin, start) > data.rfind(b">", begin, start)

    @cached_property
    def _text_fields(self) -> list[Span]:
        return self._between(_TEXT_FIELD)

    @cached_property
    def _scripts(self) -> list[Span]:
        return self._between(_SCRIPT_TAG)

    @cached_property
    def _code(self) -> list[Span]:
        """What stands between <script …> and </script>."""
        ends = ((span, self.source.data.find(b">", span.start, span.end)) for span in self._scripts)
        return [Span(end + 1, span.end) for span, end in ends if end >= 0]

    def _between(self, tag: re.Pattern[bytes]) -> list[Span]:
        """What stands between an opening and the next closing tag, which `tag` both matches."""
        spans: list[Span] = []
        start: int | None = None
        for match in tag.finditer(self.source.data):
            if not match.group(1):
                start = match.end() if start is None else start
            elif start is not None:
                spans.append(Span(start, match.start()))
                start = None
        return spans


def _bracketed(data: bytes) -> Iterator[tuple[bytes, Span]]:
    """The brackets of all kinds with the first closing one on the same line, from left to right."""
    closing = dict.fromkeys(_CLOSING.values(), 0)  # the next of each kind that is known, or the end
    done = 0
    for match in _OPENING.finditer(data):
        if match.start() < done:
            continue
        close = _CLOSING[match.group()]
        if closing[close] < match.end():
            found = data.find(close, match.end())
            closing[close] = found if found >= 0 else len(data)
        end = closing[close] + len(close)
        line_end = data.find(b"\n", match.end(), min(end, match.end() + limits.MAX_TAG_BYTES))
        if end <= len(data) and line_end < 0:
            done = end
            yield match.group(), Span(match.start(), end)


def has_markup(data: bytes) -> bool:
    """Whether a file holds anything that a template engine of this kind would fill in."""
    return any(mark in data for mark in _MARKUP)
