"""A form or a request body is read from standard input, which is empty in a WSGI application.

## Why

A CGI script reads what the visitor sends from `sys.stdin`, and `cgi.FieldStorage()` without an
argument does so too. A WSGI application finds nothing there: `cgi.FieldStorage()` still sees what
stands behind the `?` of the URL, but all fields that were posted are gone, without an error. As a
CGI script, with `threadsafe: false`, such code works on python27 as before, so scripts that lead to a
form that is read in that way stay CGI scripts until it is read otherwise.

Left alone are calls that say where to read from, and code that only the command line runs.

## Fix

In a request handler of webapp use `self.request.get('name')`, `self.request.get_all('name')` and
`self.request.body`. In a function that gets `environ`, read from `environ['wsgi.input']`; there the
fix does it for you.

## Example

```yaml before app.yaml
runtime: python27
api_version: 1
threadsafe: true
handlers:
- url: /
  script: survey.app
```

```python before survey.py
import cgi

def app(environ, start_response):
    form = cgi.FieldStorage()
    start_response('200 OK', [('Content-Type', 'text/plain')])
    return [form.getfirst('name', 'nobody')]
```

```python after survey.py
import cgi

def app(environ, start_response):
    form = cgi.FieldStorage(fp=environ['wsgi.input'], environ=environ)
    start_response('200 OK', [('Content-Type', 'text/plain')])
    return [form.getfirst('name', 'nobody')]
```

## Source

Google, "Migrating to Python 2.7": CGI scripts "rely on environment variables for access to the
input and output streams". SDK: google/appengine/runtime/cgi.py sets `sys.stdin` for a CGI script;
runtime/wsgi.py puts the request's body into `environ['wsgi.input']`.
"""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from gaebot.app import App
from gaebot.finding import Finding, Fix, RunsOn, Safety, Severity
from gaebot.rule import Rule, python_with
from gaebot.rules.python27.shared.scripts.cgi_input import form_reads, stdin_reads
from gaebot.rules.python27.shared.scripts.handler_scripts import RequestFile, asked_files
from gaebot.rules.python27.shared.scripts.wsgi_functions import wsgi_function_at
from gaebot.syntax.nodes import arguments
from gaebot.syntax.python import PythonFile
from gaebot.text import Span

RULE = Rule(__name__, Severity.WARNING, only_in=python_with("FieldStorage", "parse", "stdin"))

_HOW = (
    "In a request handler use `self.request.get(...)` or `self.request.body`, in a plain WSGI application"
    " `environ['wsgi.input']`."
)


def check(app: App) -> Iterator[Finding]:
    """Reads of standard input in code that answers requests."""
    for file in asked_files(app):
        data = file.file.source.data
        if b"cgi" in data or b"stdin" in data:
            for node, what in [*form_reads(file.file), *stdin_reads(file.file)]:
                if file.runs(node):
                    yield _finding(file, node, what)


def _finding(file: RequestFile, node: Node, what: str) -> Finding:
    fix = _fix(file.file, node)
    if file.is_wsgi:
        message = f"{what}, which is empty in a WSGI application. {_HOW}"
        return RULE.finding(file.file.place(node), message, fix=fix, severity=Severity.ERROR)
    message = f"{what}, which only a CGI script can: as a WSGI application it finds nothing there. {_HOW}"
    return RULE.finding(file.file.place(node), message, fix=fix)


def _fix(file: PythonFile, node: Node) -> Fix | None:
    """Tell `cgi.FieldStorage` to read from the `environ` that the function around it gets."""
    if node.type != "call" or not file.refers_to(node, "cgi.FieldStorage()"):
        return None
    function = wsgi_function_at(file, node)
    holder = node.child_by_field_name("arguments")
    if function is None or holder is None or holder.type != "argument_list":
        return None
    _, named = arguments(node)
    added = [f"fp={function.environ}['wsgi.input']"]
    if "environ" not in named:
        added.append(f"environ={function.environ}")
    new = ", ".join(added) + (", " if named else "")
    start = holder.start_byte + 1
    edit = file.source.edit(Span(start, start), new.encode())
    title = f"Read the form from `{function.environ}['wsgi.input']`"
    return Fix(title, (edit,), Safety.REVIEW, RunsOn.BOTH)
