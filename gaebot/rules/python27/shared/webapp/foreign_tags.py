"""Tags of Django that webapp's templates do not know on python27, and how a module comes to those they know.

A Django of the SDK's own renders webapp's templates there: a 1.2.5, google/appengine/_internal/django. Its
`NodeList.render` asks `isinstance(node, Node)` for a `Node` of its own. Another one is not rendered, and its
`repr` comes into the page. Filters are functions, and work whichever Django took them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from tree_sitter import Node

from gaebot.rules.python27.shared.libraries.library_needs import is_guarded
from gaebot.syntax.imports import attributes_of, exchange_import, uses_of
from gaebot.syntax.nodes import arguments, text
from gaebot.syntax.python import Binding, PythonFile
from gaebot.text import Edit, Span

INTERNAL = "google.appengine._internal."
"""What stands before the names of the Django that renders webapp's templates."""

_MODULE = "django.template"
_CLASS = f"{_MODULE}.Library"

_NODE = re.compile(r"django\.template\.(?:\w+\.)?\w*Node$")
_MAKERS = ("simple_tag", "inclusion_tag", "assignment_tag")
_MADE = frozenset(
    f"{_MODULE}.{module}Library().{maker}" for module in ("", "base.", "library.") for maker in _MAKERS
)

# What a module of tags may take from `django.template`, and the SDK's Django has.
_NAMES = frozenset(
    {
        *("Context", "FilterExpression", "InvalidTemplateLibrary", "Lexer", "Library", "Node", "NodeList"),
        *("Parser", "RequestContext", "StringOrigin", "Template", "TemplateDoesNotExist"),
        *("TemplateSyntaxError", "TextNode", "Token", "TokenParser", "Variable", "VariableDoesNotExist"),
        *("VariableNode", "resolve_variable"),
    }
)
_FROM_MODULES = {_MODULE: _NAMES, f"{_MODULE}.defaultfilters": frozenset({"stringfilter"})}

# The methods of a library with the arguments by name that they take in Django 1.2; others came later.
_KEYWORDS = {
    "tag": frozenset({"name", "compile_function"}),
    "filter": frozenset({"name", "filter_func"}),
    "simple_tag": frozenset({"func"}),
    "inclusion_tag": frozenset({"file_name", "context_class", "takes_context"}),
}


def foreign_tags(file: PythonFile) -> list[Node]:
    """The tags of a module that are made with the app's Django, in the order of the source.

    The name of each class that is directly below a `Node` of Django, and each `simple_tag` and
    `inclusion_tag` of a library of Django. What may be of the SDK's Django too is left out.
    """
    return sorted((*_classes(file), *_makers(file)), key=lambda node: node.start_byte)


def _classes(file: PythonFile) -> Iterator[Node]:
    for cls in file.keyword_nodes("class") if "class" in file.words else ():
        holder = cls.child_by_field_name("superclasses") if cls.type == "class_definition" else None
        name = cls.child_by_field_name("name")
        for base in holder.named_children if holder is not None and name is not None else ():
            origins = _origins_elsewhere(file, base)
            if name is not None and origins and all(_NODE.match(origin) for origin in origins):
                yield name
                break


def _makers(file: PythonFile) -> Iterator[Node]:
    for name in file.identifiers(*_MAKERS):
        chain = name.parent
        if chain is not None and chain.type == "attribute":
            origins = _origins_elsewhere(file, chain)
            if origins and origins <= _MADE:
                yield chain


def _origins_elsewhere(file: PythonFile, node: Node) -> frozenset[str]:
    """What a node may refer to, but for the names that this file itself gives it."""
    return frozenset(origin for origin in file.origins(node) if not origin.startswith(f"{file.module}."))


def django_imports(file: PythonFile) -> list[Binding]:
    """What a file imports from Django."""
    return [binding for binding in file.imports() if (binding.origin or "").partition(".")[0] == "django"]


def made_with_webapp(file: PythonFile) -> tuple[Edit, ...] | None:
    """The edits that make the library with webapp's `create_template_register`, on either runtime.

    None where the module takes something else from Django.
    """
    bindings = django_imports(file)
    if len(bindings) != 1 or bindings[0].origin != _MODULE or _is_of_later_django(file):
        return None
    binding = bindings[0]
    uses = attributes_of(uses_of(file, binding))
    if binding.statement.type != "import_from_statement" or not uses:
        return None
    for chain, _ in uses:
        call = chain.parent
        if call is None or call.type != "call" or not file.refers_to(chain, _CLASS):
            return None
    alias = f" as {binding.text}" if binding.text != "template" else ""
    edit = exchange_import(file, binding, f"from google.appengine.ext.webapp import template{alias}".encode())
    if edit is None:
        return None
    return edit, *(file.source.edit(file.span(name), b"create_template_register") for _, name in uses)


def taken_from_sdk(file: PythonFile) -> tuple[Edit, ...] | None:
    """The edits that take all of `django.template` from the SDK's Django instead, which only python27 has.

    None where a name is none that it surely has, or where Django is imported in another way.
    """
    bindings = [b for b in django_imports(file) if f"{b.origin}.".startswith(f"{_MODULE}.")]
    if not bindings or _is_of_later_django(file):
        return None
    edits: dict[int, Edit] = {}
    for binding in bindings:
        module = binding.statement.child_by_field_name("module_name")
        if module is None or not _has_all(file, binding, text(module)):
            return None
        start = Span(module.start_byte, module.start_byte)
        edits[module.start_byte] = file.source.edit(start, INTERNAL.encode())
    return tuple(edits.values())


def _has_all(file: PythonFile, binding: Binding, module: str) -> bool:
    """Whether the SDK's Django has what one import brings and the file uses of it."""
    name = (binding.origin or "").rpartition(".")[2]
    if module != "django":
        return name in _FROM_MODULES.get(module, ())
    if binding.origin != _MODULE or len(binding.statement.children_by_field_name("name")) != 1:
        return False
    used = attributes_of(uses_of(file, binding))
    return used is not None and all(text(attribute) in _NAMES for _, attribute in used)


def _is_of_later_django(file: PythonFile) -> bool:
    """Whether tags or filters are registered in a way that came after Django 1.2."""
    if "assignment_tag" in file.words:
        return True
    for name in file.identifiers(*_KEYWORDS):
        chain = name.parent
        call = chain.parent if chain is not None and chain.type == "attribute" else None
        is_call = call is not None and call.type == "call" and call.child_by_field_name("function") == chain
        if call is not None and is_call and not _KEYWORDS[text(name)].issuperset(arguments(call)[1]):
            return True
    return False


def needs_django(file: PythonFile) -> bool:
    """Whether a module of tags needs the app's Django, and not only until one of the two edits is made."""
    if made_with_webapp(file) is not None:
        return False
    if any(is_guarded(file, binding.statement) for binding in django_imports(file)):
        return True
    is_more = any(not f"{b.origin}.".startswith(f"{_MODULE}.") for b in django_imports(file))
    return is_more or not foreign_tags(file) or taken_from_sdk(file) is None
