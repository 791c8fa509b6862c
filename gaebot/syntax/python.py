"""Reading Python 2 with tree-sitter: queries, scopes, and what a name refers to.

A tree is only a way to find ranges in the bytes; nothing is printed from it. All offsets are bytes.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from functools import cache, cached_property
from typing import Literal, NamedTuple, TypeVar

from tree_sitter import Node, Parser, Query, QueryCursor

from gaebot.finding import Place
from gaebot.syntax.nodes import ancestors, bound_names, scope_node, string_value, text
from gaebot.syntax.tree import LANGUAGE, TOO_DEEP, parse
from gaebot.syntax.words import WordIndex
from gaebot.text import SourceFile, Span

T = TypeVar("T")

Part = Literal["call", "identifier", "string"]
"""A kind of node that `PythonFile.parts` finds."""

# What stands for the tree of a file that is too deep: the one of a file that can't be parsed.
_NOTHING = Parser(LANGUAGE).parse(b"(")

# Two patterns, since one that begins with a letter of its own is found several times as fast.
_NAMES_IN_STRINGS = tuple(re.compile(rf"{quote}([A-Za-z_][\w.]*){quote}", re.ASCII) for quote in "'\"")
_IN_STRING = frozenset({"string_content", "string_start", "string_end"})
_ALIAS_DEPTH = 8  # how many `a = b` steps a name is followed through
_MAX_ORIGINS = 50  # how many meanings of one name are kept
_CHAIN_LENGTH = 30  # how many attributes and calls in a row are followed

# What most questions about a file begin with, in one query: its cost is that of the walk. As plain as can be,
# since it takes the longer to compile the more it says of what stands in a node.
_STATEMENTS = """
(assignment) @assign
(augmented_assignment) @augment
(delete_statement) @delete
(type_alias_statement) @alias
(function_definition) @def
(class_definition) @def
(for_statement) @loop
(for_in_clause) @loop
(as_pattern_target) @target
(except_clause) @except
(parameters (_) @parameter)
(lambda_parameters (_) @parameter)
(named_expression) @named
"""

# What is looked for in small pieces of code. One query for all: each takes a millisecond to compile, even one
# that asks for no more than a kind of node.
_PARTS = "(call) @call (identifier) @identifier (string) @string"


@cache
def _compile(query: str) -> Query:
    compiled: Query = Query(LANGUAGE, query)
    return compiled


class Binding(NamedTuple):
    """One place where a name gets a value.

    `name` is the identifier's node, `kind` one of import, assign, augment, def, parameter, other.
    `origin` is the dotted name that an import stands for; `value` the node that an assignment
    binds the whole name to; `statement` the statement that binds.
    """

    text: str
    name: Node
    kind: str
    statement: Node
    origin: str | None = None
    value: Node | None = None


class Scope(NamedTuple):
    """The module, a class, a function or a lambda, and the names bound directly in it."""

    node: Node
    parent: Scope | None
    bindings: dict[str, list[Binding]]

    @property
    def is_class(self) -> bool:
        """Whether this is a class body, which functions inside cannot see."""
        return self.node.type == "class_definition"


class PythonFile:
    """A Python source file, parsed once, when first asked.

    `module` is the dotted name under which the app imports it ('admin.main'). Once it is parsed, `problem`
    is a sentence about what of it was not read, mostly empty.
    """

    def __init__(self, source: SourceFile, module: str = "") -> None:
        self.source = source
        self.module = module
        self.problem = ""
        self._left_out: tuple[Span, ...] = ()
        self._index = WordIndex(source.data)
        self._origins: dict[int, frozenset[str]] = {}
        self._memo: dict[object, object] = {}
        self._known_names: dict[tuple[int, int], tuple[str, ...]] = {}

    @cached_property
    def root(self) -> Node:
        """The module node. Broken code yields error nodes in it, never an exception.

        So does code that is too deep to be read.
        """
        tree, self._left_out = parse(self.source.data)
        self.problem = TOO_DEEP if tree is None else ""
        return (tree or _NOTHING).root_node

    @property
    def is_package(self) -> bool:
        """Whether the file is a package's `__init__.py`."""
        return self.source.path.rpartition("/")[2] == "__init__.py"

    @cached_property
    def package(self) -> str:
        """The dotted name of its folder, empty for the app root."""
        return self.source.path.rpartition("/")[0].replace("/", ".")

    @property
    def is_broken(self) -> bool:
        """Whether something in the file could not be parsed."""
        return self.root.has_error

    @cached_property
    def errors(self) -> list[Node]:
        """The stretches that could not be parsed, and what is missing, in the order of the source.

        A block without a statement is one: the grammar lets it pass, Python does not.
        """
        empty = (block for block in self.nodes("(block) @x") if block.start_byte == block.end_byte)
        return sorted([*self.unreadable, *empty], key=lambda node: node.start_byte)

    @cached_property
    def unreadable(self) -> list[Node]:
        """The stretches that could not be parsed, and what is missing, in the order of the source."""
        return self.nodes("[(ERROR) (MISSING)] @x") if self.is_broken else []

    def text(self, node: Node) -> str:
        """The source text of a node of this file, as `text` gives it, a little quicker."""
        return self._index.text[node.start_byte : node.end_byte]

    def place(self, node: Node) -> Place:
        """Where a node stands."""
        return Place(self.source, self.span(node))

    @staticmethod
    def span(node: Node) -> Span:
        """The bytes of a node."""
        return Span(node.start_byte, node.end_byte)

    def matches(self, query: str, within: Node | None = None) -> Iterator[dict[str, Node]]:
        """The matches of a tree-sitter query, in the order of the source, one node per capture.

        `query` is compiled once per process. Only nodes inside `within` (default: the module).
        """
        within = within or self.root
        found = QueryCursor(_compile(query)).matches(within)
        singles = [{name: nodes[0] for name, nodes in captures.items()} for _, captures in found]
        singles.sort(key=lambda match: min((node.start_byte, -node.end_byte) for node in match.values()))
        yield from singles

    def nodes(self, query: str, within: Node | None = None) -> list[Node]:
        """All nodes that a query captures, under any name, in the order of the source."""
        captures = QueryCursor(_compile(query)).captures(within or self.root)
        return sorted(
            (node for nodes in captures.values() for node in nodes),
            key=lambda node: (node.start_byte, -node.end_byte),
        )

    def parts(self, kind: Part, within: Node) -> list[Node]:
        """The nodes of a kind in a small piece of code, in the order of the source."""
        found = QueryCursor(_compile(_PARTS)).captures(within).get(kind, [])
        return sorted(found, key=lambda node: (node.start_byte, -node.end_byte))

    def identifiers(self, *names: str, within: Node | None = None) -> list[Node]:
        """The identifier nodes with one of these spellings, in the order of the source.

        They are looked up by their bytes, which is far quicker than walking the tree.
        """
        found = []
        for at, word in self._occurrences(names, within):
            after = at + len(word)
            node = self.root.descendant_for_byte_range(at, after)
            if (
                node is not None
                and node.type == "identifier"
                and node.start_byte == at
                and node.end_byte == after
            ):
                found.append(node)
        return found

    def keyword_nodes(self, *keywords: str, within: Node | None = None) -> list[Node]:
        """The statements and expressions that begin with, or hold, one of these keywords as a token
        of their own (`def`, `lambda`, `import`), in the order of the source. Found like `identifiers`.
        """
        found = []
        for at, word in self._occurrences(keywords, within):
            node = self.root.descendant_for_byte_range(at, at + len(word))
            if node is not None and node.parent is not None and node.type == word:
                found.append(node.parent)
        return found

    def places_of(self, *words: str) -> list[int]:
        """The byte offsets at which these words stand, be it in code or not, in order."""
        return [at for at, _ in self._occurrences(words)]

    def _occurrences(self, words: Iterable[str], within: Node | None = None) -> list[tuple[int, str]]:
        """Where words stand in the file or a node, be it in code or not, in order: byte offset and word."""
        span = Span(within.start_byte, within.end_byte) if within is not None else None
        return self._index.occurrences(words, span)

    @cached_property
    def words(self) -> frozenset[str]:
        """The words of the file, in code or not. Names of Python 2 are ASCII: a byte is a letter."""
        return self._index.words

    @cached_property
    def path_words(self) -> frozenset[str]:
        """The name of the module and of the packages that its path makes."""
        return frozenset(self.module.split("."))

    def is_in_comment(self, offset: int) -> bool:
        """Whether a byte offset of the file lies in a comment."""
        node = self.root.descendant_for_byte_range(offset, offset + 1)
        if node is not None and (node.type == "comment" or node.type in _IN_STRING):
            return node.type == "comment"
        return any(start <= offset < end for start, end in self._left_out)

    def strings(self, value: str) -> list[Node]:
        """The string literals that say exactly this, in the order of the source."""
        found = []
        for match in re.finditer(re.escape(value.encode("latin-1")), self.source.data):
            node = self.root.descendant_for_byte_range(match.start(), match.end())
            while node is not None and node.type != "string":
                node = node.parent if node.type in _IN_STRING else None
            if node is not None and string_value(node) == value:
                found.append(node)
        return found

    def references(self, *origins: str, within: Node | None = None) -> list[Node]:
        """The identifiers and attribute chains that may refer to one of these dotted names, in the
        order of the source. What an import or an assignment calls them by is known; the import
        itself is none."""
        words = {origin.removesuffix("()").rpartition(".")[2] for origin in origins}
        found = []
        for name in self.identifiers(*words, *self.other_names(frozenset(words)), within=within):
            parent = name.parent
            is_member = parent is not None and parent.type == "attribute" and name != parent.children[0]
            node = parent if parent is not None and is_member else name
            if self.refers_to(node, *origins) and not _is_in_import(node):
                found.append(node)
        return found

    def calls(self, *origins: str, within: Node | None = None) -> list[Node]:
        """The calls of one of these dotted names, in the order of the source."""
        found = []
        for node in self.references(*origins, within=within):
            call = node.parent
            if call is not None and call.type == "call" and call.child_by_field_name("function") == node:
                found.append(call)
        return found

    def other_names(self, words: frozenset[str]) -> set[str]:
        """The names that a file gives things with these last words: `import time as clock`."""
        return self.remember(("other names", words), lambda: set(self._other_names(words)))

    def _other_names(self, words: frozenset[str]) -> Iterator[str]:
        for name in self.identifiers(*words):
            for outer in ancestors(name):
                if outer.type == "aliased_import":
                    yield text(outer.child_by_field_name("alias"))
                elif outer.type == "assignment" and outer.child_by_field_name("left") != name:
                    yield from (text(target) for target in bound_names(outer.children[0]))
                elif outer.type not in {"attribute", "dotted_name"}:
                    break

    def remember(self, key: object, make: Callable[[], T]) -> T:
        """The value for `key`, made once in the life of this file."""
        if key not in self._memo:
            self._memo[key] = make()
        return self._memo[key]  # type: ignore[return-value]

    # -- scopes and names ------------------------------------------------------------------

    @cached_property
    def scope(self) -> Scope:
        """The scope of the module itself."""
        return self._scopes[self.root.id]

    def bindings(self) -> Iterator[Binding]:
        """All bindings of the file, in every scope."""
        for scope in self._scopes.values():
            for found in scope.bindings.values():
                yield from found

    @cached_property
    def _scopes(self) -> dict[int, Scope]:
        scopes: dict[int, Scope] = {self.root.id: Scope(self.root, None, {})}
        global_names: dict[int, set[str]] = defaultdict(set)
        for statement in self.keyword_nodes("global"):
            names = {text(node) for node in statement.named_children}
            global_names[self.holder(statement.start_byte).id] |= names
        for binding, holder in sorted(self._bindings(), key=lambda found: found[0].name.start_byte):
            scope = self._scope_of(holder, scopes)
            if binding.text in global_names.get(scope.node.id, ()):
                scope = scopes[self.root.id]
            scope.bindings.setdefault(binding.text, []).append(binding)
        return scopes

    def _scope_of(self, node: Node, scopes: dict[int, Scope]) -> Scope:
        if node.id not in scopes:
            parent = self._scope_of(self.holder(node.start_byte), scopes)
            scopes[node.id] = Scope(node, parent, {})
        return scopes[node.id]

    def scope_at(self, node: Node) -> Scope:
        """The scope in which the names that stand at `node` are looked up."""
        return self._scope_of(self.scope_node(node), self._scopes)

    def scope_node(self, node: Node) -> Node:
        """The node of that scope: what the function `scope_node` finds, which walks up the whole tree."""
        start = node.start_byte
        return scope_node(node) if self._is_in_parameters(start) else self.holder(start)

    def holder(self, offset: int) -> Node:
        """The function, class, lambda or module in whose body a byte offset lies: what `scope_node`
        finds, without a walk up the tree."""
        starts, ends, around, nodes = self._bodies
        number = bisect_right(starts, offset) - 1
        while number >= 0 and ends[number] <= offset:
            number = around[number]
        return nodes[number] if number >= 0 else self.root

    @cached_property
    def _bodies(self) -> tuple[list[int], list[int], list[int], list[Node]]:
        """The bodies of functions, classes and lambdas in the order of the source: where each begins
        and ends, which one is around it (-1: none), and the node it belongs to."""
        spans = []
        for node in self._functions:
            body = node.child_by_field_name("body")
            if body is not None:
                spans.append((body.start_byte, body.end_byte, node))
        spans.sort(key=lambda span: (span[0], -span[1]))
        around: list[int] = []
        open_spans: list[int] = []
        for number, (start, _, _) in enumerate(spans):
            while open_spans and spans[open_spans[-1]][1] <= start:
                open_spans.pop()
            around.append(open_spans[-1] if open_spans else -1)
            open_spans.append(number)
        return [span[0] for span in spans], [span[1] for span in spans], around, [span[2] for span in spans]

    def _is_in_parameters(self, offset: int) -> bool:
        """Whether a byte offset lies in the list of parameters of a function or a lambda."""
        starts, ends = self._parameters
        number = bisect_right(starts, offset) - 1
        return number >= 0 and offset < ends[number]

    @cached_property
    def _parameters(self) -> tuple[list[int], list[int]]:
        """Where lists of parameters begin and where they end, those within others left out."""
        starts: list[int] = []
        ends: list[int] = []
        for node in sorted(self._functions, key=lambda node: node.start_byte):
            holder = node.child_by_field_name("parameters")
            if holder is not None and (not ends or holder.start_byte >= ends[-1]):
                starts.append(holder.start_byte)
                ends.append(holder.end_byte)
        return starts, ends

    @cached_property
    def _functions(self) -> list[Node]:
        """The definitions of functions and classes, and the lambdas, in the order of the source."""
        return self.keyword_nodes("def", "class", "lambda")

    def _bindings(self) -> Iterator[tuple[Binding, Node]]:  # noqa: C901 - one branch for each kind
        """Every binding of the file with the node of the scope that it is made in."""
        captures = self._statements
        yield from ((binding, self.holder(binding.statement.start_byte)) for binding in self.imports())
        for definition in captures.get("def", ()):
            name = definition.child_by_field_name("name")
            if name is not None:
                yield Binding(self.text(name), name, "def", definition), self.holder(name.start_byte)
        for statement in captures.get("assign", ()):
            left, right = statement.child_by_field_name("left"), statement.child_by_field_name("right")
            for name in bound_names(left) if left is not None else ():
                value = right if name == left else None
                binding = Binding(self.text(name), name, "assign", statement, value=value)
                yield binding, self.holder(name.start_byte)
        for node in captures.get("parameter", ()):
            function = node.parent.parent if node.parent is not None else None
            for name in bound_names(node.child_by_field_name("name") or node):
                if function is not None:
                    yield Binding(self.text(name), name, "parameter", function), function
        for statement in captures.get("augment", ()):
            left = statement.child_by_field_name("left")
            if left is not None and left.type == "identifier":
                yield Binding(text(left), left, "augment", left), self.holder(left.start_byte)
        for node in self._other_targets():
            for name in bound_names(node):
                yield Binding(self.text(name), name, "other", node), self.holder(name.start_byte)

    def _other_targets(self) -> Iterator[Node]:
        """What loops, `with`, `except` and `:=` give a value, and what is deleted."""
        captures = self._statements
        yield from captures.get("target", ())
        for loop in captures.get("loop", ()):
            yield from loop.children_by_field_name("left")
        for clause in captures.get("except", ()):
            yield from clause.children_by_field_name("value")[1:]
        for expression in captures.get("named", ()):
            yield from expression.children_by_field_name("name")
        for statement in captures.get("delete", ()):
            yield from statement.named_children

    @cached_property
    def _statements(self) -> dict[str, list[Node]]:
        return QueryCursor(_compile(_STATEMENTS)).captures(self.root)

    @cached_property
    def assigned(self) -> list[tuple[Node, Node]]:
        """What assignments of all kinds give a value, and what is deleted: each with its statement, in the
        order of the source.

        `type(self).x = 1` counts, which the grammar takes for an alias of a type: Python has those from
        3.12 on.
        """
        captures = self._statements
        found = []
        for statement in (*captures.get("assign", ()), *captures.get("augment", ())):
            left = statement.child_by_field_name("left")
            if left is not None:
                found.append((left, statement))
        for statement in captures.get("delete", ()):
            found += [(node, statement) for node in statement.named_children]
        for statement in captures.get("alias", ()):
            left = statement.child_by_field_name("left")
            if left is not None and left.type == "type":
                found += [(node, statement) for node in left.named_children]
        return sorted(found, key=lambda pair: (pair[0].start_byte, -pair[0].end_byte))

    @cached_property
    def strings_with_names(self) -> tuple[tuple[int, str], ...]:
        """What stands between two quotes and is a name, or several with dots: where the first quote is
        (a byte offset), and the name. In code or not."""
        found = [
            (match.start(), match.group(1))
            for pattern in _NAMES_IN_STRINGS
            for match in pattern.finditer(self._index.text)
        ]
        return tuple(sorted(found))

    def _from_import(self, node: Node) -> Iterator[Binding]:
        module_node = node.child_by_field_name("module_name")
        module = self._imported_module(module_node) if module_node else ""
        for child in node.children_by_field_name("name"):
            original = child.child_by_field_name("name") or child
            local = child.child_by_field_name("alias") or child
            origin = f"{module}.{self.text(original)}" if module else self.text(original)
            yield Binding(self.text(local), local, "import", node, origin=origin)
        for child in node.children:
            if child.type == "wildcard_import":
                yield Binding("*", child, "import", node, origin=f"{module}.*")

    def _imported_module(self, node: Node) -> str:
        """Dotted name of a `from` clause; leading dots are resolved against this module."""
        name = text(node)
        dots = len(name) - len(name.lstrip("."))
        if not dots:
            return name
        package = self.module.split(".") if self.is_package else self.module.split(".")[:-1]
        parts = package[: len(package) - (dots - 1)]
        return ".".join([*parts, *filter(None, name[dots:].strip().split("."))])

    def imports(self) -> tuple[Binding, ...]:
        """Every import binding of the file, in any scope; a star import binds the name '*'."""
        return self.remember("imports", lambda: tuple(self._imports()))

    def _imports(self) -> Iterator[Binding]:
        for node in self.import_statements():
            yield from (self._from_import if node.type == "import_from_statement" else _plain_import)(node)

    def import_statements(self, within: Node | None = None) -> Iterator[Node]:
        """The statements that import, but for `from __future__`, in the order of the source."""
        for node in self.keyword_nodes("import", within=within):
            if node.type in {"import_statement", "import_from_statement"}:
                yield node

    def lookup(self, name: str, at: Node) -> list[Binding]:
        """The bindings that `name` may mean at the node `at`, by Python's scope rules."""
        scope: Scope | None = self.scope_at(at)
        innermost = scope
        while scope is not None:
            if (scope is innermost or not scope.is_class) and name in scope.bindings:
                return scope.bindings[name]
            scope = scope.parent
        return []

    def origins(self, node: Node) -> frozenset[str]:
        """The dotted names that an identifier or attribute chain may refer to.

        `util.run_wsgi_app` after `from google.appengine.ext.webapp import util` is
        'google.appengine.ext.webapp.util.run_wsgi_app'. Names of this file get its module name in
        front ('main.MainPage'); names bound nowhere are taken for builtins and stay bare. A call
        is written with empty brackets: 'wsgiref.handlers.CGIHandler().run'. Empty when nothing
        can be told (a parameter, a loop variable).
        """
        if node.id not in self._origins:
            self._origins[node.id] = frozenset(self._find_origins(node, _ALIAS_DEPTH))
        return self._origins[node.id]

    def refers_to(self, node: Node, *names: str) -> bool:
        """Whether a node may refer to one of these dotted names."""
        return not self.origins(node).isdisjoint(names)

    def _find_origins(self, node: Node, depth: int) -> Iterator[str]:
        tail = ""
        for _ in range(_CHAIN_LENGTH):
            if node.type == "attribute":
                member = node.child_by_field_name("attribute")
                tail = f".{self.text(member) if member is not None else ''}{tail}"
                inner = node.child_by_field_name("object")
            elif node.type == "call":
                tail = f"(){tail}"
                inner = node.child_by_field_name("function")
            else:
                break
            if inner is None:
                return
            node = inner
        if node.type in {"identifier", "dotted_name"} and depth:
            yield from (f"{origin}{tail}" for origin in self._name_origins(node, depth))

    def _name_origins(self, node: Node, depth: int) -> tuple[str, ...]:
        name = self.text(node)
        bindings = self.lookup(name, node)
        if not bindings:
            return (name,)
        # `s = s.strip()` twenty times over has 20 ** 8 answers; the short ones are worth knowing.
        key = (bindings[0].name.id, depth)
        if key not in self._known_names:
            found = {origin for binding in bindings for origin in self._binding_origins(binding, depth)}
            shortest = sorted(found, key=lambda origin: (origin.count("."), origin))
            self._known_names[key] = tuple(shortest[:_MAX_ORIGINS])
        return self._known_names[key]

    def _binding_origins(self, binding: Binding, depth: int) -> Iterator[str]:
        if binding.origin is not None:
            yield binding.origin
        elif binding.kind == "def" or (binding.kind == "assign" and self._is_module_level(binding)):
            yield f"{self.module}.{binding.text}"
        if binding.value is not None:
            yield from self._find_origins(binding.value, depth - 1)

    def _is_module_level(self, binding: Binding) -> bool:
        return scope_node(binding.name).id == self.root.id

    # -- lines -----------------------------------------------------------------------------

    def line_span(self, node: Node) -> Span:
        """The whole lines that a node covers, the last line ending included."""
        first = self.source.line_span(node.start_byte)
        last = self.source.line_span(max(node.end_byte - 1, node.start_byte))
        return Span(first.start, last.end)

    def indent(self, node: Node) -> bytes:
        """What stands between the start of the line and the node."""
        return self.source.data[self.source.line_span(node.start_byte).start : node.start_byte]

    def stands_alone(self, node: Node) -> bool:
        """Whether nothing but blanks and a comment shares the node's lines."""
        span = self.line_span(node)
        before = self.source.data[span.start : node.start_byte]
        after = self.source.data[node.end_byte : span.end].strip()
        return not before.strip(b" \t\f\xef\xbb\xbf") and (not after or after.startswith(b"#"))


def _is_in_import(node: Node) -> bool:
    return node.parent is not None and node.parent.type in {"dotted_name", "aliased_import"}


def _plain_import(node: Node) -> Iterator[Binding]:
    for child in node.children_by_field_name("name"):
        alias = child.child_by_field_name("alias")
        if alias is not None:
            target = child.child_by_field_name("name")
            if target is not None:
                yield Binding(text(alias), alias, "import", node, origin=text(target))
        else:
            head = child.named_children[0] if child.named_children else child
            # `import a.b` binds `a`; the attribute access that follows spells the rest.
            yield Binding(text(head), head, "import", node, origin=text(head))
