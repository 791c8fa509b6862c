"""What holds for every file and every edit, whatever is in it: asked of made-up bytes and of damaged real files."""

from random import Random

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from gaebot.paths import is_yaml
from gaebot.syntax.page import Page
from gaebot.syntax.python import PythonFile
from gaebot.syntax.tree import why_uncompilable
from gaebot.syntax.yaml import YamlFile, scalar, walk
from gaebot.text import OverlappingEditsError, SourceFile, Span, StaleEditError
from tests.fuzz.mutations import mutate
from tests.fuzz.seeds import Seeds

BOM = b"\xef\xbb\xbf"
LINE = st.text(alphabet="ab é€\t\x0c漢\ufeff\u2028", max_size=6)
END = st.sampled_from(["\n", "\r\n", "\r"])

SEEDS = Seeds("properties")
FILES = [
    (path, data)
    for files in (*SEEDS.small, *SEEDS.odd, *(app.some(Random(app.root)) for app in SEEDS.real))
    for path, data in sorted(files.items())
]


@st.composite
def encoded(draw):
    """A file in one of the encodings that people use, with lines that end in any way."""
    encoding = draw(
        st.sampled_from(["utf-8", "utf-8-sig", "latin-1", "cp1252", "iso-8859-15", "utf-16", "shift_jis"])
    )
    cookie = f"# coding: {encoding}\n" if encoding not in {"utf-8-sig", "utf-16"} else ""
    text = cookie + "".join(line + end for line, end in draw(st.lists(st.tuples(LINE, END), max_size=6)))
    return SourceFile("a.py", text.encode(encoding, "replace"))


FILE = encoded() | st.binary(max_size=60).map(lambda data: SourceFile("a.py", data))


@st.composite
def damaged(draw, wanted):
    """A real file with a name that is wanted, damaged in some way."""
    path, data = draw(st.sampled_from([file for file in FILES if wanted(file[0])]))
    random = Random(draw(st.integers(0, 10**9)))
    return SourceFile(path, mutate(random, data, [other for _, other in random.sample(FILES, 3)]))


# -- positions ---------------------------------------------------------------------------------


@given(FILE)
def test_a_position_leads_back_to_its_offset(file):
    """Where a character begins: line and column name the same byte again."""
    assume(file.encoding in {"utf-8", "latin-1", "cp1252", "iso-8859-15"})
    for offset in range(len(file.bom), len(file.data) + 1):
        try:
            file.data[offset:].decode(file.encoding)
        except UnicodeDecodeError:  # in the middle of a character
            continue
        line, column = file.position(offset)
        span = file.line_span(file.line_starts[line - 1])
        start = max(span.start, len(file.bom))
        assert span.start <= offset <= span.end
        text = file.decode(Span(start, span.end))[: column - 1]
        assert start + len(text.encode(file.encoding)) == offset


@given(FILE)
def test_positions_go_up_with_offsets(file):
    positions = [file.position(offset) for offset in range(len(file.data) + 1)]
    assert positions == sorted(positions)
    assert all(line >= 1 and column >= 1 for line, column in positions)
    assert {line for line, _ in positions} == set(range(1, len(file.line_starts) + 1))


# -- edits -------------------------------------------------------------------------------------


@st.composite
def edits(draw, file):
    """Edits of a file that are not in each other's way, insertions among them."""
    cuts = sorted(draw(st.lists(st.integers(0, len(file.data)), max_size=10)))
    made = []
    for pair in zip(cuts[::2], cuts[1::2], strict=False):
        edit = file.edit(Span(*pair), draw(st.binary(max_size=4)))
        if not any(edit.span.overlaps(other.span) for other in made):
            made.append(edit)
    return made


@given(FILE, st.data())
def test_edits_lead_to_the_same_in_any_order_and_one_after_the_other(file, data):
    made = data.draw(edits(file))
    expected = file.apply(made)
    again = data.draw(st.lists(st.sampled_from(made), max_size=3)) if made else []
    assert file.apply(data.draw(st.permutations([*made, *again]))).data == expected.data
    step = file
    for edit in sorted(made, key=lambda edit: edit.span, reverse=True):
        step = step.apply([edit])
    assert step.data == expected.data


@given(FILE, st.data())
def test_edits_can_be_taken_back(file, data):
    """Where each edit stands in what comes of it is known, and the reverse edits lead back."""
    made = sorted(data.draw(edits(file)), key=lambda edit: edit.span)
    result, grown, back = file.apply(made), 0, file.data
    for edit in made:
        start = edit.start + grown
        assert result.data[start : start + len(edit.new)] == edit.new
        grown += len(edit.new) - len(edit.old)
    assert len(result.data) == len(file.data) + grown
    back = result
    for edit in reversed(made):
        grown -= len(edit.new) - len(edit.old)
        start = edit.start + grown
        back = back.apply([back.edit(Span(start, start + len(edit.new)), edit.old)])
    assert back.data == file.data


