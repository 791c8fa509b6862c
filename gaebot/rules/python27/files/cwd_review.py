"""Scripts in sub-folders run in another folder on python27.

## Why

On Python 2.5 a script ran in its own folder; on python27 all run in the app's root. Relative paths that
are put together while the app runs can't be seen from outside, nor can files that are not with the code.

## Fix

Look for relative paths in the scripts of sub-folders and in what they import, and start them at
`os.path.dirname(__file__)`, there or in a module that holds the folders of the app.

## Example

```yaml before app.yaml
runtime: python
api_version: 1
handlers:
- url: /.*
  script: admin/main.py
```

```python before admin/main.py
def read(name):
    return open(name + '.txt').read()
```

## Source

Google, "Migrating to Python 2.7", Using the app root directory.
"""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from gaebot.app import App
from gaebot.finding import Finding, Related, Severity
from gaebot.rule import Rule, python_with
from gaebot.rules.python27.shared.config.services import has_switched
from gaebot.rules.python27.shared.files.working_folder import (
    PathArgument,
    files_below,
    items,
    last_names,
    path_nodes,
    relative_path,
)
from gaebot.rules.python27.shared.scripts.definitions import definitions
from gaebot.rules.python27.shared.scripts.handler_scripts import RequestFile
from gaebot.rules.python27.shared.scripts.references import may_be
from gaebot.syntax.nodes import arguments, string_value, text
from gaebot.syntax.python import PythonFile

_FUNCTIONS = {
    **dict.fromkeys(("open", "file"), PathArgument(mode=1)),
    **dict.fromkeys(("os.listdir", "os.walk"), PathArgument("folder")),
    "google.appengine.ext.webapp.template.render": PathArgument(),
    "google.appengine.ext.webapp.template.load": PathArgument(),
}
_KEEP_START = (
    *("os.path.join", "os.path.abspath", "os.path.realpath", "os.path.normpath", "os.path.dirname"),
    *("posixpath.join", "posixpath.abspath", "posixpath.normpath", "posixpath.dirname", "unicode", "str"),
)
_MOST_RELATED = 5
_STEPS = 12  # how many expressions a path is followed through
_UNSEEN = frozenset({"identifier", "attribute", "subscript", "binary_operator"})

RULE = Rule(__name__, Severity.NOTE, only_in=python_with(*last_names(_FUNCTIONS)))


def check(app: App) -> Iterator[Finding]:
    """One note for each app whose scripts in sub-folders open what can't be seen from outside."""
    if has_switched(app):
        return
    if any(True for file in files_below(app) for _ in _doubtful(app, file)):
        files = files_below(app, asked=False)
        places = [file.file.place(node) for file in files for node in _doubtful(app, file)]
        message = (
            "The script that leads here runs in the app's root on python27, no longer in its own folder: make"
            " sure that the path does not depend on it."
        )
        related = [Related(place, "And here.") for place in places[1 : 1 + _MOST_RELATED]]
        yield RULE.finding(places[0], message, related=related)


def _doubtful(app: App, file: RequestFile) -> Iterator[Node]:
    """The paths in a file that may depend on the current folder, and that no other rule knows."""
    for node, argument in path_nodes(file, _FUNCTIONS):
        if _is_doubtful(app, file, node, argument):
            yield node


def _is_doubtful(app: App, file: RequestFile, node: Node, argument: PathArgument) -> bool:
    """Whether a path may depend on the current folder, and no other rule knows."""
    found = relative_path(app, file, node, argument)
    if found is not None:
        return not found.folders and not found.in_root
    if node.type not in _UNSEEN or b"__file__" in file.file.source.data:
        return False
    return not _begins_at_file(app, file.file, node, _STEPS, set())


def _begins_at_file(
    app: App, file: PythonFile, node: Node, steps: int, seen: set[tuple[str, int, int]]
) -> bool:
    """Whether an expression begins at a module's `__file__`, by whatever names of the app.

    What has been `seen` is not asked again: of `path = path + name` the other values of `path` decide.
    """
    key = (file.source.path, node.start_byte, node.end_byte)
    if key in seen or b"__file__" in (node.text or b""):
        return True
    seen.add(key)
    starts = list(_starts(app, file, node)) if steps else []
    return bool(starts) and all(
        start is not None and _begins_at_file(app, where, start, steps - 1, seen) for where, start in starts
    )


def _starts(app: App, file: PythonFile, node: Node) -> Iterator[tuple[PythonFile, Node | None]]:
    """What an expression begins with, each as an expression of a file; None for what can't be told."""
    if node.type == "binary_operator":
        yield file, _left_end(node)
    elif node.type == "parenthesized_expression":
        yield file, node.named_children[0]
    elif node.type == "subscript":
        yield file, node.child_by_field_name("value")
    elif node.type == "call":
        function = node.child_by_field_name("function")
        if function is not None and may_be(file, function, _KEEP_START):
            yield file, next(iter(arguments(node)[0]), None)
        elif function is not None:
            yield from ((found.file or file, found.node) for found in definitions(app, file, function))
    elif node.type in {"tuple", "list"}:
        yield from ((file, item) for item in node.named_children)
    elif node.type == "dictionary":
        yield from ((file, pair.child_by_field_name("value")) for pair in node.named_children)
    elif node.type in {"identifier", "attribute"}:
        yield from _values(app, file, node)


def _left_end(node: Node) -> Node | None:
    """What comes first in `folder + name`, `'%s/page' % folder` and `'%s/%s' % (folder, name)`."""
    left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
    if text(node.child_by_field_name("operator")) != "%" or left is None or left.type != "string":
        return left
    if right is None or not (string_value(left) or "").startswith("%s"):
        return None
    return next(iter(items(right)), None)


def _values(app: App, file: PythonFile, node: Node) -> Iterator[tuple[PythonFile, Node | None]]:
    """The values that a name is given, in its file or in another; what is added to them is left out."""
    known = file.lookup(text(node), node) if node.type == "identifier" else []
    if known and all(binding.kind in {"assign", "augment"} for binding in known):
        yield from ((file, binding.value) for binding in known if binding.kind == "assign")
        return
    for found in definitions(app, file, node):
        binding = found.binding
        is_unknown_name = found.file is None and found.origin == text(node)  # next to star imports
        if not is_unknown_name and (binding is None or binding.kind != "augment"):
            yield found.file or file, binding.value if binding is not None and not found.tail else None
