"""`threadsafe: true` stands above code that requests must not run at the same time.

## Why

With `threadsafe: true` App Engine sends a process several requests at once. Where they change what they share
without a lock, visitors get answers that belong to others, numbers that are wrong, or errors, now and then
and only under load. App Engine checks nothing of that.

What counts is what gives wrong answers: data of one request in a global, counters, containers that some
requests change while others go through them. Something that is at worst made twice does not.

## Fix

Mend the places that the finding names; the rules `ts-…` say how. Until that is done, set `threadsafe: false`:
requests are then served one after the other, by more instances. Where patches mend all of it, there is none
here: take those.

## Example

```yaml before app.yaml
application: shop
version: 1
runtime: python27
api_version: 1
threadsafe: true
handlers:
- url: /.*
  script: main.app
```

```python before main.py
import webapp2

current_user = None


class Home(webapp2.RequestHandler):
    def get(self):
        global current_user
        current_user = self.request.get('user')
        self.response.write('Hello %s' % current_user)


app = webapp2.WSGIApplication([('/', Home)])
```

```yaml after app.yaml
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

Google, "Migrating to Python 2.7", Updating app.yaml and Making Your Application Threadsafe.
"""

from __future__ import annotations

from collections.abc import Iterator

from gaebot.app import App
from gaebot.finding import Finding, Fix, Related, RunsOn, Safety, Severity
from gaebot.rule import YAML, Rule
from gaebot.rules.python27.shared.concurrency import summary
from gaebot.rules.python27.shared.config.services import OLD_RUNTIME
from gaebot.rules.python27.shared.conversion.switch import Switch, switches
from gaebot.sharing import ThreadSafety
from gaebot.syntax.yaml import Pair, boolean

RULE = Rule(__name__, Severity.ERROR, only_in=YAML)

_RELATED = 8  # how many places a finding names


def thread_safety(app: App) -> Iterator[ThreadSafety]:
    """The section of the report: what the requests of each service share."""
    yield from summary.thread_safety(app)


def check(app: App) -> Iterator[Finding]:
    """Services that say `threadsafe: true` while requests would change what they share under each other."""
    for switch in switches(app):
        pair = switch.service.get("threadsafe")
        decision = switch.verdict
        if pair is None or not boolean(pair.value) or switch.targets or not decision.blockers:
            continue
        message = f"`threadsafe: true` is not safe here: {decision.reason}."
        if not decision.waits:
            message += " Mend that, or set it to `false` until it is mended."
        related = [Related(blocker.place, "This is one of the places.") for blocker in decision.blockers]
        place = switch.service.file.pair_place(pair)
        is_leak = any(blocker.is_leak for blocker in decision.blockers)
        severity = Severity.ERROR if is_leak else Severity.WARNING
        related = related[:_RELATED]
        yield RULE.finding(place, message, fix=_fix(switch, pair), related=related, severity=severity)


def _fix(switch: Switch, pair: Pair) -> Fix | None:
    """The patch that takes concurrent requests back; none where the locks do it, or the switch does."""
    service = switch.service
    if switch.verdict.waits or service.runtime == OLD_RUNTIME or not service.file.can_be_patched:
        return switch.fix
    edit = service.file.set_plain(pair.value, "false")
    if edit is None:
        return None
    title = f"Set threadsafe to false in {service.path}"
    return Fix(title, (edit,), Safety.REVIEW, RunsOn.BOTH)
