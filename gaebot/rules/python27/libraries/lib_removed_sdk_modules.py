"""A module of the SDK has moved or is gone.

## Why

Task queues left `google.appengine.api.labs` years ago; the old name still works, and is deprecated.
Others are not there any more, such as `google.appengine.ext.mapreduce` or
`google.appengine.runtime.apiproxy`, or can't be loaded, and their import fails. The services behind
`channel`, `xmpp` and `files` have been shut down: they import, and fail when called.

## Fix

`from google.appengine.api import taskqueue`, which works on both runtimes. MapReduce is a library that
apps carry along.

## Example

```yaml before app.yaml
runtime: python27
api_version: 1
threadsafe: true
handlers:
- url: /.*
  script: main.app
```

```python before main.py
from google.appengine.api.labs import taskqueue
import webapp2

app = webapp2.WSGIApplication([])
```

```python after main.py
from google.appengine.api import taskqueue
import webapp2

app = webapp2.WSGIApplication([])
```

## Source

SDK 1.9.88: each module was imported on its development server. Google's release notes, 1.4.0 (task queues).
"""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from gaebot.app import App
from gaebot.finding import Finding, Fix, RunsOn, Safety, Severity
from gaebot.rule import Rule, python_with
from gaebot.rules.python27.shared.libraries.library_needs import imported_modules, is_guarded
from gaebot.rules.python27.shared.scripts.handler_scripts import RequestFile, asked_files, request_files_with
from gaebot.syntax.imports import exchange_import
from gaebot.syntax.lines import within
from gaebot.syntax.nodes import ancestors, text
from gaebot.syntax.python import Binding, PythonFile
from gaebot.text import Edit, Span

_GONE = {
    "google.appengine.ext.mapreduce": "carry the `mapreduce` library along",
    "google.appengine.ext.datastore_admin": "use the Cloud console",
    "google.appengine.ext.preload": "import what is needed",
    "google.appengine.runtime.apiproxy": "use `google.appengine.api.apiproxy_stub_map`",
    "google.appengine.api.servers": "use `google.appengine.api.modules`",
    "google.appengine.api.conversion": "the service has been shut down",
    "google.appengine.api.prospective_search": "the service has been shut down",
    "google.appengine.api.matcher": "the service has been shut down",
}
_SHUT_DOWN = {
    "google.appengine.api.channel": "The Channel API",
    "google.appengine.api.xmpp": "The XMPP API",
    "google.appengine.api.files": "The Files API",
}

RULE = Rule(
    __name__,
    Severity.ERROR,
    only_in=python_with("labs", *(name.rpartition(".")[2] for name in (*_GONE, *_SHUT_DOWN))),
)

_LABS = "google.appengine.api.labs"
_OLD = f"{_LABS}.taskqueue"
_API = "google.appengine.api"
_NEW = f"{_API}.taskqueue"
_BEGINNINGS = (_OLD, *_GONE, *_SHUT_DOWN)


def check(app: App) -> Iterator[Finding]:
    """Imports of what has moved or is gone, and one note for each service that was shut down."""
    for file in asked_files(app):
        for binding, module in _imports(file):
            yield from _judge(file, binding, module)
    for name, service in _SHUT_DOWN.items():
        if any(_is_in(module, name) for file in asked_files(app) for _, module in _imports(file)):
            files = request_files_with(app, name.rpartition(".")[2].encode())
            places = (
                file.file.place(binding.statement)
                for file in files
                for binding, module in _imports(file)
                if _is_in(module, name)
            )
            message = f"{service} has been shut down: calls of `{name}` fail."
            yield RULE.finding(next(places), message, severity=Severity.NOTE)


def _imports(file: RequestFile) -> Iterator[tuple[Binding, str]]:
    """The imports in a file that may run and may be of interest, with each module that one names."""
    for binding in file.file.imports() if b"google.appengine" in file.file.source.data else ():
        modules = [module for module in imported_modules(binding) if module.startswith(_BEGINNINGS)]
        if modules and file.runs(binding.statement):
            yield from ((binding, module) for module in modules)


def _judge(file: RequestFile, binding: Binding, module: str) -> Iterator[Finding]:
    """What is wrong with one import, wherever else there are others."""
    place = file.file.place(binding.statement)
    if _is_in(module, _OLD) and not _has_new_one(file.file, binding.statement):
        message = "Task queues are no longer in `labs`: import `google.appengine.api.taskqueue`."
        yield RULE.finding(place, message, fix=_fix(file.file, binding), severity=Severity.WARNING)
    for name, instead in _GONE.items():
        if _is_in(module, name) and not is_guarded(file.file, binding.statement):
            yield RULE.finding(place, f"`{name}` can't be imported on python27: {instead}.")


def _is_in(module: str, name: str) -> bool:
    return module == name or module.startswith(f"{name}.")


def _has_new_one(file: PythonFile, statement: Node) -> bool:
    """Whether the new name is tried beside the old one."""
    tried = next((node for node in ancestors(statement) if node.type == "try_statement"), None)
    return tried is not None and any(
        _is_in(module, _NEW)
        for binding in file.imports()
        if within(binding.statement, [tried])
        for module in imported_modules(binding)
    )


def _fix(file: PythonFile, binding: Binding) -> Fix | None:
    edits = _edits(file, binding)
    return Fix("Import it from its place", tuple(edits), Safety.SAFE, RunsOn.BOTH) if edits else None


def _edits(file: PythonFile, binding: Binding) -> list[Edit]:
    statement = binding.statement
    module = statement.child_by_field_name("module_name")
    if statement.type == "import_from_statement" and module is not None:
        if binding.origin != _OLD:
            return [file.source.edit(file.span(module), text(module).replace(_LABS, _API, 1).encode())]
        alias = f" as {binding.text}" if binding.text != "taskqueue" else ""
        edit = exchange_import(file, binding, f"from {_API} import taskqueue{alias}".encode())
        return [edit] if edit is not None else []
    # `import google.appengine.api.labs.taskqueue`, with or without another name: `.labs` goes, here and
    # wherever the whole name is said.
    edits = []
    for node in file.identifiers("labs"):
        outer, before = node.parent, node.prev_sibling
        if outer is None or before is None or before.prev_sibling is None:
            continue
        whole = outer.parent if outer.type == "attribute" else outer
        if whole is not None and text(whole).startswith(_OLD) and text(outer).startswith(_LABS):
            edits.append(file.source.edit(Span(before.start_byte, node.end_byte), b""))
    return edits
