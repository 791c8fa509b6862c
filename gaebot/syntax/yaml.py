"""Reading YAML with PyYAML's composer, and editing it in place.

Nodes become byte spans; objects are never constructed from a repository's YAML, and YAML is never
printed from nodes. What stays unchanged stays byte for byte.
"""

from __future__ import annotations

import codecs
import re
from bisect import bisect_left
from collections.abc import Iterator
from functools import cached_property
from typing import NamedTuple

import yaml
from yaml import CollectionNode, MappingNode, Node, ScalarNode, SequenceNode

from gaebot import limits
from gaebot.finding import Place
from gaebot.text import Edit, SourceFile, Span

_BLANK = b" \t\r\n\xef\xbb\xbf"
# What stands before an item of a block sequence on its line, or on the line above its own.
_DASHES = re.compile(rb"(?P<others>(?:\xef\xbb\xbf)?[ ]*(?:-[ \t]+)*)(?P<last>-)[ \t]*(?:#[^\r\n]*)?[\r\n]*$")

__all__ = ["MappingNode", "Node", "Pair", "ScalarNode", "SequenceNode", "YamlFile", "YamlProblem"]

# YAML 1.1 as the SDK's bundled parser resolves it: PyYAML leaves `y` and `n` as strings, the
# SDK does not (google/appengine/_internal/ruamel/yaml/resolver.py).
_TRUE = frozenset({"y", "yes", "true", "on"})
_FALSE = frozenset({"n", "no", "false", "off"})
_SHORT_BOOLS = frozenset({"y", "Y", "n", "N"})
# What the SDK takes for a float and PyYAML does not: an exponent without a decimal point.
_EXPONENT = re.compile(r"[-+]?[0-9][0-9_]*[eE][-+]?[0-9]+")
_BOOL, _FLOAT, _INT, _STR = (f"tag:yaml.org,2002:{name}" for name in ("bool", "float", "int", "str"))
_MARKED_KEY = re.compile(rb"^[ \t-]*\?(?:\s|$)", re.MULTILINE)
_NUMBERS = yaml.constructor.SafeConstructor()


class YamlProblem(NamedTuple):
    """Why a YAML file can't be read, and where (a byte span). `is_limit`: it was too much."""

    message: str
    span: Span
    is_limit: bool = False


class Pair(NamedTuple):
    """A key of a mapping and its value."""

    key: Node
    value: Node


class _LimitError(yaml.YAMLError):
    """The file nests deeper or holds more nodes than we are willing to read."""


class _Composer(yaml.SafeLoader):
    """PyYAML's composer with a cap on depth and count, which remembers anchors and aliases."""

    def __init__(self, stream: str) -> None:
        super().__init__(stream)
        self.depth = 0
        self.count = 0
        self.has_aliases = False
        self.anchor: tuple[int, int] | None = None

    def compose_node(self, parent: Node | None, index: int) -> Node | None:
        self.count += 1
        self.depth += 1
        if self.depth > limits.MAX_YAML_DEPTH:
            raise _LimitError(f"collections are nested more than {limits.MAX_YAML_DEPTH} deep")
        if self.count > limits.MAX_YAML_NODES:
            raise _LimitError(f"it holds more than {limits.MAX_YAML_NODES:,} values")
        if self.check_event(yaml.AliasEvent):
            self.has_aliases = True
        event = self.peek_event()  # type: ignore[no-untyped-call]
        if self.anchor is None and event.anchor is not None:
            self.anchor = (event.start_mark.index, event.end_mark.index)
        try:
            return super().compose_node(parent, index)
        finally:
            self.depth -= 1


