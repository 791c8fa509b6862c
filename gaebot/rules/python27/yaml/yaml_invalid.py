"""App Engine can't read a YAML file, or refuses a value in it.

## Why

The deployment tools read app.yaml, the other services' files, what they include, and cron.yaml,
queue.yaml and the like before anything else, and stop at the first thing they don't take. gaebot reads
them by the same table of keys and values as Google's parser and reports all of it at once: a file that is
no YAML, is not UTF-8, is empty or holds several documents; anchors and aliases (`&name`, `*name`), which
App Engine does not know; missing values; values of the wrong form; keys that rule each other out.

Entries of handlers and libraries have rules of their own (`yaml-handler-keys`, `yaml-url-pattern`,
`yaml-library-name` …). In a template such as app.yaml.example, single values are not judged: they are
there to be filled in.

## Fix

By hand, as the message says. A pattern such as `*.pyc` needs quotes, and in a regular expression `.*`
stands for any text.

## Example

```yaml before app.yaml
application: shop
version: 1.0
runtime: python27
api_version: 1
threadsafe: true
handlers:
- url: /.*
  script: main.app
```

## Source

SDK: `google/appengine/api/appinfo.py`, `validation.py`, `yaml_builder.py`. Two things are errors here
that its parser lets pass: a broken regular expression in a list of `skip_files`, which ends the upload
later, and a list where one value belongs, for which it takes the text `[]`.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from gaebot.app import App
from gaebot.finding import Finding, Place, Severity
from gaebot.paths import is_main, is_template
from gaebot.rule import YAML, Rule
from gaebot.rules.python27.shared.config.app_yaml import FileFault, faults
from gaebot.rules.python27.shared.config.names import nearest
from gaebot.rules.python27.shared.config.schema import Kind
from gaebot.rules.python27.shared.config.services import python_services
from gaebot.service import included_paths
from gaebot.syntax.yaml import MappingNode, ScalarNode, YamlFile, is_null, scalar, walk
from gaebot.text import Span

RULE = Rule(__name__, Severity.ERROR, only_in=YAML)

# Top-level keys whose values have a rule of their own.
_ELSEWHERE = frozenset({"builtins", "inbound_services", "includes", "libraries"})
_OTHER_FILES = frozenset({"backends", "cron", "dispatch", "dos", "index", "queue"})
_RUNTIME_LINE = re.compile(rb"^runtime[ \t]*:[ \t]*[\"']?python(?:27)?[\"' \t\r]*(?:#.*)?$", re.MULTILINE)
_KUBERNETES_LINE = re.compile(rb"^(?:apiVersion|kind)[ \t]*:", re.MULTILINE)
_APP_ENGINE_KEYS = frozenset(
    {"api_version", "application", "builtins", "handlers", "includes", "libraries", "threadsafe"}
)
_TAGS = frozenset({"binary", "bool", "float", "int", "null", "str", "timestamp"})
_HINTS = {
    "found character '\\t'": "Indent with blanks, not with tabs.",
    "found another document": "App Engine takes one document only: remove what follows `---`.",
    "mapping values are not allowed": "Look at the indentation; a value that holds `: ` needs quotes.",
    "cannot start any token": "Put the value in quotes.",
    "could not find expected ':'": "A key needs `: ` behind it.",
}


def check(app: App) -> Iterator[Finding]:
    """Files that can't be read, then what App Engine refuses in those that can."""
    included = _included(app)
    for file in app.yaml_files():
        if file.source.path in included or _is_ours(file):
            yield from _unreadable(file)
    for service in python_services(app):
        for file in (service.file, *service.includes):
            yield from _foreign_yaml(file)
    for found in faults(app):
        if found.fault.kind is Kind.VALUE and found.concerns not in _ELSEWHERE and not _is_placeholder(found):
            yield RULE.finding(found.file.place(found.fault.node), found.fault.message)


def _is_ours(file: YamlFile) -> bool:
    """Whether a file belongs to App Engine, as far as its name and its text tell."""
    path, data = file.source.path, file.source.data
    if is_template(path):
        return False
    if is_main(path):
        return not _KUBERNETES_LINE.search(data)
    name, extension = posixpath.splitext(path)
    if name in _OTHER_FILES and extension in {".yaml", ".yml"}:
        return True
    return _RUNTIME_LINE.search(data) is not None


