import io
import json
import stat
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gaebot.bot.review.statement import statement_of
from gaebot.bot.review.stored import MOST_BYTES, StoredError, dump, load, load_archive
from gaebot.finding import Failure
from tests.bot.fake_forge import zipped
from tests.bot.pulls import report_of

FILES = {"a.py": "bad\nold\nhint\n", "d/b.py": "old\n" * 3}


def statement(files=None):
    report = report_of(files or FILES, failures=(Failure("No.", "x.py"),))
    return statement_of(report, report_of({"a.py": "bad\n"}), 7, "c" * 40, {"d/b.py": "b.py"})


def test_what_is_written_is_read():
    assert load(dump(statement())) == statement()
    assert load_archive(zipped(dump(statement()))) == statement()


def test_a_large_statement_is_cut_to_what_is_read():
    whole = statement({"a.py": "bad\n" * 5000})
    read = load(dump(whole))
    assert read.remarks == whole.remarks[:2000]


@given(st.text(max_size=200))
def test_any_text_is_written_and_read_or_refused(text):
    changed = json.loads(dump(statement()))
    changed["remarks"][0]["message"] = changed["remarks"][0]["path"] = text
    assert load(json.dumps(changed).encode()).remarks[0].message == text


@given(st.binary(max_size=300))
def test_any_bytes_are_refused_without_another_error(data):
    for read in (load, load_archive):
        with pytest.raises(StoredError):
            read(data)


def paths_in(value, path=()):
    yield path
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield from paths_in(inner, (*path, key))


ANOTHER = [{}, [], -1, 1.5, 10**30, "x" * 5000, {"a": 1}]


@pytest.mark.parametrize(
    "path", [path for path in paths_in(json.loads(dump(statement()))) if len(path) < 3 or path[1] == 0]
)
def test_another_shape_anywhere_is_refused(path):
    for value in ANOTHER:
        shape = json.loads(dump(statement()))
        holder, last = {"": shape}, ""
        for key in path:
            holder, last = holder[last], key
        if value == [] and isinstance(holder[last], list):
            continue
        holder[last] = value
        with pytest.raises(StoredError):
            load(json.dumps(holder[""] if not path else shape).encode())


@pytest.mark.parametrize(
    "change",
    [
        lambda shape: shape.update(operations=[{"merge": True}]),
        lambda shape: shape["remarks"][0].update(body="<!-- gaebot:finding -->"),
        lambda shape: shape["remarks"][0].update(fingerprint="x --> <!-- "),
        lambda shape: shape["remarks"][0].update(rule="a rule"),
        lambda shape: shape["remarks"][0].update(end_line=0),
        lambda shape: shape["remarks"].append(shape["remarks"][0]),
        lambda shape: shape["remarks"][0].update(line=True),
        lambda shape: shape.update(head_sha="main"),
        lambda shape: shape.update({"gaebot-plan": 2}),
        lambda shape: shape["remarks"][1]["remedy"]["lines"].update(new=["a\nb"]),
        lambda shape: shape["remarks"][1]["remedy"]["lines"].update(new=["\u202e"]),
        lambda shape: shape["remarks"][1]["remedy"].update(safety="display"),
    ],
)
def test_what_gaebot_does_not_write_is_refused(change):
    shape = json.loads(dump(statement()))
    change(shape)
    with pytest.raises(StoredError):
        load(json.dumps(shape).encode())


@pytest.mark.parametrize("text", ['{"a": 1, "a": 2}', "NaN", "[" * 100_000, "1" * 5000, '"\\ud800"', "null"])
def test_odd_json_is_refused(text):
    with pytest.raises(StoredError):
        load(text.encode())


def archive(*entries):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as container:
        for name, data, mode in entries:
            info = zipfile.ZipInfo(name)
            info.external_attr = mode << 16
            info.compress_type = zipfile.ZIP_DEFLATED
            container.writestr(info, data)
    return stream.getvalue()


GOOD = ("gaebot-plan.json", dump(statement()), stat.S_IFREG | 0o644)


@pytest.mark.parametrize(
    "entries",
    [
        [],
        [GOOD, ("b", b"", stat.S_IFREG)],
        [GOOD, GOOD],
        [("../gaebot-plan.json", *GOOD[1:])],
        [("plan.json", *GOOD[1:])],
        [(*GOOD[:2], stat.S_IFLNK | 0o777)],
        [(*GOOD[:2], stat.S_IFIFO)],
        [("gaebot-plan.json/", b"", stat.S_IFDIR)],
        [("gaebot-plan.json", b" " * (MOST_BYTES + 1), stat.S_IFREG)],
    ],
    ids=["none", "two", "twice", "outside", "named otherwise", "link", "pipe", "folder", "bomb"],
)
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_archives_of_anything_else_are_refused(entries):
    assert load_archive(archive(GOOD)) == statement()
    with pytest.raises(StoredError):
        load_archive(archive(*entries))


def test_an_archive_that_lies_about_its_size_is_refused():
    data = bytearray(archive(("gaebot-plan.json", b" " * (MOST_BYTES + 10), stat.S_IFREG)))
    size = (MOST_BYTES + 10).to_bytes(4, "little")
    with pytest.raises(StoredError):
        load_archive(bytes(data).replace(size, (10).to_bytes(4, "little")))
    with pytest.raises(StoredError):
        load_archive(b"x" * (MOST_BYTES + 1))
