"""A cron job calls a URL that no handler takes.

## Why

Cron jobs are requests. When handlers are renamed, split or taken out on the way to Python 2.7, a
job can lose its handler: it then fails with "404 Not Found" each time, and nobody sees it.

## Fix

Add a handler for the URL, or take the job out of cron.yaml. gaebot looks at the service that the job
names as its `target`, else at the default one, with the handlers of its includes and builtins. It says
nothing where those can't all be told.

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
- url: /tasks/mail
  script: main.app
  login: admin
```

```yaml before cron.yaml
cron:
- description: clean up
  url: /tasks/cleanup
  schedule: every 24 hours
```

## Source

Google, "Scheduling Tasks With Cron". SDK: `google/appengine/api/croninfo.py`.
"""

from __future__ import annotations

from collections.abc import Iterator

from gaebot.app import App
from gaebot.finding import Finding, Severity
from gaebot.rule import YAML, Rule
from gaebot.rules.python27.shared.config.routes import routes_of
from gaebot.syntax.yaml import YamlFile, scalar

RULE = Rule(__name__, Severity.WARNING, only_in=YAML)


def check(app: App) -> Iterator[Finding]:
    """Cron jobs whose URL is taken by no handler of the service that they call."""
    for name in ("cron.yaml", "cron.yml"):
        file = app.yaml(name)
        jobs = YamlFile.get(file.mapping, "cron") if file is not None else None
        for job in YamlFile.items(jobs.value) if jobs else []:
            url, target = YamlFile.get(job, "url"), YamlFile.get(job, "target")
            path = (scalar(url.value) if url else None) or ""
            path = path.partition("?")[0]
            service = (scalar(target.value) if target else None) or "default"
            routes = routes_of(app, service)
            # What lies below /_ah/ may belong to the runtime.
            if (
                file is None
                or url is None
                or routes is None
                or not path.startswith("/")
                or path.startswith("/_ah/")
            ):
                continue
            if not routes.can_take(path):
                message = (
                    f"No handler in {routes.service.path} takes `{path}`, so this cron job fails: "
                    "add a handler for it, or take the job out."
                )
                yield RULE.finding(file.pair_place(url), message)
