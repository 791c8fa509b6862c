"""Which names of a module hold a WSGI application."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from tree_sitter import Node

from gaebot.app import App
from gaebot.rules.python27.shared.config.sdk_scripts import WSGI_NAMES
from gaebot.rules.python27.shared.scripts.adapters import adapter_calls
from gaebot.rules.python27.shared.scripts.entry import is_guard
from gaebot.syntax.nodes import ancestors, arguments, scope_node, text
from gaebot.syntax.python import Binding, PythonFile

WSGI_CONSTRUCTORS = frozenset(
    {
        "google.appengine.ext.webapp.WSGIApplication",
        "webapp2.WSGIApplication",
        "django.core.handlers.wsgi.WSGIHandler",
        "django.core.wsgi.get_wsgi_application",
        "flask.Flask",
        "bottle.Bottle",
        "bottle.app",
        "bottle.default_app",
        "endpoints.api_server",
        "protorpc.wsgi.service.service_mapping",
        "protorpc.wsgi.service.service_mappings",
        "tornado.wsgi.WSGIApplication",
        "tornado.wsgi.WSGIAdapter",
        "tipfy.Tipfy",
        "tipfy.app.App",
        "falcon.API",
        "cherrypy.Application",
        "cherrypy.tree.mount",
    }
)
_CONSTRUCTORS_IN_COPIES = tuple(f".{name}" for name in sorted(WSGI_CONSTRUCTORS))
"""Dotted origins of what makes a WSGI application when it is called.

