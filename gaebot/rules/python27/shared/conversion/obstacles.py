"""What keeps a program from moving the application of a CGI script to module level."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from tree_sitter import Node

from gaebot.finding import Place
from gaebot.rules.python27.shared.conversion.cgi_parts import CgiParts
from gaebot.rules.python27.shared.conversion.hoist import bound_in, lasting_reads, names_in, why_not
from gaebot.rules.python27.shared.conversion.module_names import ModuleNames
from gaebot.rules.python27.shared.conversion.script_edits import ScriptEdits
from gaebot.rules.python27.shared.conversion.startup import Startup, plain_name
from gaebot.rules.python27.shared.scripts.entry import EXITS
from gaebot.syntax.lines import within
from gaebot.syntax.nodes import ancestors, text
from gaebot.syntax.python import PythonFile


class Blocked(NamedTuple):
    """Why a script can't be converted by a program, as half a sentence, and the place that shows it.

    `applications` are those that it picks one of, if that is the reason.
    """

    reason: str
    place: Place | None = None
    applications: tuple[Place, ...] = ()


def obstacles(startup: Startup, names: ModuleNames, parts: CgiParts, edits: ScriptEdits) -> Iterator[Blocked]:
    """What stands in the way, the plainest first."""
    if startup.global_name is None:
        yield from _of_the_place(startup, edits)
        yield from _of_the_source(startup, edits)
        yield from _of_the_statements(startup)
        yield from _of_the_names(startup, names)
    if startup.entry.starters and not parts.may_go:
        shown = (startup.lost or [startup.statement])[0]
        reason = "it runs its application as soon as it is imported, and does other things beside"
        yield Blocked(reason, startup.file.place(shown))


def gate(startup: Startup) -> Place | None:
    """What can end a run before the application gets the request, such as a check of who asks.

    It does not keep the application from module level, but App Engine from calling it there.
    """
    for statement in startup.ahead:
        if statement == startup.statement:
            found = _condition(startup)
        else:
            found = _ending(startup.file, statement) if statement not in startup.setup else None
        if found is not None:
            return startup.file.place(found)
    return None


def _condition(startup: Startup) -> Node | None:
    """The `if` that the adapter call stands in."""
    for outer in ancestors(startup.adapter.call):
        if outer.type == "if_statement":
            return outer.child_by_field_name("condition")
        if outer == startup.statement:
            break
    return None


def _ending(file: PythonFile, statement: Node) -> Node | None:
    """What leaves the function, or the program, within a statement."""
    leaves = file.nodes("(return_statement) @x (raise_statement) @x", within=statement)
    leaves += [call for name in EXITS for call in file.calls(name, within=statement)]
    inner = {"function_definition", "lambda"}
    for node in leaves:
        between = [outer.type for outer in ancestors(node) if within(outer, [statement])]
        if not inner & set(between):
            return node
    return None


def _of_the_place(startup: Startup, edits: ScriptEdits) -> Iterator[Blocked]:
    here = startup.file.place(startup.statement)
    if startup.is_choice:
        if startup.is_at_module_level or edits.run_after_choice is None:
            yield Blocked("it picks its application under a condition", here)
    elif startup.is_nested:
        bound = set(bound_in(startup.file, startup.statement))
        if startup.is_at_module_level or names_in(startup.file, startup.expression) & bound:
            yield Blocked("it builds its application under a condition, in a loop or in a `try`", here)


def _of_the_source(startup: Startup, edits: ScriptEdits) -> Iterator[Blocked]:
    """What the application comes from."""
    file, node = startup.file, startup.expression
    if names_in(file, node) & set(startup.parameters):
        yield Blocked("it gets its application as a parameter", file.place(node))
    elif plain_name(startup.adapter) and not startup.local_name and not startup.is_choice:
        yield Blocked("its application is set somewhere else", file.place(node))
    for read in lasting_reads(file, node):
        reason = f"it builds its application from `{text(read)}`, which is different for every request"
        yield Blocked(reason, file.place(read))
    needed = names_in(file, node).union(*(names_in(file, statement) for statement in startup.moved))
    for name in sorted(needed):
        first = min(file.scope.bindings.get(name, ()), key=lambda b: b.name.start_byte, default=None)
        is_later = first is not None and first.name.start_byte > edits.anchor.start_byte
        if first is not None and is_later and not within(first.name, startup.own):
            reason = f"it builds its application above the place where the module sets `{name}`"
            yield Blocked(reason, file.place(first.name))


def _of_the_statements(startup: Startup) -> Iterator[Blocked]:
    """The statements that build it."""
    for statement in startup.slice:
        if why := why_not(startup.file, statement, startup.parameters):
            reason = (
                f"it builds its application with a statement that can't move to module level, since {why[0]}"
            )
            yield Blocked(reason, startup.file.place(why[1]))


def _of_the_names(startup: Startup, names: ModuleNames) -> Iterator[Blocked]:
    """The names that they bind."""
    for binding in names.impossible:
        reason = (
            f"it builds its application with a local `{binding.text}`, a name that the module uses for "
            "something else"
        )
        yield Blocked(reason, startup.file.place(binding.name))
    moving = {name for statement in startup.moved for name in bound_in(startup.file, statement)}
    for statement in startup.body if not startup.is_at_module_level else ():
        again = moving & set(bound_in(startup.file, statement))
        if again and statement not in startup.moved:
            reason = f"it sets `{min(again)}` for its application, and again for something else"
            yield Blocked(reason, startup.file.place(statement))
