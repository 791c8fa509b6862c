"""A template tag keeps values of one page in `self`.

## Why

The nodes of a compiled template are made once. `webapp.template` keeps compiled templates in a table for all
requests, as Django does with its cached loader; with `threadsafe: true` several requests render the same node
at the same time. What `render` puts into `self.user` for one visitor, it then reads for another.

Where the app only uses Django's other loaders, each page is compiled anew, and nothing is shared unless the
app keeps a template itself: then this is a note. It is one, too, where an `if` asks for the attribute
first, so that it is set once.

## Fix

Use names of the function, or `context.render_context[self]`, which Django from 1.2 on has for this.

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
import webapp2
from django.template import Node
from google.appengine.ext.webapp import template

class Greeting(Node):
    def render(self, context):
        self.user = context['user']
        return self.greet()

    def greet(self):
        return 'Hello %s' % self.user

class Main(webapp2.RequestHandler):
    def get(self):
        self.response.write(template.render('index.html', {'user': self.request.get('user')}))

app = webapp2.WSGIApplication([('/', Main)])
```

## Source

SDK: google/appengine/ext/webapp/template.py, `template_cache`;
lib/django-1.2/django/template/loaders/cached.py.
Django, "Writing custom template tags", Thread-safety considerations.
"""

from __future__ import annotations

from collections.abc import Iterator

from gaebot.app import App
from gaebot.finding import Finding, Related, Severity
from gaebot.rule import Rule, python_with
from gaebot.rules.python27.shared.concurrency.severity import severity
from gaebot.rules.python27.shared.process.template_nodes import node_states

RULE = Rule(__name__, Severity.WARNING, only_in=python_with("render"))

_MOST_RELATED = 5


def check(app: App) -> Iterator[Finding]:
    """One finding for each attribute of each class of nodes."""
    for state in node_states(app):
        message = (
            f"`{state.title}` keeps `{state.name}` in `self` while it renders: a compiled template"
            " serves several requests at once, which then see each other's value. Use a name of the"
            " function, or `context.render_context[self]`."
        )
        first, *others = state.nodes
        related = [Related(state.file.place(node), "And here.") for node in others[:_MOST_RELATED]]
        wanted = RULE.severity if state.is_shared else Severity.NOTE
        level = severity(app, state.file.source.path, wanted)
        yield RULE.finding(state.file.place(first), message, related=related, severity=level)
