"""A framework or library runs as a CGI script in a way of its own, which has to be changed by hand.

## Why

Under WSGI the runtime calls an application object of the script. Most scripts hand such an object to
`run_wsgi_app` or wsgiref's `CGIHandler`, and gaebot converts them. Some frameworks hide the object
behind a function that starts a server or answers one CGI request, and some libraries are named in
app.yaml by a script of theirs. As CGI scripts, with `threadsafe: false`, they work as before.

## Fix

Make the application object at module level, and name it in app.yaml. The finding says how for the
framework at hand: CherryPy, web.py, bottle, Paste, flup, ProtoRPC, XML-RPC, handlers of the SDK,
subclasses of wsgiref's `CGIHandler`, and the libraries mapreduce, pipeline, djangoappengine,
gae_mini_profiler and web2py.

## Example

```yaml before app.yaml
runtime: python
api_version: 1
handlers:
- url: /rpc
  script: rpc.py
```

```python before rpc.py
from SimpleXMLRPCServer import CGIXMLRPCRequestHandler

handler = CGIXMLRPCRequestHandler()
handler.register_function(pow)
handler.handle_request()
```

## Source

SDK: google/appengine/runtime/wsgi.py, `_LoadHandler` and `Handle`; the documentation of each
framework.
"""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from gaebot.app import App
from gaebot.finding import Finding, Severity
from gaebot.paths import is_yaml
from gaebot.rule import Rule
from gaebot.rules.python27.shared.config.sdk_scripts import WSGI_NAMES
from gaebot.rules.python27.shared.conversion.switch import switches
from gaebot.rules.python27.shared.scripts.handler_scripts import RequestFile, asked_files
from gaebot.syntax.nodes import arguments, text
from gaebot.syntax.python import PythonFile

RULE = Rule(__name__, Severity.WARNING)

_WORDS = frozenset(
    {
        "cherrypy", "CGIXMLRPCRequestHandler", "DocCGIXMLRPCRequestHandler", "paste", "flup", "protorpc",
        "bottle", "CGIHandler", "BaseCGIHandler", "IISCGIHandler", "web", "remote_api", "appstats",
        "ereporter", "admin_redirect", "deferred", "zipserve",
    }
)  # fmt: skip
_CLASSES = "(class_definition superclasses: (argument_list) @bases) @class"

_CHERRYPY = "With CherryPy write `app = cherrypy.tree.mount(Root(), '/')` at module level."
_WEB_PY = "With web.py write `app = web.application(urls, globals()).wsgifunc()` at module level."
_XML_RPC = (
    "For XML-RPC use `SimpleXMLRPCDispatcher` and, in the `post` of a request handler,"
    " `self.response.out.write(dispatcher._marshaled_dispatch(self.request.body))`."
)
_NAMED = "Make the application a module-level `app`; the runtime calls it itself."
_PASTE = "With Paste write `app = loadapp('config:…', relative_to=…)` at module level."
_PROTORPC = (
    "With ProtoRPC write `app = webapp2.WSGIApplication(service_handlers.service_mapping([…]))` at"
    " module level."
)
_BOTTLE = "With bottle write `app = bottle.default_app()` at module level."

_ADVICE = {
    "cherrypy.quickstart": _CHERRYPY,
    "cherrypy.engine.start": _CHERRYPY,
    "cherrypy.server.start": _CHERRYPY,
    "cherrypy.server.quickstart": _CHERRYPY,
    "web.run": _WEB_PY,
    "web.runwsgi": _WEB_PY,
    "web.wsgi.runwsgi": _WEB_PY,
    "web.application().run": _WEB_PY,
    "SimpleXMLRPCServer.CGIXMLRPCRequestHandler": _XML_RPC,
    "DocXMLRPCServer.DocCGIXMLRPCRequestHandler": _XML_RPC,
    "paste.servers.cgi_wsgi.run_with_cgi": _PASTE,
    "paste.deploy.loadserver": _PASTE,
    "flup.server.cgi.WSGIServer": _NAMED,
    "flup.server.fcgi.WSGIServer": _NAMED,
    "protorpc.webapp.service_handlers.run_services": _PROTORPC,
}
_BOTTLE_SERVERS = ("bottle.GAEServer", "bottle.CGIServer", "bottle.AppEngineServer")
# The `main()` of the SDK's own scripts, called by a script of the app, and their WSGI names.
_SDK_MAINS = {
    f"{path.removesuffix('.py').replace('/', '.')}.main": name
    for path, name in WSGI_NAMES.items()
    if path.endswith(".py")
}

_CGI_HANDLERS = tuple(
    f"wsgiref.handlers.{name}" for name in ("CGIHandler", "BaseCGIHandler", "IISCGIHandler")
)

# Libraries that are named by a script of theirs, with the application of their python27 versions.
_LIBRARY_SCRIPTS = {
    "mapreduce/main.py": "mapreduce.main.APP",
    "pipeline/handlers.py": "pipeline.handlers._APP",
    "djangoappengine/main/main.py": "djangoappengine.main.application",
    "djangoappengine/main/__init__.py": "djangoappengine.main.application",
    "gae_mini_profiler/main.py": "gae_mini_profiler.main.application",
    "gaehandler.py": "gaehandler.wsgiapp",
}


def check(app: App) -> Iterator[Finding]:
    """Framework-specific ways to run as a CGI script, in scripts and in YAML files."""
    for file in asked_files(app):
        if any(script.is_cgi for script in file.scripts) and not _WORDS.isdisjoint(file.file.words):
            yield from _runners(file)
    if app.asks_for_any(is_yaml):
        yield from _library_scripts(app)


def _runners(file: RequestFile) -> Iterator[Finding]:
    for call in file.file.calls("bottle.run", *_ADVICE, *_SDK_MAINS):
        function = call.child_by_field_name("function")
        advice = _advice(file.file, call, function) if function is not None else None
        if advice is not None and file.runs(call):
            message = (
                f"`{text(function)}` answers as a CGI script. To serve it as a WSGI application: {advice}"
            )
            yield RULE.finding(file.file.place(call), message)
    for match in file.file.matches(_CLASSES):
        if any(file.file.refers_to(base, *_CGI_HANDLERS) for base in match["bases"].named_children):
            own = match["class"].child_by_field_name("name") or match["class"]
            message = (
                f"`{text(own)}` changes how a CGI script runs its application; a WSGI application is called"
                " without it. Turn what it adds into a middleware, and name the application in app.yaml."
            )
            yield RULE.finding(file.file.place(own), message)


def _advice(file: PythonFile, call: Node, function: Node) -> str | None:
    origins = file.origins(function)
    for origin in origins:
        if origin in _ADVICE:
            return _ADVICE[origin]
        if origin in _SDK_MAINS:
            return f"Remove this script and write `script: {_SDK_MAINS[origin]}` in app.yaml."
    _, named = arguments(call)
    if "bottle.run" in origins and file.refers_to(named.get("server", call), *_BOTTLE_SERVERS):
        return _BOTTLE
    return None


def _library_scripts(app: App) -> Iterator[Finding]:
    for switch in switches(app):
        for target in switch.blocked:
            name = _LIBRARY_SCRIPTS.get(target.use.script.path)
            if name is not None:
                message = (
                    f"`{target.use.script.text}` is the CGI script of a library. Take a version of the"
                    f" library that is made for python27, and write `script: {name}`."
                )
                yield RULE.finding(target.use.place, message)
