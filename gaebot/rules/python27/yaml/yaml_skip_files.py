r"""`skip_files` lets bytecode through, or keeps a handler's module from the upload.

Also `yaml-bytecode` and `yaml-skip-files-pyc`.

## Why

A `skip_files` of your own replaces the default one, which leaves out `.pyc` and `.pyo` files. python27 can
run bytecode, so a stale `.pyc` whose `.py` is gone is uploaded and imported. And a pattern that matches a
handler's module keeps it from the upload: every request for it fails. Patterns match from the start of the
path, but not to its end, so `main` also matches `main_page.py`.

## Fix

The default pattern for bytecode is added. If the app really ships bytecode without sources, leave it out.
A pattern that hides a module is corrected by hand; end it with `$`.

## Example

```yaml before app.yaml
application: shop
version: 1
runtime: python27
api_version: 1
threadsafe: true
skip_files:
- ^(.*/)?docs/.*$
handlers:
- url: /.*
  script: main.app
```

```yaml after app.yaml
application: shop
version: 1
runtime: python27
api_version: 1
threadsafe: true
skip_files:
- ^(.*/)?docs/.*$
- ^(.*/)?.*\.py[co]$
handlers:
- url: /.*
  script: main.app
```

## Source

Google, "Differences Between Python 2.5 and 2.7" (uploading bytecode). SDK:
`google/appengine/api/appinfo.py` (DEFAULT_SKIP_FILES), `google/appengine/tools/appcfg.py` (FileIterator).
"""

from __future__ import annotations

from collections.abc import Iterator

from gaebot.app import App
from gaebot.finding import Finding, Related, Safety, Severity
from gaebot.patterns import Pattern
from gaebot.rule import YAML, Rule
from gaebot.rules.python27.shared.config.patches import one_edit
from gaebot.rules.python27.shared.config.services import python_services
from gaebot.script import Script
from gaebot.service import Service
from gaebot.syntax.yaml import SequenceNode, YamlFile, is_null, scalar

RULE = Rule(__name__, Severity.NOTE, only_in=YAML)

_BYTECODE_PATTERN = r"^(.*/)?.*\.py[co]$"


def check(app: App) -> Iterator[Finding]:
    """Lists that forget bytecode, and modules of handlers that a list hides."""
    for service in python_services(app):
        yield from _bytecode(service)
        yield from _hidden(app, service)


def _bytecode(service: Service) -> Iterator[Finding]:
    pair = service.get("skip_files")
    if pair is None or is_null(pair.value):
        return
    nodes = YamlFile.items(pair.value) if isinstance(pair.value, SequenceNode) else [pair.value]
    patterns = [Pattern("".join((scalar(node) or "").splitlines())) for node in nodes]
    if not all(pattern.is_usable for pattern in patterns):
        return
    if all(any(pattern.match(path) for pattern in patterns) for path in ("main.pyc", "folder/module.pyc")):
        return
    edit = None
    if isinstance(pair.value, SequenceNode):
        edit = service.file.append_item(pair.value, [_BYTECODE_PATTERN])
    fix = one_edit(service.file, "Leave bytecode out of the upload", edit, Safety.REVIEW)
    message = (
        "This list replaces the default one, so `.pyc` files are uploaded, and python27 runs them: "
        f"add `{_BYTECODE_PATTERN}`."
    )
    yield RULE.finding(service.file.place(pair.key), message, fix=fix)


def _hidden(app: App, service: Service) -> Iterator[Finding]:
    pair = service.get("skip_files")
    for use in service.scripts:
        files = _files(use.script)
        hidden = [path for path in files if path in app.skipped]
        if hidden and not any(path in app.paths for path in files):
            related = (
                [Related(service.file.place(pair.key), "Patterns match from the start of the path.")]
                if pair
                else []
            )
            message = (
                f"`skip_files` keeps {hidden[0]} from the upload, but `{use.script.text}` needs it: "
                "correct the pattern, or remove the handler."
            )
            yield RULE.finding(use.place, message, related=related, severity=Severity.ERROR)


def _files(script: Script) -> tuple[str, ...]:
    """Where the module of a script can be; nothing for the SDK's own and for patterns."""
    if script.is_sdk or script.has_backreference:
        return ()
    if script.is_cgi:
        return (script.path,)
    path = script.module.replace(".", "/")
    return (f"{path}.py", f"{path}/__init__.py") if path else ()
