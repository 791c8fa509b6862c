import pytest
import yaml
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from gaebot import limits
from gaebot.syntax.yaml import MappingNode, SequenceNode, YamlFile, boolean, is_null, scalar, walk
from gaebot.text import SourceFile


def yaml_file(text):
    return YamlFile(SourceFile("app.yaml", text if isinstance(text, bytes) else text.encode()))


def load(data):
    return yaml.safe_load(data.decode())


def edited(file, edit):
    return file.source.apply([edit]).data


# -- reading -------------------------------------------------------------------------------


def test_spans_are_the_bytes_of_nodes():
    file = yaml_file("\ufeffä: 'ü' # c\nlist:\n- one\n- two: |\n    text\n\n# end\n")
    texts = [file.source.data[slice(*file.span(pair.value))].decode() for pair in file.pairs(file.mapping)]
    assert texts == ["'ü'", "- one\n- two: |\n    text"]
    pair = file.pairs(file.mapping)[0]
    assert file.place(pair.key).snippet == "ä".encode()
    assert file.pair_place(pair).snippet == "ä: 'ü'".encode()


def test_get_is_the_first_of_several():
    file = yaml_file("a: 1\nb: 2\na: 3\n")
    assert scalar(file.get(file.mapping, "a").value) == "1"
    assert file.get(file.mapping, "c") is None
    assert file.get(None, "a") is None
    assert len(file.pairs(file.mapping)) == 3
    assert file.items(file.mapping) == []


@pytest.mark.parametrize("text", ["- a\n", "just text", "", "# nothing\n", "3"])
def test_without_a_mapping_there_are_no_entries(text):
    file = yaml_file(text)
    assert file.mapping is None
    assert file.problem is None
    assert file.pairs(file.mapping) == []
    assert not file.can_be_patched


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: [", "expected the node content"),
        ("a: b: c", "mapping values are not allowed"),
        ("\ta: 1", "cannot start any token"),
        ("a: 1\n\tb: 2", "cannot start any token"),
        ("a: 1\n---\nb: 2\n", "but found another document"),
        ("a: *unknown", "found undefined alias"),
        ("a: &x [*x]", "found"),
        (b"a: \xff\n", "it is not UTF-8"),
        (b"a: \0\n", "characters that YAML forbids"),
        ("a: 'unclosed", "found unexpected end of stream"),
        ("[" * 10_000 + "]" * 10_000, "nested more than 50 deep"),
        ("{a: " * 10_000 + "}" * 10_000, "nested more than 50 deep"),
        ("- " * 10_000 + "x", "nested more than 50 deep"),
        ("? " * 10_000 + "x", "nested more than 50 deep"),
        ("a: [" + "x," * limits.MAX_YAML_NODES + "]", "more than 50,000 values"),
        ("#" * (limits.MAX_YAML_BYTES + 1), "larger than 1,000,000 bytes"),
    ],
)
def test_what_can_not_be_read_is_a_problem_with_a_place(text, message):
    file = yaml_file(text)
    if message != "found":
        assert message in file.problem.message
        assert 0 <= file.problem.span.start <= file.problem.span.end <= len(file.source.data)
        assert file.root is None


def test_bombs_cost_nothing():
    lines = ["a0: &a0 [x, x]"] + [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 30)]
    file = yaml_file("\n".join(lines))
    assert file.problem is None
    assert file.has_aliases
    assert not file.can_be_patched
    assert len(list(walk(file.root))) < 100


def test_anchors_alone_do_not_keep_a_file_from_being_patched():
    assert yaml_file("a: &x 1\n").can_be_patched
    assert not yaml_file("a: &x {b: 1}\nc:\n  <<: *x\n").can_be_patched


def test_a_byte_order_mark_is_no_part_of_a_name_unless_it_stands_within_the_file():
    assert yaml_file("\ufeffa: 1\nb: 2\n").can_be_patched
    assert not yaml_file("a: 1\n\ufeffb: 2\n").can_be_patched


def test_a_file_with_a_key_behind_a_question_mark_is_not_patched():
    assert not yaml_file("a: 1\n? b\n: 2\n").can_be_patched
    assert not yaml_file("a:\n- ? b\n  : 2\n").can_be_patched
    assert yaml_file("a: ?b\nc: what?\n").can_be_patched


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("yes", True),
        ("On", True),
        ("y", True),
        ("1", True),
        ("no", False),
        ("OFF", False),
        ("0", False),
        ("n", False),
        ("'yes'", None),
        ("2", None),
        ("maybe", None),
        ("[yes]", None),
        ("", None),
    ],
)
def test_boolean(text, value):
    file = yaml_file(f"a: {text}\n")
    assert boolean(file.get(file.mapping, "a").value) is value