@given(FILE, st.data())
def test_edits_in_each_others_way_are_refused_in_any_order(file, data):
    offsets = st.integers(0, len(file.data))
    spans = [Span(*sorted(data.draw(st.tuples(offsets, offsets)))) for _ in range(2)]
    one, other = (file.edit(span, new) for span, new in zip(spans, (b"one", b"other"), strict=True))
    assert spans[0].overlaps(spans[1]) == spans[1].overlaps(spans[0])
    for pair in ([one, other], [other, one]):
        if spans[0].overlaps(spans[1]):
            with pytest.raises(OverlappingEditsError):
                file.apply(pair)
        else:
            file.apply(pair)


@given(FILE, st.data())
def test_edits_of_another_content_are_refused(file, data):
    assume(file.data)
    start = data.draw(st.integers(0, len(file.data) - 1))
    end = data.draw(st.integers(start + 1, len(file.data)))
    edit = file.edit(Span(start, end), b"new")
    at = data.draw(st.integers(start, end - 1))
    changed = bytearray(file.data)
    changed[at] ^= 1
    with pytest.raises(StaleEditError):
        SourceFile("a.py", bytes(changed)).apply([edit])


# -- front ends --------------------------------------------------------------------------------


@given(damaged(lambda path: path.endswith(".py")))
def test_no_python_raises_and_its_nodes_are_ranges_of_its_bytes(source):
    file = PythonFile(source)
    waiting = [file.root]
    while waiting:
        node = waiting.pop()
        end = node.start_byte
        for child in node.children:
            assert end <= child.start_byte <= child.end_byte <= node.end_byte or file.problem
            end = child.end_byte
        waiting += node.children
    for node in file.nodes("(identifier) @x"):
        assert file.place(node).snippet == source.data[node.start_byte : node.end_byte]
        file.origins(node)
    for offset in range(0, len(source.data), 97):
        file.is_in_comment(offset)
    assert file.is_broken or not file.unreadable
    list(file.imports())
    why_uncompilable(source.data)


@given(damaged(is_yaml))
def test_yaml_is_read_or_a_problem_and_spans_map_back(source):
    file = YamlFile(source)
    assert (file.root is None) or file.problem is None
    if file.problem is not None:
        assert 0 <= file.problem.span.start <= file.problem.span.end <= len(source.data)
    for node in walk(file.root):
        start, end = file.span(node)
        assert 0 <= start <= end <= len(source.data)
        is_marked = source.data.startswith(BOM, start)  # which at the beginning of a file is no letter
        if not isinstance(node.value, list) and node.style is None and start < end and not is_marked:
            alone = YamlFile(SourceFile("x.yaml", source.data[start:end]))
            if alone.problem is None and not isinstance(getattr(alone.root, "value", []), list):
                assert scalar(alone.root) == scalar(node)
    for pair in file.pairs(file.mapping):
        assert file.span(pair.key).end <= max(file.pair_span(pair).end, file.span(pair.key).end)


@given(damaged(is_yaml), st.data())
def test_edits_of_yaml_keep_the_other_entries_and_comments(source, data):
    file = YamlFile(source)
    assume(file.can_be_patched)
    pairs = file.pairs(file.mapping)
    assume(pairs)
    pair = data.draw(st.sampled_from(pairs))
    is_removed = data.draw(st.booleans())
    if is_removed:
        assume(len(pairs) > 1)
        edit = file.remove_pair(file.mapping, pair)
    else:
        edit = file.insert_after(file.mapping, pair, ["a-new-key: 1"])
        assert edit.old == b""
    made = YamlFile(source.apply([edit]))
    assert made.problem is None, made.source.data
    keys = [scalar(each.key) for each in made.pairs(made.mapping)]
    at = next(number for number, each in enumerate(pairs) if each is pair)
    expected = [scalar(each.key) for each in pairs]
    expected[at : at + 1] = [] if is_removed else [expected[at], "a-new-key"]
    assert keys == expected
    others = [each for each in pairs if each is not pair or not is_removed]
    mine = [each for each in made.pairs(made.mapping) if scalar(each.key) != "a-new-key"]
    for each, same in zip(others, mine, strict=True):
        assert file.same_value(each.value, same.value)


@given(damaged(lambda path: not path.endswith((".py", ".yaml"))) | damaged(is_yaml))
def test_no_page_raises_and_its_tokens_are_ranges_of_its_bytes(source):
    page = Page(source)
    end = 0
    for token in page.tokens:
        place = page.place(token)
        assert end <= place.span.start < place.span.end <= len(source.data)
        end = place.span.end
        page.is_in_script(token)
        page.is_in_text(token)
        for _, span in page.filters(token):
            assert place.span.start <= span.start <= span.end <= place.span.end
