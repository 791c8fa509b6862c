"""A statement as JSON, for another workflow, and the strict reader of what such a workflow gets.

What is read was written by a run of somebody else's code: it may say anything. So there is one shape, every
text has a length and every number a range, and what does not fit is refused as a whole.
"""

from __future__ import annotations

import io
import json
import re
import stat
import zipfile
import zlib
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from gaebot.bot.review.statement import (
    MOST_QUOTED,
    Lines,
    Remark,
    Remedy,
    ServiceState,
    Statement,
    Trouble,
    fits,
)
from gaebot.finding import RunsOn, Safety, Severity

T = TypeVar("T")
Json = Mapping[str, Any]

ARTIFACT = "gaebot-plan"
FILE = "gaebot-plan.json"
VERSION = 1
MOST_BYTES = 4_000_000  # of the file; its archive may have as many
MOST_REMARKS = 2_000
_MOST_ENTRIES = 500  # apps, services, troubles
_MOST_LETTERS = 4_000  # of a message
_MOST_OF_A_PATH = 4_096
_MOST = 10_000_000  # of any number

_FINGERPRINT = re.compile(r"[0-9a-f]{16}")
_SHA = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_RULE = re.compile(r"[a-z][a-z0-9-]{0,79}")
_REGULAR = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    RuntimeError,
    NotImplementedError,
    ValueError,
)


class StoredError(ValueError):
    """What is stored is not what it should be. The text is a sentence that quotes nothing of it."""


# -- writing ---------------------------------------------------------------------------------


