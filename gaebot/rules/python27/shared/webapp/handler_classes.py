"""The app's request handlers: classes below webapp's or webapp2's `RequestHandler`, over all modules."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from tree_sitter import Node

from gaebot.app import App, once_per_app
from gaebot.rules.python27.shared.scripts.definitions import definitions
from gaebot.rules.python27.shared.scripts.handler_scripts import RequestFile, request_file, request_files
from gaebot.syntax.nodes import text
from gaebot.syntax.python import PythonFile

_WEBAPP = "google.appengine.ext.webapp"
REQUEST_HANDLER = frozenset({f"{_WEBAPP}.RequestHandler", "webapp2.RequestHandler"})
"""The class below which all request handlers stand."""

SDK_HANDLERS = frozenset(
    {
        f"{_WEBAPP}.RedirectHandler",
        f"{_WEBAPP}.blobstore_handlers.BlobstoreDownloadHandler",
        f"{_WEBAPP}.blobstore_handlers.BlobstoreUploadHandler",
        f"{_WEBAPP}.mail_handlers.InboundMailHandler",
        f"{_WEBAPP}.xmpp_handlers.BaseHandler",
        f"{_WEBAPP}.xmpp_handlers.CommandHandler",
        "google.appengine.ext.deferred.TaskHandler",
        "google.appengine.ext.deferred.deferred.TaskHandler",
        "google.appengine.ext.zipserve.ZipHandler",
        "webapp2.RedirectHandler",
    }
)
"""Classes of the SDK that are request handlers and meant to be derived from.

SDK: google/appengine/ext/webapp/{blobstore,mail,xmpp}_handlers.py, ext/deferred, ext/zipserve.
"""

_ROOTS = REQUEST_HANDLER | SDK_HANDLERS
_DEPTH = 20  # how many classes above a class are looked at


@dataclass(frozen=True, eq=False)
class HandlerClass:
    """A class of the app that handles requests.

    `roots` are the dotted names of the framework's classes that it stands below, `bases` the classes of the
    app among its direct bases that are handlers too.
    """

    request_file: RequestFile
    node: Node
    roots: frozenset[str]
    bases: tuple[HandlerClass, ...]

    @property
    def file(self) -> PythonFile:
        """The file that it stands in."""
        return self.request_file.file

    @property
    def name(self) -> str:
        """Its name."""
        return text(self.node.child_by_field_name("name"))

    @cached_property
    def methods(self) -> dict[str, Node]:
        """The functions defined directly in its body, by name; of several the last one."""
        return {text(found.child_by_field_name("name")): found for found in class_functions(self.node)}

    @property
    def lineage(self) -> tuple[HandlerClass, ...]:
        """The class itself and the handlers of the app above it, nearest first, each once."""
        found: dict[int, HandlerClass] = {}
        waiting = [self]
        while waiting:
            current = waiting.pop(0)
            if id(current) not in found:
                found[id(current)] = current
                waiting += current.bases
        return tuple(found.values())

    def method(self, name: str) -> tuple[HandlerClass, Node] | None:
        """The method of that name that the class has or gets from a handler of the app above it."""
        return next(((each, each.methods[name]) for each in self.lineage if name in each.methods), None)


@once_per_app
def handler_classes(app: App) -> tuple[HandlerClass, ...]:
    """The request handlers among the classes of the app's request files, by path and position."""
    return tuple(handler_classes_in(app, request_files(app)))


def handler_classes_in(app: App, files: Iterable[RequestFile]) -> Iterator[HandlerClass]:
    """Those in some of the request files, each of which is looked at when it is its turn."""
    search = _search(app)
    for file in files:
        for node in file.file.keyword_nodes("class"):
            handler = search.handler(file, node)
            if handler is not None:
                yield handler


def handler_of(app: App, file: PythonFile, node: Node) -> HandlerClass | None:
    """The handler that the definition of a class in a request file makes, or None."""
    holder = request_file(app, file.source.path)
    return _search(app).handler(holder, node) if holder is not None else None


def class_functions(node: Node) -> Iterator[Node]:
    """The functions defined directly in a class body, also decorated ones and those under an `if`."""
    body = node.child_by_field_name("body")
    waiting = list(body.named_children) if body is not None else []
    while waiting:
        statement = waiting.pop(0)
        if statement.type == "function_definition":
            yield statement
        elif statement.type == "decorated_definition":
            inner = statement.child_by_field_name("definition")
            waiting[:0] = [inner] if inner is not None else []
        elif statement.type in {"if_statement", "else_clause", "try_statement", "except_clause", "block"}:
            waiting[:0] = statement.named_children


def base_nodes(node: Node) -> list[Node]:
    """The expressions between the brackets of a class definition."""
    holder = node.child_by_field_name("superclasses")
    bases = holder.named_children if holder is not None else []
    return [base for base in bases if base.type in {"identifier", "attribute"}]


class _Search:
    """Finds out which classes are handlers, each class once."""

    def __init__(self, app: App) -> None:
        self.app = app
        self.known: dict[tuple[str, int], HandlerClass | None] = {}

    def handler(self, file: RequestFile, node: Node, depth: int = _DEPTH) -> HandlerClass | None:
        """The handler that a class definition makes, or None."""
        key = (file.path, node.start_byte)
        if key in self.known or node.type != "class_definition" or not depth:
            return self.known.get(key)
        self.known[key] = None  # a class that derives from itself is none
        roots: set[str] = set()
        bases: list[HandlerClass] = []
        for base in base_nodes(node):
            for found in definitions(self.app, file.file, base):
                if found.file is None:
                    roots |= {found.origin} & _ROOTS
                elif found.node is not None:
                    holder = request_file(self.app, found.file.source.path)
                    above = self.handler(holder, found.node, depth - 1) if holder is not None else None
                    bases += [above] if above is not None and above not in bases else []
        roots = roots.union(*(above.roots for above in bases))
        if roots:
            self.known[key] = HandlerClass(file, node, frozenset(roots), tuple(bases))
        return self.known[key]


@once_per_app
def _search(app: App) -> _Search:
    return _Search(app)
