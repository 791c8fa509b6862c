"""A file holds letters that are not ASCII and does not say its encoding.

## Why

Python 2 refuses to compile such a file, "Non-ASCII character … but no encoding declared", in comments as
well. On Python 2.5 a script that no request had reached could hide that.

## Fix

`# -*- coding: utf-8 -*-` in the first line, or in the second below `#!`. The fix adds it where the file
is UTF-8.

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
import webapp2

# Über uns
app = webapp2.WSGIApplication([])
```

```python after main.py
# -*- coding: utf-8 -*-
import webapp2

# Über uns
app = webapp2.WSGIApplication([])
```

## Source

PEP 263.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from gaebot.app import App
from gaebot.finding import Finding, Fix, Place, RunsOn, Safety, Severity
from gaebot.rule import Rule
from gaebot.rules.python27.shared.scripts.handler_scripts import asked_files
from gaebot.text import SourceFile, Span

RULE = Rule(__name__, Severity.ERROR)

_COOKIE = re.compile(rb"^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)")
_FOREIGN = re.compile(rb"[\x80-\xff]")


def check(app: App) -> Iterator[Finding]:
    """The first letter of each file that Python can't read."""
    for file in asked_files(app):
        source = file.file.source
        match = _FOREIGN.search(source.data) if not source.bom else None
        if match is None or _declares(source.data):
            continue
        message = "Python 2 does not compile a file with such letters that does not say its encoding."
        yield RULE.finding(Place(source, Span(*match.span())), message, fix=_fix(source))


def _declares(data: bytes) -> bool:
    return any(_COOKIE.match(line) for line in data.splitlines()[:2])


def _fix(source: SourceFile) -> Fix | None:
    try:
        source.data.decode("utf-8")
    except UnicodeDecodeError:
        return None
    start = source.line_span(0).end if source.data.startswith(b"#!") else 0
    if start and not source.data[:start].endswith((b"\n", b"\r")):
        return None
    edit = source.edit(Span(start, start), b"# -*- coding: utf-8 -*-" + source.newline)
    return Fix("Say that the file is UTF-8", (edit,), Safety.SAFE, RunsOn.BOTH)