@pytest.mark.parametrize(
    ("text", "value"), [("", True), ("~", True), ("null", True), ("'null'", False), ("x", False)]
)
def test_is_null(text, value):
    file = yaml_file(f"a: {text}\n")
    assert is_null(file.get(file.mapping, "a").value) is value


# -- editing, by example -------------------------------------------------------------------


def top(file, key):
    return file.get(file.mapping, key)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a: old # c\n", "a: new # c\n"),
        ("a: 'old'\n", "a: 'new'\n"),
        ('a: "old"\r\n', 'a: "new"\r\n'),
        ("a:\n", "a: new\n"),
        ("a: # c\n", "a: new # c\n"),
        ("a:", "a: new"),
        ("{a: old}\n", "{a: new}\n"),
        ("a: |\n  old\n", None),
        ("a: [old]\n", None),
    ],
)
def test_set_scalar(before, after):
    file = yaml_file(before)
    edit = file.set_scalar(top(file, "a").value, "new")
    assert (edit and edited(file, edit).decode()) == after


def test_set_plain_drops_the_quotes():
    file = yaml_file("a: 'old'\nb:\n")
    assert edited(file, file.set_plain(top(file, "a").value, "1")) == b"a: 1\nb:\n"
    assert edited(file, file.set_plain(top(file, "b").value, "1")) == b"a: 'old'\nb: 1\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a: 1 # c\n# d\nb: 2\n", "a: 1 # c\nx: 9\n# d\nb: 2\n"),
        ("a: 1", "a: 1\nx: 9"),
        ("a: 1\r\nb: 2\r\n", "a: 1\r\nx: 9\r\nb: 2\r\n"),
        ("a:\n- 1\n\n- 2\n\nb: 2\n", "a:\n- 1\n\n- 2\nx: 9\n\nb: 2\n"),
        ("a: |\n  t\n\n\nb: 2\n", "a: |\n  t\nx: 9\n\n\nb: 2\n"),
        ("a: |+\n  t\n\n\nb: 2\n", "a: |+\n  t\n\n\nx: 9\nb: 2\n"),
        ("a: 'x\n  y'\nb: 2\n", "a: 'x\n  y'\nx: 9\nb: 2\n"),
        ("{a: 1, b: 2}\n", "{a: 1, x: 9, b: 2}\n"),
        ("---\na: 1\n...\n", "---\na: 1\nx: 9\n...\n"),
    ],
)
def test_insert_after(before, after):
    file = yaml_file(before)
    assert edited(file, file.insert_after(file.mapping, top(file, "a"), ["x: 9"])).decode() == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a: 1 # c\n# d\nb: 2\n", "# d\nb: 2\n"),
        ("b: 2\na: 1", "b: 2\n"),
        ("\ufeffa: 1\nb: 2\n", "\ufeffb: 2\n"),
        ("a:\n- x\n- y\nb: 2\n", "b: 2\n"),
        ("a: |\n  t\n  u\nb: 2\n", "b: 2\n"),
        ("{a: 1, b: 2}\n", "{b: 2}\n"),
        ("{b: 2, a: 1}\n", "{b: 2}\n"),
        ("{b: 2, # x, y\n a: 1}\n", "{b: 2}\n"),
        ("{a: 1}\n", "{}\n"),
    ],
)
def test_remove_pair(before, after):
    file = yaml_file(before)
    assert edited(file, file.remove_pair(file.mapping, top(file, "a"))).decode() == after


def test_remove_the_first_pair_behind_a_dash():
    file = yaml_file("-  a: 1\n   b: 2\n-  a: 3\n   b: 4\n")
    item = file.items(file.root)[1]
    assert edited(file, file.remove_pair(item, file.pairs(item)[0])) == b"-  a: 1\n   b: 2\n-  b: 4\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("k:\n- x\n- y\n", "k:\n- y\n"),
        ("k: [x, y]\n", "k: [y]\n"),
        ("k: [y, x]\n", "k: [y]\n"),
        ("k: [x]\nb: 1\n", "b: 1\n"),
        ("k:\n- x\nb: 1\n", "b: 1\n"),
        ("k:\n  # about x\n  - y # c\n  - x # d\n", "k:\n  # about x\n  - y # c\n"),
    ],
)
def test_remove_item(before, after):
    file = yaml_file(before)
    pair = top(file, "k")
    item = next(node for node in file.items(pair.value) if scalar(node) == "x")
    assert edited(file, file.remove_item(file.mapping, pair, item)).decode() == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("k:\n- x: 1\nb: 2\n", "k:\n- x: 1\n- n: 1\n  m: 2\nb: 2\n"),
        ("k:\n   - x\n   # c\n", "k:\n   - x\n   - n: 1\n     m: 2\n   # c\n"),
        ("k:\n- x", "k:\n- x\n- n: 1\n  m: 2"),
        ("k: [x]\n", None),
        ("k: []\n", None),
    ],
)
def test_append_item(before, after):
    file = yaml_file(before)
    edit = file.append_item(top(file, "k").value, ["n: 1", "m: 2"])
    assert (edit and edited(file, edit).decode()) == after


