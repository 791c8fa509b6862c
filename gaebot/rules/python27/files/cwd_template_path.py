"""A template is named by a path from the script's folder.

## Why

On Python 2.5 a script ran in its own folder; on python27 the current folder is always the app's root.
`template.render('index.html', values)` then ends in TemplateDoesNotExist.

Only scripts in sub-folders see a difference. gaebot speaks of paths that lead somewhere from the script's
folder. Where they lead nowhere from the root it is sure of itself; where they lead to something else there
it asks, as long as the app says `runtime: python`.

## Fix

Start at the module: `os.path.join(os.path.dirname(__file__), …)`, which works on both runtimes. A module
in another folder than the script says the way there from its own. Where both folders have such a path, or
more than one script's folder, the choice is yours.

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
from gaebot.rule import Rule, python_with
from gaebot.rules.python27.shared.files.working_folder import (
    PathArgument,
    files_below,
    items,
    last_names,
    misplaced,
    misplaced_nodes,
)

_FOLDERS = {
    "jinja2.FileSystemLoader": PathArgument("folder", keyword="searchpath"),
    "mako.lookup.TemplateLookup": PathArgument("folder", keyword="directories"),
    "genshi.template.TemplateLoader": PathArgument("folder", keyword="search_path"),
    "tornado.template.Loader": PathArgument("folder", keyword="root_directory"),
    "web.template.render": PathArgument("folder", keyword="loc"),
    "bottle.TEMPLATE_PATH.append": PathArgument("folder"),
    "bottle.TEMPLATE_PATH.insert": PathArgument("folder", number=1),
}
_FILES = {
    "google.appengine.ext.webapp.template.render": PathArgument(keyword="template_path"),
    "google.appengine.ext.webapp.template.load": PathArgument(keyword="path"),
    "mako.template.Template": PathArgument(number=None, keyword="filename"),
    "Cheetah.Template.Template": PathArgument(number=None, keyword="file"),
    "web.template.frender": PathArgument(keyword="path"),
}
_FUNCTIONS = {**_FOLDERS, **_FILES}
_SETTING, _SETTING_ARGUMENT = "TEMPLATE_DIRS", PathArgument("folder")
_OUTCOME = "no template is found"
# Of a list the rule takes the name: what it calls there is in most files.
_WORDS = last_names(name.removesuffix(".append").removesuffix(".insert") for name in _FUNCTIONS)

RULE = Rule(__name__, Severity.ERROR, only_in=python_with(*_WORDS, _SETTING))


def check(app: App) -> Iterator[Finding]:
    """Each template, and each folder of templates, that is named by such a path."""
    yield from misplaced(app, RULE, _FUNCTIONS, _OUTCOME)
    for file in files_below(app):
        is_set = _SETTING.encode() in file.file.source.data
        bindings = file.file.scope.bindings.get(_SETTING, ()) if is_set else ()
        values = [binding.value for binding in bindings if binding.value is not None]
        nodes = [(node, _SETTING_ARGUMENT) for value in values for node in items(value)]
        yield from misplaced_nodes(app, RULE, file, nodes, _OUTCOME)