def _included(app: App) -> set[str]:
    """Paths of the files that services include, those that can't be read too."""
    files = [file for service in python_services(app) for file in (service.file, *service.includes)]
    return {path for file in files for _, path in included_paths(file, app.paths) if path is not None}


def _unreadable(file: YamlFile) -> Iterator[Finding]:
    if problem := file.problem:
        if problem.is_limit:
            message = f"This file was not read: {problem.message}; divide it, or write it more simply."
        else:
            hint = _hint(file, problem.span, problem.message)
            message = f"App Engine can't read this file: {problem.message}. {hint}".strip()
        yield RULE.finding(Place(file.source, problem.span), message)
    elif file.root is None:
        if is_main(file.source.path):
            yield RULE.finding(
                Place(file.source, Span(0, 0)), "The file is empty, and App Engine needs it: fill it in."
            )
    elif file.mapping is None:
        if not (is_null(file.root) and not is_main(file.source.path)):
            yield RULE.finding(file.place(file.root), "The file must hold lines of `key: value` at the top.")
    elif is_main(file.source.path):
        yield from _without_runtime(file)


def _hint(file: YamlFile, span: Span, message: str) -> str:
    line = file.source.line_span(span.start)
    if "alias" in message or b"*" in file.source.data[max(line.start, span.start - 2) : span.end + 1]:
        return "A value that begins with `*` needs quotes."
    return next((hint for words, hint in _HINTS.items() if words in message), "")


def _without_runtime(file: YamlFile) -> Iterator[Finding]:
    keys = {scalar(pair.key) or "": pair for pair in YamlFile.pairs(file.mapping)}
    runtime = keys.get("runtime")
    if (runtime is not None and not is_null(runtime.value)) or "env" in keys or "vm" in keys:
        return
    if keys and _APP_ENGINE_KEYS.isdisjoint(keys):
        return  # some other program's app.yaml
    meant = next((key for key in keys if key != "runtime" and nearest(key, ["runtime"])), None)
    place = file.place(runtime.key) if runtime else Place(file.source, Span(0, 0))
    if meant is not None:
        place = file.place(keys[meant].key)
        yield RULE.finding(
            place, f"`runtime` is missing, and App Engine needs it: is `{meant}` meant to be it?"
        )
    else:
        yield RULE.finding(place, "`runtime` is missing, and App Engine needs it: add `runtime: python27`.")


def _foreign_yaml(file: YamlFile) -> Iterator[Finding]:
    """Parts of YAML that App Engine's parser does not know: anchors, and tags beyond the usual."""
    if file.anchor is not None:
        message = "App Engine knows no anchors and aliases (`&name`, `*name`): write the value out."
        yield RULE.finding(Place(file.source, file.anchor), message)
        return
    nodes = list(walk(file.mapping))
    keys = {id(pair.key) for node in nodes for pair in YamlFile.pairs(node)}
    for node in nodes:
        if not isinstance(node, ScalarNode) or id(node) in keys:
            continue
        if node.tag.removeprefix("tag:yaml.org,2002:") not in _TAGS or _is_no_number(node):
            message = (
                f"App Engine can't read `{scalar(node)}` here: put it in quotes, without a tag before it."
            )
            yield RULE.finding(file.place(node), message)


def _is_no_number(node: ScalarNode) -> bool:
    """Whether a tag says that a text is a number, and it is none."""
    is_number = node.tag in {"tag:yaml.org,2002:int", "tag:yaml.org,2002:float"}
    return is_number and re.search(r"\d|inf|nan", str(node.value), re.IGNORECASE) is None


def _is_placeholder(found: FileFault) -> bool:
    """Whether a value is there to be filled in: in a template, also `{{ name }}`."""
    node = found.fault.node
    is_braces = isinstance(node, MappingNode) and node.flow_style is True
    return found.service.is_template and (isinstance(node, ScalarNode) or is_braces)
