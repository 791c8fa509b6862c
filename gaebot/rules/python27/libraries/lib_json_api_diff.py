"""The app uses what simplejson has and `json` has not.

## Why

The `json` of Python 2.7 is simplejson 2.0.9. What came later is missing: `use_decimal` and with it
Decimals, `for_json`, `namedtuple_as_object`, an `indent` that is a string, `OrderedDict`,
`JSONEncoderForHTML`. Where simplejson raises a JSONDecodeError that knows the position, `json` raises a
plain ValueError. `encoder.FLOAT_REPR` is there, but the encoder in C does not look at it;
`_iterencode` can't be overridden.

## Fix

Convert the values before: Decimals with `str`, named tuples with `_asdict()`. `indent` takes a number. Or
keep a copy of simplejson in the app: it is pure Python and works.

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
import simplejson

class Main(webapp2.RequestHandler):
    def get(self):
        self.response.out.write(simplejson.dumps({'price': self.price()}, use_decimal=True))

app = webapp2.WSGIApplication([('/', Main)])
```

## Source

Python 2.7, Lib/json; simplejson's CHANGES.txt from 2.1.0 on.
"""

from __future__ import annotations

from collections.abc import Iterator

from gaebot.app import App
from gaebot.finding import Finding, Severity
from gaebot.rule import Rule, python_with
from gaebot.rules.python27.shared.libraries.json_imports import json_imports
from gaebot.rules.python27.shared.scripts.handler_scripts import asked_files

RULE = Rule(__name__, Severity.WARNING, only_in=python_with("simplejson"))


def check(app: App) -> Iterator[Finding]:
    """Each use of what `json` has not, where the app does not carry simplejson along."""
    for file in asked_files(app):
        found = json_imports(app, file.file)
        if found is None or any(map(found.is_own, found.bindings)):
            continue
        for difference in found.differences:
            if file.runs(difference.node) and difference.what != "a star import":
                message = f"`json` of Python 2.7 does not have {difference.what} as simplejson does."
                yield RULE.finding(file.file.place(difference.node), message)
