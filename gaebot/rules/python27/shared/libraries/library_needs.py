"""Which libraries of the runtime an app imports and must ask for, and how to ask."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from tree_sitter import Node

from gaebot.app import App, once_per_app
from gaebot.finding import Place
from gaebot.rules.python27.shared.config.builtin_handlers import builtins_in
from gaebot.rules.python27.shared.config.runtime_libraries import LIBRARIES, REQUIRED, Declared, declared_by
from gaebot.rules.python27.shared.config.services import python_services
from gaebot.rules.python27.shared.libraries.carried import is_carried
from gaebot.rules.python27.shared.libraries.django_helper import helper_version
from gaebot.rules.python27.shared.libraries.json_imports import DJANGO as DJANGO_JSON
from gaebot.rules.python27.shared.libraries.json_imports import is_spare
from gaebot.rules.python27.shared.libraries.json_patch import can_use_json
from gaebot.rules.python27.shared.libraries.third_party import third_party_files
from gaebot.rules.python27.shared.scripts.handler_scripts import RequestFile, request_files
from gaebot.rules.python27.shared.scripts.targets import installs_packages
from gaebot.service import Service
from gaebot.syntax.nodes import ancestors, text
from gaebot.syntax.python import Binding, PythonFile
from gaebot.syntax.yaml import SequenceNode, YamlFile
from gaebot.text import Edit, Span

# Libraries that an app can't carry along: they are compiled.
COMPILED = frozenset(
    {"lxml", "matplotlib", "MySQLdb", "numpy", "PIL", "psycopg2", "pycrypto", "ssl", "ujson", "crcmod"}
)
# Left out: what is experimental, and what stands for packaging, not for pages.
_NOT_ASKED_FOR = frozenset({"grpcio", "protobuf", "setuptools", "mysqlclient"})

_MODULES = {
    module: library.name
    for library in LIBRARIES.values()
    if library.default is None and library.name not in _NOT_ASKED_FOR
    for module in library.imports
}
# Modules of the SDK and of default libraries that import another library themselves.
_THROUGH = {"webapp2_extras.jinja2": "jinja2", "google.appengine.ext.django": "django"}

# What Python 2.5 on App Engine always had: a `try` to import it never failed there, so that code which
# could go on without it did not have to, and would silently do something else on python27.
_NEVER_FAILED = frozenset({"pycrypto"})

_DEEPEST = max(name.count(".") + 1 for name in (*_MODULES, *_THROUGH))

_LATER = frozenset({"function_definition", "if_statement"})
_WORDS = {module.encode() for module in _MODULES}

# What people try to import first and python27 does not bring: Google's guide names it.
_NOT_THERE = frozenset({"simplejson"})

_CATCHES = frozenset({"ImportError", "Exception", "StandardError"})
_NAMES = "(identifier) @name"


@once_per_app
def library_needs(app: App) -> dict[Service, dict[str, list[Place]]]:
    """For each Python service the libraries that its code imports, with the places.

    Only code that a request can reach counts, third-party code too, and only libraries that are neither
    there by default nor carried along by the app. An import that the code can do without is left out.
    """
    needs: dict[Service, dict[str, list[Place]]] = {service: {} for service in python_services(app)}
    for file in request_files(app):
        services = dict.fromkeys(service for script in file.scripts for service, _ in script.uses)
        for name, place in _imported_libraries(app, file):
            for service in services:
                needs[service].setdefault(name, []).append(place)
    for path, loading in third_party_files(app).items():
        for name, place in _needed_by_third_party(app, path):
            for service in loading:
                needs[service].setdefault(name, []).append(place)
    for service, named in needs.items():
        for place in _django_wsgi(service):
            if not is_carried(app, "django"):
                named.setdefault("django", []).append(place)
    return needs


def _django_wsgi(service: Service) -> Iterator[Place]:
    """Where a service switches on the handler of the SDK that needs Django."""
    for yaml in (service.file, *service.includes):
        for builtin in builtins_in(yaml):
            if builtin.name == "django_wsgi" and builtin.is_on:
                yield yaml.pair_place(builtin.pair)


def missing_libraries(app: App, service: Service) -> dict[str, list[Place]]:
    """The libraries that a service needs and does not ask for, with the places of the imports."""
    asked = list(declared_by(service))
    there = {entry.library.name for entry in asked if entry.library}
    there |= {module for entry in asked if entry.library for module in _brings(entry)}
    if "mysqlclient" in there:
        there.add("MySQLdb")
    needed = library_needs(app).get(service, {})
    missing = {name: places for name, places in needed.items() if name not in there}
    implied = {
        module
        for name in missing
        for (library, _), brought in REQUIRED.items()
        if library == name
        for module in brought
    }
    return {name: places for name, places in missing.items() if name not in implied}


def ask_for(service: Service, versions: Mapping[str, str]) -> Edit | None:
    """The edit that asks for libraries (name → version) in a service's file.

    None where it can't be written. With the old runtime `libraries:` is refused: that is the caller's
    business.
    """
    file, pair = service.file, service.get("libraries")
    if not versions or not file.can_be_patched:
        return None
    entries = [(f"name: {name}", f'version: "{version}"') for name, version in versions.items()]
    if pair is None:
        return _new_list(service, entries)
    if not isinstance(pair.value, SequenceNode) or not pair.value.value:
        return None
    if pair.value.flow_style:
        end = file.span(pair.value.value[-1]).end
        added = "".join(f", {{{name}, {version}}}" for name, version in entries)
        return file.source.edit(Span(end, end), added.encode())
    edits = [edit for entry in entries if (edit := file.append_item(pair.value, list(entry)))]
    return replace(edits[0], new=b"".join(edit.new for edit in edits)) if edits else None


def _new_list(service: Service, entries: list[tuple[str, str]]) -> Edit | None:
    """The edit that adds `libraries:` at the end of the file."""
    mapping = service.mapping
    if mapping is None or mapping.flow_style or not mapping.value:
        return None
    lines = [line for name, version in entries for line in (f"- {name}", f"  {version}")]
    return service.file.insert_after(mapping, YamlFile.pairs(mapping)[-1], ["", "libraries:", *lines])


def _brings(entry: Declared) -> Mapping[str, str]:
    name = entry.library.name if entry.library else ""
    return REQUIRED.get((name, entry.resolved or ""), {})


# -- imports -----------------------------------------------------------------------------------


def _imported_libraries(app: App, file: RequestFile) -> Iterator[tuple[str, Place]]:
    """The libraries that a file imports, each import with its place."""
    for binding in file.file.imports():
        if not file.runs(binding.statement):
            continue
        for module in imported_modules(binding):
            if module.startswith(DJANGO_JSON) and _needs_no_django(app, file.file, binding):
                continue
            name = library_of(app, file.file, module)
            if name and (name in _NEVER_FAILED or not _is_optional(app, file.file, binding, name)):
                yield name, file.file.place(binding.statement)


def _needed_by_third_party(app: App, path: str) -> Iterator[tuple[str, Place]]:
    """The libraries without which a third-party file can't be loaded.

    What such code imports within a function, or on a condition, it needs for a part of what it can do.
    """
    file = app.python(path) if any(word in app.files[path].data for word in _WORDS) else None
    for binding in file.imports() if file is not None else ():
        if file is None or any(outer.type in _LATER for outer in ancestors(binding.statement)):
            continue
        for module in imported_modules(binding):
            name = library_of(app, file, module)
            if name and not _is_optional(app, file, binding, name) and not is_spare(file, binding):
                yield name, file.place(binding.statement)


def _needs_no_django(app: App, file: PythonFile, binding: Binding) -> bool:
    """Whether an import of Django's simplejson is never reached, or `json` can take its place."""
    return can_use_json(app, file) or is_spare(file, binding)


