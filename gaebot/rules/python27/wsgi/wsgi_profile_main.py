"""The script profiles its `main()`, which a WSGI application never calls.

## Why

A well-known recipe runs `main()` of a CGI script under cProfile and prints the figures below the
page or logs them. A WSGI application is called by the runtime itself: no `main()` runs, so nothing
is profiled, and what the recipe prints could not reach the page. As a CGI script, with
`threadsafe: false`, the recipe works on python27 as before.

Left alone are profiling functions that `main` has nothing to do with.

## Fix

Take the recipe out and let `main` be the plain function. To profile requests, use Appstats or a
middleware in appengine_config.py:

    def webapp_add_wsgi_middleware(app):
        from google.appengine.ext.appstats import recording
        return recording.appstats_wsgi_middleware(app)

## Example

```yaml before app.yaml
runtime: python
api_version: 1
handlers:
- url: /.*
  script: main.py
```

```python before main.py
import cProfile, logging, pstats
from google.appengine.ext import webapp
from google.appengine.ext.webapp.util import run_wsgi_app

application = webapp.WSGIApplication([])

def real_main():
    run_wsgi_app(application)

def profile_main():
    profile = cProfile.Profile()
    profile.runctx('real_main()', globals(), locals())
    pstats.Stats(profile).print_stats(80)

main = profile_main

if __name__ == '__main__':
    main()
```

## Source

SDK: google/appengine/runtime/wsgi.py calls the application; only runtime/cgi.py calls `main()`.
"""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from gaebot.app import App
from gaebot.finding import Finding, Severity
from gaebot.rule import Rule, python_with
from gaebot.rules.python27.shared.scripts.entry import function_name
from gaebot.rules.python27.shared.scripts.handler_scripts import handler_scripts
from gaebot.rules.python27.shared.scripts.profiling import PROFILER_WORDS, profiling_functions
from gaebot.syntax.nodes import text
from gaebot.syntax.python import PythonFile

RULE = Rule(__name__, Severity.WARNING, only_in=python_with(*PROFILER_WORDS))

_NAMES = "(identifier) @name"


def check(app: App) -> Iterator[Finding]:
    """Profiling functions of handler scripts that are `main` or are called by it."""
    for script in handler_scripts(app):
        for function in profiling_functions(script.file):
            if not _is_main(script.file, function):
                continue
            name = function_name(function)
            place = script.file.place(function.child_by_field_name("name") or function)
            if script.is_wsgi:
                message = (
                    f"`{name}` never runs: a WSGI application is called without `main()`. Remove it, and"
                    " profile with Appstats or a middleware in appengine_config.py if you need to."
                )
                yield RULE.finding(place, message, severity=Severity.NOTE)
            else:
                message = (
                    f"`{name}` profiles a CGI script: as a WSGI application no `main()` runs, so nothing is"
                    " profiled any more. Let `main` be the plain function, and profile with Appstats or a"
                    " middleware in appengine_config.py if you need to."
                )
                yield RULE.finding(place, message)


def _is_main(file: PythonFile, function: Node) -> bool:
    """Whether a function is `main`, may be bound to that name, or is used in `main()`."""
    name = function_name(function)
    for binding in file.scope.bindings.get("main", ()):
        if binding.kind == "def":
            used = {text(node) for node in file.nodes(_NAMES, binding.statement)}
            if binding.statement == function or name in used:
                return True
        elif binding.value is not None and name in {text(n) for n in file.nodes(_NAMES, binding.value)}:
            return True
    return False
