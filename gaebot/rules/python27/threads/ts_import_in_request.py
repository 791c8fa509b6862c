"""The first requests that call `strptime` at the same time may fail.

## Why

`time.strptime` and `datetime.datetime.strptime` import a module of Python's, `_strptime`, when they are
called for the first time. Python 2.7 does not wait there: a second thread that calls it while the first one
is still importing gets "AttributeError: 'module' object has no attribute '_strptime'" (Python issue 7980,
which was not mended in 2.7). Of 60 runs of CPython 2.7.18 with 20 threads each, 50 had such errors; of 60
with the module imported before, none. Modules of the SDK do not import it. Google's release notes of 1.6.4
say that an issue with it was fixed, not how.

Left alone are apps that import `_strptime`, or call `strptime` while modules are loaded, which imports it.

Other imports within functions are left alone too: Python's import lock makes the threads wait for each other.

## Fix

`import _strptime` where the module begins, which works on both runtimes.

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
import datetime
import webapp2

class Main(webapp2.RequestHandler):
    def get(self):
        day = datetime.datetime.strptime(self.request.get('day'), '%Y-%m-%d')
        self.response.write(day.strftime('%A'))

app = webapp2.WSGIApplication([('/', Main)])
```

```python after main.py
import _strptime  # for threads: Python issue 7980
import datetime
import webapp2

class Main(webapp2.RequestHandler):
    def get(self):
        day = datetime.datetime.strptime(self.request.get('day'), '%Y-%m-%d')
        self.response.write(day.strftime('%A'))

app = webapp2.WSGIApplication([('/', Main)])
```

## Source

CPython 2.7: Modules/timemodule.c, `time_strptime`, calls PyImport_ImportModuleNoBlock("_strptime");
https://bugs.python.org/issue7980. Google App Engine SDK, release notes of 1.6.4.
"""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from gaebot.app import App
from gaebot.finding import Finding, Fix, Related, RunsOn, Safety, Severity
from gaebot.rule import Rule, python_with
from gaebot.rules.python27.shared.concurrency.severity import severity
from gaebot.rules.python27.shared.reach.code import FunctionCode, app_code
from gaebot.rules.python27.shared.reach.placing import request_function
from gaebot.rules.python27.shared.reach.requests import how
from gaebot.rules.python27.shared.scripts.handler_scripts import RequestFile
from gaebot.syntax.imports import add_import

RULE = Rule(__name__, Severity.WARNING, only_in=python_with("strptime"))

_CALLS = ("datetime.datetime.strptime", "time.strptime")
_IMPORT = b"import _strptime  # for threads: Python issue 7980"
_MOST_RELATED = 5

_Call = tuple[RequestFile, Node, FunctionCode]


def check(app: App) -> Iterator[Finding]:
    """One finding for the app, at the first call."""
    if any(path.endswith(".py") and _imports_it(source.data) for path, source in app.files.items()):
        return
    calls: list[_Call] = []
    for file in app_code(app).files.values():
        if b"strptime" not in file.file.source.data:
            continue
        for call in file.file.calls(*_CALLS):
            function = request_function(app, file, call)
            if function is not None:
                calls.append((file, call, function))
            elif app_code(app).around(file.file, call) is None and file.runs(call):
                return  # it is imported while modules are loaded
    if calls:
        yield _finding(app, calls)


def _imports_it(data: bytes) -> bool:
    """Whether a file says the module's name: `strptime` alone is no such name."""
    return b"import _strptime" in data or b"'_strptime'" in data or b'"_strptime"' in data


def _finding(app: App, calls: list[_Call]) -> Finding:
    calls = sorted(calls, key=lambda call: severity(app, call[0].path, RULE.severity) is not RULE.severity)
    (file, node, function), *others = calls
    message = (
        "The first call of `strptime` imports a module, and threads that call it meanwhile get"
        f" AttributeError: say `import _strptime` at the beginning. {how(app, function)}"
    )
    related = [Related(other.file.place(call), "And here.") for other, call, _ in others[:_MOST_RELATED]]
    files = {each.path: each for each, _, _ in calls}
    edits = [add_import(each.file, _IMPORT) for _, each in sorted(files.items())]
    fix = None
    if None not in edits:
        made = tuple(edit for edit in edits if edit is not None)
        fix = Fix("Import it before requests run", made, Safety.SAFE, RunsOn.BOTH)
    level = severity(app, file.path, RULE.severity)
    return RULE.finding(file.file.place(node), message, fix=fix, related=related, severity=level)