class YamlFile:
    """A YAML file of an app, composed once, when first asked."""

    def __init__(self, source: SourceFile) -> None:
        self.source = source
        self._anchor: tuple[int, int] | None = None

    # -- reading ---------------------------------------------------------------------------

    @cached_property
    def _composed(self) -> tuple[Node | None, YamlProblem | None, bool]:
        whole = Span(0, len(self.source.data))
        if len(self.source.data) > limits.MAX_YAML_BYTES:
            message = f"it is larger than {limits.MAX_YAML_BYTES:,} bytes"
            return None, YamlProblem(message, whole, is_limit=True), False
        try:
            self.source.data.decode("utf-8")
        except UnicodeDecodeError as error:
            return None, YamlProblem("it is not UTF-8", Span(error.start, error.end)), False
        loader: _Composer | None = None
        try:
            loader = _Composer(self._text)
            root = loader.get_single_node()
            self._anchor = loader.anchor
            return root, None, loader.has_aliases
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            start = self._offset(mark.index) if mark else 0
            return (
                None,
                YamlProblem(error.problem or error.context or "syntax error", Span(start, start)),
                False,
            )
        except yaml.YAMLError as error:
            message = "it holds characters that YAML forbids" if _is_reader_error(error) else str(error)
            position = getattr(error, "position", 0)
            start = self._offset(position if isinstance(position, int) else 0)
            problem = YamlProblem(message, Span(start, start), is_limit=isinstance(error, _LimitError))
            return None, problem, False
        except (RecursionError, ValueError) as error:
            return None, YamlProblem(f"it can't be parsed ({error})", Span(0, 0)), False
        finally:
            if loader is not None:
                loader.dispose()

    @cached_property
    def _text(self) -> str:
        return self.source.data.decode("utf-8", "replace")

    @property
    def root(self) -> Node | None:
        """The top node; None when the file is empty or can't be read (see `problem`)."""
        return self._composed[0]

    @property
    def problem(self) -> YamlProblem | None:
        """Why the file can't be read, or None."""
        return self._composed[1]

    @property
    def has_aliases(self) -> bool:
        """Whether anchors are used (`*name`, also through `<<`): such a file is not patched."""
        return self._composed[2]

    @property
    def anchor(self) -> Span | None:
        """Where the first value stands that is an alias (`*name`) or has an anchor (`&name`)."""
        if self.root is None or self._anchor is None:
            return None
        return Span(*(self._offset(index) for index in self._anchor))

    @property
    def mapping(self) -> MappingNode | None:
        """The top node when it is a mapping, as in every App Engine file."""
        return self.root if isinstance(self.root, MappingNode) else None

    @cached_property
    def _is_ascii(self) -> bool:
        return self.source.data.isascii()

    def _offset(self, index: int) -> int:
        """Byte offset of a character index of the decoded text."""
        if self._is_ascii:
            return min(index, len(self.source.data))
        return len(self._text[:index].encode("utf-8"))

    def span(self, node: Node) -> Span:
        """The bytes of a node; of a collection, from its first to the end of its last entry."""
        start = self._offset(node.start_mark.index)
        # A block collection's end mark is where the next token starts: behind comments and blanks.
        last: Node = node
        for _ in range(limits.MAX_YAML_DEPTH):
            if not isinstance(last, CollectionNode) or last.flow_style or not last.value:
                break
            entry = last.value[-1]
            last = entry[1] if isinstance(last, MappingNode) else entry
        end = self._offset(last.end_mark.index)
        if isinstance(last, ScalarNode) and last.style in {"|", ">"}:
            end = self._block_scalar_end(last, end)
        return Span(start, max(start, end))

    def _block_scalar_end(self, node: ScalarNode, end: int) -> int:
        """Where the text of `|` or `>` ends. Blank lines behind it count only for `|+` and `>+`."""
        start = self._offset(node.start_mark.index)
        header = self.source.data[start : self.source.line_span(start).end].partition(b"#")[0]
        return end if b"+" in header else len(self.source.data[:end].rstrip())

    def place(self, node: Node) -> Place:
        """Where a node stands."""
        return Place(self.source, self.span(node))

    def pair_span(self, pair: Pair) -> Span:
        """The bytes from a key to the end of its value."""
        key, value = self.span(pair.key), self.span(pair.value)
        return Span(key.start, max(key.end, value.end))

    def pair_place(self, pair: Pair) -> Place:
        """Where a key and its value stand."""
        return Place(self.source, self.pair_span(pair))

    @staticmethod
    def pairs(node: Node | None) -> list[Pair]:
        """The entries of a mapping in order, duplicates included; nothing for any other node."""
        if not isinstance(node, MappingNode):
            return []
        return [Pair(key, value) for key, value in node.value]

    @staticmethod
    def get(node: Node | None, name: str) -> Pair | None:
        """The entry that counts for a key: the first one. App Engine refuses duplicates."""
        entries = node.value if isinstance(node, MappingNode) else ()
        return next((Pair(key, value) for key, value in entries if scalar(key) == name), None)

    def same_value(self, one: Node, other: Node) -> bool:
        """Whether two values of this file mean the same, however they are written.

        False where aliases are used: they can make a value that has no end.
        """
        if self.has_aliases or type(one) is not type(other):
            return False
        if isinstance(one, ScalarNode):
            return bool((one.tag, one.value) == (other.tag, other.value))
        pairs = zip(_parts(one), _parts(other), strict=False)
        return len(one.value) == len(other.value) and all(self.same_value(*pair) for pair in pairs)

    @staticmethod
    def items(node: Node | None) -> list[Node]:
        """The items of a sequence; nothing for any other node."""
        return list(node.value) if isinstance(node, SequenceNode) else []

    # -- editing ---------------------------------------------------------------------------

    @cached_property
    def can_be_patched(self) -> bool:
        """Whether an edit of this file means one thing only: no aliases, one readable document.

        Nor may a byte order mark stand within it, which would count for one when it came to the beginning, or
        a key behind a question mark, `? runtime`, which begins at another column than its entry.
        """
        if self.mapping is None or self.has_aliases:
            return False
        data = self.source.data
        return data.rfind(codecs.BOM_UTF8) <= 0 and _MARKED_KEY.search(data) is None

    def set_scalar(self, node: Node, value: str) -> Edit | None:
        """Give a scalar another value and keep its quotes; None for a block scalar (`|`, `>`)."""
        if not isinstance(node, ScalarNode) or node.style in {"|", ">"}:
            return None
        span = self.span(node)
        if span.start == span.end:  # `key:` with nothing behind it
            return self.source.edit(span, f" {value}".encode())
        quote = node.style or ""
        return self.source.edit(span, f"{quote}{value}{quote}".encode())

    def set_plain(self, node: Node, value: str) -> Edit | None:
        """Give a scalar another value, written without quotes; None for a block scalar."""
        if not isinstance(node, ScalarNode) or node.style in {"|", ">"}:
            return None
        span = self.span(node)
        blank = " " if span.start == span.end else ""
        return self.source.edit(span, f"{blank}{value}".encode())

    def insert_after(self, holder: MappingNode, pair: Pair, lines: list[str]) -> Edit:
        """Insert a new entry, given as lines without indentation, behind an entry of a mapping.

        In a flow mapping the lines are joined into one.
        """
        if holder.flow_style:
            end = self.pair_span(pair).end
            return self.source.edit(Span(end, end), ", ".join(["", *lines]).encode())
        return self._insert_lines(self.pair_span(pair).end, self._column(pair.key), lines)

    def append_item(self, sequence: SequenceNode, lines: list[str]) -> Edit | None:
        """Add an item to a block sequence; `lines` are those of the item without its dash.

        None when the sequence is empty or written in flow style.
        """
        if sequence.flow_style or not sequence.value:
            return None
        dash = self._dash(sequence.value[-1])
        if dash is None:
            return None
        column = dash - self.source.line_span(dash).start
        dashed = [f"- {lines[0]}", *(f"  {line}" for line in lines[1:])]
        return self._insert_lines(self.span(sequence).end, column, dashed)

    def remove_pair(self, holder: MappingNode, pair: Pair) -> Edit:
        """Take an entry out of a mapping, with the whole lines that it stands on."""
        span = self.pair_span(pair)
        place = _place(holder, pair)
        # The one before it, itself, and the one behind it: there may be thousands.
        near = [Pair(*entry) for entry in holder.value[max(0, place - 1) : place + 2]]
        following = near[-1] if place + 1 < len(holder.value) else None
        if holder.flow_style:
            return self._remove_flow([self.pair_span(entry) for entry in near], min(place, 1))
        line = self.source.line_span(span.start)
        if self.source.data[line.start : span.start].strip(b" \xef\xbb\xbf"):
            # The first entry of a list item stands behind its dash: draw the next one up.
            end = self.span(following.key).start if following else span.end
            return self.source.edit(Span(span.start, end), b"")
        return self.source.edit(self._with_one_gap(self._whole_lines(span)), b"")

    def remove_item(self, holder: MappingNode, pair: Pair, item: Node) -> Edit:
        """Take an item out of the sequence that is `pair`'s value; the last one takes the key along."""
        items = self.items(pair.value)
        place = next(i for i, entry in enumerate(items) if entry is item)
        if len(items) == 1:
            return self.remove_pair(holder, pair)
        span = self.span(item)
        dash = self._dash(item)
        if dash is None:
            near = items[max(0, place - 1) : place + 2]
            return self._remove_flow([self.span(entry) for entry in near], min(place, 1))
        return self.source.edit(self._whole_lines(Span(dash, span.end)), b"")

    def replace_item(self, item: Node, items: list[list[str]]) -> Edit | None:
        """Put several items, each given as lines without dash, in the place of one block item."""
        dash = self._dash(item)
        if dash is None:
            return None
        indent = " " * (dash - self.source.line_span(dash).start)
        newline = self.source.newline.decode()
        written = []
        for lines in items:
            written += [f"- {lines[0]}", *(f"  {line}" for line in lines[1:])]
        text = f"{newline}{indent}".join(written)
        return self.source.edit(Span(dash, self.span(item).end), text.encode())

    def _column(self, node: Node) -> int:
        return int(node.start_mark.column)

    def _dash(self, item: Node) -> int | None:
        """Byte offset of the dash of a block item; None when something else stands before it."""
        line = self.source.line_span(self.span(item).start)
        before = self.source.data[line.start : self.span(item).start]
        while not before.strip(_BLANK) or before.lstrip(_BLANK).startswith(b"#"):
            if line.start == 0:
                return None
            line = self.source.line_span(line.start - 1)
            before = self.source.data[line.start : line.end]
        dashes = _DASHES.match(before)
        return line.start + dashes.start("last") if dashes and not dashes["others"].strip(_BLANK) else None

    def _with_one_gap(self, lines: Span) -> Span:
        """Whole lines, with the blank line below them when there is one above too."""
        above = self.source.line_span(max(lines.start - 1, 0))
        below = self.source.line_span(min(lines.end, max(len(self.source.data) - 1, 0)))
        blank = [not self.source.data[line.start : line.end].strip() for line in (above, below)]
        inside = lines.start > 0 and lines.end < len(self.source.data)
        return Span(lines.start, below.end) if inside and all(blank) else lines

    def _whole_lines(self, span: Span) -> Span:
        first = self.source.line_span(span.start)
        last = self.source.line_span(max(span.end - 1, span.start))
        return Span(first.start + (len(self.source.bom) if first.start == 0 else 0), last.end)

    def _remove_flow(self, entries: list[Span], place: int) -> Edit:
        """Take one of the entries that stand between commas out, with a comma beside it."""
        start, end = entries[place]
        if place + 1 < len(entries):
            end = entries[place + 1].start
        elif place > 0:
            start = entries[place - 1].end
        return self.source.edit(Span(start, end), b"")

    def _insert_lines(self, after: int, column: int, lines: list[str]) -> Edit:
        """Insert whole lines below the line that holds the byte before `after`."""
        newline = self.source.newline.decode()
        line = self.source.line_span(max(after - 1, 0))
        has_end = self.source.data[line.start : line.end].endswith((b"\n", b"\r"))
        body = newline.join(" " * column + text for text in lines)
        added = f"{body}{newline}" if has_end else f"{newline}{body}"
        return self.source.edit(Span(line.end, line.end), added.encode())


