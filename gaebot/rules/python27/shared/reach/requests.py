"""What runs for a request, and how a request gets there.

Roots are what a framework calls: methods of request handlers, WSGI applications and middleware, views of
Django and other frameworks, and what is handed on or named in a string. From there calls are followed.
More is taken for request code than is: what only runs while modules are loaded, or in nobody's name, is
not. The chain of calls that is remembered is the shortest of the surest ones.
"""

from __future__ import annotations

import re
from collections import defaultdict, deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from tree_sitter import Node

from gaebot.app import App, once_per_app
from gaebot.rules.python27.shared.reach.calls import class_of, mentions
from gaebot.rules.python27.shared.reach.code import AppCode, ClassCode, FunctionCode, app_code
from gaebot.rules.python27.shared.reach.code_files import mapreduce_names
from gaebot.rules.python27.shared.reach.kept_lambdas import LambdaCode
from gaebot.rules.python27.shared.reach.named import is_named
from gaebot.rules.python27.shared.reach.steps import (
    ByName,
    Kept,
    Step,
    inner_functions,
    is_setup_only,
    next_steps,
)
from gaebot.rules.python27.shared.scripts.entry import find_entry, is_guard, top_level
from gaebot.rules.python27.shared.scripts.handler_scripts import handler_scripts
from gaebot.rules.python27.shared.scripts.references import possible_calls
from gaebot.rules.python27.shared.scripts.wsgi_functions import wsgi_functions
from gaebot.rules.python27.shared.webapp.handler_classes import handler_classes
from gaebot.rules.python27.shared.webapp.names import HTTP_METHODS
from gaebot.syntax.nodes import ancestors, arguments, scope_node, string_value, text
from gaebot.syntax.python import PythonFile

_ENTRIES = HTTP_METHODS | {
    "dispatch", "initialize", "handle_exception", "error", "receive", "unhandled_command", "message_received",
    "text_message",
}  # fmt: skip
"""Methods of webapp's, webapp2's and the SDK's handlers that the framework calls."""

_VIEW_METHODS = frozenset({"get", "post", "put", "delete", "head", "GET", "POST", "PUT", "DELETE", "HEAD"})
MIDDLEWARE = re.compile(r"process_(?:request|view|response|exception|template_response)$")
"""The methods of Django's middleware."""
_REQUEST_NAMES = frozenset({"request", "req", "environ"})
_NOT_CALLED = frozenset({"property", "staticmethod", "classmethod"})
_ROUTING = frozenset({
    "route", "get", "post", "put", "delete", "errorhandler", "before_request", "after_request",
    "teardown_request", "context_processor", "template_filter", "filter", "tag", "simple_tag",
    "inclusion_tag", "expose", "view", "receiver", "endpoint", "method",
})  # fmt: skip
_PAGE_WORD = re.compile(rb"\.([A-Za-z_]\w*)")
_TAKES_TEXTS = (
    "base64.", "datetime.", "hashlib.", "logging.", "os.", "random.", "re.", "string.", "struct.", "sys.",
    "time.", "urllib.", "urllib2.", "urlparse.", "google.appengine.api.memcache.",
    "google.appengine.api.urlfetch.", "google.appengine.api.users.", "google.appengine.ext.db.",
    "google.appengine.ext.ndb.",
)  # fmt: skip
_MOST_NEAR = 300  # how many steps are followed from a function to those that it leads to
_MOST_STEPS = 2000  # how many steps are gone back from a function to look for those that call it
_TABLES = frozenset(
    {"list", "tuple", "dictionary", "pair", "argument_list", "keyword_argument", "assignment"}
)


class Chain(NamedTuple):
    """How a request gets to a function: the root first, the function itself last.

    `reason` says what calls the root. Only functions are named, not the classes between them.
    """

    functions: tuple[FunctionCode, ...]
    reason: str

    @property
    def root(self) -> FunctionCode:
        """The function that is called from outside the app."""
        return self.functions[0]

    def __str__(self) -> str:
        """'`Main.get` → `load`'."""
        names = [f"`{function.title}`" for function in self.functions]
        if len(names) > 4:
            names[2:-1] = ["…"]
        return " → ".join(names)


