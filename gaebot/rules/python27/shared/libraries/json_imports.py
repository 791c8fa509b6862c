"""Where a file imports simplejson, in which attempts, and what it takes of it that `json` has not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from tree_sitter import Node

from gaebot.app import App
from gaebot.rules.python27.shared.libraries.carried import is_carried
from gaebot.rules.python27.shared.libraries.django_helper import helper_version
from gaebot.rules.python27.shared.libraries.use_library import django_version
from gaebot.syntax.imports import name_in_statement, uses_of
from gaebot.syntax.lines import within
from gaebot.syntax.nodes import ancestors, arguments, text
from gaebot.syntax.python import Binding, PythonFile

_NAME = "simplejson"
DJANGO = "django.utils.simplejson"
"""The copy that Django brought along until 1.4."""

_OUTSIDE = (_NAME, DJANGO, f"google.appengine._internal.{DJANGO}")
API = frozenset({"load", "loads", "dump", "dumps", "JSONEncoder", "JSONDecoder"})
"""What simplejson and `json` have in common."""

INNER_MODULES = frozenset({"encoder", "decoder", "scanner"})
DECODE_ERROR = "JSONDecodeError"
"""What `json` has not: a subclass of ValueError, which is what `json` raises."""

# What later versions of simplejson take and the json of Python 2.7 does not.
_ONLY_SIMPLEJSON = frozenset(
    {
        *("use_decimal", "for_json", "item_sort_key", "namedtuple_as_object", "tuple_as_array", "ignore_nan"),
        *("bigint_as_string", "int_as_string_bitcount", "iterable_as_array", "allow_nan_inf"),
    }
)
# What some version of simplejson has next to the functions, and the json of Python 2.7 has not. Neither has
# what is missing here, whose use is a mistake that `json` makes no worse.
_OTHER_NAMES = frozenset(
    {
        *("read", "write", "decode", "encode", "Decimal", "OrderedDict", "JSONDecodeError", "RawJSON"),
        *("JSONEncoderForHTML", "simple_first", "compat", "errors", "jsonfilter", "ordered_dict", "raw_json"),
        *("tests", "tool"),
    }
)
_OF_DJANGO_1_0 = frozenset({"decode", "encode"})  # of simplejson 1.8 and 1.9: no other Django has them
_DETAILS = ("pos", "lineno", "colno", "doc", "msg", "end", "endlineno", "endcolno")
_BOUND = re.compile(rb"(?:,|\bas\b)\s*(\w+)\s*:\s*(?:#.*\s*)*$")
_VERSIONS = (b"sys.version", b"version_info", b"hexversion")


class Difference(NamedTuple):
    """One place where a file relies on what `json` does not have: `node`, and what that is."""

    node: Node
    what: str


class JsonImports(NamedTuple):
    """The imports of simplejson in one file.

    `bindings` are the names that they bind. Those that are only tried where `json` is missing, which it is
    nowhere but on Python 2.5, are `spare`.
    """

    app: App
    file: PythonFile
    bindings: tuple[Binding, ...]
    spare: tuple[Binding, ...]

    def is_own(self, binding: Binding) -> bool:
        """Whether the app carries along what an import takes it from."""
        module = _module_of(binding)
        if module == DJANGO and helper_version(self.app):
            return False  # told a version, the helper takes Django from the runtime
        return is_carried(self.app, module.partition(".")[0]) or _is_file(self.app, self.file, module)

    @property
    def differences(self) -> tuple[Difference, ...]:
        """What stands in the way of `json`."""
        return self.file.remember(("json differences",), lambda: tuple(self._differences()))

    def _differences(self) -> Iterator[Difference]:
        for binding in self.bindings:
            if binding.text == "*" and _module_of(binding) != DJANGO:
                yield Difference(binding.statement, "a star import")
            for node, attribute in self.members(binding):
                clause = self._clause(node)
                if attribute == DECODE_ERROR and clause is not None:
                    yield from self._details(clause)
                elif attribute in API:
                    yield from self._missing_options(node, attribute)
                elif attribute in INNER_MODULES:
                    yield from self._inner(node)
                elif attribute and self._may_have(binding, attribute):
                    yield Difference(node, f"`{attribute}`")

    def _may_have(self, binding: Binding, attribute: str) -> bool:
        """Whether what an import brings may have a name that `json` has not."""
        if self.is_own(binding) or attribute.startswith("_"):
            return True
        if attribute in _OF_DJANGO_1_0 and _module_of(binding).endswith(DJANGO):
            return (django_version(self.app)[1] or "").startswith("1.0")
        return attribute in _OTHER_NAMES

    def members(self, binding: Binding) -> Iterator[tuple[Node, str]]:
        """What the file takes of a binding: the chain, and the name of the member ('' for the module)."""
        origin = binding.origin or ""
        if origin.endswith(f"{_NAME}.{binding.text}") or takes_name(binding):
            for use in uses_of(self.file, binding):
                yield use, origin.rpartition(".")[2]
            return
        for use in uses_of(self.file, binding):
            chain = module_chain(binding, use)
            outer = chain.parent if chain is not None else None
            if chain is None:
                continue
            is_member = outer is not None and outer.type == "attribute" and outer.children[0] == chain
            if is_member and outer is not None:
                yield outer, text(outer.child_by_field_name("attribute"))
            else:
                yield chain, ""

    def _clause(self, node: Node) -> Node | None:
        """The `except` clause that names an error to be caught."""
        clause = next((outer for outer in list(ancestors(node))[:4] if outer.type == "except_clause"), None)
        body = clause.named_children[-1] if clause is not None else None
        return clause if body is not None and node.end_byte <= body.start_byte else None

    def _details(self, clause: Node) -> Iterator[Difference]:
        """What a clause asks the error for and a ValueError has not: `error.pos`."""
        head = self.file.source.data[clause.start_byte : clause.named_children[-1].start_byte]
        bound = _BOUND.search(head)
        for node in self.file.identifiers(*_DETAILS) if bound else ():
            outer = node.parent if within(node, [clause]) else None
            if bound and outer is not None and outer.type == "attribute":
                is_error = outer.children[0].text == bound.group(1)
                yield from [Difference(outer, f"`{text(node)}` on its errors")] if is_error else []

    def _missing_options(self, node: Node, attribute: str) -> Iterator[Difference]:
        call = node.parent
        if call is None or call.type != "call" or call.child_by_field_name("function") != node:
            if attribute == "JSONEncoder" and self._overrides_iterencode(node):
                yield Difference(node, "`_iterencode`")
            return
        named = arguments(call)[1]
        for name, value in named.items():
            if name in _ONLY_SIMPLEJSON:
                yield Difference(value, f"`{name}`")
            elif name == "indent" and value.type == "string":
                yield Difference(value, "an `indent` that is a string")

    def _overrides_iterencode(self, node: Node) -> bool:
        outer = next((each for each in ancestors(node) if each.type == "class_definition"), None)
        return outer is not None and b"def _iterencode" in (outer.text or b"")

    def _inner(self, node: Node) -> Iterator[Difference]:
        """What is taken of `simplejson.encoder` and `simplejson.decoder`."""
        outer = node.parent
        name = text(outer.child_by_field_name("attribute")) if outer is not None else ""
        if outer is None or outer.type != "attribute":
            yield Difference(node, f"`{text(node)}`")
        elif name == DECODE_ERROR and (clause := self._clause(outer)) is not None:
            yield from self._details(clause)
        elif name not in {*API, DECODE_ERROR, "encode_basestring", "encode_basestring_ascii", "ESCAPE"}:
            yield Difference(outer, f"`{name}`")

    # -- how it works on python27 ----------------------------------------------------------

    def falls_back(self, binding: Binding) -> bool:
        """Whether a `try` around an import ends up with `json` where there is no simplejson."""
        inner = binding.statement
        for node in ancestors(binding.statement):
            body = node.child_by_field_name("body") if node.type == "try_statement" else None
            if body is not None and body.id == inner.id:
                clauses = [child for child in node.named_children if child.type == "except_clause"]
                if any(_imports_json(self.file, clause) for clause in clauses):
                    return True
            inner = node
        return False

    def chain(self, binding: Binding) -> Node | None:
        """The outermost `try` that does nothing but import JSON modules, one after another; else None."""
        found = None
        for outer in ancestors(binding.statement):
            if outer.type == "try_statement" and self._is_chain(outer):
                found = outer
            elif outer.type in {"function_definition", "class_definition"}:
                break
        return found

    def _is_chain(self, node: Node) -> bool:
        inside = [b for b in self.file.imports() if within(b.statement, [node])]
        if not inside or any(child.type in {"else_clause", "finally_clause"} for child in node.children):
            return False
        known = {b.name.id for b in (*self.bindings, *self.spare)}
        return all(b.name.id in known or b.origin == "json" for b in inside) and all(
            self._only_imports(block) for block in blocks(node)
        )

    def _only_imports(self, block: Node) -> bool:
        """Whether a block imports, and does nothing else but give names to what it imports."""
        statements = [node for node in block.named_children if node.type != "comment"]
        for statement in statements:
            is_assignment = (
                statement.type == "expression_statement"
                and statement.named_children[0].type == "assignment"
                and statement.named_children[0].child_by_field_name("right") is not None
            )
            known = {"import_statement", "import_from_statement", "try_statement"}
            if statement.type not in known and not is_assignment:
                return False
        return any(node.type != "expression_statement" for node in statements)


def json_imports(app: App, file: PythonFile) -> JsonImports | None:
    """The imports of simplejson in a file, or None."""
    key = (json_imports, file.source.path)
    return app.remember(key, lambda: _json_imports(app, file))


def takes_name(binding: Binding) -> bool:
    """Whether an import takes a name out of the module: `from simplejson import loads`."""
    return not (binding.origin or "").endswith(_NAME) and not is_dotted(binding)


def is_dotted(binding: Binding) -> bool:
    """Whether it is `import django.utils.simplejson`, which binds `django`."""
    return name_in_statement(binding).endswith(f".{_NAME}")


def module_chain(binding: Binding, use: Node) -> Node | None:
    """The node that means the module: the name itself, or `django.utils.simplejson`."""
    if not is_dotted(binding):
        return use
    chain: Node | None = use
    dotted = name_in_statement(binding)
    while chain is not None and text(chain) != dotted:
        outer = chain.parent
        chain = outer if outer is not None and outer.type == "attribute" else None
    return chain


def blocks(node: Node) -> Iterator[Node]:
    """The bodies of a `try` and its clauses."""
    body = node.child_by_field_name("body")
    if body is not None:
        yield body
    for clause in node.named_children:
        if clause.type == "except_clause":
            yield from (child for child in clause.named_children if child.type == "block")


def is_spare(file: PythonFile, binding: Binding) -> bool:
    """Whether an import is only reached where there is no `json`.

    It stands in an `except` clause behind the import of `json`, or below an `if` that asks for the
    version of Python, or for `json` itself.
    """
    inner = binding.statement
    for node in ancestors(binding.statement):
        if inner.type == "except_clause" and node.type == "try_statement":
            body = node.child_by_field_name("body")
            if body is not None and _imports_json(file, body):
                return True
        if node.type == "if_statement" and inner.id != node.children[1].id and _asks_for_json(file, node):
            return True
        inner = node
    return False


def _asks_for_json(file: PythonFile, node: Node) -> bool:
    """Whether an `if` asks whether `json` is there, by its name or by the version of Python."""
    test = node.child_by_field_name("condition")
    if test is None:
        return False
    if any(word in (test.text or b"") for word in _VERSIONS):
        return _imports_json(file, node)
    names = {binding.text for binding in file.imports() if binding.origin == "json"}
    return any(within(use, [test]) for name in names for use in file.identifiers(name))


def _imports_json(file: PythonFile, node: Node) -> bool:
    """Whether the code at a node imports `json` or a name out of it."""
    origins = (binding.origin or "" for binding in file.imports() if within(binding.statement, [node]))
    return any(origin.partition(".")[0] == "json" for origin in origins)


def _json_imports(app: App, file: PythonFile) -> JsonImports | None:
    if _NAME.encode() not in file.source.data:
        return None
    every = [binding for binding in file.imports() if _is_simplejson(app, file, binding)]
    has_own = app.imported_path("json", file) is not None
    spare = tuple(binding for binding in every if not has_own and is_spare(file, binding))
    bindings = tuple(binding for binding in every if binding not in spare)
    return JsonImports(app, file, bindings, spare) if every else None


def _module_of(binding: Binding) -> str:
    """The dotted name of the module itself, without what is taken out of it."""
    origin = binding.origin or ""
    dotted = name_in_statement(binding)
    whole = dotted if dotted.endswith(f".{_NAME}") else origin
    return whole[: whole.index(_NAME) + len(_NAME)]


def _is_file(app: App, file: PythonFile, module: str) -> bool:
    """Whether a dotted name leads to a file of the app of just this name."""
    path = app.imported_path(module, file) or ""
    return path.endswith((f"{_NAME}.py", f"{_NAME}/__init__.py"))


def _is_simplejson(app: App, file: PythonFile, binding: Binding) -> bool:
    """Whether an import brings simplejson, or a name out of it, by whatever way.

    A module of the app that has taken the name from elsewhere, as in `from util import simplejson`, is
    none.
    """
    dotted = name_in_statement(binding)
    whole = dotted if binding.statement.type == "import_statement" and "." in dotted else binding.origin or ""
    parts = whole.split(".")
    if _NAME not in parts or parts.index(_NAME) < len(parts) - 3:
        return False
    module = ".".join(parts[: parts.index(_NAME) + 1])
    return module in _OUTSIDE or _is_file(app, file, module)
