"""`WSGIApplication` has no argument `url_mapping` on python27.

## Why

webapp's `WSGIApplication` called its table of URLs `url_mapping`; webapp2 calls it `routes`. By the old
keyword the call raises TypeError, "unexpected keyword argument", while the module is imported.

## Fix

Leave the keyword out where it comes first: that works on both runtimes. Else call it `routes`.

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
from google.appengine.ext import webapp

app = webapp.WSGIApplication(url_mapping=[], debug=True)
```

```python after main.py
from google.appengine.ext import webapp

app = webapp.WSGIApplication([], debug=True)
```

## Source

SDK: google/appengine/ext/webapp/_webapp25.py and lib/webapp2-2.3/webapp2.py, `WSGIApplication.__init__`.
"""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from gaebot.app import App
from gaebot.finding import Finding, Fix, RunsOn, Safety, Severity
from gaebot.rule import Rule, python_with
from gaebot.rules.python27.shared.config.services import has_switched
from gaebot.rules.python27.shared.webapp.route_tables import Application, applications
from gaebot.syntax.nodes import text
from gaebot.text import Span

_OLD = "url_mapping"

RULE = Rule(__name__, Severity.ERROR, only_in=python_with(_OLD))


def check(app: App) -> Iterator[Finding]:
    """Each call with the old keyword."""
    for application in applications(app):
        keyword = _keyword(application)
        if keyword is not None and application.file.runs(application.call):
            message = "`WSGIApplication` has no argument `url_mapping` on python27: it is called `routes`."
            yield RULE.finding(
                application.file.file.place(keyword), message, fix=_fix(app, application, keyword)
            )


def _keyword(application: Application) -> Node | None:
    holder = application.call.child_by_field_name("arguments")
    for argument in holder.named_children if holder is not None else []:
        if argument.type == "keyword_argument" and text(argument.child_by_field_name("name")) == _OLD:
            return argument
    return None


def _fix(app: App, application: Application, keyword: Node) -> Fix | None:
    name, value = keyword.child_by_field_name("name"), keyword.child_by_field_name("value")
    holder = keyword.parent
    if name is None or value is None or holder is None:
        return None
    source = application.file.file.source
    first = next(node for node in holder.named_children if node.type != "comment")
    if first == keyword:
        edit = source.edit(Span(name.start_byte, value.start_byte), b"")
        return Fix("Leave the keyword out", (edit,), Safety.SAFE, RunsOn.BOTH)
    if not has_switched(app):
        return None
    edit = source.edit(Span(name.start_byte, name.end_byte), b"routes")
    return Fix("Call it `routes`", (edit,), Safety.SAFE, RunsOn.TARGET)
