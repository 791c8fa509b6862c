"""`inbound_services` names a service that App Engine does not know, or has shut down.

## Why

App Engine refuses an unknown name. XMPP and the Channel API were shut down in 2017: their names are still
taken, but no message arrives.

## Fix

A misspelt name is corrected. Remove the names of services that are shut down, and their handlers below
`/_ah/xmpp/` and `/_ah/channel/`.

## Example

```yaml before app.yaml
application: shop
version: 1
runtime: python27
api_version: 1
threadsafe: true
inbound_services:
- mail
- warm_up
handlers:
- url: /.*
  script: main.app
```

```yaml after app.yaml
application: shop
version: 1
runtime: python27
api_version: 1
threadsafe: true
inbound_services:
- mail
- warmup
handlers:
- url: /.*
  script: main.app
```

## Source

SDK: `google/appengine/api/appinfo.py` (the list of services). Google, App Engine release notes of 2017
(XMPP and Channel shut down).
"""

from __future__ import annotations

from collections.abc import Iterator

from gaebot.app import App
from gaebot.finding import Finding, Fix, Safety, Severity
from gaebot.rule import YAML, Rule
from gaebot.rules.python27.shared.config.app_yaml import INBOUND_SERVICES, faults
from gaebot.rules.python27.shared.config.names import nearest
from gaebot.rules.python27.shared.config.patches import one_edit
from gaebot.rules.python27.shared.config.schema import Kind
from gaebot.rules.python27.shared.config.services import python_services
from gaebot.syntax.yaml import Node, ScalarNode, YamlFile, scalar

RULE = Rule(__name__, Severity.ERROR, only_in=YAML)

_SHUT_DOWN = ("channel_presence", "xmpp_error", "xmpp_message", "xmpp_presence", "xmpp_subscribe")


def check(app: App) -> Iterator[Finding]:
    """Names that App Engine refuses, then names of services that are gone."""
    for found in faults(app):
        if found.concerns == "inbound_services" and found.fault.kind is Kind.VALUE:
            node = found.fault.node
            yield RULE.finding(found.file.place(node), found.fault.message, fix=_fix(found.file, node))
    for service in python_services(app):
        pair = service.get("inbound_services")
        for item in YamlFile.items(pair.value) if pair else []:
            if scalar(item) in _SHUT_DOWN:
                name = scalar(item)
                api = "Channel" if name == "channel_presence" else "XMPP"
                message = f"App Engine's {api} service is shut down, so `{name}` brings nothing: remove it."
                yield RULE.finding(service.file.place(item), message, severity=Severity.WARNING)


def _fix(file: YamlFile, node: Node) -> Fix | None:
    if not isinstance(node, ScalarNode):
        return None
    name = scalar(node) or ""
    pair = YamlFile.get(file.mapping, "inbound_services")
    if pair is not None and pair.value is node:
        if name not in INBOUND_SERVICES:
            return None
        title = "Make `inbound_services` a list"
        return one_edit(file, title, file.set_plain(node, f"[{name}]"), Safety.REVIEW)
    meant = nearest(name, INBOUND_SERVICES)
    if meant is None:
        return None
    return one_edit(file, f"Rename `{name}` to `{meant}`", file.set_scalar(node, meant), Safety.REVIEW)
