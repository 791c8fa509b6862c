"""The functions and classes in the app's request files, and what an expression means among them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

from tree_sitter import Node

from gaebot.app import App, once_per_app
from gaebot.rules.python27.shared.reach.code_files import code_files, may_hold_more
from gaebot.rules.python27.shared.reach.naming import Naming, find_naming
from gaebot.rules.python27.shared.scripts.definitions import Definition, definitions, follow
from gaebot.rules.python27.shared.scripts.handler_scripts import FEW, RequestFile, request_file
from gaebot.rules.python27.shared.scripts.loading import may_lead_to
from gaebot.rules.python27.shared.webapp.handler_classes import class_functions
from gaebot.syntax.nodes import text
from gaebot.syntax.python import PythonFile, Scope

_LINEAGE = 30  # how many classes above a class are looked at
_METACLASSES = frozenset({"type", "ndb.MetaModel", "model.MetaModel", "db.PropertiedClass", "base.ModelBase"})
_NO_BASE = frozenset({"object", "Exception", "ValueError", "StandardError"})

_STARS = {"list_splat_pattern": "*", "dictionary_splat_pattern": "**"}


@dataclass(frozen=True, eq=False)
class ClassCode:
    """A class of the app. `outer` is the function that makes it anew whenever it runs, if any."""

    file: PythonFile
    node: Node
    outer: FunctionCode | None

    @cached_property
    def name(self) -> str:
        """Its name."""
        return text(self.node.child_by_field_name("name"))

    @cached_property
    def methods(self) -> dict[str, Node]:
        """The functions that its body defines, by name; of several the last one."""
        return {text(node.child_by_field_name("name")): node for node in class_functions(self.node)}

    @cached_property
    def body(self) -> Node:
        """Its body."""
        return self.node.child_by_field_name("body") or self.node

    @cached_property
    def is_metaclass(self) -> bool:
        """Whether its objects are classes, which are made when modules are loaded."""
        return _is_metaclass(self.file, self.node, _LINEAGE)


def _is_metaclass(file: PythonFile, cls: Node, depth: int) -> bool:
    """Whether a class, or one of the same file above it, is below `type`."""
    holder = cls.child_by_field_name("superclasses")
    for base in holder.named_children if holder is not None and depth else ():
        name = text(base)
        if name in _METACLASSES or name.endswith(("Metaclass", "MetaClass")):
            return True
        above = [binding.statement for binding in file.scope.bindings.get(name, ()) if binding.kind == "def"]
        if any(node.type == "class_definition" and _is_metaclass(file, node, depth - 1) for node in above):
            return True
    return False


@dataclass(frozen=True, eq=False)
class FunctionCode:
    """A function or method of the app.

    `owner` is the class in whose body it stands, `outer` the function in whose body it is made.
    """

    file: PythonFile
    node: Node
    owner: ClassCode | None
    outer: FunctionCode | None

    @cached_property
    def name(self) -> str:
        """Its name."""
        return text(self.node.child_by_field_name("name"))

    @cached_property
    def title(self) -> str:
        """Its name with what it stands in: 'Post.save', 'cached.wrapper'."""
        around = self.owner.name if self.owner else self.outer.title if self.outer else ""
        return f"{around}.{self.name}" if around else self.name

    @cached_property
    def parameters(self) -> tuple[str, ...]:
        """The names of its parameters, in order, without stars."""
        holder = self.node.child_by_field_name("parameters")
        names = []
        for child in holder.named_children if holder is not None else ():
            name = child.child_by_field_name("name") or child
            if name.type in {"list_splat_pattern", "dictionary_splat_pattern"}:
                name = name.named_children[0] if name.named_children else name
            if child.type != "comment":
                names.append(text(name))
        return tuple(names)

    @cached_property
    def stars(self) -> dict[str, str]:
        """The parameters that take all arguments that are left over, with their stars: 'kw' → '**'."""
        holder = self.node.child_by_field_name("parameters")
        found = {}
        for child in holder.named_children if holder is not None else ():
            if child.type in _STARS and child.named_children:
                found[text(child.named_children[0])] = _STARS[child.type]
        return found

    @cached_property
    def decorators(self) -> tuple[Node, ...]:
        """The expressions behind the `@` of its decorators, without the calls that some are."""
        outer = self.node.parent
        found = []
        for child in outer.children if outer is not None and outer.type == "decorated_definition" else ():
            inner = child.named_children[0] if child.type == "decorator" and child.named_children else None
            if inner is not None and inner.type == "call":
                inner = inner.child_by_field_name("function")
            if inner is not None:
                found.append(inner)
        return tuple(found)

    @cached_property
    def is_static(self) -> bool:
        """Whether it is a method that gets neither an instance nor the class."""
        return any(text(node) == "staticmethod" for node in self.decorators)

    @cached_property
    def receiver(self) -> str:
        """What a method calls its first parameter; nothing for other functions."""
        return self.parameters[0] if self.owner and self.parameters and not self.is_static else ""

    @cached_property
    def is_class_method(self) -> bool:
        """Whether the first parameter is the class: a class method, `__new__`, a metaclass's method.

        Where it is called `cls`, it is meant to be: Google's own example lacks the decorator.
        """
        if not self.receiver or self.owner is None:
            return False
        if self.name == "__new__" or self.owner.is_metaclass or self.receiver in {"cls", "klass"}:
            return True
        return any(text(node) == "classmethod" for node in self.decorators)


Code = FunctionCode | ClassCode


@dataclass(eq=False)
class AppCode:
    """All functions and classes in an app's request files. Each file is looked at when it is asked about."""

    app: App
    _found: dict[str, dict[int, Code]] = field(default_factory=dict)  # by path and first byte
    _open: set[object] = field(default_factory=set)  # the expressions that are being looked at

    @cached_property
    def files(self) -> dict[str, RequestFile]:
        """All of the files, by path. To know them, the imports of all request files are followed."""
        return {file.path: file for file in code_files(self.app)}

    def file(self, path: str) -> RequestFile | None:
        """The one at a path. Mostly it need not be known which the others are."""
        found = request_file(self.app, path)
        return self.files.get(path) if found is None and may_hold_more(self.app) else found

    @cached_property
    def asked(self) -> tuple[RequestFile, ...]:
        """Those in which findings are wanted."""
        own = (file.source.path for file in self.app.python_files())
        paths = list(filter(self.app.is_asked_for, own))
        find = self.file if len(paths) <= FEW else self.files.get
        return tuple(file for file in map(find, paths) if file is not None)

    def at(self, file: PythonFile, node: Node) -> Code | None:
        """The function or class that a definition makes."""
        return self._in_file(file.source.path).get(node.start_byte)

    def made_in(self, file: PythonFile) -> tuple[Code, ...]:
        """The functions and classes of a file, by position."""
        return tuple(self._in_file(file.source.path).values())

    @cached_property
    def functions(self) -> tuple[FunctionCode, ...]:
        """All functions, by path and position."""
        return tuple(code for code in self._all if isinstance(code, FunctionCode))

    @cached_property
    def classes(self) -> tuple[ClassCode, ...]:
        """All classes, by path and position."""
        return tuple(code for code in self._all if isinstance(code, ClassCode))

    @cached_property
    def _all(self) -> list[Code]:
        return [code for path in self.files for code in self._in_file(path).values()]

    def _in_file(self, path: str) -> dict[int, Code]:
        found = self._found.get(path)
        if found is None:
            found = self._found[path] = {}
            file = self.file(path)
            if file is not None:
                self._collect(file.file, found)
        return found

    def _collect(self, file: PythonFile, found: dict[int, Code]) -> None:
        """Fill in the definitions of a file, outer ones first: inner ones ask for those around them."""
        for node in file.keyword_nodes("def", "class"):
            if node.type not in {"function_definition", "class_definition"}:
                continue
            owner, outer = self._holders(file, node)
            is_class = node.type == "class_definition"
            found[node.start_byte] = (
                ClassCode(file, node, outer) if is_class else FunctionCode(file, node, owner, outer)
            )

    def _holders(self, file: PythonFile, node: Node) -> tuple[ClassCode | None, FunctionCode | None]:
        """The class in whose body a definition stands directly, and the function around it."""
        holder = file.holder(node.start_byte)
        held = self.at(file, holder) if holder.type == "class_definition" else None
        owner = held if isinstance(held, ClassCode) else None
        while holder.parent is not None:
            held = self.at(file, holder) if holder.type == "function_definition" else None
            if isinstance(held, FunctionCode):
                return owner, held
            holder = file.holder(holder.start_byte)
        return owner, None

    def around(self, file: PythonFile, node: Node) -> FunctionCode | None:
        """The function whose own code a node belongs to, lambdas counted in; None for import code.

        The decorators and default values of a definition belong outside it, and a class body runs where
        the class is made.
        """
        scope: Scope | None = file.scope_at(node)
        while scope is not None:
            if scope.node.type == "function_definition":
                found = self.at(file, scope.node)
                return found if isinstance(found, FunctionCode) else None
            scope = scope.parent
        return None

    @cached_property
    def methods_by_name(self) -> dict[str, list[FunctionCode]]:
        """The methods of all classes by name."""
        found = defaultdict(list)
        for function in self.functions:
            if function.owner is not None:
                found[function.name].append(function)
        return dict(found)

    @cached_property
    def names(self) -> frozenset[str]:
        """The names of all functions and classes."""
        return frozenset([*(each.name for each in self.functions), *(each.name for each in self.classes)])

    # -- names -------------------------------------------------------------------------------

    def naming(self, code: Code) -> Naming | None:
        """The words that may stand for a function or class, and the files that may mean it by one of them.

        None if there are so many that all files may as well be looked at, and where all are asked for.
        """
        if self.app.asks_for_all:
            return None
        return self.app.remember((self.naming, id(code)), lambda: self._naming(code))

    def _naming(self, code: Code) -> Naming | None:
        # Another file gets at a method by an object, at anything else by importing it.
        is_imported = isinstance(code, ClassCode) or code.owner is None
        among = may_lead_to(self.app, code.file.source.path) if is_imported else None
        return find_naming(self.app, code.name, among, self.file)

    # -- classes -----------------------------------------------------------------------------

    def bases(self, cls: ClassCode) -> tuple[ClassCode, ...]:
        """The classes of the app among the direct bases of a class."""
        return self._bases(cls)[0]

    def outside_bases(self, cls: ClassCode) -> tuple[str, ...]:
        """The dotted names of the bases of a class, and of those above it, that the app does not define."""
        return self.app.remember((self.outside_bases, id(cls)), lambda: tuple(self._outside(cls)))

    def _outside(self, cls: ClassCode) -> Iterator[str]:
        for each in self.lineage(cls):
            yield from self._bases(each)[1]

    def _bases(self, cls: ClassCode) -> tuple[tuple[ClassCode, ...], tuple[str, ...]]:
        return self.app.remember((self._bases, id(cls)), lambda: self._find_bases(cls))

    def _find_bases(self, cls: ClassCode) -> tuple[tuple[ClassCode, ...], tuple[str, ...]]:
        holder = cls.node.child_by_field_name("superclasses")
        own: dict[int, ClassCode] = {}
        outside: list[str] = []
        for node in holder.named_children if holder is not None else ():
            if node.type in {"comment", "keyword_argument"}:
                continue
            found = [code for code in self.meanings(cls.file, node) if isinstance(code, ClassCode)]
            own.update((id(code), code) for code in found if code is not cls)
            if not found and text(node) not in _NO_BASE:
                outside += sorted(cls.file.origins(node)) or [text(node)]
        return tuple(own.values()), tuple(outside)

    def lineage(self, cls: ClassCode) -> tuple[ClassCode, ...]:
        """A class and the classes of the app above it, nearest first, each once."""
        return self.app.remember((self.lineage, id(cls)), lambda: tuple(self._lineage(cls)))

    def _lineage(self, cls: ClassCode) -> Iterator[ClassCode]:
        seen: set[int] = set()
        waiting = [cls]
        while waiting and len(seen) < _LINEAGE:
            current = waiting.pop(0)
            if id(current) not in seen:
                seen.add(id(current))
                yield current
                waiting += self.bases(current)

    @cached_property
    def _below(self) -> dict[int, list[ClassCode]]:
        found = defaultdict(list)
        for cls in self.classes:
            for base in self.bases(cls):
                found[id(base)].append(cls)
        return dict(found)

    def _directly_below(self, cls: ClassCode) -> list[ClassCode]:
        naming = self.naming(cls)
        if naming is None:
            return self._below.get(id(cls), [])
        found = (code for file in naming.files for code in self.made_in(file.file))
        return [code for code in found if isinstance(code, ClassCode) and cls in self.bases(code)]

    def family(self, cls: ClassCode) -> tuple[ClassCode, ...]:
        """A class, the classes of the app above it and those below it: what `self` in it may be."""
        return self.app.remember((self.family, id(cls)), lambda: tuple(self._family(cls)))

    def _family(self, cls: ClassCode) -> Iterator[ClassCode]:
        seen = {id(each): each for each in self.lineage(cls)}
        yield from seen.values()
        waiting = self._directly_below(cls)
        while waiting:
            current = waiting.pop()
            if id(current) not in seen:
                seen[id(current)] = current
                yield current
                waiting += self._directly_below(current)

    def method(self, cls: ClassCode, name: str) -> FunctionCode | None:
        """The method of that name that a class has, or gets from a class of the app above it."""
        for each in self.lineage(cls):
            if name in each.methods:
                found = self.at(each.file, each.methods[name])
                return found if isinstance(found, FunctionCode) else None
        return None

    # -- expressions -------------------------------------------------------------------------

    def meanings(self, file: PythonFile, node: Node) -> tuple[Code, ...]:
        """The functions and classes that an identifier or attribute chain may mean, each once.

        Imports are followed, and instances whose class is plain to see: `Cart().add`, `cart.add` after
        `cart = Cart()`.
        """
        is_plain = node.type == "identifier"
        if not is_plain and (node.type not in {"attribute", "dotted_name"} or not file.origins(node)):
            return ()
        key = (self.meanings, file.source.path, node.start_byte, node.end_byte)
        if key in self._open:
            return ()  # `name = name.strip()`: what it means depends on what it means
        self._open.add(key)
        found = self.app.remember(key, lambda: tuple(dict.fromkeys(self._meanings(file, node))))
        self._open.discard(key)
        return found

    def _meanings(self, file: PythonFile, node: Node) -> Iterator[Code]:
        known = file.lookup(file.text(node), node) if node.type == "identifier" else ()
        for binding in known:
            # A function that is made inside another one has no dotted name.
            code = self.at(file, binding.statement) if binding.kind == "def" else None
            if code is not None:
                yield code
        for found in definitions(self.app, file, node):
            yield from self._defined(found)
        for origin in sorted(file.origins(node)):
            maker, call, tail = origin.partition("()")
            if call and "(" not in tail and tail.startswith("."):
                yield from self._members(self.named(file, maker), tail[1:])

    def named(self, file: PythonFile, origin: str) -> list[Code]:
        """The functions and classes behind a dotted name that `PythonFile.origins` gives for a file."""
        return [code for found in follow(self.app, file, origin) for code in self._defined(found)]

    def class_of_global(self, file: PythonFile, node: Node) -> ClassCode | None:
        """The class of the object that an expression holds which is a module-level name of the app."""
        for found in definitions(self.app, file, node):
            if found.file is not None and found.binding is not None and not found.tail:
                for cls in self.instance_of(found.file, found.binding.value):
                    return cls
        return None

    def _defined(self, found: Definition) -> Iterator[Code]:
        """What a definition is: itself, a method of it, or a method of the instance that it makes."""
        if found.file is None or found.binding is None:
            return
        if found.binding.kind == "def":
            code = self.at(found.file, found.binding.statement)
            if code is not None:
                yield from self._members([code], found.tail) if found.tail else [code]
        elif found.tail:
            yield from self._members(self.instance_of(found.file, found.binding.value), found.tail)

    def instance_of(self, file: PythonFile, value: Node | None) -> list[ClassCode]:
        """The classes of the app of which an expression makes an instance: `Cart()`."""
        if value is None or value.type != "call":
            return []
        function = value.child_by_field_name("function")
        found = self.meanings(file, function) if function is not None else ()
        return [code for code in found if isinstance(code, ClassCode)]

    def _members(self, found: Iterable[Code], tail: str) -> Iterator[Code]:
        for code in found:
            member = self.method(code, tail) if isinstance(code, ClassCode) and "." not in tail else None
            if member is not None:
                yield member


@once_per_app
def app_code(app: App) -> AppCode:
    """The functions and classes in the files whose code may run for a request."""
    return AppCode(app)
