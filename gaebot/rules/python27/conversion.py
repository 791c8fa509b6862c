"""Turning one CGI handler script into a module with a WSGI application.

`convert` says under which name the application can be had and which edits bring it there, or why it
can't be done by a program. It knows nothing of YAML.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from tree_sitter import Node

from gaebot.app import App
from gaebot.finding import Place
from gaebot.rules.python27.adapters import ADAPTER_IMPORTS, AdapterCall, adapter_calls
from gaebot.rules.python27.applications import wsgi_objects
from gaebot.rules.python27.entry import (
    Entry,
    definition,
    find_entry,
    function_name,
    statements,
    top_level,
    uses,
)
from gaebot.rules.python27.hoist import (
    bound_in,
    clashes,
    dedented,
    drawn_left,
    is_taken,
    lasting_reads,
    names_in,
    renaming,
    why_not,
)
from gaebot.rules.python27.startup import Startup, global_name, plain_name, statement_of
from gaebot.syntax.lines import (
    cut_from_block,
    cut_from_module,
    drop_statement,
    insert_above,
    is_set_off,
    lines_of,
    within,
)
from gaebot.syntax.python import Binding, PythonFile, ancestors, string_value, text
from gaebot.syntax.rewrite import drop_imported_names
from gaebot.text import Edit, Span

_NAMES_FOR_IT = ("app", "application", "wsgi_app", "wsgi_application")
_LOCAL_ERROR = 200  # bytes that the parser may pass over for its view of the rest to be trusted
_IDENTIFIERS = "(identifier) @x"
_STRINGS = "(string) @x"
_IMPORTS = "[(import_statement) (import_from_statement)] @x"


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
    on both runtimes. `finish` does that too, moves other set-up there, and takes away what only a CGI
    run executes. When `main()` must stay, `leftovers` are the statements in it that a WSGI module
    never runs. `is_provable` says that moving the application can't change what it does;
    `moves_setup` that `finish` makes other statements of `main()` run on import; `keeps_main` that
    `main()` stays.
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
    return _Conversion(app, Startup(entry, chosen)).result()


def _without_adapter(app: App, file: PythonFile) -> Blocked | Conversion:
    objects = wsgi_objects(file, app)
    if len(objects) == 1 and not file.is_broken:
        ((name, binding),) = objects.items()
        return Conversion(file.source.path, name, (), (), (), True, file.place(binding.name))
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
    for broken in entry.file.errors:
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
    named = {text(node) for holder in holders for node in file.nodes(_IDENTIFIERS, holder)} or {"main"}
    started = [function for function in entry.functions if named & entry.names(function)]
    if not started:
        started = [function for function in entry.functions if _is_mentioned(file, function)]
    return [
        call for call in entry.calls if within(call.call, started) or not within(call.call, entry.functions)
    ]


def _is_mentioned(file: PythonFile, function: Node) -> bool:
    """Whether the name of a function stands in its file outside of itself."""
    return any(not within(node, [function]) for node in _mentions(file, function_name(function)))


def _mentions(file: PythonFile, name: str) -> Iterator[Node]:
    """Where a file uses a name, also in `profile.runctx('real_main()', …)`; not where it binds it."""
    bound = {binding.name.id for binding in file.scope.bindings.get(name, ())}
    yield from (node for node in uses(file, name) if node.id not in bound)
    yield from (node for node in file.nodes(_STRINGS) if string_value(node) == f"{name}()")


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
            finish=self._finish() if self.can_finish else self._keep_main(),
            leftovers=() if self.can_finish else tuple(self.file.place(node) for node in startup.lost),
            is_provable=startup.is_provable,
            application=self.file.place(application),
            moves_setup=bool(startup.setup),
            keeps_main=not self.can_finish,
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
        return (
            self._blocked_place()
            or self._blocked_source()
            or self._blocked_statements()
            or self._blocked_names()
        )

    def _blocked_place(self) -> Blocked | None:
        """Where the adapter call stands."""
        startup = self.startup
        here = self.file.place(startup.statement)
        bound = set(bound_in(self.file, startup.statement))
        if startup.is_nested and not startup.is_choice:
            if startup.is_at_module_level or names_in(self.file, startup.expression) & bound:
                return Blocked("it builds its application under a condition, in a loop or in a `try`", here)
        if startup.is_choice and (startup.is_at_module_level or self._call_after_choice() is None):
            return Blocked("it picks its application under a condition", here)
        return None

    def _blocked_source(self) -> Blocked | None:
        """Where the application comes from."""
        startup, node = self.startup, self.startup.expression
        if names_in(self.file, node) & set(startup.parameters):
            return Blocked("it gets its application as a parameter", self.file.place(node))
        if plain_name(startup.adapter) and not startup.local_name and not startup.is_choice:
            return Blocked("its application is set somewhere else", self.file.place(node))
        for read in lasting_reads(self.file, node):
            reason = f"it builds its application from `{text(read)}`, which is different for every request"
            return Blocked(reason, self.file.place(read))
        for name in sorted(names_in(self.file, node).union(*(names_in(self.file, s) for s in startup.moved))):
            for binding in self.file.scope.bindings.get(name, ())[:1]:
                if binding.name.start_byte > self._anchor.start_byte and not within(
                    binding.name, startup.own
                ):
                    reason = f"it builds its application above the place where the module sets `{name}`"
                    return Blocked(reason, self.file.place(binding.name))
        return None

    def _blocked_statements(self) -> Blocked | None:
        """The statements that build it."""
        for statement in self.startup.slice:
            if reason := why_not(self.file, statement, self.startup.parameters):
                return Blocked(
                    "it builds its application with a statement that can't move to module level, since "
                    f"{reason[0]}",
                    self.file.place(reason[1]),
                )
        return None

    def _blocked_names(self) -> Blocked | None:
        """The names that they bind."""
        for binding in self._clashes:
            if binding.kind not in {"assign", "augment", "other"} or not self._name_for(binding.text):
                return Blocked(
                    f"it builds its application with a local `{binding.text}`, a name that the module "
                    "uses for something else",
                    self.file.place(binding.name),
                )
        moving = {name for statement in self.startup.moved for name in bound_in(self.file, statement)}
        for statement in self.startup.body:
            again = moving & set(bound_in(self.file, statement))
            if again and statement not in self.startup.moved and not self.startup.is_at_module_level:
                name = sorted(again)[0]
                return Blocked(
                    f"it sets `{name}` for its application, and again for itself", self.file.place(statement)
                )
        return None

    @cached_property
    def _clashes(self) -> list[Binding]:
        """Where the statements that move bind names that the module uses for something else."""
        found = (clashes(self.file, s, outside=self.startup.own) for s in self.startup.moved)
        return [
            binding for bindings in found for binding in bindings if binding.text != self.startup.local_name
        ]

    @cached_property
    def can_finish(self) -> bool:
        """Whether everything that only a CGI run executes may go."""
        startup, function = self.startup, self.startup.function
        if startup.lost or self.entry.halves:
            return False
        starts = [*self.entry.guards, *self.entry.starters]
        for other in self.entry.functions:
            if other != function and any(within(n, starts) for n in uses(self.file, function_name(other))):
                return False
        if function is not None and any(map(self._is_used_elsewhere, self.entry.names(function))):
            return False
        return all(node.parent == self.file.root and self.file.stands_alone(node) for node in self._gone)

    def _is_used_elsewhere(self, name: str) -> bool:
        if any(not within(node, self._gone) for node in _mentions(self.file, name)):
            return True
        return any(
            (binding.origin or "").endswith(f".{name}")
            or f"{binding.text}.{name}".encode() in other.source.data
            or (binding.text == "*" and any(not other.lookup(name, node) for node in uses(other, name)))
            for other, binding in self.app.importers(self.source.path)
        )

    # -- the names -------------------------------------------------------------------------

    @cached_property
    def attribute(self) -> str:
        """The name of the application at module level."""
        startup = self.startup
        if startup.global_name is not None:
            return startup.global_name
        if startup.local_name is not None and startup.sets_global:
            return startup.local_name
        wanted = [startup.local_name] if startup.local_name else []
        mentioned = names_in(self.file, startup.statement) - set(wanted)
        for name in (*wanted, *_NAMES_FOR_IT):
            if name not in mentioned and self._is_free(name):
                return name
        return "gae_application"

    def _is_free(self, name: str) -> bool:
        """Whether nothing at module level has a name; in a package, no module of it either."""
        folder = posixpath.dirname(self.source.path)
        beside = {posixpath.join(folder, f"{name}.py"), posixpath.join(folder, name, "__init__.py")}
        if self.file.is_package and beside & self.app.paths:
            return False
        return not is_taken(self.file, name, outside=self.startup.own)

    def _name_for(self, local: str) -> str | None:
        """Another name for a local that moves to module level, where its own is taken."""
        name = f"{self.attribute}_{local}"
        return name if self._is_free(name) else None

    @cached_property
    def _renamed(self) -> dict[str, str]:
        """The names that change on the way to module level."""
        renamed = {b.text: name for b in self._clashes if (name := self._name_for(b.text)) is not None}
        local = self.startup.local_name
        if local is not None and local != self.attribute:
            renamed[local] = self.attribute
        return renamed

    # -- the edits -------------------------------------------------------------------------

    @property
    def newline(self) -> bytes:
        return self.source.newline

    @cached_property
    def _gone(self) -> list[Node]:
        """The statements of the module that only a CGI run needs."""
        function = self.startup.function
        own = [definition(function)] if function is not None else []
        names = self.entry.names(function) if function is not None else ()
        aliases = [alias.statement for alias in self.entry.aliases if alias.name in names]
        return [*own, *aliases, *self.entry.guards, *self.entry.starters]

    def _lines(self, moved: Sequence[Node]) -> bytes:
        """The moved statements as they read at module level, and the application's own last."""
        startup = self.startup
        pieces = self._pieces(moved)
        if startup.global_name is None and startup.local_name is None and not startup.is_choice:
            if startup.adapter.needs:
                pieces.append(startup.adapter.needs.encode())
            pieces.append(self.attribute.encode() + b" = " + self._expression())
        return b"".join(piece + self.newline for piece in pieces)

    def _pieces(self, moved: Sequence[Node]) -> list[bytes]:
        """The texts of moved statements, with the blank lines that set them off from each other."""
        pieces = []
        for index, node in enumerate(moved):
            is_apart = index > 0 and is_set_off(self.file, lines_of(self.file, node))
            piece = dedented(self.file, node, self._changes(node)) or b""
            pieces.append(self.newline * is_apart + piece)
        return pieces

    def _changes(self, statement: Node) -> list[Edit]:
        """What changes inside a statement that moves: names, and the adapter calls of a choice."""
        edits = renaming(self.file, statement, self._renamed)
        if statement != self.startup.statement:
            return edits
        for call in self.startup.calls:
            whole, inner = statement_of(call.call), call.application
            if inner is not None:
                head = f"{self.attribute} = ".encode()
                edits.append(self.source.edit(Span(whole.start_byte, inner.start_byte), head))
                edits.append(self.source.edit(Span(inner.end_byte, whole.end_byte), b""))
        names = {name for call in self.startup.calls for name in names_in(self.file, call.function)}
        for imported in self.file.nodes(_IMPORTS, statement):
            if names_in(self.file, imported) <= names and (edit := drop_statement(self.file, imported)):
                edits.append(edit)
        return edits

    def _expression(self) -> bytes:
        """The application's expression, drawn left by what its statement is indented."""
        adapter, node = self.startup.adapter, self.startup.adapter.application
        if node is None:
            return adapter.expression.encode("latin-1")
        prefix = self.file.indent(statement_of(adapter.call))
        edits = renaming(self.file, node, self._renamed)
        return drawn_left(self.file, node, b"" if prefix.strip(b" \t") else prefix, edits)

    @cached_property
    def _anchor(self) -> Node:
        """Where the application goes.

        At the statement that starts the run, since there everything is defined that it needs; at
        `main()` when nothing stands between.
        """
        function = self.startup.function
        if function is None:
            return self.startup.guard or self.startup.statement
        main, order = definition(function), top_level(self.file)
        behind = order[order.index(main) + 1 :] if main in order else []
        return main if not self._starts or behind[:1] == self._starts[:1] else self._starts[0]

    @cached_property
    def _starts(self) -> list[Node]:
        """The statements of the module that start the run, in order."""
        starts = [*self.entry.guards, *self.entry.halves, *self.entry.starters]
        return sorted((s for s in starts if s not in self.startup.side_guards), key=lambda s: s.start_byte)

    def _call_after_choice(self) -> str | None:
        """How `main()` runs the application once the choice has moved out of it.

        In the words of an adapter call whose names the choice does not bind itself.
        """
        bound = set(bound_in(self.file, self.startup.statement))
        for call in self.startup.calls:
            if not names_in(self.file, call.function) & bound:
                return f"{text(call.function)}({self.attribute})"
        return None

    def _prepare(self) -> tuple[Edit, ...]:
        """Move the application out; the script stays a CGI script."""
        return () if self.startup.global_name is not None else self._move_out(self.startup.moved)

    def _keep_main(self) -> tuple[Edit, ...]:
        """Move the set-up out too, and leave the rest of `main()`."""
        moved = self.startup.moved_with_setup
        edits = self._move_out(moved) if moved or self.startup.global_name is None else ()
        return (
            *edits,
            *(self._without(guard) for guard in self.startup.side_guards if self._is_setup(guard)),
        )

    def _move_out(self, moved: Sequence[Node]) -> tuple[Edit, ...]:
        startup = self.startup
        edits = [cut_from_block(self.file, s) for s in moved if s != startup.statement]
        edits += self._cut_global(moved)
        gap = 0 if startup.is_at_module_level else 1 if self._anchor in self._starts else 2
        edits.append(insert_above(self.file, self._anchor, self._lines(moved) + self.newline * gap))
        node = startup.adapter.application
        if startup.is_choice:
            run = self._call_after_choice() or ""
            edits.append(self.source.edit(self.file.span(startup.statement), run.encode("latin-1")))
        elif node is not None and text(node) != self.attribute:
            edits.append(self.source.edit(self.file.span(node), self.attribute.encode()))
        for statement in startup.body if self._renamed else ():
            if statement not in moved:
                edits += self._rename_beside(statement)
        return tuple(edit for edit in edits if edit is not None)

    def _rename_beside(self, statement: Node) -> list[Edit]:
        """The new names in a statement that stays in `main()`; the application is renamed already."""
        node = self.startup.adapter.application
        edits = renaming(self.file, statement, self._renamed)
        return [edit for edit in edits if node is None or not _covers(self.file.span(node), edit.span)]

    def _cut_global(self, moved: Sequence[Node]) -> Iterator[Edit | None]:
        """Take `global application` out of `main()` when nothing there sets it any more."""
        bound = {name for statement in moved for name in bound_in(self.file, statement)}
        for statement in self.startup.body:
            if statement.type == "global_statement" and names_in(self.file, statement) <= bound:
                yield cut_from_block(self.file, statement)

    def _finish(self) -> tuple[Edit, ...]:
        startup = self.startup
        moved = startup.moved_with_setup
        if startup.is_at_module_level:
            return self._finish_at_module_level(moved)
        lines = self._lines(moved)
        edits = []
        for node in self._gone:
            if node == self._anchor and lines:
                edits.append(self.source.edit(self.file.line_span(node), lines))
            else:
                edits.append(self._without(node))
        return (*edits, *self._drop_imports(moved))

    def _finish_at_module_level(self, moved: Sequence[Node]) -> tuple[Edit, ...]:
        statement = self.startup.statement
        edits = [self._without(node) for node in self._gone if node != statement]
        if self.startup.global_name is None:
            edits.append(self._replace_in_place())
        else:
            edits.append(cut_from_module(self.file, statement))
        return (*edits, *self._drop_imports(moved))

    def _without(self, node: Node) -> Edit:
        """Take a statement of the module away; of a guard that only sets something up, the `if`."""
        if not self._is_setup(node):
            return cut_from_module(self.file, node)
        pieces = self._pieces([s for s in statements(node) if s in self.startup.setup])
        return self.source.edit(self.file.line_span(node), b"".join(piece + self.newline for piece in pieces))

    def _is_setup(self, node: Node) -> bool:
        """Whether a guard does nothing but set something up."""
        if node not in self.startup.side_guards:
            return False
        inner = statements(node)
        return any(s in self.startup.setup for s in inner) and not any(s in self.startup.lost for s in inner)

    def _replace_in_place(self) -> Edit:
        """An adapter call at module level becomes the assignment of the application."""
        adapter = self.startup.adapter
        needs = adapter.needs.encode() + self.newline if adapter.needs else b""
        new = needs + f"{self.attribute} = {adapter.expression}".encode("latin-1")
        return self.source.edit(self.file.span(self.startup.statement), new)

    # -- imports ---------------------------------------------------------------------------

    def _drop_imports(self, moved: Sequence[Node]) -> Iterator[Edit]:
        """Take away the imports at module level that only the adapters needed."""
        kept = [*moved, self.startup.expression]
        calls = [call.function for call in self.startup.calls]
        mentioned = (name for node in kept for name in self.file.nodes(_IDENTIFIERS, node))
        still = {text(name) for name in mentioned if not within(name, calls)}
        dropped: dict[int, tuple[Node, set[str]]] = {}
        for binding in self.file.imports():
            if binding.text not in still and self._is_for_adapter(binding) and self._is_unused(binding):
                _, names = dropped.setdefault(binding.statement.id, (binding.statement, set()))
                names.add(_as_spelled(binding.name))
        for statement, names in dropped.values():
            edit = drop_imported_names(self.file, statement, frozenset(names))
            if edit is not None:
                yield edit

    def _is_for_adapter(self, binding: Binding) -> bool:
        return binding.origin in ADAPTER_IMPORTS or binding.text in self._adapter_names

    @cached_property
    def _adapter_names(self) -> set[str]:
        """The names that the adapter calls begin with, followed through helper statements."""
        parts = [*(call.function for call in self.startup.calls), *self.startup.helpers]
        return {name for part in parts for name in names_in(self.file, part)}

    def _is_unused(self, binding: Binding) -> bool:
        """Whether an import of the module is used by nothing but what goes."""
        if binding.statement.parent != self.file.root:
            return False
        if any(not within(node, self._gone) for node in _mentions(self.file, binding.text)):
            return False
        return not any(
            imported.text == "*" or (imported.origin or "").endswith(f".{binding.text}")
            for _, imported in self.app.importers(self.source.path)
        )


def _covers(outer: Span, inner: Span) -> bool:
    return outer.start <= inner.start and inner.end <= outer.end


def _as_spelled(node: Node) -> str:
    """The name in an import list: of `import a.b`, which binds `a`, the whole of it."""
    parent = node.parent
    return text(parent) if parent is not None and parent.type == "dotted_name" else text(node)