def imported_modules(binding: Binding) -> list[str]:
    """The dotted names that an import names: of `import a.b as c` 'a.b', of `from a import b` 'a.b'."""
    if binding.statement.type != "import_statement":
        return [binding.origin] if binding.origin else []
    names = binding.statement.children_by_field_name("name")
    named = [text(name.child_by_field_name("name") or name) for name in names]
    return [name for name in named if name == binding.origin or name.startswith(f"{binding.origin}.")]


def library_of(app: App, file: PythonFile, module: str) -> str | None:
    """The library, among those to be asked for, that a dotted name is imported from.

    None for the app's own modules, also where they may be found through `sys.path`.
    """
    parts = module.split(".", _DEEPEST)[:_DEEPEST]
    prefixes = (".".join(parts[:length]) for length in range(len(parts), 0, -1))
    known = (_THROUGH.get(prefix) or _MODULES.get(prefix) for prefix in prefixes)
    name = next(filter(None, known), None)
    if name is None or app.imported_path(module, file) is not None:
        return None
    # Told a version, the helper takes Django from the runtime, whatever else the app has.
    if is_carried(app, parts[0]) and not (name == "django" and helper_version(app)):
        return None
    return None if name not in COMPILED and installs_packages(app) else name


def _is_optional(app: App, file: PythonFile, binding: Binding, name: str) -> bool:
    """Whether the code goes on without an import.

    It does where the import stands in a `try` that catches its failure, or in an `except` clause,
    where it is only tried when another import has failed, unless that one does fail on python27.
    """
    inner = binding.statement
    for node in ancestors(binding.statement):
        if node.type == "try_statement":
            body = node.child_by_field_name("body")
            if body is not None and body.id == inner.id:
                if _catches_import_error(file, node) and not _is_needed_either_way(app, file, node, name):
                    return True
            elif inner.type == "except_clause" and not (
                _is_needed_either_way(app, file, node, name) or _fails_first(app, file, node)
            ):
                return True
        inner = node
    return False


