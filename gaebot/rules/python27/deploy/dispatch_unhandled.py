"""dispatch.yaml sends a URL to a service that has no handler for it.

## Why

A dispatch rule overrules the handlers of the default service. When the service that it names lost
its handler for the URL on the way to Python 2.7, visitors get "404 Not Found".

## Fix

Add a handler to the service, or correct the rule. gaebot looks only at services that stand in the
same app, and where a pattern with `*` may match a handler it says nothing.

## Example

```yaml before app.yaml
application: guestbook
version: 1
runtime: python27
api_version: 1
threadsafe: true
handlers:
- url: /.*
  script: main.app
```

```yaml before worker.yaml
application: guestbook
module: worker
version: 1
runtime: python27
api_version: 1
threadsafe: true
handlers:
- url: /jobs/.*
  script: jobs.app
```

```yaml before dispatch.yaml
dispatch:
- url: "*/work/*"
  module: worker
```

## Source

Google, "Routing with dispatch files". SDK: `google/appengine/api/dispatchinfo.py`.
"""

from __future__ import annotations

from collections.abc import Iterator

from gaebot.app import App
from gaebot.finding import Finding, Severity
from gaebot.rule import YAML, Rule
from gaebot.rules.python27.shared.config.routes import Routes, routes_of
from gaebot.syntax.yaml import YamlFile, scalar

RULE = Rule(__name__, Severity.WARNING, only_in=YAML)


def check(app: App) -> Iterator[Finding]:
    """Dispatch rules to a service of the app that can't take what they send."""
    for name in ("dispatch.yaml", "dispatch.yml"):
        file = app.yaml(name)
        rules = YamlFile.get(file.mapping, "dispatch") if file is not None else None
        for rule in YamlFile.items(rules.value) if rules else []:
            url = YamlFile.get(rule, "url")
            target = YamlFile.get(rule, "service") or YamlFile.get(rule, "module")
            routes = routes_of(app, scalar(target.value) or "") if target else None
            pattern = scalar(url.value) if url else None
            if file is None or url is None or routes is None or pattern is None or "/" not in pattern:
                continue
            path = "/" + pattern.partition("/")[2]
            if not _can_take(routes, path):
                message = (
                    f"No handler in {routes.service.path} takes `{path}`, so what this rule sends there "
                    "fails: add a handler for it, or correct the rule."
                )
                yield RULE.finding(file.pair_place(url), message)


def _can_take(routes: Routes, path: str) -> bool:
    """Whether a service may take a path of a dispatch rule, which ends in `*` for all that begins so."""
    if path.endswith("*"):
        return routes.can_take_below(path.removesuffix("*"))
    return routes.can_take(path)
