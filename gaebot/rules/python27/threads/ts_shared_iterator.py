"""Requests take from one iterator, or read and write one file.

## Why

A generator, an iterator or an open file at module level is one object with one position. With
`threadsafe: true` the requests of an instance use it at the same time: what one of them takes, the others
miss, and two that ask a generator at once get "ValueError: generator already executing". When it has come
to its end there is nothing left for any later request. What several requests write to one StringIO gets
mixed. Of six runs in which four threads went through one `csv.reader`, four ended CPython 2.7.18 itself.

Left alone are lists, tuples, dictionaries and strings, which can be gone through again and again;
`itertools.count`, `cycle` and `repeat`, which hand out one item after the other without a gap; what is behind
a lock; `getvalue()` of a StringIO that no request writes to; and what import code goes through.

## Fix

Make it where it is used, in the function. Or take the items out once, at module level: `WORDS = list(…)`,
`TEXT = open(path).read()`.

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
import csv
import webapp2

rows = csv.reader(open('cities.csv'))

class Main(webapp2.RequestHandler):
    def get(self):
        for row in rows:
            self.response.write(row[0])

app = webapp2.WSGIApplication([('/', Main)])
```

## Source

Google, "Migrating to Python 2.7", Making your application threadsafe. CPython 2.7: Objects/genobject.c,
`gen_send_ex`; Modules/itertoolsmodule.c, `count_next`.
"""

from __future__ import annotations

from collections.abc import Iterator

from gaebot.app import App
from gaebot.finding import Finding, Related, Severity
from gaebot.rule import Rule
from gaebot.rules.python27.shared.concurrency.severity import severity
from gaebot.rules.python27.shared.process.iterators import asked_iterators
from gaebot.rules.python27.shared.reach.requests import how

RULE = Rule(__name__, Severity.WARNING)

_OUTCOME = {
    "generator": "two that ask it at once get ValueError, and what one of them takes, the others miss",
    "iterator": "what one of them takes, the others miss, and in the end nothing is left",
    "file": "they share its position, and what one of them reads, the others miss",
    "buffer": "what they write and read there gets mixed",
}
_MOST_RELATED = 5


def check(app: App) -> Iterator[Finding]:
    """One finding for each iterator or file that requests use up."""
    for found in asked_iterators(app):
        first, *others = found.uses
        message = (
            f"All requests of an instance use this one `{found.binding.text}`: {_OUTCOME[found.kind]}."
            f" Make it in the function that uses it. {how(app, first.function)}"
        )
        related = [Related(found.file.file.place(found.binding.name), "It is made here.")]
        related += [Related(use.file.file.place(use.node), "And here.") for use in others[:_MOST_RELATED]]
        level = severity(app, first.file.path, RULE.severity)
        yield RULE.finding(first.file.file.place(first.node), message, related=related, severity=level)
