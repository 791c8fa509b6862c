"""Turning one CGI handler script into a module with a WSGI application.

`convert` says under which name the application can be had and which edits bring it there, or why it
can't be done by a program. It knows nothing of YAML.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from tree_sitter import Node

from gaebot.app import App
from gaebot.finding import Place
from gaebot.rules.python27.adapters import AdapterCall
from gaebot.rules.python27.applications import wsgi_objects
from gaebot.rules.python27.entry import Entry, find_entry, function_name, top_level, uses
from gaebot.rules.python27.hoist import (
    bound_in,
    dedented,
    is_provable,
    is_taken,
    names_in,
    renaming,
    why_not,
    within,
)
from gaebot.rules.python27.startup import Startup, global_name, statement_of
from gaebot.syntax.lines import cut_from_block, cut_from_module, insert_above
from gaebot.syntax.python import Binding, PythonFile, text
from gaebot.syntax.rewrite import drop_imported_names
from gaebot.text import Edit, Span

_NAMES_FOR_IT = ("app", "application", "wsgi_app", "wsgi_application")
_LOCAL_ERROR = 200  # bytes that the parser may pass over for its view of the rest to be trusted


@dataclass(frozen=True)
class Blocked:
    """Why a script can't be converted by a program, as half a sentence, and the place that shows it.

    `applications` are those that it picks one of, if that is the reason.
    """

    reason: str
    place: Place | None = None
    applications: tuple[Place, ...] = ()


@dataclass(frozen=True)
class Conversion:
    """How a script becomes a module with a WSGI application named `attribute`.

    `prepare` moves the application to module level and leaves the script a CGI script, so it works
    on both runtimes. `finish` does that too, and takes away what only a CGI run executes. It is
    `prepare` again when `main()` must stay; `leftovers` are then the statements in it that a WSGI
    module never runs. `is_provable` says that moving the application can't change what it does;
    `moves_setup` that `finish` makes other statements of `main()` run on import.
    """

    path: str
    attribute: str
    prepare: tuple[Edit, ...]
    finish: tuple[Edit, ...]
    leftovers: tuple[Place, ...]
    is_provable: bool
    application: Place
    moves_setup: bool = False


def convert(app: App, path: str) -> Conversion | Blocked:
    """Plan the conversion of the script at `path`."""
    return app.remember((convert, path), lambda: _convert(app, path))


def _convert(app: App, path: str) -> Conversion | Blocked:
    file = app.python(path)
    if file is None:
        return Blocked("the file does not exist")
    entry = find_entry(file)
    if entry.is_empty:
        return _without_adapter(app, file)
    if broken := _broken_entry(entry):
        return Blocked("it holds code that gaebot can't read", file.place(broken))
    chosen = _choose(entry)
    if isinstance(chosen, Blocked):
        return chosen
    return _Conversion(app, Startup(entry, chosen)).result()


def _without_adapter(app: App, file: PythonFile) -> Blocked | Conversion:
    objects = wsgi_objects(file, app)
    if len(objects) == 1 and not file.is_broken:
        ((name, binding),) = objects.items()
        return Conversion(file.source.path, name, (), (), (), True, file.place(binding.name))
    return Blocked("it holds no WSGI application that gaebot knows and writes its answer as a CGI script")


def _broken_entry(entry: Entry) -> Node | None:
    """What the parser could not read, where that makes the entry doubtful: in it, or at any length.

    A slip elsewhere stays local: `open` as a keyword argument, `with` as a name.
    """
    parts = (*entry.functions, *entry.guards, *entry.starters)
    for broken in entry.file.errors:
        if broken.end_byte - broken.start_byte > _LOCAL_ERROR or within(broken, parts):
            return broken
    return None


def _choose(entry: Entry) -> list[AdapterCall] | Blocked:
    """The adapter calls that count: one, or several in one statement, of which a run executes one."""
    file = entry.file
    calls = _started(entry) or list(entry.calls)
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
    """The adapter calls in the functions that the guard or the module calls by name, or outside any."""
    file = entry.file
    named = {text(node) for holder in (*entry.guards, *entry.starters) for node in _identifiers(file, holder)}
    started = [f for f in entry.functions if function_name(f) in named]
    return [
        call for call in entry.calls if within(call.call, started) or not within(call.call, entry.functions)
    ]


def _identifiers(file: PythonFile, node: Node) -> list[Node]:
    return file.nodes("(identifier) @x", node)


class _Conversion:
    """Writes the edits of one script, or says what is in their way."""

    def __init__(self, app: App, startup: Startup) -> None:
        self.app = app
        self.startup = startup
        self.entry = startup.entry
        self.file = startup.file
        self.source = startup.file.source

    def result(self) -> Conversion | Blocked:
        if blocked := self._blocked():
            return blocked
        startup = self.startup
        prepare = self._prepare()
        application = startup.adapter.application or startup.adapter.call
        return Conversion(
            path=self.source.path,
            attribute=self.attribute,
            prepare=prepare,
            finish=self._finish() if self.can_finish else prepare,
            leftovers=() if self.can_finish else tuple(self.file.place(node) for node in startup.lost),
            is_provable=not startup.is_choice and is_provable(self.file, [*startup.slice, application]),
            application=self.file.place(application),
            moves_setup=bool(startup.setup),
        )

    # -- may it ----------------------------------------------------------------------------

    def _blocked(self) -> Blocked | None:
        startup = self.startup
        if startup.global_name is None and (blocked := self._blocked_building()):
            return blocked
        if self.entry.starters and not self.can_finish:
            return Blocked(
                "it runs its application as soon as it is imported, and does other things beside",
                self.file.place((startup.lost or [startup.statement])[0]),
            )
        return None

    def _blocked_building(self) -> Blocked | None:
        startup = self.startup
        if startup.is_nested and not startup.is_choice:
            return Blocked(
                "it builds its application under a condition, in a loop or in a `try`",
                self.file.place(startup.statement),
            )
        if startup.is_choice and (startup.is_at_module_level or self._call_after_choice() is None):
            return Blocked("it picks its application under a condition", self.file.place(startup.statement))
        node = startup.adapter.application or startup.adapter.call
        if names_in(self.file, node) & set(startup.parameters):
            return Blocked("it gets its application as a parameter", self.file.place(node))
        for statement in startup.slice:
            if reason := why_not(self.file, statement, startup.parameters):
                return Blocked(
                    "it builds its application with a statement that can't move to module level, since "
                    f"{reason[0]}",
                    self.file.place(reason[1]),
                )
        for statement in startup.slice:
            for name, bindings in bound_in(self.file, statement).items():
                is_global = any(binding in self.file.scope.bindings.get(name, ()) for binding in bindings)
                if name == startup.local_name or (is_global and startup.function is not None):
                    continue
                if is_taken(self.file, name, outside=self._own):
                    return Blocked(
                        f"it builds its application with a local `{name}`, a name that the module "
                        "uses for something else",
                        self.file.place(statement),
                    )
        return None

    @cached_property
    def can_finish(self) -> bool:
        """Whether everything that only a CGI run executes may go."""
        startup, function = self.startup, self.startup.function
        if startup.lost:
            return False
        starts = [*self.entry.guards, *self.entry.starters]
        for other in self.entry.functions:
            if other != function and any(within(n, starts) for n in uses(self.file, function_name(other))):
                return False
        if function is not None:
            if function.parent != self.file.root or not self.file.stands_alone(function):
                return False
            if self._is_used_elsewhere(function_name(function)):
                return False
        return all(node.parent == self.file.root and self.file.stands_alone(node) for node in starts)

    def _is_used_elsewhere(self, name: str) -> bool:
        if any(not within(node, self._gone) for node in uses(self.file, name)):
            return True
        return any(
            binding.text == "*"
            or (binding.origin or "").endswith(f".{name}")
            or f"{binding.text}.{name}".encode() in other.source.data
            for other, binding in self.app.importers(self.source.path)
        )

    # -- the name --------------------------------------------------------------------------

    @cached_property
    def _own(self) -> list[Node]:
        """The nodes that go or move: names bound in them take no name from the module."""
        return [node for node in (self.startup.function, self.startup.guard) if node is not None]

    @cached_property
    def attribute(self) -> str:
        """The name of the application at module level."""
        startup = self.startup
        if startup.global_name is not None:
            return startup.global_name
        wanted = [startup.local_name] if startup.local_name else []
        mentioned = names_in(self.file, startup.statement) - set(wanted)
        for name in (*wanted, *_NAMES_FOR_IT):
            if name not in mentioned and not is_taken(self.file, name, outside=self._own):
                return name
        return "gae_application"

    # -- the edits -------------------------------------------------------------------------

    @property
    def newline(self) -> bytes:
        return self.source.newline

    @cached_property
    def _gone(self) -> list[Node]:
        """The statements of the module that only a CGI run needs."""
        nodes = (self.startup.function, *self.entry.guards, *self.entry.starters)
        return [node for node in nodes if node is not None]

    def _lines(self, moved: Sequence[Node]) -> bytes:
        """The moved statements as they read at module level, and the application's own last."""
        startup = self.startup
        pieces = [dedented(self.file, node, self._changes(node)) or b"" for node in moved]
        if startup.global_name is None and startup.local_name is None and not startup.is_choice:
            pieces.append(self.attribute.encode() + b" = " + self._expression())
        return b"".join(piece + self.newline for piece in pieces)

    def _changes(self, statement: Node) -> list[Edit]:
        """What changes inside a statement that moves: the application's name, the adapter calls of
        a choice."""
        startup = self.startup
        if startup.local_name is not None and startup.local_name != self.attribute:
            return renaming(self.file, statement, startup.local_name, self.attribute)
        if statement != startup.statement:
            return []
        edits = []
        for call in startup.calls:
            whole, inner = statement_of(call.call), call.application
            if inner is not None:
                head = f"{self.attribute} = ".encode()
                edits.append(self.source.edit(Span(whole.start_byte, inner.start_byte), head))
                edits.append(self.source.edit(Span(inner.end_byte, whole.end_byte), b""))
        return edits

    def _expression(self) -> bytes:
        """The application's expression, drawn left by what its statement is indented."""
        expression = self.startup.adapter.expression.encode("latin-1")
        prefix = self.file.indent(self.startup.statement)
        if not prefix or prefix.strip(b" \t") or b'"""' in expression or b"'''" in expression:
            return expression
        first, *rest = expression.splitlines(keepends=True)
        return first + b"".join(line.removeprefix(prefix) for line in rest)

    @cached_property
    def _anchor(self) -> Node:
        """Where the application goes: at the statement that starts the run, since there everything
        is defined that it needs; at `main()` when nothing stands between."""
        function = self.startup.function
        starts = sorted([*self.entry.guards, *self.entry.starters], key=lambda node: node.start_byte)
        if function is None:
            return self.startup.guard or self.startup.statement
        if not starts:
            return function
        order = top_level(self.file)
        if function in order and order[order.index(function) + 1 :][:1] == starts[:1]:
            return function
        return starts[0]

    def _call_after_choice(self) -> str | None:
        """How `main()` runs the application once the choice has moved out of it: in the words of an
        adapter call whose names the choice does not bind itself."""
        bound = set(bound_in(self.file, self.startup.statement))
        for call in self.startup.calls:
            function = call.call.child_by_field_name("function")
            if function is not None and not names_in(self.file, function) & bound:
                return f"{text(function)}({self.attribute})"
        return None

    def _prepare(self) -> tuple[Edit, ...]:
        startup = self.startup
        if startup.global_name is not None:
            return ()
        if startup.is_at_module_level:
            return (self._replace_in_place(),)
        moved = [s for s in startup.slice if s != startup.statement]
        edits = [cut_from_block(self.file, statement) for statement in moved]
        gap = self.newline * (2 if self._anchor == startup.function else 1)
        edits.append(insert_above(self.file, self._anchor, self._lines(startup.slice) + gap))
        node = startup.adapter.application
        if startup.is_choice:
            run = self._call_after_choice() or ""
            edits.append(self.source.edit(self.file.span(startup.statement), run.encode("latin-1")))
        elif node is not None and text(node) != self.attribute:
            edits.append(self.source.edit(self.file.span(node), self.attribute.encode()))
        return tuple(edits)

    def _finish(self) -> tuple[Edit, ...]:
        startup = self.startup
        moved = sorted([*startup.slice, *startup.setup], key=lambda node: node.start_byte)
        if startup.is_at_module_level:
            return self._finish_at_module_level(moved)
        lines = self._lines(moved)
        edits = []
        for node in self._gone:
            if node == self._anchor and lines:
                edits.append(self.source.edit(self.file.line_span(node), lines))
            else:
                edits.append(cut_from_module(self.file, node))
        return (*edits, *self._drop_imports(moved))

    def _finish_at_module_level(self, moved: Sequence[Node]) -> tuple[Edit, ...]:
        statement = self.startup.statement
        edits = [cut_from_module(self.file, node) for node in self._gone if node != statement]
        if self.startup.global_name is None:
            edits.append(self._replace_in_place())
        else:
            edits.append(cut_from_module(self.file, statement))
        if moved:
            pieces = [(dedented(self.file, node) or b"") + self.newline for node in moved]
            edits.append(insert_above(self.file, statement, b"".join(pieces)))
        return (*edits, *self._drop_imports(moved))

    def _replace_in_place(self) -> Edit:
        """An adapter call at module level becomes the assignment of the application."""
        new = f"{self.attribute} = {self.startup.adapter.expression}"
        return self.source.edit(self.file.span(self.startup.statement), new.encode("latin-1"))

    # -- imports ---------------------------------------------------------------------------

    def _drop_imports(self, moved: Sequence[Node]) -> Iterator[Edit]:
        """Take away the imports at module level that only the adapter needed."""
        function = self.startup.adapter.call.child_by_field_name("function")
        if function is None or any(b.text == "*" for _, b in self.app.importers(self.source.path)):
            return
        application = self.startup.adapter.application
        kept = [*moved, *([application] if application is not None else [])]
        still = {text(name) for node in kept for name in _identifiers(self.file, node)}
        for name in self._adapter_names(function):
            for binding in self.file.scope.bindings.get(name, ()):
                if binding.kind == "import" and binding.statement.parent == self.file.root:
                    yield from self._drop_import(binding, still)

    def _adapter_names(self, function: Node) -> set[str]:
        """The names that the adapter call begins with, followed through helper statements."""
        names = names_in(self.file, function)
        for helper in self.startup.helpers:
            names |= names_in(self.file, helper)
        return names

    def _drop_import(self, binding: Binding, still: set[str]) -> Iterator[Edit]:
        elsewhere = [
            n for n in uses(self.file, binding.text) if not within(n, [*self._gone, binding.statement])
        ]
        if not elsewhere and binding.text not in still:
            edit = drop_imported_names(self.file, binding.statement, frozenset({_as_spelled(binding.name)}))
            if edit is not None:
                yield edit


def _as_spelled(node: Node) -> str:
    """The name in an import list: of `import a.b`, which binds `a`, the whole of it."""
    parent = node.parent
    return text(parent) if parent is not None and parent.type == "dotted_name" else text(node)
