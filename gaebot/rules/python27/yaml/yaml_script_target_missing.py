"""A WSGI script names something that is not there, or that is no application.

## Why

App Engine imports the module and takes the object out of it. When either is missing, or when the
object can't be called with `environ` and `start_response`, every request to that handler ends in a
server error. Neither the deployment nor the start of the instance says so.

Typical: the script was `main.py` and became `main.app`, but the module calls its application
`application`; the script names the function `main`, which was right for CGI; the script names a
request handler class.

## Fix

Name the application that the module holds. gaebot does so when there is exactly one. It says nothing
where a name may be bound in ways that the sources don't show, or where a module may come from a
library or a folder put on `sys.path`.

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

```python before main.py
import webapp2

application = webapp2.WSGIApplication([])
```

```yaml after app.yaml
application: guestbook
version: 1
runtime: python27
api_version: 1
threadsafe: true
handlers:
- url: /.*
  script: main.application
```

## Source

SDK: `google/appengine/runtime/wsgi.py`, `LoadObject`; PEP 333.
"""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from gaebot.app import App
from gaebot.finding import Finding, Fix, Severity
from gaebot.rule import YAML, Rule
from gaebot.rules.python27.shared.scripts.applications import accepts_request, wsgi_objects
from gaebot.rules.python27.shared.scripts.targets import Kind, Status, Target
from gaebot.rules.python27.shared.scripts.wsgi_scripts import rename, wsgi_scripts
from gaebot.service import ScriptUse
from gaebot.syntax.nodes import text
from gaebot.syntax.python import PythonFile

RULE = Rule(__name__, Severity.ERROR, only_in=YAML)

# Names in the SDK and its libraries that look right and are not, with the one to use instead.
_OUTSIDE = {
    "google.appengine.ext.deferred.handler.application": "google.appengine.ext.deferred.application",
    "google.appengine.ext.deferred.handler.app": "google.appengine.ext.deferred.application",
    "google.appengine.ext.deferred.deferred.app": "google.appengine.ext.deferred.application",
    "google.appengine.ext.remote_api.handler.app": "google.appengine.ext.remote_api.handler.application",
    "google.appengine.ext.appstats.ui.application": "google.appengine.ext.appstats.ui.app",
}
_DJANGO = frozenset({"django.core.handlers.wsgi.WSGIHandler", "django.core.wsgi.application"})

# Bases that make nothing of a class that a server could iterate over.
_PLAIN_BASES = frozenset(
    {
        "object",
        "google.appengine.ext.webapp.RequestHandler",
        "webapp2.RequestHandler",
        "webapp.RequestHandler",
    }
)
_ITERABLE = frozenset({"__iter__", "__getitem__", "next", "__new__", "__metaclass__", "__getattr__"})


def check(app: App) -> Iterator[Finding]:
    """WSGI names that lead nowhere, or to something that is no application."""
    for use, target in wsgi_scripts(app):
        problem = _problem(app, target)
        if problem is None:
            continue
        advice, fix = _way_out(app, use, target)
        yield RULE.finding(use.place, f"{problem} {advice}", fix=fix)


def _problem(app: App, target: Target) -> str | None:
    """What is wrong with what a name leads to, as a sentence; None when nothing is for certain."""
    name = target.name
    if name in _OUTSIDE or name in _DJANGO:
        return f"There is no application under the name `{name}`."
    if target.status is Status.MODULE_MISSING:
        path = f"{target.missing.replace('.', '/')}.py"
        missing = f"the app has no module `{target.missing}`"
        kept_out = f"`skip_files` keeps {path} from being uploaded"
        return f"`{name}` can't be imported: {kept_out if path in app.skipped else missing}."
    if target.status is Status.ATTRIBUTE_MISSING and target.file is not None:
        path = target.file.source.path
        return f"`{name}` can't be loaded: {path} binds no `{target.missing}` at module level."
    return _no_application(target)


def _no_application(target: Target) -> str | None:
    """What is wrong with the object that a name leads to; None when it may be an application."""
    name, file, binding = target.name, target.file, target.binding
    if target.status is not Status.FOUND or file is None or binding is None:
        return None
    if target.kind is Kind.CONSTANT:
        return f"`{name}` is no application but a plain value."
    if target.kind is Kind.FUNCTION and not accepts_request(binding.statement):
        return f"`{name}` is a function that can't be called with `environ` and `start_response`."
    if target.kind is Kind.CLASS and _is_plain_class(file, binding.statement):
        return f"`{name}` is a class, not an application."
    return None


def _way_out(app: App, use: ScriptUse, target: Target) -> tuple[str, Fix | None]:
    """What to do about it, as a sentence, and the fix if there is one."""
    name = target.name
    if name in _OUTSIDE:
        return f"Name `{_OUTSIDE[name]}`.", rename(use, _OUTSIDE[name])
    if name in _DJANGO:
        advice = (
            "Make a module of your own with `app = django.core.handlers.wsgi.WSGIHandler()` and name that."
        )
        return advice, None
    module, _, attribute = name.rpartition(".")
    if target.file is None or target.missing not in {"", attribute}:
        return "Name the module and the application in it that shall answer.", None
    # Where the name is imported from elsewhere, what stands beside it there says nothing.
    held = wsgi_objects(target.file, app) if target.file.module == module else {}
    names = [f"{module}.{known}" for known in held]
    if len(names) == 1:
        return f"Name the application that is there, `{names[0]}`.", rename(use, names[0])
    if names:
        return (
            f"Name one of the applications that are there: {', '.join(f'`{known}`' for known in names)}.",
            None,
        )
    return "Bind a WSGI application to a name at module level and name that.", None


def _is_plain_class(file: PythonFile, definition: Node) -> bool:
    """Whether instances of a class can't be iterated over, for certain.

    The server would do so with what calling the class gives it.
    """
    holder = definition.child_by_field_name("superclasses")
    bases = [node for node in (holder.named_children if holder is not None else []) if node.type != "comment"]
    if not all(file.refers_to(base, *_PLAIN_BASES) for base in bases):
        return False
    body = definition.child_by_field_name("body")
    return not any(text(node) in _ITERABLE for node in file.nodes("(identifier) @name", body))