def _place(holder: MappingNode, pair: Pair) -> int:
    """The number of an entry of a mapping. Entries stand in order, but for keys that are aliases."""
    start = pair.key.start_mark.index
    place = bisect_left(holder.value, start, key=lambda entry: entry[0].start_mark.index)
    if place < len(holder.value) and holder.value[place][0] is pair.key:
        return place
    return next(number for number, (key, _) in enumerate(holder.value) if key is pair.key)


def scalar(node: Node | None) -> str | None:
    """The text of a scalar, unquoted; None for anything else."""
    return str(node.value) if isinstance(node, ScalarNode) else None


def is_null(node: Node) -> bool:
    """Whether a value is empty: `key:`, `~` or `null`."""
    return isinstance(node, ScalarNode) and node.tag == "tag:yaml.org,2002:null"


def boolean(node: Node | None) -> bool | None:
    """The value of a plain scalar that the SDK's parser reads as a YAML 1.1 boolean, or as 0 or 1.

    None for anything else, quoted words included: App Engine's validator is Python's `bool`, for
    which every non-empty string is true.
    """
    if not isinstance(node, ScalarNode) or node.style is not None:
        return None
    word = str(node.value).lower()
    if word in _TRUE or word == "1":
        return True
    if word in _FALSE or word == "0":
        return False
    return None


