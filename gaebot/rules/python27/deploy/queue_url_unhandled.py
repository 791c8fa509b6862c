"""A task is sent to a URL that no handler takes.

## Why

Tasks of a push queue are requests. `taskqueue.add(url='/work')` needs a handler for `/work`, and
`deferred.defer(...)` one for `/_ah/queue/deferred`. Without it the task fails with "404 Not Found" and
is tried again and again. On the way to Python 2.7 such a handler is easily lost, because the old
`$PYTHON_LIB/google/appengine/ext/deferred/handler.py` is no longer there.

## Fix

Add a handler for the URL. For deferred tasks switch on the builtin:

    builtins:
    - deferred: on

gaebot looks at URLs that are written out, and says nothing when any service of the app may take
them, or when a task names its own target.

## Example

```yaml before app.yaml
application: guestbook
version: 1
runtime: python27
api_version: 1
threadsafe: true
handlers:
- url: /
  script: main.app
```

```python before main.py
import webapp2
from google.appengine.api import taskqueue


class MainPage(webapp2.RequestHandler):
    def post(self):
        taskqueue.add(url='/work', params={'name': 'x'})


app = webapp2.WSGIApplication([('/', MainPage)])
```

## Source

Google, "Using Push Queues". SDK: `google/appengine/api/taskqueue/taskqueue.py`,
`google/appengine/ext/deferred/deferred.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from tree_sitter import Node

from gaebot.app import App
from gaebot.finding import Finding, Severity
from gaebot.rule import Rule, python_with
from gaebot.rules.python27.shared.config.routes import DEFERRED_PATH, all_routes
from gaebot.syntax.nodes import arguments, string_value
from gaebot.syntax.python import PythonFile

_ADD = frozenset(
    f"google.appengine.api.{module}.{name}"
    for module in ("taskqueue", "taskqueue.taskqueue", "labs.taskqueue", "labs.taskqueue.taskqueue")
    for name in ("add", "Task")
)
_DEFER = frozenset({"google.appengine.ext.deferred.defer", "google.appengine.ext.deferred.deferred.defer"})
# Rarer than `add`. A file that calls one of the functions has to say its module, which no app has of its own.
_MODULES = {name.split(".")[-2] for name in _ADD | _DEFER}
_TEST = re.compile(r"(?:^|[/_])tests?(?:[/_.]|$)")

RULE = Rule(__name__, Severity.WARNING, only_in=python_with(*_MODULES))


def check(app: App) -> Iterator[Finding]:
    """Tasks with a URL that is written out and that no service takes."""
    routes = all_routes(app)
    if not routes:
        return
    for file in app.python_files(b"taskqueue", b"deferred"):
        if _TEST.search(file.source.path) or not app.is_asked_for(file.source.path):
            continue
        for call, path in _tasks(file):
            if any(service.can_take(path) for service in routes):
                continue
            if path == DEFERRED_PATH:
                advice = "switch on the builtin: `builtins:` with `- deferred: on` in app.yaml."
            else:
                advice = "add one to the service that shall do the work."
            yield RULE.finding(file.place(call), f"No handler takes `{path}`, so this task fails: {advice}")


def _tasks(file: PythonFile) -> Iterator[tuple[Node, str]]:
    """The calls that make a task, with the path of its URL."""
    for call in file.calls(*_ADD):
        _, named = arguments(call)
        path = (string_value(named.get("url")) or "").partition("?")[0]
        if (
            "target" not in named
            and path.startswith("/")
            and "%" not in path
            and not path.startswith("/_ah/")
        ):
            yield call, path
    for call in file.calls(*_DEFER):
        _, named = arguments(call)
        if named.keys().isdisjoint({"_url", "_target"}):
            yield call, DEFERRED_PATH
