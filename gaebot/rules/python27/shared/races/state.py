"""What requests share: `State`, and where it is kept."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

from tree_sitter import Node

from gaebot.rules.python27.shared.reach.code import ClassCode, FunctionCode
from gaebot.rules.python27.shared.webapp.local_names import without_brackets
from gaebot.syntax.python import Binding, PythonFile

_CONTAINERS = frozenset(
    {"list", "dictionary", "set", "list_comprehension", "dictionary_comprehension", "set_comprehension"}
)
_CONTAINER_CALLS = frozenset(
    {
        "dict", "list", "set", "bytearray", "collections.defaultdict", "collections.deque",
        "collections.OrderedDict", "collections.Counter", "sets.Set", "weakref.WeakValueDictionary",
        "weakref.WeakKeyDictionary", "UserDict.UserDict", "array.array", "StringIO.StringIO",
        "cStringIO.StringIO",
    }
)  # fmt: skip


class Kind(Enum):
    """Where state that requests share is kept."""

    GLOBAL = "module"
    CLASS = "class"
    INSTANCE = "shared instance"
    DEFAULT = "default value"
    FUNCTION = "function"
    CLOSURE = "closure"


@dataclass(frozen=True)
class State:
    """Something that requests share, told by where it is kept.

    `path` is the file that keeps it, `holder` the class, function or instance there (empty for a module),
    `name` the name in that. `binding` is the first statement that gives it a value outside of requests,
    `around` what keeps the object whose attribute it is, `function` the one whose default value it is.
    """

    kind: Kind
    path: str
    holder: str
    name: str
    file: PythonFile = field(compare=False)
    owner: ClassCode | None = field(default=None, compare=False)
    binding: Binding | None = field(default=None, compare=False)
    around: State | None = field(default=None, compare=False)
    function: FunctionCode | None = field(default=None, compare=False)

    @property
    def title(self) -> str:
        """Its name as code would say it: 'Configuration.cache', 'hits'."""
        if self.kind is Kind.DEFAULT:
            return f"{self.name} of {self.holder}"
        return f"{self.holder}.{self.name}" if self.holder else self.name

    @property
    def what(self) -> str:
        """It, with what it is: 'the class attribute `Configuration.cache`'."""
        if self.kind is Kind.DEFAULT:
            return f"the default value of `{self.name}` in `{self.holder}`"
        if self.kind is Kind.CLOSURE:
            return f"`{self.name}`, which `{self.holder}` makes once"
        words = {
            Kind.GLOBAL: "the module's",
            Kind.CLASS: "the class attribute",
            Kind.INSTANCE: "one object's",
            Kind.FUNCTION: "the function's attribute",
        }
        return f"{words[self.kind]} `{self.title}`"


def is_container(file: PythonFile, value: Node) -> bool:
    """Whether an expression makes a new container that can be changed."""
    value = without_brackets(value)
    if value.type in _CONTAINERS:
        return True
    if value.type != "call":
        return False
    function = value.child_by_field_name("function")
    return function is not None and not file.origins(function).isdisjoint(_CONTAINER_CALLS)