def _fails_first(app: App, file: PythonFile, node: Node) -> bool:
    """Whether the body of a `try` imports what python27 has not and the app does not carry."""
    body = node.child_by_field_name("body")
    return body is not None and any(
        module.partition(".")[0] in _NOT_THERE and not is_carried(app, module.partition(".")[0])
        for binding in file.imports()
        if body.start_byte <= binding.statement.start_byte < body.end_byte
        for module in imported_modules(binding)
    )


def _is_needed_either_way(app: App, file: PythonFile, node: Node, name: str) -> bool:
    """Whether a `try` and all its `except` clauses import the same library."""
    body = node.child_by_field_name("body")
    clauses = [child for child in node.named_children if child.type == "except_clause"]
    blocks = [body, *clauses] if body is not None else clauses
    return len(blocks) > 1 and all(name in _libraries_within(app, file, block) for block in blocks)


def _libraries_within(app: App, file: PythonFile, block: Node) -> set[str | None]:
    return {
        library_of(app, file, module)
        for binding in file.imports()
        if block.start_byte <= binding.statement.start_byte < block.end_byte
        for module in imported_modules(binding)
    }


def is_guarded(file: PythonFile, statement: Node) -> bool:
    """Whether a failed import is caught where it stands."""
    inner = statement
    for node in ancestors(statement):
        body = node.child_by_field_name("body") if node.type == "try_statement" else None
        if body is not None and body.id == inner.id and _catches_import_error(file, node):
            return True
        inner = node
    return False


def _catches_import_error(file: PythonFile, node: Node) -> bool:
    """Whether a `try` has a clause for a failed import: bare, or for ImportError or what holds it."""
    for clause in (child for child in node.named_children if child.type == "except_clause"):
        values = clause.children_by_field_name("value")
        if not values:
            return True
        if any(text(name) in _CATCHES for name in file.nodes(_NAMES, values[0])):
            return True
    return False
