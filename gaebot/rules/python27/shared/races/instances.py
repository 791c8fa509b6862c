"""Objects that several requests use at once: which classes have them, and in which methods `self` is one.

A request handler is made for each request; a middleware, a WSGI application with `__call__`, and an object
that a module keeps are not.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import cached_property

from tree_sitter import Node

from gaebot.app import App, once_per_app
from gaebot.rules.python27.shared.reach.calls import Mention, class_of, mentions
from gaebot.rules.python27.shared.reach.code import AppCode, ClassCode, FunctionCode, app_code
from gaebot.rules.python27.shared.reach.requests import MIDDLEWARE, request_code, routed_classes
from gaebot.rules.python27.shared.scripts.wsgi_functions import wsgi_functions
from gaebot.syntax.nodes import ancestors, arguments, string_value, text
from gaebot.syntax.python import PythonFile

_Assigned = tuple[FunctionCode, Node | None]
_TABLES = frozenset({"list", "tuple", "dictionary", "pair", "set"})
_BEFORE_USE = frozenset({"__init__", "__new__"})


class SharedInstances:
    """Which methods run on an object that requests share, and what methods assign to `self`."""

    def __init__(self, app: App, code: AppCode) -> None:
        self._app = app
        self._code = code

    def is_around_all(self, function: FunctionCode) -> bool:
        """Whether a method belongs to what stands around all requests: a middleware, a WSGI application."""
        cls = self.of(function)
        return cls is not None and id(cls) in self._around_all

    def is_changed_later(self, cls: ClassCode) -> bool:
        """Whether methods change the objects of a class once they are made, and on objects of one request."""
        return any(
            owner == id(each) and function.name not in _BEFORE_USE and self.of(function) is None
            for each in self._code.lineage(cls)
            for (owner, _), assigned in self._assigned_in(each.file).items()
            for function, _ in assigned
        )

    @cached_property
    def _around_all(self) -> frozenset[int]:
        return frozenset(id(cls) for _, cls in self._around_requests())

    def of(self, function: FunctionCode) -> ClassCode | None:
        """The class of the shared object that `self` is in a method; None where it is not shared."""
        if function.owner is None or not self._may_be_shared(function.owner):
            return None
        return self._methods.get(id(function))

    def _may_be_shared(self, cls: ClassCode) -> bool:
        """Whether an object of a class, or of one above or below it, may be shared.

        That asks for less than all mentions, and most classes end here, whose objects nothing keeps.
        """
        key = (self._may_be_shared, id(cls))
        return self._app.remember(key, lambda: any(map(self._may_start, self._code.family(cls))))

    def _may_start(self, cls: ClassCode) -> bool:
        key = (self._may_start, id(cls))
        return self._app.remember(key, lambda: self._find_may_start(cls))

    def _find_may_start(self, cls: ClassCode) -> bool:
        """Whether a class may be one of `_starts`: each of those asks for one of these."""
        if "__call__" in cls.methods or any(map(MIDDLEWARE.match, cls.methods)):
            return True
        if any("__dict__" in each.file.words for each in self._code.lineage(cls)):
            return True
        if routed_classes(self._app):
            return True
        return any(
            (mention.is_decorator and mention.call is None) or self._keeper(mention)
            for mention in mentions(self._app).of(cls)
        )

    @cached_property
    def _methods(self) -> dict[int, ClassCode]:
        found: dict[int, ClassCode] = {}
        waiting = list(self._starts())
        while waiting:
            method, cls = waiting.pop()
            if (
                id(method) in found
                or method.name in _BEFORE_USE
                or method.is_class_method
                or method.is_static
            ):
                continue
            found[id(method)] = cls
            for mention in mentions(self._app).in_function(method):
                owner = mention.node.child_by_field_name("object")
                if owner is not None and text(owner) == method.receiver:
                    lineage = self._code.lineage(cls)
                    waiting += [
                        (target, cls)
                        for target in mention.sure
                        if isinstance(target, FunctionCode) and target.owner in lineage
                    ]
        return found

    def _around_requests(self) -> Iterator[tuple[FunctionCode, ClassCode]]:
        """The methods by which middleware and applications are called."""
        for request_file in self._code.files.values():
            file = request_file.file
            for wsgi in wsgi_functions(file):
                function = self._code.at(file, wsgi.node)
                if isinstance(function, FunctionCode) and function.owner and function.name == "__call__":
                    yield function, function.owner
        for function in self._code.functions:
            is_hook = MIDDLEWARE.match(function.name) and len(function.parameters) > 1
            if function.owner is not None and is_hook:
                yield function, function.owner

    def _starts(self) -> Iterator[tuple[FunctionCode, ClassCode]]:
        yield from self._around_requests()
        for function in self._code.functions:
            if function.owner is None:
                continue
            if self._has_one_state(function.owner) or id(function.owner) in self._only_shared:
                yield function, function.owner
        for cls in routed_classes(self._app):
            for each in self._code.lineage(cls):
                for node in each.methods.values():
                    method = self._code.at(each.file, node)
                    if isinstance(method, FunctionCode):
                        yield method, cls
        yield from self._called_on_globals()

    @cached_property
    def _only_shared(self) -> frozenset[int]:
        """The ids of the classes all of whose objects are kept where every request finds them."""
        kept: set[int] = set()
        elsewhere: set[int] = set()
        inside: list[tuple[int, ClassCode | None]] = []  # made and kept by an object of another class
        for mention in mentions(self._app).all:
            for cls in mention.sure:
                if not isinstance(cls, ClassCode):
                    continue
                if mention.is_decorator:
                    if mention.function is None and mention.call is None:
                        kept.add(id(cls))  # the object stands for the decorated function
                    continue
                keeper = self._keeper(mention)
                if isinstance(keeper, ClassCode):
                    inside.append((id(cls), keeper))
                elif keeper:
                    kept.add(id(cls))
                elif mention.call is not None or (mention.is_handed_on and not _is_base(mention.node)):
                    elsewhere.add(id(cls))
        while any(id(keeper) in kept and cls not in kept for cls, keeper in inside):
            kept |= {cls for cls, keeper in inside if id(keeper) in kept}
        elsewhere |= {cls for cls, keeper in inside if id(keeper) not in kept}
        stored = {id(cls) for cls in self._code.classes if _is_stored(self._code.outside_bases(cls))}
        return frozenset(kept - elsewhere - stored)

    def _keeper(self, mention: Mention) -> ClassCode | bool:
        """Who keeps the object that a call makes: a module or class (True), an object of a class, nobody."""
        call = mention.call
        assignment = _holder_of(call)
        if assignment is not None and assignment.type == "argument_list":
            return self._keeps(mention.file, assignment, call) and not self._is_for_a_request(mention)
        if assignment is None or assignment.type != "assignment":
            return False
        target = assignment.child_by_field_name("left")
        if target is None or mention.function is None:
            return target is not None
        if target.type == "identifier":
            return self._is_global(mention.file, target)
        owner = target.child_by_field_name("object") if target.type == "attribute" else None
        if owner is None:
            return False
        function = mention.function
        if not _is_made_once(call, function):
            return False  # each request puts another one there
        if text(owner) == function.receiver and not function.is_class_method:
            return function.owner or False
        if class_of(owner, function) is not None:
            return True
        is_class = any(isinstance(code, ClassCode) for code in self._code.meanings(mention.file, owner))
        return is_class or (owner.type == "identifier" and self._is_global(mention.file, owner))

    def _is_for_a_request(self, mention: Mention) -> bool:
        return mention.function is not None and request_code(self._app).runs(mention.function)

    def _keeps(self, file: PythonFile, holder: Node, argument: Node | None) -> bool:
        """Whether a function of the app keeps what it is given in a name of its module: `use(Core())`."""
        outer = holder.parent
        called = outer.child_by_field_name("function") if outer is not None else None
        if outer is None or called is None or outer.type != "call":
            return False
        positional, named = arguments(outer)
        for function in self._code.meanings(file, called):
            if not isinstance(function, FunctionCode) or function.receiver:
                continue
            given = dict(zip(function.parameters, positional, strict=False)) | named
            name = next((name for name, value in given.items() if value == argument), None)
            for bindings in function.file.scope.bindings.values():
                for binding in bindings:
                    is_own = self._code.around(function.file, binding.name) is function
                    if is_own and binding.value is not None and text(binding.value) == name:
                        return True
        return False

    def _called_on_globals(self) -> Iterator[tuple[FunctionCode, ClassCode]]:
        """The methods that request code calls on an object that a module keeps: `cart.add()`."""
        for mention in mentions(self._app).all:
            owner = mention.node.child_by_field_name("object")
            if owner is None or not request_code(self._app).runs(mention.function):
                continue
            if owner.type == "identifier" and not self._is_global(mention.file, owner):
                continue
            if owner.type not in {"identifier", "attribute"}:
                continue
            for target in mention.sure:
                if isinstance(target, FunctionCode) and target.owner is not None:
                    cls = self._class_of_object(mention.file, owner)
                    if cls is not None:
                        yield target, cls

    def class_with_one_state(self, file: PythonFile, node: Node) -> ClassCode | None:
        """The class of an object that shares its attributes with all others of its class."""
        cls = self._class_of_object(file, node) if node.type in {"identifier", "call"} else None
        return cls if cls is not None and self._has_one_state(cls) else None

    def _has_one_state(self, cls: ClassCode) -> bool:
        """Whether all objects of a class keep their attributes in one dictionary: `self.__dict__ = …`."""
        return any(
            value is not None and self._is_of_class(function, value)
            for each in self._code.lineage(cls)
            for function, value in self._assigned(each, "__dict__")
        )

    def _is_of_class(self, function: FunctionCode, value: Node) -> bool:
        """Whether an expression is a name of the module, or an attribute that the class of a method keeps."""
        if value.type == "identifier":
            return self._is_global(function.file, value)
        owner = value.child_by_field_name("object") if value.type == "attribute" else None
        cls = class_of(owner, function) if owner is not None else None
        if owner is None or cls is None:
            return value.type == "attribute" and text(owner) in self._code.names
        return not self.assigns(cls, text(value.child_by_field_name("attribute")))

    def _is_global(self, file: PythonFile, node: Node) -> bool:
        known = file.lookup(text(node), node)
        return not known or known[0] in file.scope.bindings.get(text(node), ())

    def _class_of_object(self, file: PythonFile, node: Node) -> ClassCode | None:
        """The class of the object that a module-level name, of this module or of another one, holds."""
        if any(isinstance(code, ClassCode) for code in self._code.meanings(file, node)):
            return None
        for origin in sorted(file.origins(node)):
            maker, call, tail = origin.partition("()")
            if call and not tail:
                for code in self._code.named(file, maker):
                    if isinstance(code, ClassCode):
                        return code
        return self._code.class_of_global(file, node)

    # -- what methods assign to `self` -------------------------------------------------------

    def assigns(self, cls: ClassCode, name: str) -> bool:
        """Whether a method of a class, of one above it or below it assigns a value to `self.name`."""
        return bool(self.values(cls, name))

    def keeper(self, cls: ClassCode, name: str) -> ClassCode:
        """The highest class above one whose methods assign to `self.name`: that of all classes below it.

        The class itself where none does.
        """
        assigning = [each for each in self._code.lineage(cls) if self._assigned(each, name)]
        return assigning[-1] if assigning else cls

    def values(self, cls: ClassCode, name: str) -> list[tuple[FunctionCode, Node | None]]:
        """The values that the methods of a class, and of those around it, assign to `self.name`.

        None for one of several that are assigned together.
        """
        return [found for each in self._code.family(cls) for found in self._assigned(each, name)]

    def _assigned(self, cls: ClassCode, name: str) -> list[_Assigned]:
        """What the methods in the body of a class assign to `self.name`."""
        return self._assigned_in(cls.file).get((id(cls), name), [])

    def _assigned_in(self, file: PythonFile) -> dict[tuple[int, str], list[_Assigned]]:
        key = (self._assigned_in, file.source.path)
        return self._app.remember(key, lambda: self._find_assigned(file))

    def _find_assigned(self, file: PythonFile) -> dict[tuple[int, str], list[_Assigned]]:
        found = defaultdict(list)
        for left, statement in file.assigned:
            value = statement.child_by_field_name("right")
            if statement.type != "assignment" or value is None:
                continue
            for target in _attributes(left):
                function = self._method_that_sets(file, target)
                if function is not None:
                    name = text(target.child_by_field_name("attribute"))
                    found[id(function.owner), name].append((function, value if left == target else None))
        for function, name, value in self._set_by_name(file):
            found[id(function.owner), name].append((function, value))
        return dict(found)

    def _method_that_sets(self, file: PythonFile, target: Node) -> FunctionCode | None:
        """The method that sets an attribute of its object by an assignment to it: `self.x = …`."""
        owner = target.child_by_field_name("object")
        function = self._code.at(file, file.scope_node(target))
        if owner is None or owner.type != "identifier" or not isinstance(function, FunctionCode):
            return None
        return function if function.owner is not None and text(owner) in _names_of_object(function) else None

    def _set_by_name(self, file: PythonFile) -> Iterator[tuple[FunctionCode, str, Node]]:
        """What methods of a file set by `setattr(self, 'x', …)`: the method, the name and the value."""
        for function in self._code.made_in(file) if "setattr" in file.words else ():
            if not isinstance(function, FunctionCode) or function.owner is None:
                continue
            for name in function.file.identifiers("setattr", within=function.node):
                positional = arguments(name.parent)[0] if name.parent and name.parent.type == "call" else []
                given = string_value(positional[1]) if len(positional) == 3 else None
                if given is not None and text(positional[0]) in _names_of_object(function):
                    yield function, given, positional[2]


def _attributes(left: Node) -> Iterator[Node]:
    """The attributes among what an assignment sets."""
    if left.type == "attribute":
        yield left
    elif left.type in {"pattern_list", "tuple_pattern"}:
        for part in left.named_children:
            yield from _attributes(part)


def _holder_of(value: Node | None) -> Node | None:
    """What a value is put into: the assignment around it, with tables between, or the arguments of a call."""
    holder = value.parent if value is not None else None
    while holder is not None and holder.type in _TABLES | {"keyword_argument"}:
        holder = holder.parent
    return holder


def _names_of_object(function: FunctionCode) -> frozenset[str]:
    """What a method calls the object: its first parameter; in `__new__` what `….__new__(cls)` is bound to."""
    if function.name != "__new__":
        return frozenset({function.receiver} if function.receiver and not function.is_class_method else ())
    return frozenset(
        binding.text
        for bindings in function.file.scope_at(_body(function)).bindings.values()
        for binding in bindings
        if binding.value is not None
        and text(binding.value.child_by_field_name("function")).endswith(".__new__")
    )


def _body(function: FunctionCode) -> Node:
    return function.node.child_by_field_name("body") or function.node


def _is_made_once(call: Node | None, function: FunctionCode) -> bool:
    """Whether a call in a function makes an object that stays: in `__init__`, or after a test."""
    if function.name in _BEFORE_USE or call is None:
        return True
    for outer in ancestors(call):
        if outer.type in {"if_statement", "elif_clause", "else_clause", "except_clause"}:
            return True
        if outer == function.node:
            return False
    return False


def _is_base(node: Node) -> bool:
    """Whether a name stands between the brackets of a class definition."""
    holder = node.parent
    return holder is not None and holder.parent is not None and holder.parent.type == "class_definition"


def _is_stored(bases: tuple[str, ...]) -> bool:
    """Whether a class is one of entities, which queries make objects of."""
    return any(base.endswith(("Model", "Expando")) for base in bases)


@once_per_app
def shared_instances(app: App) -> SharedInstances:
    """The shared objects of an app."""
    return SharedInstances(app, app_code(app))
