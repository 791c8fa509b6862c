"""Iterators, generators and open files that a module keeps, and where requests take from them."""

from __future__ import annotations

from functools import partial
from typing import NamedTuple

from tree_sitter import Node

from gaebot.app import App, once_per_app
from gaebot.rules.python27.shared.process.uses import Use, called_method, unlocked_uses
from gaebot.rules.python27.shared.reach.code import FunctionCode, app_code
from gaebot.rules.python27.shared.reach.globals import module_values, values_in_reach
from gaebot.rules.python27.shared.scripts.definitions import definitions
from gaebot.rules.python27.shared.scripts.handler_scripts import RequestFile
from gaebot.syntax.nodes import ancestors, arguments, text
from gaebot.syntax.python import Binding, PythonFile

_GENERATOR = "generator"
_ITERATOR = "iterator"
_FILE = "file"
_BUFFER = "buffer"
_MADE_BY = {
    **dict.fromkeys(
        (
            *("iter", "enumerate", "reversed", "csv.reader", "csv.DictReader", "re.finditer"),
            "os.walk",
            *("itertools.chain", "itertools.islice", "itertools.izip", "itertools.imap"),
            *("itertools.ifilter", "itertools.groupby"),
            *("glob.iglob", "xml.etree.ElementTree.iterparse", "xml.etree.cElementTree.iterparse"),
        ),
        _ITERATOR,
    ),
    **dict.fromkeys(("open", "file", "codecs.open", "io.open", "gzip.open", "urllib2.urlopen"), _FILE),
    **dict.fromkeys(
        ("StringIO.StringIO", "cStringIO.StringIO", "io.StringIO", "io.BytesIO", "tempfile.TemporaryFile"),
        _BUFFER,
    ),
}
_TAKE = {
    _GENERATOR: frozenset({"next", "send", "throw", "close"}),
    _ITERATOR: frozenset({"next"}),
    _FILE: frozenset({"next", "read", "readline", "readlines", "seek", "write", "writelines", "close"}),
    _BUFFER: frozenset(
        {"next", "read", "readline", "readlines", "seek", "write", "writelines", "truncate", "close"}
    ),
}
_CONSUMERS = frozenset({"next", "list", "tuple", "set", "dict", "sorted", "sum", "max", "min", "any", "all"})


class SharedIterator(NamedTuple):
    """Something that a module keeps and that is used up, and where requests do so without a lock.

    `kind` is 'generator', 'iterator', 'file' or 'buffer'.
    """

    file: RequestFile
    binding: Binding
    kind: str
    uses: tuple[Use, ...]


@once_per_app
def shared_iterators(app: App) -> tuple[SharedIterator, ...]:
    """The iterators and files that requests use up, by file and position."""
    found = []
    for file in app_code(app).files.values():
        for binding in module_values(file.file):
            kind = _kind(app, file.file, binding)
            uses = unlocked_uses(app, file, binding, partial(_taken, kind=kind)) if kind is not None else ()
            if kind is not None and uses:
                found.append(SharedIterator(file, binding, kind, uses))
    return tuple(found)


def asked_iterators(app: App) -> tuple[SharedIterator, ...]:
    """The same, for findings at their uses: none where no file in which findings are wanted loads one."""
    is_loaded = app.asks_for_all or any(_may_be_one(app, *made) for made in values_in_reach(app))
    return shared_iterators(app) if is_loaded else ()


def _may_be_one(app: App, file: PythonFile, binding: Binding) -> bool:
    """Whether a name may be bound to something that is used up: any result of the app's own functions is."""
    value = binding.value
    function = value.child_by_field_name("function") if value is not None and value.type == "call" else None
    if function is None:
        return value is not None and value.type == "generator_expression"
    if any(origin in _MADE_BY or "()" in origin for origin in file.origins(function)):
        return True
    known = file.lookup(text(function), function) if function.type == "identifier" else []
    is_own = any(found.file is not None for found in definitions(app, file, function))
    return is_own or any(binding.kind == "def" for binding in known)


def _kind(app: App, file: PythonFile, binding: Binding) -> str | None:
    """What a module-level name is bound to, if that is used up."""
    value = binding.value
    if value is None:
        return None
    if value.type == "generator_expression":
        return _GENERATOR
    function = value.child_by_field_name("function") if value.type == "call" else None
    if function is None:
        return None
    for origin in sorted(file.origins(function)):
        if origin in _MADE_BY:
            is_iter = origin != "iter" or len(arguments(value)[0]) == 1
            return _MADE_BY[origin] if is_iter else None
    found = app_code(app).meanings(file, function)
    if found and all(isinstance(code, FunctionCode) and _yields(code) for code in found):
        return _GENERATOR
    return None


def _yields(function: FunctionCode) -> bool:
    """Whether a function is a generator, which no decorator turns into something else."""
    if function.decorators:
        return False
    for word in function.file.keyword_nodes("yield"):
        for outer in ancestors(word):
            if outer.type in {"function_definition", "lambda"}:
                if outer.id == function.node.id:
                    return True
                break
    return False


def _taken(node: Node, kind: str) -> Node | None:
    """The expression or loop in which something is taken out of an iterator or file, or None."""
    parent = node.parent
    if parent is None:
        return None
    if parent.type in {"for_statement", "for_in_clause"}:
        return node if parent.child_by_field_name("right") == node else None
    method = called_method(node)
    if method is not None:
        return method[1] if method[0] in _TAKE[kind] else None
    if parent.type == "argument_list" and parent.parent is not None:
        call = parent.parent
        return call if text(call.child_by_field_name("function")) in _CONSUMERS else None
    return None
