"""Where requests change what belongs to the whole process: modules of Python and the SDK, loggers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from tree_sitter import Node

from gaebot.app import App, once_per_app
from gaebot.rules.python27.shared.reach.code import FunctionCode, app_code
from gaebot.rules.python27.shared.reach.constants import is_constant
from gaebot.rules.python27.shared.reach.outside import (
    assigned_attributes,
    assigned_value,
    assignment_of,
    outside_name,
)
from gaebot.rules.python27.shared.reach.placing import request_function
from gaebot.rules.python27.shared.scripts.handler_scripts import RequestFile
from gaebot.syntax.nodes import ancestors, arguments, string_value, text
from gaebot.syntax.python import PythonFile

_MUTATORS = (
    *("add", "append", "clear", "discard", "extend", "insert", "pop", "popitem", "remove", "reverse"),
    *("setdefault", "sort", "update"),
)
_OWN_RULES = frozenset({"sys.path", "sys.modules", "os.environ"})
_SDK_MODULES = frozenset({"memcache", "datastore", "taskqueue", "labs", "db", "ndb", "blobstore"})
_CALLS = (
    *("socket.setdefaulttimeout", "urllib2.install_opener", "reload", "imp.reload"),
    *("sys.setdefaultencoding", "sys.setrecursionlimit", "sys.setcheckinterval"),
    *("warnings.simplefilter", "warnings.filterwarnings", "warnings.resetwarnings"),
    *("warnings.catch_warnings", "logging.disable", "random.seed", "random.setstate"),
    *("gettext.install", "gettext.translation().install", "gettext.textdomain"),
    *("csv.register_dialect", "csv.field_size_limit", "mimetypes.add_type"),
)
_NEVER_THE_SAME = frozenset(
    {"reload", "imp.reload", "warnings.catch_warnings", "random.setstate", "gettext.translation().install"}
)
_LOGGER_METHODS = ("setLevel", "addHandler", "removeHandler")
_LOGGERS = tuple(
    f"{logger}.{method}" for logger in ("logging.getLogger()", "logging.root") for method in _LOGGER_METHODS
)
_WORDS = frozenset(name.rpartition(".")[2] for name in (*_CALLS, *_LOGGERS))
_MOMENTS = ("time.", "datetime.", "os.urandom", "os.getpid", "uuid.")


class ProcessChange(NamedTuple):
    """A place that changes something of the process.

    `state` names what, `does` how, `is_same` says whether it comes to the same at every request.
    """

    file: RequestFile
    node: Node
    function: FunctionCode
    state: str
    label: str
    does: str
    is_same: bool


class ChangedState(NamedTuple):
    """One thing of the process with all places that change it, by file and position.

    `is_same` says whether it comes to the same at every request.
    """

    changes: tuple[ProcessChange, ...]
    is_same: bool


@once_per_app
def process_changes(app: App) -> tuple[ChangedState, ...]:
    """What requests change of the whole process."""
    found: dict[str, list[ProcessChange]] = defaultdict(list)
    for file in app_code(app).files.values():
        for change in changes_in(app, file):
            found[change.state].append(change)
    return tuple(
        ChangedState(tuple(changes), all(change.is_same for change in changes) and _agree(changes))
        for changes in found.values()
    )


def changes_in(app: App, file: RequestFile) -> list[ProcessChange]:
    """What requests change of the whole process in one file, by position."""
    return app.remember(
        (changes_in, file.path),
        lambda: sorted(_changes(app, file), key=lambda change: change.node.start_byte),
    )


def asked_changes(app: App) -> tuple[ChangedState, ...]:
    """The same as `process_changes`, as far as files have some in which findings are wanted."""
    is_asked = any(changes_in(app, file) for file in app_code(app).asked)
    return process_changes(app) if is_asked else ()


def _agree(changes: list[ProcessChange]) -> bool:
    """Whether all places do the same, or are the branches of one test that always comes out alike."""
    if len({change.does for change in changes}) == 1:
        return True
    tests = [_test_around(change) for change in changes]
    first = tests[0]
    return first is not None and all(test == first for test in tests)


def _test_around(change: ProcessChange) -> Node | None:
    """The innermost `if` around a change, where it asks for constants only."""
    for outer in ancestors(change.node):
        if outer.type == "if_statement":
            asked = [
                part.child_by_field_name("condition")
                for part in (outer, *outer.named_children)
                if part.type in {"if_statement", "elif_clause"}
            ]
            return outer if all(is_constant(change.file.file, node) for node in asked) else None
        if outer.type == "function_definition":
            return None
    return None


def _changes(app: App, file: RequestFile) -> Iterator[ProcessChange]:
    data = file.file.source.data
    if not _WORDS.isdisjoint(file.file.words):
        yield from _called(app, file)
        yield from _loggers(app, file)
    if b"setattr" in data:
        yield from _set_by_name(app, file)
    if b"sys" in data and b"modules" in data:
        yield from _modules(app, file)
    yield from _containers(app, file)
    for target in assigned_attributes(file.file):
        owner = outside_name(app, file.file, target.child_by_field_name("object"))
        function = request_function(app, file, target) if owner is not None else None
        if function is None:
            continue
        name = f"{owner}.{text(target.child_by_field_name('attribute'))}"
        if name in {"sys.path", "os.environ"}:
            continue
        value = assigned_value(target)
        label = f"`{text(target)} = …`"
        statement = assignment_of(target) or target
        yield ProcessChange(
            file, statement, function, name, label, text(value), is_same=is_constant(file.file, value)
        )


def _called(app: App, file: RequestFile) -> Iterator[ProcessChange]:
    python = file.file
    for call in python.calls(*_CALLS):
        function = request_function(app, file, call)
        called = call.child_by_field_name("function")
        name = next((each for each in _CALLS if called and python.refers_to(called, each)), None)
        if function is None or name is None or _is_covered(python, call, name, function):
            continue
        positional, named = arguments(call)
        if name == "csv.field_size_limit" and not positional:
            continue
        values = [*positional, *named.values()]
        is_same = all(is_constant(python, value) for value in values)
        if name == "random.seed":
            is_same = all(_is_moment(python, value) for value in values)
        elif name in _NEVER_THE_SAME:
            is_same = False
        elif name == "csv.register_dialect":
            name = f"{name} {text(values[0])}" if values else name
        elif name == "mimetypes.add_type":
            name = f"{name} {text(values[-1])}" if values else name
        does = text(call.child_by_field_name("arguments"))
        label = f"`{text(called)}`" if "(" not in text(called) else f"`{name}`"
        yield ProcessChange(file, call, function, name, label, does, is_same)


def _is_covered(file: PythonFile, call: Node, name: str, function: FunctionCode) -> bool:
    """Whether another call says it already.

    That is `catch_warnings` around a filter, and the encoding that is set after `reload(sys)`.
    """
    if name in {"warnings.simplefilter", "warnings.filterwarnings", "warnings.resetwarnings"}:
        return any(
            outer.type == "with_statement" and b"catch_warnings" in (outer.text or b"").partition(b":")[0]
            for outer in ancestors(call)
        )
    if name in {"reload", "imp.reload"}:
        argument = next(iter(arguments(call)[0]), None)
        return (
            argument is not None
            and file.refers_to(argument, "sys")
            and bool(file.calls("sys.setdefaultencoding", within=function.node))
        )
    return False


def _is_moment(file: PythonFile, value: Node) -> bool:
    """Whether a seed is the time, which nobody can want to meet again."""
    functions = [node for node in (value, *_below(value)) if node.type == "call"]
    return any(
        origin.startswith(_MOMENTS)
        for call in functions
        for origin in file.origins(call.child_by_field_name("function") or call)
    )


def _below(node: Node) -> Iterator[Node]:
    waiting = list(node.named_children)
    while waiting:
        current = waiting.pop()
        yield current
        waiting += current.named_children


def _loggers(app: App, file: RequestFile) -> Iterator[ProcessChange]:
    """Levels and handlers of loggers."""
    for call in file.file.calls(*_LOGGERS):
        function = request_function(app, file, call)
        called = call.child_by_field_name("function")
        if function is None or called is None or called.type != "attribute":
            continue
        positional, named = arguments(call)
        method = text(called.child_by_field_name("attribute"))
        logger = text(called.child_by_field_name("object"))
        state = f"{logger} {'level' if method == 'setLevel' else 'handlers'}"
        is_same = all(is_constant(file.file, value) for value in (*positional, *named.values()))
        does = f"{method}{text(call.child_by_field_name('arguments'))}"
        yield ProcessChange(file, call, function, state, f"`{method}` of a logger", does, is_same)


def _set_by_name(app: App, file: RequestFile) -> Iterator[ProcessChange]:
    """`setattr(socket, 'socket', mine)`."""
    for call in file.file.calls("setattr"):
        positional, _ = arguments(call)
        if len(positional) != 3:
            continue
        owner = outside_name(app, file.file, positional[0])
        function = request_function(app, file, call) if owner is not None else None
        if function is not None:
            attribute = string_value(positional[1])
            state = f"{owner}.{attribute or text(positional[1])}"
            is_same = attribute is not None and is_constant(file.file, positional[2])
            label = f"`setattr` on `{text(positional[0])}`"
            yield ProcessChange(file, call, function, state, label, text(positional[2]), is_same)


def _modules(app: App, file: RequestFile) -> Iterator[ProcessChange]:
    """`sys.modules['a'] = b`."""
    for node in file.file.references("sys.modules"):
        function = request_function(app, file, node)
        entry = node.parent
        if function is None or entry is None:
            continue
        statement = entry.parent
        if entry.type != "subscript" or statement is None or statement.type != "assignment":
            continue
        if statement.child_by_field_name("left") == entry:
            value, key = statement.child_by_field_name("right"), entry.child_by_field_name("subscript")
            is_same = is_constant(file.file, key) and is_constant(file.file, value)
            label, state = "`sys.modules[…] = …`", f"sys.modules {text(key)}"
            yield ProcessChange(file, statement, function, state, label, text(value), is_same)


def _containers(app: App, file: RequestFile) -> Iterator[ProcessChange]:
    """Lists and dictionaries of modules: `template.builtins.append(x)`, `ElementTree._namespace_map[a] = b`.

    A module itself may have functions of such names: `memcache.add(…)`.
    """
    python = file.file
    for word in python.identifiers(*_MUTATORS):
        member = word.parent
        call = member.parent if member is not None else None
        held = member.child_by_field_name("object") if member is not None else None
        if held is None or member is None or member.type != "attribute" or held == word:
            continue
        if call is not None and call.type == "call" and call.child_by_field_name("function") == member:
            positional, named = arguments(call)
            yield from _container(app, file, held, call, [*positional, *named.values()])
    for target, statement in python.assigned:
        held = target.child_by_field_name("value") if target.type == "subscript" else None
        if held is not None and held.type == "attribute" and statement.type != "type_alias_statement":
            parts = [target.child_by_field_name("subscript"), statement.child_by_field_name("right")]
            yield from _container(app, file, held, statement, parts)


def _container(
    app: App, file: RequestFile, held: Node, node: Node, values: Sequence[Node | None]
) -> Iterator[ProcessChange]:
    """The change of what a module's or class's attribute holds, if that is one of the outside."""
    owner = held.child_by_field_name("object") if held.type == "attribute" else None
    name = outside_name(app, file.file, held) if owner is not None else None
    if name is None or name in _OWN_RULES or _is_module(file.file, held):
        return
    function = request_function(app, file, node)
    if function is not None:
        is_same = all(is_constant(file.file, value) for value in values)
        is_growing = node.type == "call" and not text(node.child_by_field_name("function")).endswith(
            (".update", ".add", ".setdefault")
        )
        does = text(node)
        if node.type == "assignment" and is_constant(file.file, values[-1]):
            is_same, is_growing, does = True, False, "the same items"
        label = f"What `{text(held)}` holds"
        yield ProcessChange(file, node, function, name, label, does, is_same=is_same and not is_growing)


def _is_module(file: PythonFile, node: Node) -> bool:
    """Whether an import of the file names the very thing: `google.appengine.api.memcache`."""
    names = set(file.origins(node))
    imported = {text(each) for binding in file.imports() for each in _imported(binding.statement)}
    return any(name in imported or name.rpartition(".")[2] in _SDK_MODULES for name in names)


def _imported(statement: Node) -> list[Node]:
    return [name.child_by_field_name("name") or name for name in statement.children_by_field_name("name")]