@dataclass(frozen=True, eq=False)
class RequestCode:
    """The functions that may run for a request."""

    app: App
    _came_from: dict[object, tuple[Step | None, str]]
    _leading: dict[object, list[Step]]
    _entries: frozenset[Step]

    def runs(self, function: FunctionCode | None) -> bool:
        """Whether a function may run for a request. Import code (None) does not; lambdas that are kept do."""
        return function is not None and (function in self._came_from or isinstance(function, LambdaCode))

    def functions(self) -> list[FunctionCode]:
        """All of them, by path and position."""
        return [function for function in app_code(self.app).functions if function in self._came_from]

    def chain(self, function: FunctionCode) -> Chain:
        """How a request gets to a function. Raises `KeyError` when none does."""
        if isinstance(function, LambdaCode):
            return Chain((function,), "a lambda that is kept for later")
        found: list[FunctionCode] = []
        step: Step | None = function
        reason = ""
        while step is not None:
            before, why = self._came_from[step]
            reason = why or reason
            if isinstance(step, FunctionCode):
                found.append(step)
            step = before
        return Chain(tuple(reversed(found)), reason)

    def sure_from(self, function: FunctionCode) -> frozenset[FunctionCode]:
        """The functions to which one surely leads, directly or through others; at most `_MOST_NEAR`."""
        key = (self.sure_from, id(function))
        return self.app.remember(key, lambda: frozenset(self._sure_from(function)))

    def _sure_from(self, function: FunctionCode) -> Iterator[FunctionCode]:
        seen: set[Step] = {function}
        waiting: deque[Step] = deque([function])
        while waiting and len(seen) < _MOST_NEAR:
            for following, is_sure in next_steps(self.app, waiting.popleft()):
                if is_sure and following not in seen:
                    seen.add(following)
                    waiting.append(following)
                    if isinstance(following, FunctionCode):
                        yield following

    def entries(self, function: FunctionCode, most: int) -> list[str]:
        """The titles of functions that frameworks call and from which a request gets to one, nearest first.

        At most so many. Ways that are only possible count as well.
        """
        found: dict[str, None] = {}
        seen: set[Step] = {function}
        waiting: deque[Step] = deque([function])
        while waiting and len(found) < most and len(seen) < _MOST_STEPS:
            step = waiting.popleft()
            if step in self._entries and isinstance(step, FunctionCode):
                found[step.title] = None
            for before in self._leading.get(step, ()):
                if before not in seen:
                    seen.add(before)
                    waiting.append(before)
        return list(found) or [self.chain(function).root.title]


@once_per_app
def request_code(app: App) -> RequestCode:
    """The functions of the app's request files that may run for a request."""
    return _search(app, app_code(app))


def _search(app: App, code: AppCode) -> RequestCode:
    """Follow all steps from the roots. Sure ones are followed as far as they go before a possible one is."""
    came_from: dict[object, tuple[Step | None, str]] = {}
    leading: dict[object, list[Step]] = defaultdict(list)
    entries: set[Step] = set()
    sure: deque[tuple[Step, Step | None, str]] = deque()
    possible: deque[tuple[Step, Step | None, str]] = deque()
    for root, reason, is_sure in _roots(app, code):
        (sure if is_sure else possible).append((root, None, reason))
        if is_sure:
            entries.add(root)
    while sure or possible:
        step, before, reason = sure.popleft() if sure else possible.popleft()
        if step in came_from:
            continue
        if isinstance(step, FunctionCode) and not code.files[step.file.source.path].runs(step.node):
            continue
        came_from[step] = (before, reason)
        for following, is_sure in next_steps(app, step):
            leading[following].append(step)
            if following not in came_from:
                (sure if is_sure else possible).append((following, step, ""))
    return RequestCode(app, came_from, dict(leading), frozenset(entries))


def _roots(app: App, code: AppCode) -> Iterator[tuple[Step, str, bool]]:
    """What is called from outside the app: function or class, by what, and whether that is sure."""
    yield from _handlers(app, code)
    yield from _views(app, code)
    yield from _called_objects(app, code)
    yield from _scripts(app, code)
    for request_file in code.files.values():
        yield from _named_in_strings(app, code, request_file.file)
    for name in mapreduce_names(app):
        yield from _of_module(app, code, name)
    yield from _from_import_code(app, code)
    yield from _from_pages(app, code)


def _handlers(app: App, code: AppCode) -> Iterator[tuple[Step, str, bool]]:
    routed = {value for handler in handler_classes(app) for value in _routed_methods(handler.file)}
    for handler in handler_classes(app):
        cls = code.at(handler.file, handler.node)
        for name, node in handler.methods.items():
            method = code.at(handler.file, node)
            is_entry = name in _ENTRIES or name in routed or name.endswith("_command")
            if isinstance(method, FunctionCode) and (is_entry or not is_setup_only(app, method)):
                yield method, "request handler", is_entry
        if isinstance(cls, ClassCode):
            yield cls, "request handler", True


def _routed_methods(file: PythonFile) -> set[str]:
    """The names that `webapp2.Route(…, handler_method='name')` gives."""
    if b"handler_method" not in file.source.data:
        return set()
    names = set()
    for word in file.identifiers("handler_method"):
        value = word.parent.child_by_field_name("value") if word.parent is not None else None
        names.add(string_value(value) or "")
    return names


