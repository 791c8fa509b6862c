"""Turning one CGI handler script into a module with a WSGI application.

`convert` says under which name the application can be had and which edits bring it there, or why it
can't be done by a program. It knows nothing of YAML.
"""

from __future__ import annotations

from typing import NamedTuple

from tree_sitter import Node

from gaebot.app import App
from gaebot.finding import Place
from gaebot.rules.python27.shared.conversion.cgi_parts import CgiParts, mentions
from gaebot.rules.python27.shared.conversion.hoist import lasting_reads, why_not
from gaebot.rules.python27.shared.conversion.module_names import ModuleNames
from gaebot.rules.python27.shared.conversion.obstacles import Blocked, gate, obstacles
from gaebot.rules.python27.shared.conversion.script_edits import ScriptEdits
from gaebot.rules.python27.shared.conversion.setup_statements import is_setup_target
from gaebot.rules.python27.shared.conversion.startup import Startup, global_name
from gaebot.rules.python27.shared.scripts.adapters import AdapterCall, adapter_calls
from gaebot.rules.python27.shared.scripts.applications import wsgi_objects
from gaebot.rules.python27.shared.scripts.entry import Entry, find_entry, function_name, top_level
from gaebot.syntax.lines import within
from gaebot.syntax.nodes import ancestors, text
from gaebot.syntax.python import PythonFile
from gaebot.text import Edit

_HARMLESS = (
    "logging.",
    "sys.exc_info",
    "traceback.",
    "str",
    "repr",
    "len",
    "time.time",
    "datetime.datetime.now",
)
_LOCAL_ERROR = 200  # bytes that the parser may pass over for its view of the rest to be trusted


class Conversion(NamedTuple):
    """How a script becomes a module with a WSGI application named `attribute`.

    `prepare` moves the application to module level and leaves the script a CGI script, so it works
    on both runtimes. `finish` does that too, moves other set-up there, and takes away what only a CGI
    run executes. When `main()` must stay, `leftovers` are the statements in it that a WSGI module
    never runs. `is_provable` says that moving the application can't change what it does;
    `moves_setup` that `finish` makes other statements of `main()` run on import; `keeps_main` that
    `main()` stays. `gate` is what in `main()` can answer a request before the application gets it: to
    name the application in app.yaml would let everybody in. `lost_work` is the first of the leftovers that
    the application may need.
    """

    path: str
    attribute: str
    prepare: tuple[Edit, ...]
    finish: tuple[Edit, ...]
    leftovers: tuple[Place, ...]
    is_provable: bool
    application: Place
    moves_setup: bool = False
    keeps_main: bool = False
    gate: Place | None = None
    lost_work: Place | None = None


def convert(app: App, path: str) -> Conversion | Blocked:
    """Plan the conversion of the script at `path`."""
    return app.remember((convert, path), lambda: _convert(app, path))


def _convert(app: App, path: str) -> Conversion | Blocked:
    file = app.python(path)
    if file is None:
        return Blocked("the file does not exist")
    entry = find_entry(file)
    calls = _started(entry)
    if not calls:
        return _without_adapter(app, file)
    if broken := _broken_entry(entry):
        return Blocked("it holds code that gaebot can't read", file.place(broken))
    if fresh := _read_for_each_request(file):
        return Blocked(
            f"it has no `main()`, so `{text(fresh)}` is read anew for each request, which would end",
            file.place(fresh),
        )
    chosen = _choose(entry, calls)
    if isinstance(chosen, Blocked):
        return chosen
    return _planned(app, Startup(entry, chosen))


def _planned(app: App, startup: Startup) -> Conversion | Blocked:
    """The conversion of a script that is understood, or the first thing in its way."""
    file, names, parts = startup.file, ModuleNames(app, startup), CgiParts(app, startup)
    edits = ScriptEdits(startup, names, parts)
    for blocked in obstacles(startup, names, parts, edits):
        return blocked
    return Conversion(
        path=file.source.path,
        attribute=names.application,
        prepare=edits.prepare(),
        finish=edits.finish() if parts.may_go else edits.keep_main(),
        leftovers=() if parts.may_go else tuple(file.place(node) for node in startup.lost),
        is_provable=startup.is_provable,
        application=file.place(startup.adapter.application or startup.adapter.call),
        moves_setup=bool(startup.setup),
        keeps_main=not parts.may_go,
        gate=gate(startup),
        lost_work=None if parts.may_go else _lost_work(startup),
    )


