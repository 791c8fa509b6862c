"""Apps with one module of request handlers."""

from __future__ import annotations

from tests.rules.python27.wsgi.scripts import cgi, wsgi

HEAD = "from google.appengine.ext import webapp\n"


def old(code: str, **modules: str) -> dict[str, str | bytes]:
    """An app for Python 2.5 whose main.py is `code` below the import of webapp."""
    return cgi(HEAD + code, **modules)


def new(code: str, **modules: str) -> dict[str, str | bytes]:
    """The same for python27."""
    return wsgi(HEAD + code, **modules)
