"""mapreduce.yaml names classes of the SDK's mapreduce, which is gone.

## Why

Up to 2012 the SDK held `google.appengine.ext.mapreduce`. It no longer does: an input reader such as
`google.appengine.ext.mapreduce.input_readers.DatastoreInputReader` can't be loaded. The library lives on
as a package `mapreduce` that apps carry along.

## Fix

Bundle the library (PyPI: GoogleAppEngineMapReduce) as the folder `mapreduce` and name its classes:
`mapreduce.input_readers.DatastoreInputReader`. gaebot changes the names when the folder is there and
holds the class.

## Example

```yaml before app.yaml
application: guestbook
version: 1
runtime: python
api_version: 1
handlers:
- url: /.*
  script: main.py
```

```python before mapreduce/__init__.py
```

```python before mapreduce/input_readers.py
class DatastoreInputReader(object):
    pass
```

```yaml before mapreduce.yaml
mapreduce:
- name: Fix names
  mapper:
    input_reader: google.appengine.ext.mapreduce.input_readers.DatastoreInputReader
    handler: jobs.fix
```

```yaml after mapreduce.yaml
mapreduce:
- name: Fix names
  mapper:
    input_reader: mapreduce.input_readers.DatastoreInputReader
    handler: jobs.fix
```

## Source

SDK 1.9.88: there is no `google/appengine/ext/mapreduce`. Release notes 1.6.1 and 1.6.2.
"""

from __future__ import annotations

from collections.abc import Iterator

from gaebot.app import App
from gaebot.finding import Finding, Fix, Safety, Severity
from gaebot.rule import YAML, Rule
from gaebot.rules.python27.shared.config.patches import one_edit
from gaebot.rules.python27.shared.scripts.targets import Status, find_target
from gaebot.syntax.yaml import ScalarNode, YamlFile, walk

RULE = Rule(__name__, Severity.ERROR, only_in=YAML)

_GONE = "google.appengine.ext.mapreduce."


def check(app: App) -> Iterator[Finding]:
    """Values in mapreduce.yaml that begin with the name of the SDK's old package."""
    for name in ("mapreduce.yaml", "mapreduce.yml"):
        file = app.yaml(name)
        for node in walk(file.root) if file is not None else ():
            if file is None or not isinstance(node, ScalarNode) or not str(node.value).startswith(_GONE):
                continue
            new = str(node.value).removeprefix("google.appengine.ext.")
            message = (
                f"The SDK no longer holds `{node.value}`: bundle the mapreduce library in the folder "
                f"`mapreduce` and write `{new}`."
            )
            yield RULE.finding(file.place(node), message, fix=_fix(app, file, node, new))


def _fix(app: App, file: YamlFile, node: ScalarNode, new: str) -> Fix | None:
    target = find_target(app, new)
    if target.status is not Status.FOUND:
        return None
    return one_edit(file, f"Name `{new}`", file.set_scalar(node, new), Safety.REVIEW)
