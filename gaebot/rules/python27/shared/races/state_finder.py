"""State that is wider than a request: names of modules, attributes of classes, default values, closures.

Not shared are local names, attributes of objects that are made for a request, and what
`threading.local` keeps. Verified with concurrent requests in the SDK's development server.
"""

from __future__ import annotations

from dataclasses import replace

from tree_sitter import Node

from gaebot.app import App, once_per_app
from gaebot.rules.python27.shared.locks.guards import guard_at, is_made_per_request
from gaebot.rules.python27.shared.races.instances import SharedInstances, shared_instances
from gaebot.rules.python27.shared.races.state import Kind, State, is_container
from gaebot.rules.python27.shared.reach.calls import class_of, mentions
from gaebot.rules.python27.shared.reach.code import AppCode, ClassCode, FunctionCode, app_code
from gaebot.rules.python27.shared.reach.requests import request_code
from gaebot.rules.python27.shared.scripts.definitions import definitions
from gaebot.rules.python27.shared.webapp.local_names import values_of, without_brackets
from gaebot.syntax.nodes import arguments, scope_node, string_value, text
from gaebot.syntax.python import Binding, PythonFile

_ALIASES = 6  # how many local names a value is followed through

_SAFE_CALLS = frozenset(
    {
        "threading.local", "threading.Lock", "threading.RLock", "threading.Semaphore", "threading.Condition",
        "threading.BoundedSemaphore", "threading.Event", "thread.allocate_lock", "thread._local",
        "dummy_threading.local", "dummy_threading.Lock", "dummy_threading.RLock", "_threading_local.local",
        "django.utils._threading_local.local", "Queue.Queue", "Queue.LifoQueue", "Queue.PriorityQueue",
        "logging.getLogger", "re.compile", "google.appengine.api.memcache.Client",
        "webapp2_extras.local.Local", "werkzeug.Local", "werkzeug.LocalProxy", "werkzeug.LocalStack",
        "werkzeug.local.Local", "werkzeug.local.LocalStack", "werkzeug.local.LocalProxy",
    }
)  # fmt: skip
"""What makes objects that threads may use at the same time, or that each thread has of its own."""

_SPLATS = frozenset({"list_splat_pattern", "dictionary_splat_pattern"})
_GIVEN = frozenset({"request", "response"})
"""What frameworks give each handler for its request."""

_VIEWS = (".values", ".itervalues")
_OF_CONTAINERS = frozenset(
    {"append", "appendleft", "extend", "extendleft", "popitem", "popleft", "setdefault"}
)
"""Methods that hardly anything else has."""


