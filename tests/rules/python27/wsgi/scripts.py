"""Apps whose one handler is a script: served as CGI, or as a WSGI application."""

from __future__ import annotations

from textwrap import dedent

_HEAD = "runtime: {runtime}\napi_version: 1\n{more}handlers:\n- url: /.*\n  script: {script}\n"


def cgi(main: str, **modules: str) -> dict[str, str | bytes]:
    """An app for Python 2.5 with the CGI script main.py; `a__b` is the module a/b.py."""
    return _app(_HEAD.format(runtime="python", more="", script="main.py"), main, modules)


def cgi27(main: str, **modules: str) -> dict[str, str | bytes]:
    """An app for python27 with the CGI script main.py."""
    return _app(_HEAD.format(runtime="python27", more="threadsafe: false\n", script="main.py"), main, modules)


def wsgi(main: str, **modules: str) -> dict[str, str | bytes]:
    """An app for python27 with the WSGI application main.app."""
    return _app(_HEAD.format(runtime="python27", more="threadsafe: true\n", script="main.app"), main, modules)


def _app(yaml: str, main: str, modules: dict[str, str]) -> dict[str, str | bytes]:
    files = {f"{name.replace('__', '/')}.py": dedent(code) for name, code in modules.items()}
    return {"app.yaml": yaml, "main.py": dedent(main), **files}
