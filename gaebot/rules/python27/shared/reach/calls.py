"""The places in the app's code that name its functions and classes: calls, and names that are handed on."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cached_property
from operator import itemgetter
from typing import NamedTuple

from tree_sitter import Node

from gaebot.app import App, once_per_app
from gaebot.rules.python27.shared.reach.code import (
    AppCode,
    ClassCode,
    Code,
    FunctionCode,
    app_code,
)
from gaebot.rules.python27.shared.reach.dead_code import never_runs
from gaebot.rules.python27.shared.reach.naming import Naming, names_given, word_given
from gaebot.rules.python27.shared.scripts.applications import find_origin
from gaebot.rules.python27.shared.scripts.handler_scripts import RequestFile
from gaebot.syntax.imports import is_name
from gaebot.syntax.nodes import arguments, scope_node, text
from gaebot.syntax.python import PythonFile

MAKING = frozenset({"__init__", "__new__"})
"""Methods that run while an object is made."""


_OF_FRAMEWORKS = re.compile(
    r"(?:self\.)?(?:request|response)(?:\.(?:GET|POST|REQUEST|COOKIES|META|FILES|args|cookies|form|headers|out))?$"
)
_ASKING = frozenset({"super", "isinstance", "issubclass"})
_HOLDERS = frozenset(
    {"argument_list", "keyword_argument", "list", "tuple", "dictionary", "pair", "set", "assignment"}
)


class Mention(NamedTuple):
    """A place in code that names functions or classes of the app.

    `function` is the one whose code it stands in, None for import code; `sure` the functions and classes
    that it means, `method` the name of the method that it may mean of an object that is not known.
    """

    file: PythonFile
    node: Node
    function: FunctionCode | None
    sure: tuple[Code, ...]
    method: str = ""

    @property
    def call(self) -> Node | None:
        """The call of what is named, or None where it is only handed on."""
        parent = self.node.parent
        is_called = parent is not None and parent.type == "call"
        return parent if is_called and parent.child_by_field_name("function") == self.node else None  # type: ignore[union-attr]

    @property
    def is_handed_on(self) -> bool:
        """Whether it is an argument, in a table, or bound to something else than a name of the module.

        What the module only gives another name is found under that one.
        """
        parent = self.node.parent
        if parent is not None and parent.type == "assignment" and scope_node(parent).type == "module":
            left = parent.child_by_field_name("left")
            return left is not None and left.type != "identifier"
        return parent is not None and parent.type in _HOLDERS and not self.is_only_asked_for

    @property
    def is_only_asked_for(self) -> bool:
        """Whether a class is named as a base, in `super(…)` or in `isinstance(…)`, which make no object."""
        holder = self.node.parent
        if holder is not None and holder.type == "tuple":
            holder = holder.parent
        outer = holder.parent if holder is not None and holder.type == "argument_list" else None
        if outer is None or outer.type == "class_definition":
            return outer is not None
        return text(outer.child_by_field_name("function")) in _ASKING

    @property
    def is_decorator(self) -> bool:
        """Whether it stands behind the `@` of a decorator."""
        parent = self.node.parent
        if parent is not None and parent.type == "call":
            parent = parent.parent
        return parent is not None and parent.type == "decorator"


class Mentions:
    """The places in the app's request files that name functions and classes of the app.

    They are looked for word by word: who names one function is known without a look at all the others.
    """

    def __init__(self, code: AppCode) -> None:
        self._code = code
        self._found: dict[tuple[int, int], Mention | None] = {}
        self._known_words: set[str] = set()
        self._of: dict[int, list[tuple[tuple[int, int], Mention]]] = defaultdict(list)

    @cached_property
    def _files(self) -> tuple[RequestFile, ...]:
        return tuple(self._code.files.values())

    def of(self, named: Code) -> list[Mention]:
        """The places that name a function or class, by file and position."""
        naming = self._code.naming(named)
        if naming is not None:
            key = (self.of, id(named))
            return self._code.app.remember(key, lambda: list(self._of_few(named, naming)))
        self._look_for(self._called(named.name))
        known = self._of.get(id(named), [])
        known.sort(key=itemgetter(0))
        return [mention for _, mention in known]

    def _of_few(self, named: Code, naming: Naming) -> Iterator[Mention]:
        """Those in the few files that say a word which may stand for it."""
        for file in naming.files:
            for name in file.file.identifiers(*naming.words):
                if self._may_count(file, name):
                    node, function, sure = _meant(self._code, file.file, name)
                    if named in sure:
                        yield Mention(file.file, node, function, sure)

    def in_function(self, function: FunctionCode) -> list[Mention]:
        """The places in the code of a function, in order."""
        return self._by_function.get(id(function), [])

    @cached_property
    def in_import_code(self) -> list[Mention]:
        """Those that run when modules are loaded."""
        return [mention for mention in self.all if mention.function is None]

    @cached_property
    def all(self) -> list[Mention]:
        """All of them, by file and position."""
        self._look_for(self._words)
        return [mention for _, mention in sorted(self._found.items()) if mention is not None]

    @cached_property
    def _by_function(self) -> dict[int, list[Mention]]:
        found = defaultdict(list)
        for mention in self.all:
            if mention.function is not None:
                found[id(mention.function)].append(mention)
        return dict(found)

    def _look_for(self, words: Iterable[str]) -> None:
        """Look at every place where one of some words stands that were not looked for before."""
        wanted = self._words.intersection(words) - self._known_words
        self._known_words |= wanted
        for number in sorted({number for word in wanted for number in self._holding.get(word, ())}):
            request_file = self._files[number]
            for node in request_file.file.identifiers(*wanted):
                key = (number, node.start_byte)
                mention = self._found[key] = self._look(request_file, node)
                if mention is not None:
                    for code in mention.sure:
                        self._of[id(code)].append((key, mention))

    def _look(self, request_file: RequestFile, node: Node) -> Mention | None:
        return _mention(self._code, request_file.file, node) if self._may_count(request_file, node) else None

    def _may_count(self, file: RequestFile, node: Node) -> bool:
        never = never_runs(self._code.app, file.file, node)
        return not never and not _is_definition(node) and file.runs(node)

    # -- the words that may stand for a function or class ------------------------------------

    @cached_property
    def _words(self) -> frozenset[str]:
        """The names of all functions and classes, and those that imports and assignments of modules give
        them: `main = profile_main`.
        """
        given = defaultdict(set)
        for request_file in self._files:
            for binding in names_given(request_file.file):
                given[word_given(binding)].add(binding.text)
        names = set(self._code.names)
        waiting = list(names)
        while waiting:
            more = given.get(waiting.pop(), set()) - names
            names |= more
            waiting += more
        return frozenset(names)

    @cached_property
    def _holding(self) -> dict[str, list[int]]:
        """For each of these words the files that hold it, by their numbers."""
        found = defaultdict(list)
        for number, request_file in enumerate(self._files):
            for word in request_file.file.words & self._words:
                found[word].append(number)
        return dict(found)

    def _called(self, name: str) -> set[str]:
        """The words that may stand for what has a name: the name, and what is given to it."""
        found = {name}
        waiting = [name]
        while waiting:
            more = self._given.get(waiting.pop(), set()) - found
            found |= more
            waiting += more
        return found

    @cached_property
    def _given(self) -> dict[str, set[str]]:
        """For each word the others of `_words` that imports, and assignments in any scope, give to it."""
        found = defaultdict(set)
        for request_file in self._files:
            for binding in request_file.file.bindings():
                word = word_given(binding)
                if word and binding.text != word and binding.text in self._words:
                    found[word].add(binding.text)
        return dict(found)


@once_per_app
def mentions(app: App) -> Mentions:
    """The places in the app's request files that name functions and classes of the app."""
    return Mentions(app_code(app))