def as_text(node: Node | None) -> str | None:
    """The text that App Engine's parser makes of a scalar, which it reads as YAML 1.1 first.

    `1.10` becomes '1.1', `yes` becomes 'True', `0x10` becomes '16'; what is quoted stays as it is,
    without the line end that `|` and `>` leave. None for a collection.
    """
    if not isinstance(node, ScalarNode):
        return None
    text = str(node.value)
    if node.style is not None:
        return text.removesuffix("\n")
    try:
        if node.tag == _BOOL or (node.tag == _STR and text in _SHORT_BOOLS):
            return str(boolean(node))
        if node.tag == _INT:
            return str(_NUMBERS.construct_yaml_int(node))
        if node.tag == _FLOAT or _EXPONENT.fullmatch(text):
            written = f"{_NUMBERS.construct_yaml_float(node):.12g}"
            return f"{written}.0" if written.lstrip("-").isdigit() else written
    except ValueError:  # an explicit tag that lies (`!!int x`), or more digits than Python converts
        pass
    return text


def walk(node: Node | None) -> Iterator[Node]:
    """A node and all nodes below it, each once even when aliases repeat it."""
    seen: set[int] = set()
    waiting = [node] if node is not None else []
    while waiting:
        current = waiting.pop()
        if id(current) in seen:
            continue
        seen.add(id(current))
        yield current
        if isinstance(current, MappingNode):
            waiting += [part for entry in current.value for part in entry]
        elif isinstance(current, SequenceNode):
            waiting += current.value


def _parts(node: Node) -> list[Node]:
    """The items of a sequence; the keys and values of a mapping."""
    return [part for entry in node.value for part in (entry if isinstance(node, MappingNode) else [entry])]


def _is_reader_error(error: yaml.YAMLError) -> bool:
    return isinstance(error, yaml.reader.ReaderError)
