r"""A handler's keys don't go together.

## Why

A handler names exactly one of `script`, `static_dir` and `static_files` (or is an `api_endpoint`), and each
kind has its own further keys: `upload` belongs to `static_files` only, which can't do without it;
`expiration`, `mime_type`, `http_headers`, `require_matching_file` and `application_readable` belong to static
files. `position` is for included files. App Engine refuses everything else.

## Fix

A missing `upload` is written from `static_files`. Keys that don't belong to the handler are removed. Whether
it should serve a script or static files, only you know.

## Example

```yaml before app.yaml
application: shop
version: 1
runtime: python27
api_version: 1
threadsafe: true
handlers:
- url: /images/(.*)
  static_files: images/\1
- url: /.*
  script: main.app
  expiration: 1d
```

```yaml after app.yaml
application: shop
version: 1
runtime: python27
api_version: 1
threadsafe: true
handlers:
- url: /images/(.*)
  static_files: images/\1
  upload: images/.*
- url: /.*
  script: main.app
```

## Source

SDK: `google/appengine/api/appinfo.py` (URLMap.GetHandlerType, ErrorOnPositionForAppInfo).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from gaebot.app import App
from gaebot.finding import Finding, Fix, Safety, Severity
from gaebot.rule import YAML, Rule
from gaebot.rules.python27.shared.config.patches import one_edit
from gaebot.rules.python27.shared.config.schema import listed
from gaebot.rules.python27.shared.config.services import python_services
from gaebot.service import Handler, Service
from gaebot.syntax.yaml import Pair, YamlFile, is_null, scalar

RULE = Rule(__name__, Severity.ERROR, only_in=YAML)

_KINDS = ("script", "static_dir", "static_files")
_STATIC_KEYS = frozenset(
    {"application_readable", "expiration", "http_headers", "mime_type", "require_matching_file"}
)
_OWN_KEYS = {
    "api_endpoint": frozenset({"position", "script"}),
    "script": frozenset({"position"}),
    "static_dir": _STATIC_KEYS,
    "static_files": _STATIC_KEYS | {"upload"},
}
_KEYS_OF_SOME = frozenset({"position", "script", "upload"}) | _STATIC_KEYS
# What can be turned into the pattern of `upload` without a doubt: a path with groups of the `url`.
_PLAIN_PATH = re.compile(r"\w[\w./-]*(?:\\\d[\w./-]*)*")


def check(app: App) -> Iterator[Finding]:
    """Handlers that App Engine refuses for the keys they have or lack."""
    seen: set[int] = set()
    for service in python_services(app):
        for handler in service.handlers:
            if id(handler.node) not in seen:
                seen.add(id(handler.node))
                yield from _check(service, handler)


def _check(service: Service, handler: Handler) -> Iterator[Finding]:
    file = handler.file
    given = {scalar(pair.key) or "": pair for pair in YamlFile.pairs(handler.node) if not is_null(pair.value)}
    kinds = [kind for kind in _KINDS if kind in given]
    kind = "api_endpoint" if "api_endpoint" in given else kinds[0] if kinds else None
    if kind is None:
        message = "This handler serves nothing: give it a `script`, a `static_dir` or `static_files`."
        yield RULE.finding(file.place(handler.node), message)
        return
    if len(kinds) > 1:
        message = (
            f"This handler has {listed(tuple(kinds))}, and App Engine takes one of them: remove the others."
        )
        yield RULE.finding(file.pair_place(given[kinds[1]]), message)
        return
    yield from _strangers(handler, kind, given, is_include=file is not service.file)
    if kind == "static_files" and "upload" not in given:
        message = "`static_files` needs `upload`: a regular expression for the files to serve."
        fix = _upload(handler, given["static_files"])
        yield RULE.finding(file.pair_place(given["static_files"]), message, fix=fix)
    headers = given.get("http_headers")
    names = {(scalar(pair.key) or "").lower() for pair in YamlFile.pairs(headers.value)} if headers else set()
    if "mime_type" in given and "content-type" in names:
        message = "`mime_type` and a `Content-Type` in `http_headers` can't stand together: keep one."
        yield RULE.finding(file.pair_place(given["mime_type"]), message)
    if kind == "api_endpoint" and file is service.file:
        config = service.get("api_config")
        if config is None or is_null(config.value):
            message = (
                f"`api_endpoint` needs an `api_config:` with `url` and `script` in {service.path}: add it."
            )
            yield RULE.finding(file.pair_place(given["api_endpoint"]), message)


def _strangers(handler: Handler, kind: str, given: dict[str, Pair], *, is_include: bool) -> Iterator[Finding]:
    """Keys that the kind of handler does not take."""
    for name, pair in given.items():
        if name == kind or name not in _KEYS_OF_SOME:
            continue
        if name == "position" and not is_include:
            message = "`position` is for included files; here handlers are tried in the order they stand in."
        elif name not in _OWN_KEYS[kind]:
            message = f"`{name}` does not go with `{kind}`, and App Engine refuses it: remove it."
        else:
            continue
        edit = handler.file.remove_pair(handler.node, pair)
        fix = one_edit(handler.file, f"Remove `{name}`", edit, Safety.REVIEW)
        yield RULE.finding(handler.file.pair_place(pair), message, fix=fix)


def _upload(handler: Handler, files: Pair) -> Fix | None:
    path = scalar(files.value) or ""
    if not _PLAIN_PATH.fullmatch(path) or handler.get("upload") is not None:
        return None
    pattern = ".*".join(part.replace(".", r"\.") for part in re.split(r"\\\d", path))
    edit = handler.file.insert_after(handler.node, files, [f"upload: {pattern}"])
    return one_edit(handler.file, f"Add `upload: {pattern}`", edit, Safety.REVIEW)