`service_mapping` of protorpc.webapp.service_handlers is none: it returns a list of routes.
"""

_SDK_OBJECTS = frozenset({*WSGI_NAMES.values(), "google.appengine.ext.deferred.deferred.application"})
# Methods that make an application out of a framework's object: web.py, Pyramid.
_MAKERS = frozenset({"wsgifunc", "make_wsgi_app"})
# The attribute of a Flask application that is one too.
_INNER = "wsgi_app"
_CHOICES = frozenset({"parenthesized_expression", "conditional_expression", "boolean_operator"})
_WRAPPED = ("app", "application", "wsgi_app", "wsgi_application")
_MIDDLEWARE_WORDS = ("middleware", "wsgi")
_APPLICATION_WORDS = ("app", "wsgi")

_DEPTH = 50  # how many expressions inside each other are looked into

_RETURNS = "(return_statement (_) @value)"


def wsgi_objects(file: PythonFile, app: App | None = None) -> dict[str, Binding]:
    """The module-level names of a file that hold a WSGI application once it is imported.

    In the order of the source, each with the last binding that makes it one. What only `main()`
    or the `__name__` guard binds is left out. With `app`, names that come from its other modules
    are followed there.
    """
    judge = _Judge(app)
    found: dict[str, Binding] = {}
    for name, bindings in file.scope.bindings.items():
        for binding in sorted(bindings, key=_position, reverse=True):
            if is_bound_on_import(file, binding) and judge.is_application(file, binding):
                found[name] = binding
                break
    return dict(sorted(found.items(), key=lambda item: _position(item[1])))


def is_bound_on_import(file: PythonFile, binding: Binding) -> bool:
    """Whether importing the file may make this binding.

    It must stand outside functions and outside the `if __name__ == '__main__':` guard.
    """
    if scope_node(binding.name).id != file.root.id:
        return False
    return not any(is_guard(node) for node in ancestors(binding.name))


def find_origin(app: App, origin: str, importer: PythonFile) -> tuple[PythonFile, str] | None:
    """The app's file that a dotted name leads to, and what remains of the name in it.

    'models.Page' seen from main.py is the file models.py and 'Page'. None outside the app.
    """
    package = importer.package
    return app.remember((find_origin, package, origin), lambda: _find_origin(app, origin, package))


def _find_origin(app: App, origin: str, package: str) -> tuple[PythonFile, str] | None:
    if package:
        found = _longest_module(app, f"{package}.{origin}", package.count(".") + 2)
        if found is not None:
            return found
    return _longest_module(app, origin, 1)


def accepts_request(function: Node) -> bool:
    """Whether a function can be called as a WSGI application: with two positional arguments."""
    required, most = parameter_counts(function)
    return required <= 2 <= most


def parameter_counts(function: Node) -> tuple[int, float]:
    """How many positional arguments a function needs and how many it takes (infinite for `*`)."""
    holder = function.child_by_field_name("parameters")
    required, most = 0, 0.0
    for parameter in holder.named_children if holder is not None else []:
        if parameter.type in {"identifier", "tuple_pattern"}:
            required += 1
            most += 1
        elif parameter.type == "default_parameter":
            most += 1
        elif parameter.type == "list_splat_pattern":
            most = float("inf")
    return required, most


def _longest_module(app: App, dotted: str, least: int) -> tuple[PythonFile, str] | None:
    """The longest part of a dotted name, of at least so many words, that is a module, and the rest."""
    path, rest = app.longest_module(dotted, least) or (None, "")
    file = app.python(path) if path is not None else None
    return (file, rest) if file is not None else None


def _position(binding: Binding) -> int:
    return binding.name.start_byte


@dataclass
class _Judge:
    """Tells WSGI applications from other values.

    One question visits a node once. A question that comes out negative has ruled out every node
    that it visited, for all that follow.
    """

    app: App | None
    depth: int = 0
    visited: set[tuple[str, int, int]] = field(default_factory=set)
    ruled_out: set[tuple[str, int, int]] = field(default_factory=set)

    def is_application(self, file: PythonFile, binding: Binding) -> bool:
        """Whether a binding gives its name a WSGI application."""
        self.visited = set()
        answer = self.binding(file, binding)
        if not answer:
            self.ruled_out |= self.visited
        return answer

    def _is_new(self, file: PythonFile, node: Node) -> bool:
        key = (file.source.path, node.start_byte, node.end_byte)
        if key in self.visited or key in self.ruled_out:
            return False
        self.visited.add(key)
        return True

    # -- bindings and the definitions behind them ------------------------------------------

    def binding(self, file: PythonFile, binding: Binding) -> bool:
        """The same in the middle of a question."""
        if binding.kind == "def":
            return _is_application_definition(binding.statement)
        if binding.kind == "import":
            origin = binding.origin or ""
            return origin in _SDK_OBJECTS or any(
                self.binding(*known) for known in self._imported(file, origin)
            )
        if binding.value is None:
            return False
        return self.value(file, binding.value, binding.text)

    def _imported(self, file: PythonFile, origin: str) -> Iterator[tuple[PythonFile, Binding]]:
        """What an imported name stands for in the module of the app that defines it."""
        waiting, seen = [(file, origin)], {(file.module, origin)}
        while waiting and self.app is not None:
            importer, dotted = waiting.pop()
            target, name = find_origin(self.app, dotted, importer) or (importer, "")
            for binding in target.scope.bindings.get(name, ()):
                step = (target, binding.origin or "")
                if not is_bound_on_import(target, binding):
                    continue
                if binding.kind != "import":
                    yield target, binding
                elif (target.module, step[1]) not in seen:
                    seen.add((target.module, step[1]))
                    waiting.append(step)

    def _defined(self, file: PythonFile, node: Node) -> Iterator[tuple[PythonFile, Binding]]:
        """The bindings that an identifier or a dotted name may stand for, followed over imports."""
        if node.type == "identifier":
            for binding in file.lookup(text(node), node):
                if binding.kind == "import":
                    yield from self._imported(file, binding.origin or "")
                else:
                    yield file, binding
        elif node.type == "attribute":
            for origin in file.origins(node):
                yield from self._imported(file, origin)

    # -- values ----------------------------------------------------------------------------

    def value(self, file: PythonFile, node: Node, name: str = "") -> bool:
        """Whether an expression is a WSGI application; `name` is the one that it is bound to."""
        if self.depth >= _DEPTH or not self._is_new(file, node):
            return False
        self.depth += 1
        try:
            return self._expression(file, node, name)
        finally:
            self.depth -= 1

    def _expression(self, file: PythonFile, node: Node, name: str) -> bool:
        if node.type == "lambda":
            return _calls_its_second(node)
        if node.type == "call":
            return self._call(file, node, name)
        if node.type in {"identifier", "attribute"}:
            known = self._defined(file, node)
            return _is_inner(node) or any(self.binding(*defined) for defined in known)
        parts = node.named_children if node.type in _CHOICES else []
        if node.type == "assignment":  # a = b = value
            parts = node.children_by_field_name("right")
        return any(self.value(file, part, name) for part in parts)

    def _call(self, file: PythonFile, call: Node, name: str) -> bool:
        function = call.child_by_field_name("function")
        if function is None:
            return False
        if _makes_application(file, function):
            return True
        if any(adapter.call.id == call.id for adapter in adapter_calls(file)):
            return False
        for defined_in, binding in self._defined(file, function):
            if binding.kind == "def" and self._makes(defined_in, binding.statement):
                return True
        return self._wraps(file, call, function, name)

    def _makes(self, file: PythonFile, definition: Node) -> bool:
        """Whether calling a function or class of the app gives a WSGI application."""
        if not self._is_new(file, definition):
            return False
        if definition.type == "class_definition":
            if _method(definition, "__call__", 3):
                return True
            return any(self._is_application_base(file, base) for base in _bases(definition))
        values = [node for node in file.nodes(_RETURNS, definition) if scope_node(node).id == definition.id]
        return any(self.value(file, value) for value in values)

    def _is_application_base(self, file: PythonFile, base: Node) -> bool:
        if _makes_application(file, base):
            return True
        classes = (item for item in self._defined(file, base) if item[1].kind == "def")
        return any(self._makes(where, binding.statement) for where, binding in classes)

    def _wraps(self, file: PythonFile, call: Node, function: Node, name: str) -> bool:
        """Whether a call is a middleware around an application.

        Extensions take an application too and give something else (`db = SQLAlchemy(app)`), so
        the names must speak for it.
        """
        positional, named = arguments(call)
        inner = [*positional, *(named[word] for word in _WRAPPED if word in named)]
        called = text(function).lower()
        speaks = any(word in called for word in _MIDDLEWARE_WORDS) or any(
            word in name.lower() for word in _APPLICATION_WORDS
        )
        same = any(node.type == "identifier" and text(node) == name for node in inner)
        return (speaks or same) and any(self.value(file, node) for node in inner)


def _is_inner(node: Node) -> bool:
    return node.type == "attribute" and text(node.child_by_field_name("attribute")) == _INNER


def _makes_application(file: PythonFile, function: Node) -> bool:
    """Whether what is called is one of `WSGI_CONSTRUCTORS`, also in a copy that the app carries."""
    if function.type == "attribute" and text(function.child_by_field_name("attribute")) in _MAKERS:
        return True
    origins = set(file.origins(function))
    if function.type == "identifier" and not file.lookup(text(function), function):
        origins.update(_through_star_imports(file, text(function)))
    return any(_is_constructor(origin) for origin in origins)


def _is_constructor(origin: str) -> bool:
    return origin in WSGI_CONSTRUCTORS or origin.endswith(_CONSTRUCTORS_IN_COPIES)


def _through_star_imports(file: PythonFile, name: str) -> Iterable[str]:
    for binding in file.scope.bindings.get("*", ()):
        yield f"{(binding.origin or '').removesuffix('*')}{name}"


def _is_application_definition(node: Node) -> bool:
    if node.type == "class_definition":
        return _is_application_class(node)
    return _is_application_function(node)


def _is_application_function(function: Node) -> bool:
    """Whether a function takes exactly two arguments and calls the second one.

    Handing both on to something else as `environ` and `start_response` does it too.
    """
    if function.type != "function_definition" or parameter_counts(function) != (2, 2.0):
        return False
    return _calls_its_second(function)


def _calls_its_second(function: Node) -> bool:
    holder = function.child_by_field_name("parameters")
    names = [text(child) for child in (holder.named_children if holder is not None else ())]
    if len(names) != 2:
        return False
    environ, start = names
    waiting = [body] if (body := function.child_by_field_name("body")) is not None else []
    while waiting:
        node = waiting.pop()
        if node.type == "call":
            if text(node.child_by_field_name("function")) == start:
                return True
            given = [text(argument) for argument in arguments(node)[0]]
            if given == [environ, start] and start.startswith("start"):
                return True
        waiting += node.named_children
    return False


def _is_application_class(definition: Node) -> bool:
    """Whether a class is itself an application (PEP 333).

    It is made with `environ` and `start_response`, then iterated over.
    """
    iterable = _method(definition, "__iter__", 1) is not None
    return iterable and _method(definition, "__init__", 3) is not None


def _method(definition: Node, name: str, parameters: int) -> Node | None:
    """The method of a class that has this name and can take so many arguments, `self` included."""
    body = definition.child_by_field_name("body")
    for child in body.named_children if body is not None else []:
        function = child.child_by_field_name("definition") or child
        if function.type == "function_definition" and text(function.child_by_field_name("name")) == name:
            required, most = parameter_counts(function)
            if required <= parameters <= most:
                return function
    return None


def _bases(definition: Node) -> list[Node]:
    holder = definition.child_by_field_name("superclasses")
    return [node for node in (holder.named_children if holder is not None else []) if node.type != "comment"]