def test_replace_item():
    file = yaml_file("k:\n- a\n- b\n- c\n")
    item = file.items(top(file, "k").value)[1]
    after = edited(file, file.replace_item(item, [["x: 1", "y: 2"], ["z"]]))
    assert after == b"k:\n- a\n- x: 1\n  y: 2\n- z\n- c\n"


# -- editing, for all files ----------------------------------------------------------------

WORDS = st.sampled_from(["a", "main.py", "/.*", "static/x y", "ä-漢", "on/off", "$LIB/x"])
LEAVES = st.one_of(
    WORDS,
    st.integers(0, 99),
    st.none(),
    st.booleans(),
    st.sampled_from(["'q, x'", "# no comment", "two\nlines\n", "- x", "", "a: b", "{x}"]),
)
KEYS = st.sampled_from(["url", "script", "k1", "k2", "ü", "login-x", "a b"])
OBJECTS = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=4), st.dictionaries(KEYS, inner, min_size=1, max_size=4)
    ),
    max_leaves=12,
)
MAPPINGS = st.dictionaries(KEYS, OBJECTS, min_size=2, max_size=5)


class Writer:
    """Writes an object as YAML the many ways in which people do."""

    def __init__(self, draw):
        self.draw = draw
        self.newline = draw(st.sampled_from(["\n", "\r\n"]))
        self.step = draw(st.integers(1, 4))
        self.indent_lists = draw(st.booleans())

    def document(self, value):
        start = self.draw(st.sampled_from(["", "\ufeff", "# top\n", "---\n", "\n\n"]))
        end = self.draw(st.sampled_from(["", "# end\n", "\n\n", " # end"]))
        lines = self.block(value, 0)
        text = start + "\n".join(lines) + "\n" + end
        if self.draw(st.booleans()) and "|\n" not in text:
            text = text.rstrip("\n")
        return text.replace("\n", self.newline).encode()

    def maybe(self):
        return self.draw(st.integers(0, 3)) == 0

    def comment(self):
        return " # c, d: [" if self.maybe() else ""

    def around(self, column):
        return self.draw(st.sampled_from([[], [], [], [""], [" " * column + "# - x: y"], ["# far left", ""]]))

    def block(self, value, column):
        """The lines of a collection whose entries begin in a column."""
        lines = []
        for entry in value.items() if isinstance(value, dict) else value:
            lines += self.around(column) if lines else []
            if isinstance(value, dict):
                head, item, deeper = f"{self.key(entry[0])}:", entry[1], column + self.step
                if isinstance(item, list) and not self.indent_lists:
                    deeper = column
            else:
                head, item, deeper = "-", entry, column + 1 + self.draw(st.integers(1, 3))
            lines += self.entry(" " * column + head, item, deeper, is_item=isinstance(value, list))
        return lines

    def entry(self, head, item, deeper, *, is_item):
        if item is None and self.maybe():
            return [head + self.comment()]
        if isinstance(item, (dict, list)) and not self.maybe():
            lines = self.block(item, deeper)
            if is_item and not self.maybe():  # `- url: x` in one line
                first = lines[0]
                return [head + first[len(head) :], *lines[1:]]
            return [head + self.comment(), *lines]
        if isinstance(item, str) and item.endswith("\n"):
            return [f"{head} |", *(" " * (deeper + 1) + line for line in item.splitlines())]
        return [f"{head} {self.flow(item)}{self.comment()}"]

    def key(self, key):
        return f"'{key}'" if self.maybe() else key

    def flow(self, value):
        if isinstance(value, dict):
            inner = ", ".join(f"{self.key(key)}: {self.flow(item)}" for key, item in value.items())
            return f"{{{inner}}}"
        if isinstance(value, list):
            return "[" + ", ".join(map(self.flow, value)) + "]"
        if isinstance(value, str):
            style = self.draw(st.sampled_from("'\"p"))
            if style == '"' or "\n" in value:
                return '"' + value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'
            plain = value and not any(mark in value for mark in ("#", ": ", "- ", "'", "{", "["))
            return value if style == "p" and plain else "'" + value.replace("'", "''") + "'"
        return (
            {None: "null", True: "true", False: "no"}.get(value, str(value))
            if value != 1 or value is True
            else "1"
        )


@st.composite
def documents(draw):
    value = draw(MAPPINGS)
    data = Writer(draw).document(value)
    assert load(data) == value
    return yaml_file(data), value


