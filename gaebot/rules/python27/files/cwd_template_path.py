"""A template is named by a path from the script's folder.

## Why

On Python 2.5 a script ran in its own folder; on python27 the current folder is always the app's root.
`template.render('index.html', values)` then ends in TemplateDoesNotExist.

Only scripts in sub-folders see a difference. gaebot speaks of paths that lead somewhere from the script's
folder: with certainty where they lead nowhere from the root, as a question where they lead to something
else there.

## Fix

Start at the module: `os.path.join(os.path.dirname(__file__), …)`, which works on both runtimes.

## Example

```yaml before app.yaml
runtime: python27
api_version: 1
threadsafe: true
handlers:
- url: /.*
  script: admin.main.app
```

```python before admin/__init__.py
```

```python before admin/main.py
import webapp2
from google.appengine.ext.webapp import template

class Main(webapp2.RequestHandler):
    def get(self):
        self.response.out.write(template.render('index.html', {}))

app = webapp2.WSGIApplication([('/', Main)])
```

```html before admin/index.html
<p>Hello</p>
```

```python after admin/main.py
import os
import webapp2
from google.appengine.ext.webapp import template

class Main(webapp2.RequestHandler):
    def get(self):
        self.response.out.write(template.render(os.path.join(os.path.dirname(__file__), 'index.html'), {}))

app = webapp2.WSGIApplication([('/', Main)])
```

## Source

Google, "Migrating to Python 2.7", Using the app root directory. SDK:
google/appengine/tools/devappserver2/python/runtime/sandbox.py goes to the app's root.
"""

from __future__ import annotations

from collections.abc import Iterator

from gaebot.app import App
from gaebot.finding import Finding, Severity
from gaebot.rule import Rule
from gaebot.rules.python27.shared.scripts.working_folder import misplaced

RULE = Rule(__name__, Severity.ERROR)

_FUNCTIONS = dict.fromkeys(
    ("google.appengine.ext.webapp.template.render", "google.appengine.ext.webapp.template.load"), 0
)


def check(app: App) -> Iterator[Finding]:
    """Each template that is named by such a path."""
    for place, message, fix, severity in misplaced(
        app, _FUNCTIONS, "the template is not found", folders=False
    ):
        yield RULE.finding(place, message, fix=fix, severity=severity)
