"""`with` or `as` is used as a name.

## Why

Python 2.5 took `with` and `as` for names where the file did not ask for the `with` statement. Since 2.6
they are keywords: the file does not compile, "invalid syntax", and nothing in it can be used.

## Fix

Give it another name everywhere, for example `as_`. An attribute of somebody else's object is reached with
`getattr(x, 'as')`.

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

class Query(object):
    def with(self, name):
        return self

app = webapp2.WSGIApplication([])
```

## Source

Python, "What's New in Python 2.6": `with` and `as` are keywords.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from gaebot.app import App
from gaebot.finding import Finding, Place, Severity
from gaebot.rule import Rule
from gaebot.rules.python27.shared.scripts.handler_scripts import asked_files
from gaebot.syntax.python import PythonFile
from gaebot.text import Span

RULE = Rule(__name__, Severity.ERROR)

# An attribute, the name of a function or class, the keyword of an argument, the target of an assignment,
# a parameter or an argument, what is assigned or returned, what a loop counts in.
_USES = (
    rb"\.[ \t]*(as|with)\b(?!\w)"
    rb"|\b(?:def|class)[ \t]+(as|with)[ \t]*[(:]"
    rb"|[(,][ \t]*(as|with)[ \t]*=(?!=)"
    rb"|^[ \t]*(as|with)[ \t]*=(?!=)"
    rb"|[(,][ \t]*(as|with)[ \t]*[,)]"
    rb"|(?:=[ \t]*|\breturn[ \t]+|\bfor[ \t]+)(as|with)\b[ \t]*(?:$|[#;\r.\[,)]|in\b)"
)
# What stands in front of each of them.
_BEFORE = re.compile(rb"(?:^|[.,(=]|\b(?:def|class|return|for)[ \t])[ \t]*\Z", re.MULTILINE)
_NO_CODE = frozenset({"comment", "string", "string_content", "string_start", "string_end", "escape_sequence"})


def check(app: App) -> Iterator[Finding]:
    """Each place where one of the words can only be a name."""
    for file in asked_files(app):
        for match in _uses(file.file):
            number = next(number for number in range(1, 7) if match.group(number))
            span = Span(*match.span(number))
            if _is_code(file.file, span):
                word = match.group(number).decode()
                message = (
                    f"`{word}` is a keyword since Python 2.6: the file does not compile. Use another name."
                )
                yield RULE.finding(Place(file.file.source, span), message)


def _uses(file: PythonFile) -> Iterator[re.Match[bytes]]:
    """The uses in the lines that hold one of the words."""
    data, after = file.source.data, -1
    for at in file.places_of("as", "with"):
        start = data.rfind(b"\n", 0, at) + 1
        if at > after and _BEFORE.search(data, start, at):
            after = data.find(b"\n", at)
            after = after if after >= 0 else len(data)
            yield from re.compile(_USES, re.MULTILINE).finditer(data, start, after)


def _is_code(file: PythonFile, span: Span) -> bool:
    node = file.root.descendant_for_byte_range(span.start, span.end)
    while node is not None:
        if node.type in _NO_CODE:
            return False
        node = node.parent
    return True