class StateFinder:
    """Tells what an expression keeps that is wider than a request."""

    def __init__(self, app: App) -> None:
        self.app = app
        self.code: AppCode = app_code(app)
        self.instances: SharedInstances = shared_instances(app)

    def state_of(self, file: PythonFile, node: Node, function: FunctionCode | None) -> State | None:
        """The state that an identifier or an attribute is, as code in `function` sees it; None for others."""
        key = (self.state_of, file.source.path, node.start_byte, node.end_byte)
        return self.app.remember(key, lambda: self._state(file, node, function, _ALIASES))

    def _state(self, file: PythonFile, node: Node, function: FunctionCode | None, depth: int) -> State | None:
        node = without_brackets(node)
        found = None
        if node.type == "identifier":
            found = self._name(file, node, function, depth)
        elif node.type == "attribute":
            found = self._attribute(file, node, function, depth)
        elif node.type == "subscript" and not _is_slice(node):
            held = node.child_by_field_name("value")
            found = self.of_globals(file, node) or (
                self._state(file, held, function, depth - 1) if held is not None and depth else None
            )
        elif node.type == "call" and depth:
            found = self._taken_out(file, node, function, depth)
        return None if found is None or self._is_safe(found) else found

    # -- names -------------------------------------------------------------------------------

    def _name(self, file: PythonFile, node: Node, function: FunctionCode | None, depth: int) -> State | None:
        known = file.lookup(text(node), node)
        if all(binding.kind == "import" for binding in known):
            return self._from_elsewhere(file, node)
        scope = scope_node(known[0].name)
        if known[0] in file.scope.bindings.get(text(node), ()):
            if all(binding.kind in {"def", "import"} for binding in known):
                return self._from_elsewhere(file, node)
            return self._global(file, text(node))
        if any(binding.kind == "parameter" for binding in known):
            return self._default(file, known, function) or self._handed_on(known, function, depth)
        holder = self.code.at(file, scope) if scope.type == "function_definition" else None
        if isinstance(holder, FunctionCode) and holder is not function:
            return self._closure(file, known, holder)
        if depth and all(binding.kind == "other" for binding in known):
            return self._gone_through(file, known[0], function, depth)
        values = values_of(file, node) if depth else None
        states = [self._state(file, value, function, depth - 1) for value in values or ()]
        return states[0] if states and all(state == states[0] for state in states) else None

    def _gone_through(
        self, file: PythonFile, binding: Binding, function: FunctionCode | None, depth: int
    ) -> State | None:
        """The state whose items a loop gives a name: `for plugin in plugins`, also with `.values()`."""
        loop = binding.statement.parent
        source = (
            loop.child_by_field_name("right") if loop is not None and loop.type == "for_statement" else None
        )
        if source is not None and source.type == "call":
            called = source.child_by_field_name("function")
            is_view = called is not None and called.type == "attribute" and text(called).endswith(_VIEWS)
            source = called.child_by_field_name("object") if called is not None and is_view else None
        return self._state(file, source, function, depth - 1) if source is not None else None

    def _taken_out(
        self, file: PythonFile, call: Node, function: FunctionCode | None, depth: int
    ) -> State | None:
        """The shared state that a call gives a part of: `cache.get(key)`, a function that returns it."""
        called = call.child_by_field_name("function")
        if called is None or called.type not in {"attribute", "identifier"}:
            return None
        for code in self._called(file, called, function):
            return self._returned(code, depth - 1)
        owner = called.child_by_field_name("object")
        if owner is None or not text(called).endswith(".get"):
            return None
        state = self._state(file, owner, function, depth - 1)
        is_cache = state is not None and any(is_container(f, value) for f, value in self._values(state))
        return state if is_cache else None

    def _called(self, file: PythonFile, called: Node, function: FunctionCode | None) -> list[FunctionCode]:
        """The functions of the app that a call surely calls."""
        owner = called.child_by_field_name("object")
        cls = class_of(owner, function) if owner is not None else None
        if cls is not None:
            method = self.code.method(cls, text(called.child_by_field_name("attribute")))
            return [method] if method is not None else []
        return [code for code in self.code.meanings(file, called) if isinstance(code, FunctionCode)]

    def _returned(self, function: FunctionCode, depth: int) -> State | None:
        """The state that all `return` statements of a function give; those of None aside."""
        key = (self._returned, id(function), depth)
        return self.app.remember(key, lambda: self._find_returned(function, depth))

    def _find_returned(self, function: FunctionCode, depth: int) -> State | None:
        self.app.remember(
            (self._returned, id(function), depth), lambda: None
        )  # a call of itself adds nothing
        values = [
            value
            for value in function.file.nodes("(return_statement (_) @value)", function.node)
            if value.type != "none" and self.code.around(function.file, value) is function
        ]
        found = [self._state(function.file, value, function, depth) for value in values]
        is_same = bool(found) and all(state is not None and state == found[0] for state in found)
        return found[0] if is_same else None

    def _from_elsewhere(self, file: PythonFile, node: Node) -> State | None:
        """A name of another module of the app: imported, also by a star."""
        for found in definitions(self.app, file, node):
            if found.file is None or found.binding is None or not self.code.file(found.file.source.path):
                continue
            if not found.tail and found.binding.kind not in {"def", "import"}:
                return self._global(found.file, found.binding.text)
        return None

    def _global(self, file: PythonFile, name: str) -> State:
        known = file.scope.bindings.get(name, ())
        value = known[0].value if len(known) == 1 else None
        others = file.scope.bindings.get(text(value), ()) if value is not None else ()
        if value is not None and value.type == "identifier" and any(b.kind == "assign" for b in others):
            name, known = text(value), others  # a second name for the same object
        binding = next((b for b in known if self.code.around(file, b.name) is None), None)
        return State(Kind.GLOBAL, file.source.path, "", name, file, binding=binding)

    def _default(self, file: PythonFile, known: list[Binding], function: FunctionCode | None) -> State | None:
        """A parameter that nothing else is assigned to, with a container as its default value."""
        parameter = known[0].name.parent
        if len(known) > 1 or function is None or parameter is None or parameter.type != "default_parameter":
            return None
        value = parameter.child_by_field_name("value")
        if value is None or not is_container(file, value) or known[0].statement != function.node:
            return None
        name = known[0].text
        return State(
            Kind.DEFAULT, file.source.path, function.title, name, file, binding=known[0], function=function
        )

    def _handed_on(self, known: list[Binding], function: FunctionCode | None, depth: int) -> State | None:
        """A parameter for which request code hands on shared state, without a lock: `fill(values, page)`.

        So does a default value that is a name of the module.
        """
        name = known[0].text
        if not depth or len(known) > 1 or function is None or known[0].statement != function.node:
            return None
        if name not in function.parameters or name == function.receiver:
            return None
        holder = known[0].name.parent
        if holder is not None and holder.type in _SPLATS:
            return None  # each call makes it anew
        key = (self._handed_on, id(function), name, depth)
        return self.app.remember(key, lambda: self._find_handed_on(known[0], function, depth))

    def _find_handed_on(self, parameter: Binding, function: FunctionCode, depth: int) -> State | None:
        name = parameter.text
        position = function.parameters.index(name) - bool(function.receiver)
        for mention in mentions(self.app).of(function):
            if mention.call is None or mention.function is None:
                continue
            positional, named = arguments(mention.call)
            given = named.get(name) or (positional[position] if 0 <= position < len(positional) else None)
            if given is None or given.type not in {"identifier", "attribute"}:
                continue
            state = self._state(mention.file, given, mention.function, depth - 1)
            if state is None or not request_code(self.app).runs(mention.function):
                continue
            if guard_at(self.app, mention.file, mention.node) is None:
                return state
        default = parameter.name.parent
        value = default.child_by_field_name("value") if default is not None else None
        return (
            self._state(function.file, value, None, 0)
            if value is not None and value.type == "identifier"
            else None
        )

    def _closure(self, file: PythonFile, known: list[Binding], holder: FunctionCode) -> State | None:
        """A name of a function around, which ran when the module was loaded: a decorator's memory."""
        if any(binding.kind != "assign" for binding in known):
            return None
        if not any(binding.value is not None and is_container(file, binding.value) for binding in known):
            return None
        if request_code(self.app).runs(holder):
            return None
        name = known[0].text
        return State(Kind.CLOSURE, file.source.path, holder.title, name, file, binding=known[0])

    def of_globals(self, file: PythonFile, node: Node) -> State | None:
        """`globals()['name']`, also where a local name stands for `globals()`."""
        key, value = node.child_by_field_name("subscript"), node.child_by_field_name("value")
        name = string_value(key)
        if name is None or value is None or not file.refers_to(value, "globals()"):
            return None
        return self._global(file, name)

    # -- attributes --------------------------------------------------------------------------

    def _attribute(
        self, file: PythonFile, node: Node, function: FunctionCode | None, depth: int
    ) -> State | None:
        owner, name = node.child_by_field_name("object"), text(node.child_by_field_name("attribute"))
        if owner is None:
            return None
        cls = class_of(owner, function)
        if cls is not None and owner.type == "identifier" and not _is_class_receiver(owner, function):
            return self._of_self(cls, name, function, depth)
        if cls is not None:
            return self.class_attribute(cls, name)
        for code in self.code.meanings(file, owner):
            if isinstance(code, ClassCode):
                return self.class_attribute(code, name) if code.outer is None else None
            if code.outer is not None or name.startswith(("__", "func_")):
                return None
            return State(Kind.FUNCTION, code.file.source.path, code.title, name, code.file)
        module = self._module(file, owner)
        if module is not None:
            return self._global(module, name)
        borg = self.instances.class_with_one_state(file, owner)
        if borg is not None:
            return self._instance(borg, name)
        around = self._state(file, owner, function, depth - 1) if depth else None
        return self._of_instance(around, name) if around is not None else None

    def named_attribute(
        self, file: PythonFile, owner: Node, name: str, function: FunctionCode | None
    ) -> State | None:
        """What `setattr(owner, name, …)` sets. The name is '*' where it is worked out."""
        for code in self.code.meanings(file, owner):
            return self.class_attribute(code, name) if isinstance(code, ClassCode) else None
        module = self._module(file, owner)
        if module is not None:
            return self._global(module, name)
        around = self.state_of(file, owner, function)
        return self._of_instance(around, name) if around is not None else None

    def _module(self, file: PythonFile, node: Node) -> PythonFile | None:
        """The app's module that an expression is."""
        if node.type == "identifier" and not all(
            binding.kind == "import" for binding in file.lookup(text(node), node)
        ):
            return None
        for origin in sorted(file.origins(node)):
            path = self.app.imported_path(origin, file) if "(" not in origin else None
            module = self.app.python(path) if path is not None and self.code.file(path) else None
            last = origin.rpartition(".")[2]
            if module is not None and last in {module.module.rpartition(".")[2], "__init__"}:
                return module
        return None

    def read_through_self(self, node: Node, function: FunctionCode | None) -> State | None:
        """The class attribute that `self.name` reads, where no object has one of its own."""
        owner = node.child_by_field_name("object") if node.type == "attribute" else None
        cls = class_of(owner, function) if owner is not None else None
        name = text(node.child_by_field_name("attribute"))
        if cls is None or self.class_binding(cls, name)[0] is None or self.instances.assigns(cls, name):
            return None
        return self.class_attribute(cls, name)

    def class_attribute(self, cls: ClassCode, name: str) -> State | None:
        """The state that an attribute of a class is: kept by the nearest class that says it."""
        owner, binding = self.class_binding(cls, name)
        keeper = owner or cls
        if name in keeper.methods or name.startswith("__"):
            return None
        return State(Kind.CLASS, keeper.file.source.path, keeper.name, name, keeper.file, keeper, binding)

    def class_binding(self, cls: ClassCode, name: str) -> tuple[ClassCode | None, Binding | None]:
        """The class in the lineage of one that gives an attribute a value in its body, and how."""
        for each in self.code.lineage(cls):
            for binding in each.file.scope_at(each.body).bindings.get(name, ()):
                if binding.kind == "assign":
                    return each, binding
        return None, None

    def _of_self(self, cls: ClassCode, name: str, function: FunctionCode | None, depth: int) -> State | None:
        """What `self.name` is: an attribute of a shared instance, or one that the class keeps for all."""
        if name in _GIVEN and is_made_per_request(self.app, cls):
            return None
        if function is not None and (instance := self.instances.of(function)) is not None:
            return self._instance(instance, name)
        owner, binding = self.class_binding(cls, name)
        if owner is None or binding is None:
            return self._of_alias(cls, name, depth - 1) if depth else None
        if self.instances.assigns(cls, name):
            return None
        value = binding.value
        made = self.code.instance_of(owner.file, value) if value is not None else ()
        if value is None or not (made or is_container(owner.file, value)):
            return None
        if any(map(self._is_descriptor, made)):
            return None
        return State(Kind.CLASS, owner.file.source.path, owner.name, name, owner.file, owner, binding)

    def _of_alias(self, cls: ClassCode, name: str, depth: int) -> State | None:
        """`self.blog` where each assignment to it is of the same global: `self.blog = blog`."""
        values = self.instances.values(cls, name)
        found = [
            self._state(function.file, value, function, depth) if value is not None else None
            for function, value in values
        ]
        is_same = bool(found) and all(state is not None and state == found[0] for state in found)
        return found[0] if is_same else None

    def _of_instance(self, around: State, name: str) -> State | None:
        """An attribute of an object that is itself shared."""
        value = around.binding.value if around.binding is not None else None
        classes = self.code.instance_of(around.file, value)
        if classes:
            found = self._instance(classes[0], name)
            return replace(found, around=around) if found is not None else None
        return State(
            Kind.INSTANCE, around.path, around.title, name, around.file, binding=around.binding, around=around
        )

    def _instance(self, cls: ClassCode, name: str) -> State | None:
        if any(base.rpartition(".")[2] == "local" for base in self.code.outside_bases(cls)):
            return None
        if (
            self.code.method(cls, "__setattr__")
            or self.code.method(cls, name)
            or self._is_property(cls, name)
        ):
            return None  # what the class's own code does with it counts
        cls = self.instances.keeper(cls, name)
        return State(Kind.INSTANCE, cls.file.source.path, cls.name, name, cls.file, cls)

    def _is_descriptor(self, cls: ClassCode) -> bool:
        """Whether a class says what reading its objects as attributes gives: a property of the datastore."""
        is_property = any(base.endswith("Property") for base in self.code.outside_bases(cls))
        return is_property or self.code.method(cls, "__get__") is not None

    def _is_property(self, cls: ClassCode, name: str) -> bool:
        """Whether a class says `name = property(…)`."""
        _, binding = self.class_binding(cls, name)
        value = binding.value if binding is not None else None
        called = value.child_by_field_name("function") if value is not None and value.type == "call" else None
        return called is not None and text(called) == "property"

    def has_own_items(self, state: State) -> bool:
        """Whether state is an object whose class in the app says what `state[key] = …` does."""
        return any(
            self.code.method(cls, "__setitem__") is not None
            for file, value in self._values(state)
            for cls in self.code.instance_of(file, value)
        )

    def may_be_container(self, state: State, method: str) -> bool:
        """Whether state may hold a container that has a method: by what it is bound to, or by the name.

        Objects of the app, and of libraries, have methods such as `add` and `update` too.
        """
        values = self._values(state)
        known = [(file, value) for file, value in values if value.type not in {"none", "identifier"}]
        if any(is_container(file, value) for file, value in known):
            return True
        is_own = any(self.code.instance_of(file, value) for file, value in known)
        return method in _OF_CONTAINERS and not is_own

    def is_list(self, state: State) -> bool:
        """Whether state is only ever bound to new lists."""
        values = self._values(state)
        return bool(values) and all(value.type in {"list", "list_comprehension"} for _, value in values)

    def _values(self, state: State) -> list[tuple[PythonFile, Node]]:
        """What statements assign to state."""
        if state.kind is Kind.GLOBAL:
            bindings = state.file.scope.bindings.get(state.name, ())
            return [(state.file, binding.value) for binding in bindings if binding.value is not None]
        values = []
        if state.kind is Kind.DEFAULT and state.binding is not None and state.binding.name.parent is not None:
            default = state.binding.name.parent.child_by_field_name("value")
            return [(state.file, default)] if default is not None else []
        if state.kind is Kind.FUNCTION:
            return [(state.file, value) for value in _assigned_to(state.file, state.title)]
        if state.owner is not None and state.kind is Kind.INSTANCE:
            found = self.instances.values(state.owner, state.name)
            values = [(function.file, value) for function, value in found if value is not None]
        if state.binding is not None and state.binding.value is not None and state.kind is not Kind.INSTANCE:
            values.append((state.file, state.binding.value))
        return values

    def _is_safe(self, state: State) -> bool:
        """Whether threads may use it at the same time, or each has one of its own."""
        value = state.binding.value if state.binding is not None else None
        if value is not None and state.file.refers_to(value, "os.environ"):
            return True
        if value is None or value.type != "call":
            return False
        function = value.child_by_field_name("function")
        if function is None:
            return False
        if not state.file.origins(function).isdisjoint(_SAFE_CALLS):
            return True
        bases = [
            base for cls in self.code.instance_of(state.file, value) for base in self.code.outside_bases(cls)
        ]
        return any(base.rpartition(".")[2] in {"local", "Queue"} for base in bases)


@once_per_app
def state_finder(app: App) -> StateFinder:
    """The one finder of an app."""
    return StateFinder(app)


def _is_slice(node: Node) -> bool:
    """Whether a subscript takes a part of a list, which is a copy."""
    key = node.child_by_field_name("subscript")
    return key is not None and key.type == "slice"


def _assigned_to(file: PythonFile, target: str) -> list[Node]:
    """The values that assignments of a file give to an attribute: `load.cache = {}`."""
    found = []
    for name in file.identifiers(target.rpartition(".")[2]):
        member = name.parent
        statement = member.parent if member is not None and text(member) == target else None
        if statement is not None and statement.type == "assignment":
            value = statement.child_by_field_name("right")
            found += [value] if value is not None and statement.child_by_field_name("left") == member else []
    return found


def _is_class_receiver(node: Node, function: FunctionCode | None) -> bool:
    """Whether a name is the first parameter of a class method."""
    while function is not None:
        if function.receiver == text(node):
            return function.is_class_method
        function = function.outer
    return False
