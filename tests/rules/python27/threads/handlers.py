"""Apps whose one handler calls a function `work` of main.py."""

from __future__ import annotations

from textwrap import dedent

from tests.rules.python27.wsgi.scripts import wsgi

_HEAD = "import contextlib, threading, time\nimport webapp2\n"
_MAIN = """
class Main(webapp2.RequestHandler):
    def get(self):
        work(self)

app = webapp2.WSGIApplication([('/', Main)])
"""


def app_of(code: str, **modules: str) -> dict[str, str | bytes]:
    """An app with `threadsafe: true` whose main.py is some code with the handler."""
    return wsgi(_HEAD + dedent(code) + _MAIN, **modules)


def serial_app_of(code: str, **modules: str) -> dict[str, str | bytes]:
    """The same with `threadsafe: false`."""
    files = app_of(code, **modules)
    return {**files, "app.yaml": str(files["app.yaml"]).replace("threadsafe: true", "threadsafe: false")}
