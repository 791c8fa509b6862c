"""An entry of `builtins:` is unknown or not written as App Engine wants it.

Also `yaml-builtin-format`.

## Why

`builtins:` is a list with one `- name: on` for each builtin. App Engine refuses a mapping, a bare name, two
names in one entry, a name twice, other words than on and off, and names it does not know.

## Fix

Each name gets its dash and its `on`. Unknown names are corrected by hand; the builtins are
`admin_redirect`, `appstats`, `deferred`, `django_wsgi` and `remote_api`.

## Example

```yaml before app.yaml
application: shop
version: 1
runtime: python27
api_version: 1
threadsafe: true
builtins:
- deferred
- remote_api: on
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
builtins:
- deferred: on
- remote_api: on
handlers:
- url: /.*
  script: main.app
```

## Source

SDK: `google/appengine/api/appinfo.py` (BuiltinHandler), `google/appengine/ext/builtins/__init__.py`.
"""

from __future__ import annotations

from collections.abc import Iterator

from gaebot.app import App
from gaebot.finding import Finding, Fix, RunsOn, Safety, Severity
from gaebot.rule import YAML, Rule
from gaebot.rules.python27.shared.config.app_yaml import BUILTINS, GONE_BUILTINS, ON_OFF
from gaebot.rules.python27.shared.config.builtin_handlers import builtin_lists, builtins_in, items_of
from gaebot.rules.python27.shared.config.names import nearest
from gaebot.rules.python27.shared.config.patches import one_edit
from gaebot.rules.python27.shared.config.schema import listed
from gaebot.syntax.yaml import MappingNode, Node, Pair, ScalarNode, SequenceNode, YamlFile, is_null, scalar

RULE = Rule(__name__, Severity.ERROR, only_in=YAML)

_NAMES = tuple(name for name in BUILTINS if name != "default")


def check(app: App) -> Iterator[Finding]:
    """Lists of builtins that App Engine refuses."""
    for file, pair in builtin_lists(app):
        if is_null(pair.value):
            continue
        if not isinstance(pair.value, SequenceNode):
            message = "`builtins:` must be a list: put `- ` before each name."
            yield RULE.finding(file.place(pair.value), message, fix=_dashes(file, pair.value))
            continue
        for item in items_of(pair):
            if not isinstance(item, MappingNode) or len(item.value) != 1:
                yield _malformed(file, item)
        yield from _entries(file)


def _entries(file: YamlFile) -> Iterator[Finding]:
    seen: set[str] = set()
    for entry in builtins_in(file):
        place = file.pair_place(entry.pair)
        if entry.name in seen:
            yield RULE.finding(
                place, f"The builtin `{entry.name}` is given twice: remove one of the entries."
            )
        seen.add(entry.name)
        if not entry.has_value:
            continue
        for fault in ON_OFF.faults(entry.pair.value, (entry.name,)):
            yield RULE.finding(place, fault.message)
        if entry.name not in BUILTINS and entry.name not in GONE_BUILTINS:
            yield RULE.finding(place, _unknown(entry.name), fix=_rename(file, entry.pair))


def _unknown(name: str) -> str:
    if meant := nearest(name, _NAMES):
        return f"App Engine has no builtin `{name}`: `{meant}` is meant."
    return f"App Engine has no builtin `{name}`; there are {listed(_NAMES)}. Remove the entry."


def _rename(file: YamlFile, pair: Pair) -> Fix | None:
    meant = nearest(scalar(pair.key) or "", _NAMES)
    if meant is None or any(entry.name == meant for entry in builtins_in(file)):
        return None
    title = f"Rename `{scalar(pair.key)}` to `{meant}`"
    return one_edit(file, title, file.set_scalar(pair.key, meant), Safety.REVIEW)


def _malformed(file: YamlFile, item: Node) -> Finding:
    place = file.place(item)
    if isinstance(item, MappingNode) and item.value:
        names = tuple(scalar(key) or "" for key, _ in item.value)
        message = f"Each builtin needs a dash of its own: this entry holds {listed(names)}."
        return RULE.finding(place, message, fix=_split(file, item))
    name = scalar(item) or ""
    if not isinstance(item, ScalarNode) or not name:
        return RULE.finding(
            place, "An entry of `builtins:` must be a name with `on` or `off`, such as `deferred: on`."
        )
    fix = None
    if name in BUILTINS and item.style not in {"|", ">"}:
        fix = one_edit(file, f"Write `{name}: on`", file.set_plain(item, f"{name}: on"), Safety.REVIEW)
    return RULE.finding(place, f"Write `{name}: on`: App Engine refuses the bare name.", fix=fix)


def _split(file: YamlFile, item: MappingNode) -> Fix | None:
    """One entry for each name, if nothing but plain lines stands between them."""
    lines = [line for line in file.place(item).snippet.splitlines() if line.strip()]
    words = [(scalar(key), scalar(value)) for key, value in item.value]
    if item.flow_style or len(lines) != len(words) or any(b"#" in line for line in lines):
        return None
    if any(not name or not value for name, value in words):
        return None
    edit = file.replace_item(item, [[f"{name}: {value}"] for name, value in words])
    return one_edit(file, "Give each builtin a dash of its own", edit, Safety.REVIEW)


def _dashes(file: YamlFile, node: Node) -> Fix | None:
    """A dash before each key of a block mapping."""
    if not isinstance(node, MappingNode) or node.flow_style or not file.can_be_patched:
        return None
    starts = [file.span(key)._replace(end=file.span(key).start) for key, _ in node.value]
    edits = tuple(file.source.edit(span, b"- ") for span in starts)
    return Fix("Make `builtins:` a list", edits, Safety.REVIEW, RunsOn.BOTH)