def collections(file, value):
    """Every collection of a document with its node and its object."""
    waiting = [(file.root, value)]
    while waiting:
        node, item = waiting.pop()
        if isinstance(node, MappingNode):
            yield node, item
            waiting += [(pair.value, item[scalar(pair.key)]) for pair in file.pairs(node)]
        elif isinstance(node, SequenceNode):
            yield node, item
            waiting += list(zip(file.items(node), item, strict=True))


def a_collection(data, file, value, kind, least=1):
    found = [
        (node, item)
        for node, item in collections(file, value)
        if isinstance(node, kind) and len(item) >= least
    ]
    assume(found)
    return data.draw(st.sampled_from(range(len(found))).map(found.__getitem__))


@settings(deadline=None, max_examples=60)
@given(documents(), st.data())
def test_insert_after_any_entry(document, data):
    file, value = document
    holder, mapping = a_collection(data, file, value, MappingNode)
    pair = data.draw(st.sampled_from(file.pairs(holder)))
    edit = file.insert_after(holder, pair, ["new: 1"])
    mapping["new"] = 1
    assert edit.old == b""
    assert load(edited(file, edit)) == value


@settings(deadline=None, max_examples=60)
@given(documents(), st.data())
def test_remove_any_entry(document, data):
    file, value = document
    holder, mapping = a_collection(data, file, value, MappingNode, least=2)
    pair = data.draw(st.sampled_from(file.pairs(holder)))
    edit = file.remove_pair(holder, pair)
    del mapping[scalar(pair.key)]
    assert edit.new == b""
    assert load(edited(file, edit)) == value


@settings(deadline=None, max_examples=60)
@given(documents(), st.data())
def test_remove_any_item(document, data):
    file, value = document
    holder, mapping = a_collection(data, file, value, MappingNode, least=2)
    pairs = [pair for pair in file.pairs(holder) if isinstance(pair.value, SequenceNode)]
    assume(pairs)
    pair = data.draw(st.sampled_from(pairs))
    number = data.draw(st.integers(0, len(pair.value.value) - 1))
    edit = file.remove_item(holder, pair, file.items(pair.value)[number])
    key = scalar(pair.key)
    if len(mapping[key]) == 1:
        del mapping[key]
    else:
        del mapping[key][number]
    assert edit.new == b""
    assert load(edited(file, edit)) == value


@settings(deadline=None, max_examples=60)
@given(documents(), st.data())
def test_append_to_any_sequence(document, data):
    file, value = document
    sequence, items = a_collection(data, file, value, SequenceNode)
    edit = file.append_item(sequence, ["x: 1", "y: 2"])
    assume(edit is not None)
    items.append({"x": 1, "y": 2})
    assert edit.old == b""
    assert load(edited(file, edit)) == value


@settings(deadline=None, max_examples=60)
@given(documents(), st.data())
def test_replace_any_item(document, data):
    file, value = document
    sequence, items = a_collection(data, file, value, SequenceNode)
    number = data.draw(st.integers(0, len(items) - 1))
    edit = file.replace_item(file.items(sequence)[number], [["x: 1", "y: 2"], ["z"]])
    assume(edit is not None)
    items[number : number + 1] = [{"x": 1, "y": 2}, "z"]
    assert load(edited(file, edit)) == value


@settings(deadline=None, max_examples=60)
@given(documents(), st.data())
def test_set_any_scalar(document, data):
    file, value = document
    holder, mapping = a_collection(data, file, value, MappingNode)
    pair = data.draw(st.sampled_from(file.pairs(holder)))
    edit = file.set_scalar(pair.value, "main.app")
    assume(edit is not None)
    mapping[scalar(pair.key)] = "main.app"
    assert load(edited(file, edit)) == value


@settings(deadline=None, max_examples=60)
@given(
    st.binary(max_size=200) | st.text(alphabet="ab:-[]{}&*|>#'\"!% \n\r\t\ufeff", max_size=60).map(str.encode)
)
def test_any_bytes_are_read_or_are_a_problem(data):
    file = yaml_file(data)
    assert (file.problem is None) or (file.root is None)
    for node in walk(file.root):
        start, end = file.span(node)
        assert 0 <= start <= end <= len(data)


def test_removing_an_entry_leaves_one_gap() -> None:
    data = b"a: 1\n\nb:\n- 2\n\nc: 3\n"
    file = YamlFile(SourceFile("app.yaml", data))
    pair = YamlFile.get(file.mapping, "b")
    assert file.source.apply([file.remove_pair(file.mapping, pair)]).data == b"a: 1\n\nc: 3\n"


def test_a_comment_between_a_dash_and_its_item() -> None:
    data = b"a:\n- # one\n   - x\n   - y\n\n- # two\n  - z\n"
    file = YamlFile(SourceFile("app.yaml", data))
    pair = YamlFile.get(file.mapping, "a")
    edit = file.remove_item(file.mapping, pair, file.items(pair.value)[0])
    assert file.source.apply([edit]).data == b"a:\n\n- # two\n  - z\n"