def _is_definition(node: Node) -> bool:
    """Whether a name is given there to a definition, a parameter or a keyword, or imported."""
    parent = node.parent
    if parent is None or parent.type in {"dotted_name", "aliased_import", "parameters", "global_statement"}:
        return True
    if parent.type in {"function_definition", "class_definition", "default_parameter", "keyword_argument"}:
        return parent.child_by_field_name("name") == node
    return False


def _meant(code: AppCode, file: PythonFile, name: Node) -> tuple[Node, FunctionCode | None, tuple[Code, ...]]:
    """The expression that a name ends, the function around it, and what it surely means."""
    parent, function = name.parent, code.around(file, name)
    if parent is None or parent.type != "attribute" or is_name(name):
        return name, function, code.meanings(file, name)
    return parent, function, code.meanings(file, parent) or tuple(_of_receiver(code, parent, function))


def _mention(code: AppCode, file: PythonFile, name: Node) -> Mention | None:
    node, function, sure = _meant(code, file, name)
    if node.id == name.id:
        return Mention(file, name, function, sure) if sure else None
    is_known = text(name) in code.methods_by_name and text(name) not in MAKING
    if not sure and (not is_known or _is_from_outside(code, file, node)):
        return None
    return Mention(file, node, function, sure, "" if sure else text(name))


