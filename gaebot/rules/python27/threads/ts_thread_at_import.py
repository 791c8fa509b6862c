"""A thread is started while a module is loaded.

## Why

A module is loaded by the first request that needs it, and a thread that is started then belongs to that
request: the request does not end before the thread does, and the thread sees that request's environment. A
worker that runs for ever keeps the first visitor of each instance waiting until the deadline ends both.

While the module is being loaded, Python holds the import lock. Whatever the thread imports waits for that, a
`join()` in the same module waits for ever then, and `strptime` raises ImportError.

Left alone are threads that are made at module level and started by request code, and those below
`if __name__ == '__main__':`.

## Fix

Start it in the handler that needs its result, and `join()` it there. Work that goes on by itself belongs into
a task queue or a cron job; a backend has `background_thread` of `google.appengine.api`.

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
import threading
import webapp2

def refresh():
    pass

threading.Timer(60, refresh).start()
app = webapp2.WSGIApplication([])
```

## Source

SDK: google/appengine/tools/devappserver2/python/runtime/request_state.py, `end_request`, waits for all
threads of a request; sandbox.py, `_make_request_id_aware_start_new_thread`, gives them its environment.
CPython 2.7: Python/import.c, `_PyImport_AcquireLock`.
"""

from __future__ import annotations

from collections.abc import Iterator

from gaebot.app import App
from gaebot.finding import Finding, Severity
from gaebot.rule import Rule, python_with
from gaebot.rules.python27.shared.concurrency.severity import severity
from gaebot.rules.python27.shared.process.started import STARTING, started_on_import
from gaebot.rules.python27.shared.reach.code import app_code
from gaebot.syntax.nodes import text

RULE = Rule(__name__, Severity.WARNING, only_in=python_with(*STARTING))


def check(app: App) -> Iterator[Finding]:
    """Each thread that import code starts."""
    for file in app_code(app).asked:
        for call in started_on_import(app, file):
            message = (
                f"`{text(call.child_by_field_name('function'))}` starts a thread while the module is loaded:"
                " it belongs to the first request, which does not end before it, and its imports wait for"
                " this one. Start it in the handler that needs it, or use a task queue."
            )
            level = severity(app, file.path, RULE.severity)
            yield RULE.finding(file.file.place(call), message, severity=level)