def _views(app: App, code: AppCode) -> Iterator[tuple[Step, str, bool]]:
    lists_middleware = any(file.file.identifiers("MIDDLEWARE_CLASSES") for file in code.files.values())
    applications = {
        (file.file.source.path, found.node.start_byte)
        for file in code.files.values()
        for found in wsgi_functions(file.file)
    }
    for function in code.functions:
        first = function.parameters[1:2] if function.receiver else function.parameters[:1]
        is_hook = MIDDLEWARE.match(function.name) is not None and len(function.parameters) > 1
        is_listed = is_hook and not lists_middleware
        if function.owner is not None and not is_listed and not is_named(app, function.owner):
            continue  # nobody makes an object of the class
        if (function.file.source.path, function.node.start_byte) in applications:
            yield function, "WSGI application", True
        elif function.owner is not None:
            is_view = function.name in _VIEW_METHODS and _is_view_class(code, function.owner)
            if is_view or is_hook:
                yield function, "request handler" if is_view else "middleware", True
        elif first and first[0] in _REQUEST_NAMES and function.outer is None:
            yield function, "view", True
        for decorator in function.decorators:
            if text(decorator) in _NOT_CALLED or code.meanings(function.file, decorator):
                continue
            if decorator.type in {"attribute", "identifier"}:
                is_route = text(decorator).rpartition(".")[2] in _ROUTING
                yield function, f"registered by `@{text(decorator)}`", is_route


def _scripts(app: App, code: AppCode) -> Iterator[tuple[Step, str, bool]]:
    """What a CGI script calls for each request, besides running an application.

    The `main()` of a script that makes its answer itself, and what others call beside the application: that
    has to move into request code when the script becomes a WSGI application.
    """
    for script in handler_scripts(app):
        if not script.is_cgi or script.path not in code.files:
            continue
        entry = find_entry(script.file)
        running = {function.start_byte for function in entry.functions}
        holders = [code.at(script.file, function) for function in entry.functions]
        called = [
            mention
            for holder in holders
            if isinstance(holder, FunctionCode)
            for mention in mentions(app).in_function(holder)
        ]
        if entry.is_empty:
            guards = [statement for statement in top_level(script.file) if is_guard(statement)]
            called = [
                mention
                for mention in mentions(app).in_import_code
                if mention.file is script.file
                and any(guard.start_byte <= mention.node.start_byte < guard.end_byte for guard in guards)
            ]
        for mention in called:
            for found in mention.sure if mention.call is not None else ():
                is_own = found.file is script.file and found.node.start_byte in running
                if isinstance(found, FunctionCode) and not is_own and not _is_setup(app, found):
                    yield found, "CGI script", True


def _is_setup(app: App, function: FunctionCode) -> bool:
    """Whether code that runs on import calls a function as well, outside of `if __name__ == '__main__':`."""
    return any(
        mention.function is None
        and mention.call is not None
        and not any(map(is_guard, ancestors(mention.node)))
        for mention in mentions(app).of(function)
    )


def _called_objects(app: App, code: AppCode) -> Iterator[tuple[Step, str, bool]]:
    for cls in routed_classes(app):
        method = code.method(cls, "__call__")
        if method is not None:
            yield method, "view", True


@once_per_app
def routed_classes(app: App) -> tuple[ClassCode, ...]:
    """The classes whose objects put themselves into Django's table of URLs: `url(r'^blog/$', self)`."""
    code = app_code(app)
    found: dict[int, ClassCode] = {}
    may_import = any(b"django" in file.source.data for file in app.python_files(b"conf"))
    for request_file in code.files.values() if may_import else ():
        file = request_file.file
        for call in possible_calls(file, "django.conf.urls.defaults.url", "django.conf.urls.url"):
            positional, named = arguments(call)
            view = positional[1] if len(positional) > 1 else named.get("view")
            cls = class_of(view, code.around(file, call)) if view is not None else None
            if cls is not None:
                found[id(cls)] = cls
    return tuple(found.values())


def _is_view_class(code: AppCode, cls: ClassCode) -> bool:
    """Whether a class may be a handler of some framework: below a class of it, or of web.py's kind."""
    outside = code.outside_bases(cls)
    is_model = any(base.endswith(("Model", "Expando", "Property", "Error", "Exception")) for base in outside)
    return (bool(outside) and not is_model) or any(
        name.isupper() for name in cls.methods if name in _VIEW_METHODS
    )


