"""`threadsafe: false`: requests are served one after the other.

## Why

With `false`, App Engine sends a process the next request only when the last one is answered, and starts
more instances instead. With `true` one instance serves several requests at once, which is faster and
cheaper, if the code can take it: WSGI applications only, and no state that requests share by accident.

## Fix

Make every script a WSGI application, mend what the rules `ts-…` report, then set `threadsafe: true`. Where
nothing stands in the way any more, the finding says so.

## Example

```yaml before app.yaml
application: shop
version: 1
runtime: python27
api_version: 1
threadsafe: false
handlers:
- url: /.*
  script: main.app
```

## Source

Google, "Migrating to Python 2.7", Updating app.yaml and Concurrent Requests.
"""

from __future__ import annotations

from collections.abc import Iterator

from gaebot.app import App
from gaebot.finding import Finding, Related, Severity
from gaebot.rule import YAML, Rule
from gaebot.rules.python27.shared.config.schema import listed
from gaebot.rules.python27.shared.config.services import OLD_RUNTIME, python_services
from gaebot.rules.python27.shared.conversion.threadsafety import shared_names, verdict
from gaebot.service import Service
from gaebot.syntax.yaml import boolean

RULE = Rule(__name__, Severity.NOTE, only_in=YAML)


def check(app: App) -> Iterator[Finding]:
    """Services on python27 that say `threadsafe: false`."""
    for service in python_services(app):
        pair = service.get("threadsafe")
        if service.runtime == OLD_RUNTIME or pair is None or boolean(pair.value) is not False:
            continue
        cgi = [use for use in service.scripts if use.script.is_cgi]
        if cgi:
            names = tuple(dict.fromkeys(use.script.text for use in cgi))
            more = f" and {len(names) - 3} more" if len(names) > 3 else ""
            way = f"CGI scripts stand in the way of `true`: {listed(names[:3])}{more}."
        else:
            way = _way(app, service)
        message = f"With `threadsafe: false` requests are served one after the other. {way}"
        related = [Related(use.place, "This is a CGI script.") for use in cgi[:10]]
        yield RULE.finding(service.file.pair_place(pair), message, related=related)


def _way(app: App, service: Service) -> str:
    """What is left to do where no CGI script is in the way."""
    decision = verdict(app, service, 0)
    if decision.blockers:
        names = shared_names(decision.blockers)
        return f"Before you set it to `true`, mend what requests would change at the same time: {names}."
    return "Nothing that gaebot can see is in the way: set it to `true`."
