"""A checksum is packed as an unsigned number, and can be negative.

## Why

`zlib.crc32`, `zlib.adler32` and `binascii.crc32` give a signed number on every platform since Python 2.6,
and `struct.pack` refuses numbers that do not fit: `struct.pack('>L', zlib.crc32(data))` raises
struct.error for half of all data. `'%08x' % zlib.crc32(data)` gets a minus sign.

## Fix

`& 0xffffffff`, which makes the number unsigned on both runtimes.

## Example

```yaml before app.yaml
runtime: python27
api_version: 1
threadsafe: true
handlers:
- url: /.*
  script: main.app
```

```python before main.py
import struct
import webapp2
import zlib

def chunk(data):
    return struct.pack('>L', zlib.crc32(data))

app = webapp2.WSGIApplication([])
```

```python after main.py
import struct
import webapp2
import zlib

def chunk(data):
    return struct.pack('>L', zlib.crc32(data) & 0xffffffff)

app = webapp2.WSGIApplication([])
```

## Source

Python 2.7, Library Reference, zlib and binascii, `crc32`: changed in version 2.6. Tried:
struct.pack('>L', -5).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from tree_sitter import Node

from gaebot.app import App
from gaebot.finding import Finding, Fix, RunsOn, Safety, Severity
from gaebot.rule import Rule, python_with
from gaebot.rules.python27.shared.scripts.handler_scripts import RequestFile, asked_files
from gaebot.syntax.nodes import arguments, string_value, text
from gaebot.text import Span

RULE = Rule(__name__, Severity.ERROR, only_in=python_with("crc32", "adler32"))

_SUMS = ("zlib.crc32", "zlib.adler32", "binascii.crc32")
# One code of `struct.pack`, one placeholder of the operator `%`.
_CODE = re.compile(r"(\d*)([xcbBhHiIlLqQfdspP?])")
_PLACE = re.compile(r"%[-#0 +]*\d*(?:\.\d+)?([a-zA-Z%])")
_MOST_VALUES = 1000


def check(app: App) -> Iterator[Finding]:
    """Each checksum that is packed or printed as it is."""
    for file in asked_files(app):
        if b"crc32" not in file.file.source.data and b"adler32" not in file.file.source.data:
            continue
        for call in file.file.calls(*_SUMS):
            if file.runs(call) and (_is_packed(file, call) or _is_printed(call)):
                message = (
                    "This can be negative since Python 2.6, and an unsigned number is wanted: `& 0xffffffff`."
                )
                edit = file.file.source.edit(Span(call.end_byte, call.end_byte), b" & 0xffffffff")
                fix = Fix("Make the number unsigned", (edit,), Safety.SAFE, RunsOn.BOTH)
                if not _is_packed(file, call):
                    whole = file.file.source.data[call.start_byte : call.end_byte]
                    edit = file.file.source.edit(file.file.span(call), b"(" + whole + b" & 0xffffffff)")
                    fix = Fix("Make the number unsigned", (edit,), Safety.SAFE, RunsOn.BOTH)
                severity = Severity.ERROR if _is_packed(file, call) else Severity.WARNING
                yield RULE.finding(file.file.place(call), message, fix=fix, severity=severity)


def _is_packed(file: RequestFile, call: Node) -> bool:
    holder = call.parent
    outer = holder.parent if holder is not None and holder.type == "argument_list" else None
    function = outer.child_by_field_name("function") if outer is not None and outer.type == "call" else None
    if outer is None or function is None or not file.file.refers_to(function, "struct.pack"):
        return False
    given = arguments(outer)[0]
    wanted = string_value(given[0]) if given else None
    if wanted is None or call not in given[1:]:
        return False
    return _codes(wanted)[given.index(call) - 1 :][:1] in (["I"], ["L"])


def _codes(wanted: str) -> list[str]:
    """The code for each value that a format of `struct` takes; padding takes none, a text one."""
    codes: list[str] = []
    for count, code in _CODE.findall(wanted):
        if code in "sp":
            codes.append(code)
        elif code != "x":
            codes.extend([code] * min(int(count or 1), _MOST_VALUES))
    return codes


def _is_printed(call: Node) -> bool:
    outer, index = call.parent, 0
    if outer is not None and outer.type == "parenthesized_expression":
        outer = outer.parent
    elif outer is not None and outer.type == "tuple":
        index = outer.named_children.index(call)
        outer = outer.parent
    if outer is None or outer.type != "binary_operator" or text(outer.child_by_field_name("operator")) != "%":
        return False
    wanted = string_value(outer.child_by_field_name("left"))
    if wanted is None or "*" in wanted:
        return False
    places = [place for place in _PLACE.findall(wanted) if place != "%"]
    return places[index : index + 1] in (["x"], ["X"], ["u"])
