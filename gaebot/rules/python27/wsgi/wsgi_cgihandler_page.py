"""A CGI script runs its application with wsgiref's CGIHandler, which refuses pages of webapp's templates.

## Why

On python27 `template.render` returns a text of a class of its own, and webapp2 hands its bytes on as
`SafeString`, a subclass of `str`. wsgiref takes only what is `str` itself: the request ends in
"AssertionError: write() argument must be string", and "A server error occurred". On Python 2.5 webapp put the
parts of the answer together first, which made a `str` of them.

Other subclasses of `str` are refused as well, such as the `db.Blob` of a picture that is written to the
response. What is put together (`page + 'x'`, `'%s' % page`) is not.

A WSGI application is not run by wsgiref. So nothing is said of scripts that become one with the switch to
python27; it is of those in services where something else has to be mended first.

## Fix

Run the application with `run_wsgi_app` of webapp, which takes any kind of `str`. Where appengine_config.py
adds middleware, the fix writes `run_bare_wsgi_app`, as CGIHandler does not add it either.

## Example

```yaml before app.yaml
runtime: python27
api_version: 1
threadsafe: false
handlers:
- url: /gone
  script: gone.py
- url: /.*
  script: main.py
```

```python before main.py
import wsgiref.handlers
from google.appengine.ext import webapp
from google.appengine.ext.webapp import template

class Main(webapp.RequestHandler):
    def get(self):
        self.response.out.write(template.render('index.html', {}))

if __name__ == '__main__':
    wsgiref.handlers.CGIHandler().run(webapp.WSGIApplication([('/.*', Main)]))
```

```python after main.py
from google.appengine.ext.webapp.util import run_wsgi_app
import wsgiref.handlers
from google.appengine.ext import webapp
from google.appengine.ext.webapp import template

class Main(webapp.RequestHandler):
    def get(self):
        self.response.out.write(template.render('index.html', {}))

if __name__ == '__main__':
    run_wsgi_app(webapp.WSGIApplication([('/.*', Main)]))
```

## Source

Python 2.7: wsgiref/handlers.py, `BaseHandler.write`. SDK: lib/webapp2-2.5.2/webapp2.py, `Response.write`;
google/appengine/_internal/django/utils/safestring.py, `SafeUnicode.encode`;
google/appengine/ext/webapp/util.py, `run_bare_wsgi_app`; ext/webapp/_webapp25.py, `Response.wsgi_write`.
"""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from gaebot.app import App, once_per_app
from gaebot.finding import Finding, Fix, Related, RunsOn, Safety, Severity
from gaebot.rule import Rule, python_with
from gaebot.rules.python27.shared.config.services import OLD_RUNTIME
from gaebot.rules.python27.shared.conversion.switch import Switch, switches
from gaebot.rules.python27.shared.scripts.adapters import HANDLER_CLASSES, AdapterCall, adapter_calls
from gaebot.rules.python27.shared.scripts.definitions import definitions
from gaebot.rules.python27.shared.scripts.handler_scripts import (
    HandlerScript,
    RequestFile,
    asked_files,
    request_files_with,
)
from gaebot.rules.python27.shared.scripts.middleware import configured_middleware
from gaebot.rules.python27.shared.webapp.local_names import values_of
from gaebot.rules.python27.shared.webapp.messages import MessageUse, response_uses
from gaebot.rules.python27.shared.webapp.names import both
from gaebot.rules.python27.shared.webapp.templates import TEMPLATE
from gaebot.syntax.imports import add_import, imported_as, is_free
from gaebot.syntax.nodes import arguments, scope_node, text
from gaebot.syntax.python import PythonFile

RULE = Rule(
    __name__,
    Severity.WARNING,
    only_in=python_with(*(name.rpartition(".")[2] for name in HANDLER_CLASSES)),
)

_UTIL = "google.appengine.ext.webapp.util"
_RUNS = frozenset(f"{name}().run" for name in HANDLER_CLASSES)
_APPLICATIONS = frozenset(f"{name}()" for name in both("WSGIApplication"))
_RENDER = f"{TEMPLATE}.render"
_DEPTH = 3  # how many functions that return a page are looked into, one in the other
_RETURNS = "(return_statement) @return"


def check(app: App) -> Iterator[Finding]:
    """Each run of a webapp application by wsgiref in a script that stays CGI, if a page is written there."""
    for file in asked_files(app):
        if b"CGIHandler" not in file.file.source.data:
            continue
        for adapter in adapter_calls(file.file):
            if not _is_of_webapp(file.file, adapter) or not file.runs(adapter.call):
                continue
            found = _switch_of_page(app, file)
            if found is None:
                continue
            switch, page = found
            message = (
                "On python27 wsgiref refuses a page of webapp's templates, as it is no plain `str`, and a CGI"
                " script answers with an error instead: run the application with `run_wsgi_app`."
            )
            related = [Related(page.python.place(page.node), "This writes such a page.")]
            fix = switch.fix if switch.converts else _fix(app, file.file, adapter)
            yield RULE.finding(file.file.place(adapter.call), message, fix=fix, related=related)


