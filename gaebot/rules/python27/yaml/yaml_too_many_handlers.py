"""A service has more than 100 handlers.

## Why

App Engine refuses more than 100, counted together with the handlers of included files and of
`builtins:`, each of which adds one.

## Fix

Let one application serve several URLs: one handler with a wider pattern, and the routes in Python. Put
static files into folders, with one `static_dir` for each.

## Example

A hundred handlers, and the one of a builtin:

```yaml before app.yaml
application: shop
version: 1
runtime: python27
api_version: 1
threadsafe: true
builtins:
- appstats: on
handlers:
- {url: /p1, script: main.app}
- {url: /p2, script: main.app}
- {url: /p3, script: main.app}
- {url: /p4, script: main.app}
- {url: /p5, script: main.app}
- {url: /p6, script: main.app}
- {url: /p7, script: main.app}
- {url: /p8, script: main.app}
- {url: /p9, script: main.app}
- {url: /p10, script: main.app}
- {url: /p11, script: main.app}
- {url: /p12, script: main.app}
- {url: /p13, script: main.app}
- {url: /p14, script: main.app}
- {url: /p15, script: main.app}
- {url: /p16, script: main.app}
- {url: /p17, script: main.app}
- {url: /p18, script: main.app}
- {url: /p19, script: main.app}
- {url: /p20, script: main.app}
- {url: /p21, script: main.app}
- {url: /p22, script: main.app}
- {url: /p23, script: main.app}
- {url: /p24, script: main.app}
- {url: /p25, script: main.app}
- {url: /p26, script: main.app}
- {url: /p27, script: main.app}
- {url: /p28, script: main.app}
- {url: /p29, script: main.app}
- {url: /p30, script: main.app}
- {url: /p31, script: main.app}
- {url: /p32, script: main.app}
- {url: /p33, script: main.app}
- {url: /p34, script: main.app}
- {url: /p35, script: main.app}
- {url: /p36, script: main.app}
- {url: /p37, script: main.app}
- {url: /p38, script: main.app}
- {url: /p39, script: main.app}
- {url: /p40, script: main.app}
- {url: /p41, script: main.app}
- {url: /p42, script: main.app}
- {url: /p43, script: main.app}
- {url: /p44, script: main.app}
- {url: /p45, script: main.app}
- {url: /p46, script: main.app}
- {url: /p47, script: main.app}
- {url: /p48, script: main.app}
- {url: /p49, script: main.app}
- {url: /p50, script: main.app}
- {url: /p51, script: main.app}
- {url: /p52, script: main.app}
- {url: /p53, script: main.app}
- {url: /p54, script: main.app}
- {url: /p55, script: main.app}
- {url: /p56, script: main.app}
- {url: /p57, script: main.app}
- {url: /p58, script: main.app}
- {url: /p59, script: main.app}
- {url: /p60, script: main.app}
- {url: /p61, script: main.app}
- {url: /p62, script: main.app}
- {url: /p63, script: main.app}
- {url: /p64, script: main.app}
- {url: /p65, script: main.app}
- {url: /p66, script: main.app}
- {url: /p67, script: main.app}
- {url: /p68, script: main.app}
- {url: /p69, script: main.app}
- {url: /p70, script: main.app}
- {url: /p71, script: main.app}
- {url: /p72, script: main.app}
- {url: /p73, script: main.app}
- {url: /p74, script: main.app}
- {url: /p75, script: main.app}
- {url: /p76, script: main.app}
- {url: /p77, script: main.app}
- {url: /p78, script: main.app}
- {url: /p79, script: main.app}
- {url: /p80, script: main.app}
- {url: /p81, script: main.app}
- {url: /p82, script: main.app}
- {url: /p83, script: main.app}
- {url: /p84, script: main.app}
- {url: /p85, script: main.app}
- {url: /p86, script: main.app}
- {url: /p87, script: main.app}
- {url: /p88, script: main.app}
- {url: /p89, script: main.app}
- {url: /p90, script: main.app}
- {url: /p91, script: main.app}
- {url: /p92, script: main.app}
- {url: /p93, script: main.app}
- {url: /p94, script: main.app}
- {url: /p95, script: main.app}
- {url: /p96, script: main.app}
- {url: /p97, script: main.app}
- {url: /p98, script: main.app}
- {url: /p99, script: main.app}
- {url: /p100, script: main.app}
```

## Source

SDK: `google/appengine/api/appinfo.py` (MAX_URL_MAPS), `appinfo_includes.py`.
"""

from __future__ import annotations

from collections.abc import Iterator

from gaebot.app import App
from gaebot.finding import Finding, Severity
from gaebot.rule import YAML, Rule
from gaebot.rules.python27.shared.config.app_yaml import MAX_HANDLERS
from gaebot.rules.python27.shared.config.builtin_handlers import builtins_in
from gaebot.rules.python27.shared.config.services import python_services

RULE = Rule(__name__, Severity.ERROR, only_in=YAML)


def check(app: App) -> Iterator[Finding]:
    """Services with more handlers than App Engine takes."""
    for service in python_services(app):
        files = (service.file, *service.includes)
        names = {entry.name for file in files for entry in builtins_in(file) if entry.adds_handler}
        count = len(service.handlers) + len(names)
        if count > MAX_HANDLERS and service.mapping is not None:
            pair = service.get("handlers") or service.get("includes") or service.get("builtins")
            place = service.file.place(pair.key if pair else service.mapping)
            message = (
                f"{service.path} has {count} handlers, with those of includes and builtins; App Engine takes "
                f"{MAX_HANDLERS}. Serve several URLs with one handler and put the routes in Python."
            )
            yield RULE.finding(place, message)