def _is_from_outside(code: AppCode, file: PythonFile, node: Node) -> bool:
    """Whether an attribute is surely one of something from outside of the app: `taskqueue.Task().add`.

    So are those of the request and the response, which frameworks make: `self.request.get`.
    """
    if _OF_FRAMEWORKS.match(text(node.child_by_field_name("object"))):
        return True
    origins = file.origins(node)
    return bool(origins) and all(_is_outside(code, file, origin) for origin in origins)


def _is_outside(code: AppCode, file: PythonFile, origin: str) -> bool:
    head = origin.partition("(")[0]
    first = head.partition(".")[0]
    is_bare = not file.scope.bindings.get(first) and first == origin.partition(".")[0]
    if is_bare and "*" in file.scope.bindings:
        return False
    return find_origin(code.app, head, file) is None and not head.startswith(f"{file.module}.")


def _of_receiver(code: AppCode, node: Node, function: FunctionCode | None) -> Iterator[FunctionCode]:
    """The methods that `self.name` may mean in a method: those of its class, above it and below it."""
    owner = node.child_by_field_name("object")
    cls = class_of(owner, function) if owner is not None else None
    if cls is None:
        return
    name = text(node.child_by_field_name("attribute"))
    for each in code.family(cls):
        if name in each.methods:
            found = code.at(each.file, each.methods[name])
            if isinstance(found, FunctionCode):
                yield found


def class_of(node: Node, function: FunctionCode | None) -> ClassCode | None:
    """The class whose instance, or which itself, `self`, `cls`, `self.__class__`, `type(self)` or
    `super(…)` is in a method; None for other expressions."""
    if node.type == "attribute" and text(node.child_by_field_name("attribute")) == "__class__":
        node = node.child_by_field_name("object") or node
    elif node.type == "call" and text(node.child_by_field_name("function")) in {"type", "super"}:
        positional, _ = arguments(node)
        node = positional[-1] if positional else node
    elif node.type == "parenthesized_expression" and is_type_call(node):
        node = node.named_children[0]
    if node.type != "identifier":
        return None
    holder = function
    while holder is not None:
        if holder.receiver and text(node) == holder.receiver:
            return holder.owner
        if text(node) in holder.parameters:
            return None
        holder = holder.outer
    return None


def is_type_call(brackets: Node) -> bool:
    """Whether brackets belong to `type(self)` at the beginning of an assignment.

    The grammar takes `type(self).x = 1` for an alias of a type, which Python has from 3.12 on.
    """
    outer = brackets.parent
    while outer is not None and outer.type in {"attribute", "subscript", "type"}:
        outer = outer.parent
    return (
        outer is not None
        and outer.type == "type_alias_statement"
        and outer.named_children[0].start_byte == brackets.start_byte
        and len(brackets.named_children) == 1
    )
