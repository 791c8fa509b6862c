"""The edits that bring the application of a CGI script to module level."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property

from tree_sitter import Node

from gaebot.rules.python27.shared.conversion.cgi_parts import CgiParts
from gaebot.rules.python27.shared.conversion.hoist import bound_in, dedented, drawn_left, names_in, renaming
from gaebot.rules.python27.shared.conversion.module_names import ModuleNames
from gaebot.rules.python27.shared.conversion.startup import Startup, statement_of
from gaebot.rules.python27.shared.scripts.entry import definition, statements, top_level
from gaebot.syntax.lines import (
    cut_from_block,
    cut_from_module,
    drop_statement,
    insert_above,
    is_set_off,
    lines_of,
)
from gaebot.syntax.nodes import text
from gaebot.text import Edit, Span


class ScriptEdits:
    """Writes the edits of one script."""

    def __init__(self, startup: Startup, names: ModuleNames, parts: CgiParts) -> None:
        self.startup = startup
        self.entry = startup.entry
        self.file = startup.file
        self.source = startup.file.source
        self.names = names
        self.parts = parts

    # -- the three results -----------------------------------------------------------------

    def prepare(self) -> tuple[Edit, ...]:
        """Move the application out; the script stays a CGI script."""
        return () if self.startup.global_name is not None else self._move_out(self.startup.moved)

    def keep_main(self) -> tuple[Edit, ...]:
        """Move the set-up out too, and leave the rest of `main()`."""
        moved = self.startup.moved_with_setup
        edits = self._move_out(moved) if moved or self.startup.global_name is None else ()
        aside = [guard for guard in self.startup.side_guards if self._only_sets_up(guard)]
        return (*edits, *(self._without(guard) for guard in aside))

    def finish(self) -> tuple[Edit, ...]:
        """Move everything out that is needed, and take away what only a CGI run executes."""
        moved = self.startup.moved_with_setup
        imports = self.parts.unneeded_imports(moved)
        if self.startup.is_at_module_level:
            own = self.startup.statement
            others = [self._without(node) for node in self.parts.statements if node != own]
            return (self._in_place(own), *others, *imports)
        lines = self._lines(moved)
        edits = []
        for node in self.parts.statements:
            if node == self.anchor and lines:
                edits.append(self.source.edit(self.file.line_span(node), lines))
            else:
                edits.append(self._without(node))
        return (*edits, *imports)

    # -- where it goes ---------------------------------------------------------------------

    @cached_property
    def anchor(self) -> Node:
        """The statement above which the application goes, or whose place it takes.

        It is the one that starts the run, since there everything is defined that the application
        needs; or `main()` when nothing stands between.
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

    @cached_property
    def run_after_choice(self) -> str | None:
        """How `main()` runs the application once the choice has moved out of it.

        In the words of an adapter call whose names the choice does not bind itself; None when there
        is no such call.
        """
        bound = set(bound_in(self.file, self.startup.statement))
        for call in self.startup.calls:
            if not names_in(self.file, call.function) & bound:
                return f"{text(call.function)}({self.names.application})"
        return None

    # -- what is written there -------------------------------------------------------------

    def _lines(self, moved: Sequence[Node]) -> bytes:
        """The moved statements as they read at module level, and the application's own last."""
        startup = self.startup
        pieces = self._pieces(moved)
        if startup.global_name is None and startup.local_name is None and not startup.is_choice:
            pieces.append(self._assignment(self._expression()))
        return self._joined(pieces)

    def _pieces(self, moved: Sequence[Node]) -> list[bytes]:
        """The texts of moved statements, with the blank lines that set them off from each other."""
        pieces = []
        for index, node in enumerate(moved):
            is_apart = index > 0 and is_set_off(self.file, lines_of(self.file, node))
            piece = dedented(self.file, node, self._changes(node)) or b""
            pieces.append(self.source.newline * is_apart + piece)
        return pieces

    def _joined(self, pieces: Sequence[bytes]) -> bytes:
        return b"".join(piece + self.source.newline for piece in pieces)

    def _assignment(self, expression: bytes) -> bytes:
        needs = self.startup.adapter.needs.encode()
        above = needs + self.source.newline if needs else b""
        return above + self.names.application.encode() + b" = " + expression

    def _expression(self) -> bytes:
        """The application's expression, drawn left by what its statement is indented."""
        adapter, node = self.startup.adapter, self.startup.adapter.application
        if node is None:
            return adapter.expression.encode("latin-1")
        prefix = self.file.indent(statement_of(adapter.call))
        edits = renaming(self.file, node, self.names.renamed)
        return drawn_left(self.file, node, b"" if prefix.strip(b" \t") else prefix, edits)

    def _changes(self, statement: Node) -> list[Edit]:
        """What changes inside a statement that moves: names, and the adapter calls of a choice."""
        edits = renaming(self.file, statement, self.names.renamed)
        if statement != self.startup.statement:
            return edits
        for call in self.startup.calls:
            whole, inner = statement_of(call.call), call.application
            if inner is not None:
                head = f"{self.names.application} = ".encode()
                edits.append(self.source.edit(Span(whole.start_byte, inner.start_byte), head))
                edits.append(self.source.edit(Span(inner.end_byte, whole.end_byte), b""))
        names = {name for call in self.startup.calls for name in names_in(self.file, call.function)}
        for imported in self.file.import_statements(statement):
            if names_in(self.file, imported) <= names and (edit := drop_statement(self.file, imported)):
                edits.append(edit)
        return edits

    # -- what changes in main() ------------------------------------------------------------

    def _move_out(self, moved: Sequence[Node]) -> tuple[Edit, ...]:
        startup = self.startup
        gap = 0 if startup.is_at_module_level else 1 if self.anchor in self._starts else 2
        lines = self._lines(moved) + self.source.newline * gap
        edits = [insert_above(self.file, self.anchor, lines), *self._cut(moved)]
        node = startup.adapter.application
        if startup.is_choice:
            run = self.run_after_choice or ""
            edits.append(self.source.edit(self.file.span(startup.statement), run.encode("latin-1")))
        elif node is not None and text(node) != self.names.application:
            edits.append(self.source.edit(self.file.span(node), self.names.application.encode()))
        for statement in startup.body if self.names.renamed else ():
            if statement not in moved:
                edits += self._renamed_beside(statement)
        return tuple(edits)

    def _cut(self, moved: Sequence[Node]) -> Iterator[Edit]:
        """Take moved statements out, and `global` where nothing in `main()` sets the name any more."""
        bound = {name for statement in moved for name in bound_in(self.file, statement)}
        idle = [
            s for s in self.startup.body if s.type == "global_statement" and names_in(self.file, s) <= bound
        ]
        for statement in (*moved, *idle):
            edit = cut_from_block(self.file, statement) if statement != self.startup.statement else None
            if edit is not None:
                yield edit

    def _renamed_beside(self, statement: Node) -> list[Edit]:
        """The new names in a statement that stays in `main()`; the application has its own already."""
        node = self.startup.adapter.application
        own = self.file.span(node) if node is not None else Span(0, 0)
        edits = renaming(self.file, statement, self.names.renamed)
        return [edit for edit in edits if not own.start <= edit.start < own.end]

    # -- what goes -------------------------------------------------------------------------

    def _in_place(self, statement: Node) -> Edit:
        """An adapter call at module level becomes the assignment of the application, or goes."""
        if self.startup.global_name is not None:
            return cut_from_module(self.file, statement)
        expression = self.startup.adapter.expression.encode("latin-1")
        return self.source.edit(self.file.span(statement), self._assignment(expression))

    def _without(self, node: Node) -> Edit:
        """Take a statement of the module away; of a guard that only sets something up, the `if`."""
        if not self._only_sets_up(node):
            return cut_from_module(self.file, node)
        pieces = self._pieces([s for s in statements(node) if s in self.startup.setup])
        return self.source.edit(self.file.line_span(node), self._joined(pieces))

    def _only_sets_up(self, node: Node) -> bool:
        if node not in self.startup.side_guards:
            return False
        inner = statements(node)
        return any(s in self.startup.setup for s in inner) and not any(s in self.startup.lost for s in inner)
