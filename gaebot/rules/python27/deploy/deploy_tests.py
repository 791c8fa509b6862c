"""What to test after the move.

## Why

Google's guide ends with the advice to test the app extensively. What is worth the time depends on what
the app has: gaebot makes the list from that. An app of which there is nothing to say but its URLs gets
none.

## Fix

Deploy under a new `version:`, so that the old one can come back; let the task queues run empty before you
switch; go through the list. The note goes away with `runtime: python`.

## Example

```yaml before app.yaml
runtime: python
api_version: 1
handlers:
- url: /_ah/mail/.+
  script: mail.py
- url: /.*
  script: main.py
```

## Source

Google, "Migrating to Python 2.7", the last section.
"""

from __future__ import annotations

from collections.abc import Iterator

from gaebot.app import App
from gaebot.finding import Finding, Severity
from gaebot.rule import YAML, Rule
from gaebot.rules.python27.shared.config.services import OLD_RUNTIME, is_flexible, python_services
from gaebot.rules.python27.shared.scripts.handler_scripts import request_files
from gaebot.rules.python27.shared.webapp.handler_classes import handler_classes
from gaebot.rules.python27.shared.webapp.names import HTTP_METHODS
from gaebot.rules.python27.shared.webapp.redirects import beginning_of, redirects
from gaebot.rules.python27.shared.webapp.templates import webapp_pages

RULE = Rule(__name__, Severity.NOTE, only_in=YAML)

# What the code says, and what there is to try then.
_SIGNS = (
    (b"blobstore", "uploads and downloads"),
    (b"taskqueue", "tasks that are in the queue while you switch"),
    (b"deferred", "deferred calls, whose pickles name modules"),
    (b"user_agent", "requests without a User-Agent"),
    (b"memcache", "values in memcache that the old version wrote"),
)


def check(app: App) -> Iterator[Finding]:
    """One note for each app that has not moved."""
    for service in python_services(app):
        runtime = service.get("runtime")
        is_old = service.runtime == OLD_RUNTIME and not is_flexible(service) and not service.is_template
        if runtime is not None and is_old:
            if special := list(_special(app)):
                message = f"Before you switch the default version, test: {'; '.join([_urls(app), *special])}."
                yield RULE.finding(service.file.pair_place(runtime), message)
            return


def _patterns(app: App) -> set[str]:
    """The URL patterns that have scripts."""
    handlers = (handler for service in python_services(app) for handler in service.handlers)
    return {handler.url or "" for handler in handlers if handler.use}


def _urls(app: App) -> str:
    count = len(_patterns(app))
    return f"the {count} URL patterns with scripts" if count != 1 else "the URL pattern with a script"


def _special(app: App) -> Iterator[str]:
    handlers = handler_classes(app)
    methods = sum(len(HTTP_METHODS & handler.methods.keys()) for handler in handlers)
    if methods:
        owners = "a handler" if len(handlers) == 1 else f"{len(handlers)} handlers"
        count = "1 method" if methods == 1 else f"{methods} methods"
        yield f"{count} of {owners}, with letters that are not ASCII"
    pages = len(webapp_pages(app))
    if pages:
        yield f"{pages} pages with HTML in their values" if pages > 1 else "the page with HTML in its values"
    data = [file.file.source.data for file in request_files(app)]
    for sign, what in _SIGNS:
        if any(sign in each for each in data):
            yield what
    for prefix, what in (
        ("/_ah/mail", "incoming mail"),
        ("/_ah/xmpp", "XMPP"),
        ("/remote_api", "the remote API"),
    ):
        if any(url.startswith(prefix) for url in _patterns(app)):
            yield what
    addresses = redirects(app, request_files(app))
    if any(not (beginning_of(file, address) or "").startswith("/") for file, address in addresses):
        yield "redirects to addresses that the app does not write itself"
    for path, what in (("cron.yaml", "URLs"), ("queue.yaml", "queues")):
        if path in app.paths:
            yield f"the {what} of {path}"
