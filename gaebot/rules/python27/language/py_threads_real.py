"""Threads are real on python27.

## Why

On Python 2.5 `threading` was a dummy: `Thread(target=f).start()` ran `f` at once and came back when it
was done, and locks did nothing. On python27 threads run side by side. They must end before the request
does; what they share with the handler needs locks, and what they do after the answer is cut off.

`ts-thread-at-import` speaks of threads that start while modules are loaded.

## Fix

`join()` the threads before the handler returns, or hand the work to a task queue.

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

class Main(webapp2.RequestHandler):
    def get(self):
        threading.Thread(target=self.send).start()

app = webapp2.WSGIApplication([('/', Main)])
```

## Source

SDK: google/appengine/runtime/runtime.py starts threads with the request's environment. Google's older
SDKs put `dummy_thread` in the place of `thread` for Python 2.5.
"""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from gaebot.app import App
from gaebot.finding import Finding, Related, Severity
from gaebot.rule import Rule, python_with
from gaebot.rules.python27.shared.process.started import started_on_import
from gaebot.rules.python27.shared.scripts.handler_scripts import RequestFile, asked_files

_STARTERS = ("threading.Thread", "threading.Timer", "thread.start_new_thread", "thread.start_new")

RULE = Rule(__name__, Severity.WARNING, only_in=python_with(*(name.rpartition(".")[2] for name in _STARTERS)))

_MOST_RELATED = 5


def check(app: App) -> Iterator[Finding]:
    """One finding for each file that starts threads and waits for none."""
    for file in asked_files(app):
        if b"thread" not in file.file.source.data:
            continue
        at_import = {call.id for call in started_on_import(app, file)}
        calls = [call for call in file.file.calls(*_STARTERS) if file.runs(call) and call.id not in at_import]
        if calls and not _joins(file):
            message = (
                "Threads run side by side on python27, where they ran one after the other before: wait for"
                " them with `join()`, or use a task queue."
            )
            first, *others = calls
            related = [Related(file.file.place(call), "And here.") for call in others[:_MOST_RELATED]]
            yield RULE.finding(file.file.place(first), message, related=related)


def _joins(file: RequestFile) -> bool:
    """Whether something like a thread is waited for: a `join` without arguments."""
    for name in file.file.identifiers("join"):
        chain = name.parent
        call: Node | None = chain.parent if chain is not None and chain.type == "attribute" else None
        holder = call.child_by_field_name("arguments") if call is not None and call.type == "call" else None
        if holder is not None and not holder.named_children:
            return True
    return False
