"""A request changes what belongs to the whole process.

## Why

With `threadsafe: true` the requests of an instance are threads of one process. What is set on a module of
Python or the SDK is set for all of them: the default timeout of sockets, the opener of urllib2, the level
and the handlers of a logger, `sys.stdout`, the seed of `random`, a function that is replaced by another
one. A request that installs an opener with a visitor's cookies sends them along with the other visitors'
requests.

To put it back afterwards does not help: other requests have run in between, and when two of them save and
restore, the last one restores what the first one has set. `warnings.catch_warnings()` does the same and is
no better.

What is always set to the same does no harm, and is a note: it belongs at module level, where it runs once.

Left alone is what belongs to one thread or request: `os.environ`, the context of `decimal`, `sys.settrace`
and `sys.setprofile`, `urlfetch.set_default_fetch_deadline`; `random.Random()`; `logging.basicConfig`, of
which only the first call does anything; and what the sandbox refuses: `os.chdir`, `os.umask`, and
`locale.setlocale` for every locale but C.

## Fix

Hand the value to the call that needs it: `urllib2.urlopen(url, timeout=5)`, `opener.open(url)`,
`random.Random(seed)`, `print >>out`. Set at module level what holds for every request.

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
import cookielib
import urllib2
import webapp2

class Main(webapp2.RequestHandler):
    def get(self):
        opener = urllib2.build_opener(urllib2.HTTPCookieProcessor(cookielib.CookieJar()))
        urllib2.install_opener(opener)
        self.response.write(urllib2.urlopen(self.request.get('url')).read())

app = webapp2.WSGIApplication([('/', Main)])
```

## Source

Google, "Migrating to Python 2.7", Making your application threadsafe. CPython 2.7: Lib/socket.py,
Lib/urllib2.py, Lib/warnings.py ("catch_warnings is not thread-safe"), Lib/random.py.
SDK: google/appengine/tools/devappserver2/python/runtime/sandbox.py and stubs.py say what is refused.
"""

from __future__ import annotations

from collections.abc import Iterator

from gaebot.app import App
from gaebot.finding import Finding, Related, Severity
from gaebot.rule import Rule
from gaebot.rules.python27.shared.concurrency.severity import severity
from gaebot.rules.python27.shared.process.process_changes import ProcessChange, asked_changes
from gaebot.rules.python27.shared.reach.requests import how
from gaebot.syntax.nodes import ancestors

RULE = Rule(__name__, Severity.WARNING)

_MOST_RELATED = 5
_ONCE = "Set it once, when the module is loaded."
_ADVICE = {
    "socket.setdefaulttimeout": "Give the timeout to the call: `urllib2.urlopen(url, timeout=5)`.",
    "urllib2.install_opener": "Call `opener.open(url)` instead of `urllib2.urlopen(url)`.",
    "urllib._urlopener": "Call `opener.open(url)` instead of `urllib.urlopen(url)`.",
    "sys.stdout": "Write to the other file by its name: `print >>out, text`.",
    "sys.stderr": "Write to the other file by its name: `print >>out, text`.",
    "sys.stdin": "Hand the file over as an argument.",
    "reload": "Keep in the datastore or in memcache what changes while the app runs.",
    "imp.reload": "Keep in the datastore or in memcache what changes while the app runs.",
    "warnings.catch_warnings": "Set the filters once, when the module is loaded.",
    "random.seed": "Make a generator of your own: `random.Random(seed)`.",
    "random.setstate": "Make a generator of your own: `random.Random(seed)`.",
    "gettext.install": "Call the translation's own `ugettext`, and hand it to the code that needs it.",
    "gettext.translation().install": (
        "Call the translation's own `ugettext`, and hand it to the code that needs it."
    ),
    "csv.register_dialect": "Hand the dialect to `csv.reader` and `csv.writer`.",
    "sys.setdefaultencoding": "Say the encoding where text is encoded and decoded.",
    ".addHandler": "Add the handler once, when the module is loaded: else each request adds one more.",
    ".removeHandler": _ONCE,
}


def check(app: App) -> Iterator[Finding]:
    """One finding for each file and each thing that it changes."""
    for state in asked_changes(app):
        for path in dict.fromkeys(change.file.path for change in state.changes):
            here = [change for change in state.changes if change.file.path == path]
            yield _finding(app, here, is_same=state.is_same)


def _finding(app: App, changes: list[ProcessChange], *, is_same: bool) -> Finding:
    first, *others = changes
    if is_same:
        message = (
            f"{first.label} is for the whole process, and each request does the same again: do it once, when"
            f" the module is loaded."
        )
        wanted = Severity.NOTE
    else:
        again = any(other.function is first.function for other in others)
        back = "; to put it back afterwards does not help them" if again or _is_in_finally(first) else ""
        advice = _advice(first)
        message = (
            f"{first.label} is for the whole process: the requests that run at the same time get it"
            f" too{back}. {advice}"
        )
        wanted = RULE.severity
    place = first.file.file.place
    related = [Related(place(other.node), "And here.") for other in others[:_MOST_RELATED]]
    level = severity(app, first.file.path, wanted)
    return RULE.finding(
        place(first.node), f"{message} {how(app, first.function)}", related=related, severity=level
    )


def _advice(change: ProcessChange) -> str:
    """The way out."""
    for name in (change.state.partition(" ")[0], f".{change.does.partition('(')[0]}"):
        if name in _ADVICE:
            return _ADVICE[name]
    if change.label.endswith("= …`"):
        return "Hand over the other value as an argument, or set it once, when the module is loaded."
    return _ONCE


def _is_in_finally(change: ProcessChange) -> bool:
    return any(outer.type == "finally_clause" for outer in ancestors(change.node))
