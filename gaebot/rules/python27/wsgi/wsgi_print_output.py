"""A script writes its answer with `print` or to `sys.stdout`, which a WSGI application can't.

## Why

A CGI script answers a request through its standard output. A WSGI application returns its answer,
and what it prints goes to the log: the visitor gets an empty page with status 200, and nothing
tells you. As a CGI script, with `threadsafe: false`, such a script works on python27 as before, so
scripts that lead to such a `print` stay CGI scripts until it is gone.

Cookies are lost in the same way: `print cookie` and `print cookie.output()` write the header
`Set-Cookie` from a CGI script, and a line of the log from a WSGI application.

A `print` left over from debugging is only worth a note: on 2.5 its text comes before the headers
and spoils the page, in a WSGI application it goes to the log.

Left alone are `print >>` to anything else, files that give `sys.stdout` another value, code that
only the command line runs, and files that no handler script leads to.

## Fix

Write a request handler, and write to its response:

    class Hello(webapp2.RequestHandler):
        def get(self):
            self.response.headers['Content-Type'] = 'text/plain'
            self.response.out.write('Hello')

    app = webapp2.WSGIApplication([('/', Hello)])

A cookie goes there as a header:

    self.response.headers.add_header('Set-Cookie', cookie['name'].OutputString())

Or keep the CGI script for now: `runtime: python27` with `threadsafe: false`. Turn debugging prints
into `logging.debug`.

## Example

```yaml before app.yaml
runtime: python
api_version: 1
handlers:
- url: /
  script: hello.py
```

```python before hello.py
print 'Content-Type: text/plain'
print
print 'Hello'
```

## Source

Google, "Migrating to Python 2.7": CGI scripts "rely on environment variables for access to the
input and output streams". SDK: google/appengine/runtime/cgi.py gives a CGI script a `sys.stdout`
that becomes the answer, runtime/wsgi.py does not. Python 2.7: Cookie.py, `BaseCookie.__str__` and
`Morsel.__str__` are `output()`, with "Set-Cookie:".
"""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from gaebot.app import App
from gaebot.finding import Finding, Severity
from gaebot.rule import Rule, python_with
from gaebot.rules.python27.shared.scripts.cgi_output import WORDS, is_answer, outputs
from gaebot.rules.python27.shared.scripts.handler_scripts import RequestFile, asked_files, writes_itself
from gaebot.rules.python27.shared.scripts.profiling import profiling_functions
from gaebot.syntax.lines import within
from gaebot.syntax.nodes import ancestors
from gaebot.syntax.python import PythonFile

RULE = Rule(__name__, Severity.WARNING, only_in=python_with(*WORDS))

_SET_STDOUT = "(assignment left: (attribute) @target)"


def check(app: App) -> Iterator[Finding]:
    """One finding for each file that writes to standard output."""
    for file in asked_files(app):
        if WORDS.isdisjoint(file.file.words):
            continue
        profilers = profiling_functions(file.file)
        found = [node for node in outputs(file.file) if file.runs(node) and not within(node, profilers)]
        if found:
            answers = [node for node in found if is_answer(file.file, node)]
            yield from _judge(app, file, found, answers)


def _judge(app: App, file: RequestFile, found: list[Node], answers: list[Node]) -> Iterator[Finding]:
    place = file.file.place((answers or found)[0])
    times = "once" if len(found) == 1 else f"{len(found)} times"
    raw = [script for script in file.scripts if writes_itself(app, script)]
    if (file.script in raw) or len(raw) == len(file.scripts) or (raw and answers):
        yield RULE.finding(
            place,
            f"`{raw[0].path}` is a CGI script that writes its answer to standard output"
            f" (here {times}): it goes on working on python27 only as a CGI script, with `threadsafe: false`."
            " To serve it as a WSGI application, write a request handler that calls"
            " `self.response.out.write(...)` and sets `self.response.headers`.",
        )
    elif answers and file.is_wsgi:
        yield RULE.finding(
            place,
            "A WSGI application can't answer through standard output: the text goes to the log and never"
            " reaches the visitor. Write to the response: `self.response.headers[...] = ...` and"
            " `self.response.out.write(...)`.",
            severity=Severity.ERROR,
        )
    elif answers:
        yield RULE.finding(
            place,
            "This answer is written to standard output, which reaches the visitor from a CGI script only;"
            " from a WSGI application it goes to the log. Write to the response:"
            " `self.response.headers[...] = ...` and `self.response.out.write(...)`.",
        )
    elif not _sets_stdout(file.file):
        yield RULE.finding(
            place,
            f"`{file.path}` writes to standard output ({times}): from a WSGI application that goes to the log"
            " and never to the page. Use `logging.debug(...)`, or write to the response if it belongs there.",
            severity=Severity.NOTE,
        )


def _sets_stdout(file: PythonFile) -> bool:
    """Whether a function catches what is printed by giving `sys.stdout` another value."""
    targets = [node for node in file.nodes(_SET_STDOUT) if file.refers_to(node, "sys.stdout")]
    return any(outer.type == "function_definition" for node in targets for outer in ancestors(node))