def _named_in_strings(app: App, code: AppCode, file: PythonFile) -> Iterator[tuple[Step, str, bool]]:
    """What strings name: 'blog.views.index', or 'index' in the file that defines it.

    Of the strings without a dot, those in tables and arguments at module level count, also behind the first
    string of the same call ('blog.views', …), as in Django's `patterns`. Functions hand on names with a dot:
    `start_map('count', 'jobs.count', …)`.
    """
    for at, name in file.strings_with_names:
        if name.rpartition(".")[2] not in code.names:
            continue
        node = file.root.descendant_for_byte_range(at, at + len(name) + 2)
        if node is None or node.type == "comment" or not _is_in_table(node) or _is_of_module(node):
            continue
        if _is_given_to_python(file, node):
            continue
        is_outside = scope_node(node).type == "module"
        for module in ("", file.module, _prefix(node)) if is_outside else ("",):
            yield from _of_module(app, code, f"{module}.{name}".strip("."))


def _of_module(app: App, code: AppCode, dotted: str) -> Iterator[tuple[Step, str, bool]]:
    module, _, name = dotted.rpartition(".")
    path = app.module_path(module) if module else None
    file = app.python(path) if path is not None else None
    for binding in file.scope.bindings.get(name, ()) if file is not None else ():
        found = code.at(file, binding.statement) if file is not None and binding.kind == "def" else None
        if isinstance(found, FunctionCode):
            yield found, f"named in a table as '{name}'", True
        elif isinstance(found, ClassCode):
            yield found, f"named in a table as '{name}'", True
            for node in found.methods.values():
                method = code.at(found.file, node)
                if isinstance(method, FunctionCode):
                    yield method, f"named in a table as '{name}'", method.name in _VIEW_METHODS


def _is_in_table(node: Node) -> bool:
    outer = node.parent
    while outer is not None and outer.type in {"string", "string_content"}:
        outer = outer.parent
    return outer is not None and outer.type in _TABLES


def _is_given_to_python(file: PythonFile, string: Node) -> bool:
    """Whether a string is an argument of a function of Python's, or of Google's that calls nothing by name.

    `os.path.join(ROOT, 'templates')` names a folder, not a function of the module.
    """
    call = next((outer for outer in ancestors(string) if outer.type == "call"), None)
    function = call.child_by_field_name("function") if call is not None else None
    origins = file.origins(function) if function is not None else frozenset()
    return bool(origins) and all(origin.startswith(_TAKES_TEXTS) for origin in origins)


def _is_of_module(string: Node) -> bool:
    """Whether a string says something of the module itself: `__all__ = ['quote']`, `__author__ = 'main'`."""
    statement = next((outer for outer in ancestors(string) if outer.type == "assignment"), None)
    left = text(statement.child_by_field_name("left")) if statement is not None else ""
    return left.startswith("__") and left.endswith("__")


def _prefix(node: Node) -> str:
    """The first string of the outermost call that a string stands in."""
    call, outer = None, node.parent
    while outer is not None:
        call = outer if outer.type == "call" else call
        outer = outer.parent
    holder = call.child_by_field_name("arguments") if call is not None else None
    first = next(iter(holder.named_children), None) if holder is not None else None
    return string_value(first) or ""


def _from_import_code(app: App, code: AppCode) -> Iterator[tuple[Step, str, bool]]:
    """What code that runs on import hands on, for somebody to call later.

    A class that is named is taken to be used, and of an object that is made there the methods. A function
    that is called there runs on import only; the functions that it makes may be called later.
    """
    for mention in mentions(app).in_import_code:
        for found in mention.sure:
            if isinstance(found, ClassCode):
                if mention.is_handed_on:
                    yield found, "used when modules are loaded", False
                elif mention.call is not None and not mention.is_decorator:
                    yield Kept(found), "made when modules are loaded", False
            elif mention.is_handed_on:
                yield found, f"handed on in {mention.file.source.path}", False
            elif mention.call is not None and not mention.is_decorator:
                for inner in inner_functions(code, found):
                    yield inner, f"made in {mention.file.source.path}", False


def _from_pages(app: App, code: AppCode) -> Iterator[tuple[Step, str, bool]]:
    """The methods whose names page templates say behind a dot: `{{ post.author }}`."""
    words: set[bytes] = set()
    for path, source in app.files.items():
        if app.page(path) is not None and not app.is_vendored(path):
            words.update(_PAGE_WORD.findall(source.data))
    for name in sorted(code.methods_by_name):
        if name.encode() in words and not name.startswith("_"):  # templates refuse those
            yield ByName(name), "page template", False


def how(app: App, function: FunctionCode) -> str:
    """A sentence on how a request gets to a function."""
    chain = request_code(app).chain(function)
    if len(chain.functions) > 1:
        return f"Requests get here by {chain}."
    return f"Requests run `{function.title}` ({chain.reason})."