def _lost_work(startup: Startup) -> Place | None:
    """The first of what would be lost that calls something on which the application may rely.

    That is not so for the log, for set-up, for a function that starts the same, for what the module calls
    on import as well, and for what a condition asks.
    """
    file = startup.file
    own = {name for function in startup.entry.functions for name in startup.entry.names(function)}
    on_import = {text(statement) for statement in top_level(file)}
    for node in startup.lost:
        for call in file.parts("call", node) if text(node) not in on_import else ():
            function = call.child_by_field_name("function")
            if function is None or text(function) in own or _is_asked(call, node):
                continue
            is_harmless = any(origin.startswith(_HARMLESS) for origin in file.origins(function))
            if not is_harmless and not is_setup_target(file, function):
                return file.place(node)
    return None


def _is_asked(call: Node, statement: Node) -> bool:
    """Whether a call stands in the condition of an `if` within a statement."""
    child = call
    for outer in ancestors(call):
        if outer.type in {"if_statement", "elif_clause"} and outer.child_by_field_name("condition") == child:
            return True
        if child == statement:
            return False
        child = outer
    return False


def _without_adapter(app: App, file: PythonFile) -> Blocked | Conversion:
    objects = wsgi_objects(file, app)
    if len(objects) == 1 and not file.is_broken:
        ((name, binding),) = objects.items()
        place = file.place(binding.name)
        return Conversion(file.source.path, name, (), (), (), is_provable=True, application=place)
    for adapter in adapter_calls(file):
        return Blocked("it runs its application in a way that gaebot can't follow", file.place(adapter.call))
    if file.nodes("(print_statement) @x") or b"sys.stdout" in file.source.data:
        return Blocked("it prints its answer instead of giving it to a WSGI application")
    return Blocked("it holds no WSGI application that gaebot knows")


def _broken_entry(entry: Entry) -> Node | None:
    """What the parser could not read, where that makes the entry doubtful: in it, or at any length.

    A slip elsewhere stays local: `open` as a keyword argument, `with` as a name.
    """
    parts = (*entry.functions, *entry.guards, *entry.halves, *entry.starters)
    for broken in entry.file.unreadable:
        if broken.end_byte - broken.start_byte > _LOCAL_ERROR or within(broken, parts):
            return broken
    return None


def _read_for_each_request(file: PythonFile) -> Node | None:
    """What the module reads of the request, outside of functions, where every request executes it.

    A CGI script that has no `main` is not kept loaded (SDK: runtime/cgi.py).
    """
    if "main" in file.scope.bindings:
        return None
    for node in lasting_reads(file, file.root):
        if not any(outer.type in {"function_definition", "lambda"} for outer in ancestors(node)):
            return node
    return None


def _choose(entry: Entry, calls: list[AdapterCall]) -> list[AdapterCall] | Blocked:
    """The adapter calls that count: one, or several in one statement, of which a run executes one."""
    file = entry.file
    names = {global_name(file, call) for call in calls}
    if len(calls) == 1 or (len(names) == 1 and None not in names):
        return calls[:1]
    startup = Startup(entry, calls)
    if startup.is_choice and all(within(call.call, [startup.statement]) for call in calls):
        reason = why_not(file, startup.statement, startup.parameters)
        if reason is None:
            return calls
    places = tuple(file.place(call.application or call.call) for call in calls)
    return Blocked("it picks one of several applications for each request", places[1], places)


def _started(entry: Entry) -> list[AdapterCall]:
    """The adapter calls that a CGI run reaches.

    Those in the functions that the guard or the module names, else in `main()`, which the runtime
    calls itself, else in whatever the file mentions; and those outside of functions.
    """
    file = entry.file
    holders = (*entry.guards, *entry.halves, *entry.starters)
    named = {text(node) for holder in holders for node in file.parts("identifier", holder)} or {"main"}
    started = [function for function in entry.functions if named & entry.names(function)]
    if not started:
        started = [
            function
            for function in entry.functions
            if any(not within(node, [function]) for node in mentions(file, function_name(function)))
        ]
    return [
        call for call in entry.calls if within(call.call, started) or not within(call.call, entry.functions)
    ]
