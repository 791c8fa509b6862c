"""`except A, B:` catches only A.

## Why

Python 2 reads the second name as the one that the exception is given: `except KeyError, ValueError:`
catches no ValueError, and hides the class of that name from the rest of the function. It is so on both
runtimes. Which errors come up changes with the move, so that such a clause shows only now.

## Fix

`except (KeyError, ValueError):`.

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

def number(text):
    try:
        return int(text)
    except TypeError, ValueError:
        return None

app = webapp2.WSGIApplication([])
```

```python after main.py
import webapp2

def number(text):
    try:
        return int(text)
    except (TypeError, ValueError):
        return None

app = webapp2.WSGIApplication([])
```

## Source

The Python Language Reference 2.7, The try statement.
"""

from __future__ import annotations

from collections.abc import Iterator

from gaebot.app import App
from gaebot.finding import Finding, Fix, RunsOn, Safety, Severity
from gaebot.rule import Rule, python_with
from gaebot.rules.python27.shared.scripts.handler_scripts import asked_files
from gaebot.syntax.nodes import text
from gaebot.text import Span

RULE = Rule(__name__, Severity.WARNING, only_in=python_with("except"))

_CLASSES = frozenset(
    {
        *("ArithmeticError", "AssertionError", "AttributeError", "EOFError", "EnvironmentError", "Exception"),
        *("IOError", "ImportError", "IndexError", "KeyError", "LookupError", "MemoryError", "NameError"),
        *(
            "NotImplementedError",
            "OSError",
            "OverflowError",
            "RuntimeError",
            "StandardError",
            "StopIteration",
        ),
        *(
            "SyntaxError",
            "SystemError",
            "TypeError",
            "UnicodeDecodeError",
            "UnicodeEncodeError",
            "UnicodeError",
        ),
        *("ValueError", "ZeroDivisionError"),
    }
)


def check(app: App) -> Iterator[Finding]:
    """Each clause whose second name is that of a class of exceptions."""
    for file in asked_files(app):
        for clause in file.file.keyword_nodes("except"):
            values = clause.children_by_field_name("value") if clause.type == "except_clause" else []
            if len(values) != 2 or values[1].type != "identifier" or not file.runs(clause):
                continue
            second = text(values[1])
            if second not in _CLASSES and not second.endswith(("Error", "Exception")):
                continue
            between = file.file.source.data[values[0].end_byte : values[1].start_byte]
            if b"," not in between:
                continue
            message = f"This catches no `{second}`: it gives the exception that name. Put both into brackets."
            edits = (
                file.file.source.edit(Span(values[0].start_byte, values[0].start_byte), b"("),
                file.file.source.edit(Span(values[1].end_byte, values[1].end_byte), b")"),
            )
            fix = Fix("Catch both", edits, Safety.REVIEW, RunsOn.BOTH)
            yield RULE.finding(file.file.place(values[1]), message, fix=fix)
