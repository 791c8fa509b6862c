"""An included file holds keys that belong in app.yaml, or can't be found.

## Why

A file that `includes:` draws in may hold handlers, builtins, includes, admin_console, manual_scaling, vm,
vm_settings, beta_settings, env_variables and skip_files. App Engine refuses every other key there, and an
`includes:` whose file does not exist.

## Fix

Move the key to app.yaml; remove it if app.yaml says it already. Correct the path of a file that is not
found: it counts from the folder of the including file, then from the app's root; a folder stands for its
include.yaml.

## Example

```yaml before app.yaml
application: shop
version: 1
runtime: python27
api_version: 1
threadsafe: true
includes:
- blog/include.yaml
handlers:
- url: /.*
  script: main.app
```

```yaml before blog/include.yaml
libraries:
- name: jinja2
  version: "2.6"
handlers:
- url: /blog/.*
  script: blog.main.app
```

## Source

SDK: `google/appengine/api/appinfo.py` (AppInclude), `appinfo_includes.py`.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from gaebot.app import App
from gaebot.finding import Finding, Severity
from gaebot.rule import YAML, Rule
from gaebot.rules.python27.shared.config.app_yaml import SERVICE, faults
from gaebot.rules.python27.shared.config.schema import Kind
from gaebot.rules.python27.shared.config.services import python_services
from gaebot.service import included_paths
from gaebot.syntax.yaml import Node, ScalarNode, SequenceNode, YamlFile, as_text, is_null

RULE = Rule(__name__, Severity.ERROR, only_in=YAML)


def check(app: App) -> Iterator[Finding]:
    """Keys of app.yaml in included files, then `includes:` that lead nowhere."""
    for found in faults(app):
        fault = found.fault
        is_key = found.is_include and fault.kind is Kind.UNKNOWN_KEY and len(fault.path) == 1
        if is_key and found.concerns in SERVICE.keys:
            has_it = found.service.get(found.concerns) is not None
            todo = (
                f"remove it, {found.service.path} says it already"
                if has_it
                else f"move it to {found.service.path}"
            )
            message = f"`{found.concerns}` is refused in an included file: {todo}."
            yield RULE.finding(found.file.place(fault.node), message)
    seen: set[int] = set()
    for service in python_services(app):
        for file in (service.file, *service.includes):
            if id(file) not in seen:
                seen.add(id(file))
                yield from _includes(app, file)


def _includes(app: App, file: YamlFile) -> Iterator[Finding]:
    pair = YamlFile.get(file.mapping, "includes")
    if pair is None or is_null(pair.value):
        return
    if not isinstance(pair.value, SequenceNode):
        yield RULE.finding(file.place(pair.value), "`includes:` must be a list: put `- ` before each path.")
        return
    for item in YamlFile.items(pair.value):
        if not _is_path(item):
            yield RULE.finding(file.place(item), "An entry of `includes:` must be the path of a file.")
    for item, found in included_paths(file, app.paths):
        path = str(item.value)
        if found is None and _is_path(item) and not _may_exist(app, file, path):
            message = (
                f"The included file `{path}` is not there, and App Engine refuses the app: correct the path."
            )
            yield RULE.finding(file.place(item), message)


def _is_path(item: Node) -> bool:
    """Whether it is a text. App Engine's parser stumbles over numbers and the like."""
    is_text = isinstance(item, ScalarNode) and as_text(item) == str(item.value).removesuffix("\n")
    return is_text and not is_null(item) and item.tag == "tag:yaml.org,2002:str"


def _may_exist(app: App, file: YamlFile, path: str) -> bool:
    """Whether a path can lead to a file that the app does not hold: kept from upload, or outside."""
    here = posixpath.dirname(file.source.path)
    for base in (here, ""):
        full = posixpath.normpath(posixpath.join(base, path))
        if full.startswith(("/", "..")) or full == ".":
            return True
        if any(skipped == full or skipped.startswith(f"{full}/") for skipped in app.skipped):
            return True
        if any(full == skipped or full.startswith(f"{skipped}/") for skipped in app.skipped):
            return True
    return False