def _is_of_webapp(file: PythonFile, adapter: AdapterCall) -> bool:
    """Whether one of wsgiref's own CGI handlers runs an application of webapp."""
    if adapter.application is None or file.origins(adapter.function).isdisjoint(_RUNS):
        return False
    return not file.origins(adapter.application).isdisjoint(_APPLICATIONS)


def _switch_of_page(app: App, file: RequestFile) -> tuple[Switch, MessageUse] | None:
    """The plan of a service that runs the file in a CGI script on python27, and what writes a page there."""
    for script in file.scripts:
        switch = _staying(app, script)
        for page in _pages(app) if switch is not None else ():
            if switch is not None and script in page.file.scripts:
                return switch, page
    return None


def _staying(app: App, script: HandlerScript) -> Switch | None:
    """The plan of a service that runs a script as CGI on python27, or will, as something holds it back."""
    for switch in switches(app):
        if not any(service is switch.service and use.script.is_cgi for service, use in script.uses):
            continue
        if switch.service.runtime != OLD_RUNTIME or switch.blocked:
            return switch
    return None


@once_per_app
def _pages(app: App) -> tuple[MessageUse, ...]:
    """The uses of a response by which a rendered page is written as it is, by path and position."""
    files = request_files_with(app, b"response")
    return tuple(use for use in response_uses(app, files) if _writes_page(app, use))


def _writes_page(app: App, use: MessageUse) -> bool:
    chain = use.member
    if chain is not None and use.member_name == "out":
        chain = chain.parent
    call = chain.parent if chain is not None else None
    if chain is None or call is None or text(chain.child_by_field_name("attribute")) != "write":
        return False
    if call.type != "call" or call.child_by_field_name("function") != chain:
        return False
    given = arguments(call)[0]
    return len(given) == 1 and _is_page(app, use, use.python, given[0], _DEPTH)


def _is_page(app: App, use: MessageUse, file: PythonFile, node: Node, depth: int) -> bool:
    """Whether an expression surely is what `template.render` returned."""
    if not depth:
        return False
    if node.type == "identifier":
        values = values_of(file, node)
        return bool(values) and all(_is_page(app, use, file, each, depth - 1) for each in values or ())
    function = node.child_by_field_name("function") if node.type == "call" else None
    if function is None:
        return False
    if file.origins(function) == {_RENDER}:
        return True
    found = _definition(app, use, file, function)
    if found is None:
        return False
    python, body = found
    answers = [each for each in python.nodes(_RETURNS, body) if scope_node(each) == body]
    return bool(answers) and all(
        len(each.named_children) == 1 and _is_page(app, use, python, each.named_children[0], depth - 1)
        for each in answers
    )


def _definition(
    app: App, use: MessageUse, file: PythonFile, function: Node
) -> tuple[PythonFile, Node] | None:
    """The function that is called: one of the app, or a method of the handler by `self`."""
    owner = function.child_by_field_name("object")
    if owner is not None and text(owner) == "self" and use.handler is not None:
        method = use.handler.method(text(function.child_by_field_name("attribute")))
        return (method[0].file, method[1]) if method is not None else None
    found = definitions(app, file, function)
    if len(found) != 1 or found[0].node is None or found[0].file is None:
        return None
    return (found[0].file, found[0].node) if found[0].node.type == "function_definition" else None


def _fix(app: App, file: PythonFile, adapter: AdapterCall) -> Fix | None:
    """Exchange `CGIHandler().run` for the function of webapp, which is imported if need be."""
    maker = adapter.function.child_by_field_name("object")
    if maker is None or maker.type != "call" or any(arguments(maker)):
        return None
    name = "run_bare_wsgi_app" if configured_middleware(app) is not None else "run_wsgi_app"
    known, module = imported_as(file, f"{_UTIL}.{name}"), imported_as(file, _UTIL)
    called = known or (f"{module}.{name}" if module is not None else name)
    edits = [file.source.edit(file.span(adapter.function), called.encode())]
    if called == name and known is None:
        added = add_import(file, f"from {_UTIL} import {name}".encode(), before=adapter.call)
        if added is None or not is_free(file, name):
            return None
        edits.insert(0, added)
    return Fix("Run the application with webapp's own function", tuple(edits), Safety.SAFE, RunsOn.BOTH)