def dump(statement: Statement) -> bytes:
    """A statement as JSON, in ASCII. The best remarks are kept where there are too many."""
    remarks = [_shortened(_remark_json(remark)) for remark in statement.remarks[:MOST_REMARKS]]
    shape = {
        "gaebot-plan": VERSION,
        "number": statement.number,
        "head_sha": statement.head_sha,
        "remarks": remarks,
        "apps": list(statement.apps[:_MOST_ENTRIES]),
        "services": [_shortened(vars(each)) for each in statement.services[:_MOST_ENTRIES]],
        "troubles": [_shortened(vars(each)) for each in statement.troubles[:_MOST_ENTRIES]],
        "gone": statement.gone,
        "silenced": statement.silenced,
        "known": statement.known,
    }
    data = json.dumps(shape).encode()
    while len(data) > MOST_BYTES and remarks:
        del remarks[len(remarks) // 2 :]
        data = json.dumps(shape).encode()
    return data


def _remark_json(remark: Remark) -> dict[str, Any]:
    remedy = remark.remedy
    return {
        **vars(remark),
        "severity": remark.severity.value,
        "quote": list(remark.quote),
        "remedy": None if remedy is None else _remedy_json(remedy),
    }


def _remedy_json(remedy: Remedy) -> dict[str, Any]:
    lines = remedy.lines
    return {
        "title": remedy.title[:_MOST_LETTERS],
        "safety": remedy.safety.value,
        "runs_on": remedy.runs_on.value,
        "files": remedy.files,
        "lines": lines and {"start": lines.start, "old": list(lines.old), "new": list(lines.new)},
    }


def _shortened(shape: Mapping[str, Any]) -> dict[str, Any]:
    """The same with long sentences cut."""
    return {
        key: value[:_MOST_LETTERS] if key in {"message", "reason"} else value for key, value in shape.items()
    }


# -- reading ---------------------------------------------------------------------------------


def load_archive(archive: bytes) -> Statement:
    """The statement in the archive of an artifact: a zip that holds one plain file. Raises `StoredError`."""
    if len(archive) > MOST_BYTES:
        raise StoredError("The artifact is too large.")
    try:
        with zipfile.ZipFile(io.BytesIO(archive)) as container:
            data = _one_file(container)
    except StoredError:
        raise
    except _UNREADABLE:
        raise StoredError("The artifact is no archive that can be read.") from None
    return load(data)


def _one_file(container: zipfile.ZipFile) -> bytes:
    """The content of the only file in an archive; its own word on its size is not taken."""
    entries = container.infolist()
    if len(entries) != 1 or not _is_plain(entries[0]):
        raise StoredError(f"The artifact does not hold the one plain file {FILE}.")
    with container.open(entries[0]) as stream:
        return stream.read(MOST_BYTES + 1)


def _is_plain(entry: zipfile.ZipInfo) -> bool:
    mode = entry.external_attr >> 16
    return (
        entry.filename == FILE
        and entry.orig_filename == FILE
        and (stat.S_IFMT(mode) in {0, stat.S_IFREG})
        and not entry.flag_bits & 0x1  # encrypted
        and entry.compress_type in _REGULAR
        and entry.file_size <= MOST_BYTES
    )


def load(data: bytes) -> Statement:
    """The statement that JSON says. Raises `StoredError`."""
    if len(data) > MOST_BYTES:
        raise StoredError("The plan is too large.")
    try:
        whole = json.loads(data.decode(), object_pairs_hook=_object, parse_constant=_no_constant)
        return _statement(whole)
    except StoredError:
        raise
    except (ValueError, RecursionError, KeyError, TypeError):
        raise StoredError("The plan is not what gaebot writes.") from None


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len({key for key, _ in pairs}) != len(pairs):
        raise StoredError("The plan says something twice.")
    return dict(pairs)


def _no_constant(_name: str) -> None:
    raise StoredError("The plan holds a number that is none.")


def _statement(value: object) -> Statement:
    names = "gaebot-plan number head_sha remarks apps services troubles gone silenced known"
    shape = _shape(value, names)
    if shape["gaebot-plan"] != VERSION or isinstance(shape["gaebot-plan"], bool):
        raise StoredError("The plan is from another version of gaebot: use the same in both workflows.")
    remarks = _list(shape["remarks"], _remark, MOST_REMARKS)
    if len({remark.fingerprint for remark in remarks}) != len(remarks):
        raise StoredError("The plan has a finding twice.")
    return Statement(
        _number(shape["number"], 1),
        _matching(shape["head_sha"], _SHA),
        remarks,
        _list(shape["apps"], _path, _MOST_ENTRIES),
        _list(shape["services"], _service, _MOST_ENTRIES),
        _list(shape["troubles"], _trouble, _MOST_ENTRIES),
        _optional(shape["gone"], _number),
        _number(shape["silenced"]),
        _optional(shape["known"], _number),
    )


def _remark(value: object) -> Remark:
    names = "fingerprint rule severity app path line end_line quote message remedy former is_new blocks"
    shape = _shape(value, names)
    line, end_line = _number(shape["line"], 1), _number(shape["end_line"], 1)
    if end_line < line:
        raise StoredError("The plan has a finding that ends before it begins.")
    return Remark(
        _matching(shape["fingerprint"], _FINGERPRINT),
        _matching(shape["rule"], _RULE),
        Severity(_text(shape["severity"])),
        _path(shape["app"]),
        _path(shape["path"]),
        line,
        end_line,
        _list(shape["quote"], _text, MOST_QUOTED),
        _text(shape["message"]),
        _optional(shape["remedy"], _remedy),
        "" if shape["former"] == "" else _matching(shape["former"], _FINGERPRINT),
        _optional(shape["is_new"], _flag),
        _flag(shape["blocks"]),
    )


def _remedy(value: object) -> Remedy:
    shape = _shape(value, "title safety runs_on files lines")
    safety = Safety(_text(shape["safety"]))
    lines = _optional(shape["lines"], _lines)
    if lines is not None and safety is Safety.DISPLAY:
        raise StoredError("The plan would apply a fix that is only shown.")
    return Remedy(
        _text(shape["title"]), safety, RunsOn(_text(shape["runs_on"])), _number(shape["files"]), lines
    )


def _lines(value: object) -> Lines:
    shape = _shape(value, "start old new")
    texts = (_list(shape[name], _line, _MOST_ENTRIES) for name in ("old", "new"))
    lines = Lines(_number(shape["start"], 1), *texts)
    if not fits(lines):
        raise StoredError("The plan suggests lines that can't stand in a suggestion.")
    return lines


def _service(value: object) -> ServiceState:
    shape = _shape(value, "app path is_safe reason to_mend")
    return ServiceState(
        _path(shape["app"]),
        _path(shape["path"]),
        _flag(shape["is_safe"]),
        _text(shape["reason"]),
        _number(shape["to_mend"]),
    )


def _trouble(value: object) -> Trouble:
    shape = _shape(value, "path message")
    return Trouble(_path(shape["path"]), _text(shape["message"]))


def _shape(value: object, names: str) -> Json:
    """An object that has these keys and no others."""
    if not isinstance(value, dict) or value.keys() != set(names.split()):
        raise StoredError("The plan has other parts than gaebot writes.")
    return value


def _list(value: object, read: Callable[[object], T], most: int) -> tuple[T, ...]:
    if not isinstance(value, list) or len(value) > most:
        raise StoredError("The plan has a list that is none, or too long.")
    return tuple(map(read, value))


def _optional(value: object, read: Callable[[object], T]) -> T | None:
    return None if value is None else read(value)


def _text(value: object, most: int = _MOST_LETTERS) -> str:
    if not isinstance(value, str) or len(value) > most:
        raise StoredError("The plan has a text that is none, or too long.")
    return value


def _path(value: object) -> str:
    return _text(value, _MOST_OF_A_PATH)


def _line(value: object) -> str:
    text = _text(value, 100_000)
    if "\n" in text:
        raise StoredError("The plan has a line that is several.")
    return text


def _matching(value: object, pattern: re.Pattern[str]) -> str:
    text = _text(value)
    if pattern.fullmatch(text) is None:
        raise StoredError("The plan has a name that is none.")
    return text


def _number(value: object, least: int = 0) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= _MOST:
        raise StoredError("The plan has a number that is none, or out of range.")
    return value


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise StoredError("The plan has neither true nor false where one should be.")
    return value
