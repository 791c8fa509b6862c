"""webapp's templates: where the app renders them, and which of its pages they are.

`google.appengine.ext.webapp.template` is Django's template language: Django 0.96 on Python 2.5, unless the
app chose another version, and a Django 1.2.5 of the SDK's own on python27
(google/appengine/_internal/django).
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from tree_sitter import Node

from gaebot.app import App, once_per_app
from gaebot.rules.python27.shared.config.services import python_services
from gaebot.rules.python27.shared.libraries.use_library import django_version
from gaebot.rules.python27.shared.scripts.definitions import means
from gaebot.rules.python27.shared.scripts.handler_scripts import RequestFile, request_files_with
from gaebot.service import Handler
from gaebot.syntax.nodes import arguments, string_value, text
from gaebot.syntax.page import Page
from gaebot.syntax.python import PythonFile
from gaebot.syntax.yaml import scalar

TEMPLATE = "google.appengine.ext.webapp.template"
"""The dotted name of webapp's template module."""

_REGISTER = "register_template_library"
_MEMBERS = (
    *("render", "load", "Template", "Context", _REGISTER, "create_template_register"),
    *("_swap_settings", "template_cache"),
)
# Modules that render pages in languages which look alike.
_ENGINES = (
    *(b"jinja2", b"webapp2_extras.jinja2", b"mako", b"tornado", b"tenjin", b"Cheetah", b"web.template"),
    *(b"flask", b"kay", b"tipfy", b"bottle"),
)
_OTHER_ENGINES = re.compile(rb"\b(?:%s)\b" % b"|".join(map(re.escape, _ENGINES)))
_DJANGO = re.compile(rb"\bdjango\.(?:template|shortcuts|views|http|conf)\b")
_DJANGO_ITSELF = re.compile(rb"\bdjango\.(?:template|shortcuts|views|core\.handlers|core\.wsgi)\b")
# What reads pages from files by way of a Django that the app has set up, and where it looks for them.
_DJANGO_PAGES = (
    *(b"django.shortcuts", b"django.views", b"django.core.handlers", b"django.core.wsgi"),
    *(b"TEMPLATE_DIRS", b"TEMPLATE_LOADERS", b"get_template", b"select_template"),
    *(b"render_to_string", b"render_to_response", b"direct_to_template"),
)
_READS_DJANGO_PAGES = re.compile(
    rb"\b(?:%s|template\.loader|django\.template\s+import\s*(?:\([^)]{0,500}|(?:[^\n(\\]|\\\r?\n){0,500})\bloader)\b"
    % b"|".join(map(re.escape, _DJANGO_PAGES))
)
_RENDERS = frozenset({"render", "load", "Template", "Context", "_swap_settings", "template_cache"})
# Tags that Django does not have and whose presence tells another language.
_FOREIGN_TAGS = frozenset(
    {"set", "macro", "call", "import", "from", "raw", "do", "end", "elif", "elseif", "apply", "module", "try"}
)
_PATH_IN_STRING = re.compile(rb"""['"]([^'"\n]*?[\w-]+\.\w+)['"]""")
_FOREIGN_STARTS = ("#", "/", "^", "!", ">", "&", "{", "-", "=", "@")


class TemplateUse(NamedTuple):
    """One use of webapp's template module: `node` is `template.render`, `member` 'render'."""

    file: RequestFile
    node: Node
    member: str

    @property
    def call(self) -> Node | None:
        """The call of it, or None where it is only named."""
        parent = self.node.parent
        is_called = (
            parent is not None
            and parent.type == "call"
            and parent.child_by_field_name("function") == self.node
        )
        return parent if is_called else None


@once_per_app
def template_uses(app: App) -> tuple[TemplateUse, ...]:
    """What the app uses of webapp's template module, by path and position.

    Only code that a request can reach counts.
    """
    return tuple(template_uses_in(app, request_files_with(app, b"template")))


def template_uses_in(app: App, files: Iterable[RequestFile]) -> Iterator[TemplateUse]:
    """Those in some files, each of which is looked at when it is its turn."""
    for file in files:
        yield from _uses_in(app, file)


def _uses_in(app: App, file: RequestFile) -> tuple[TemplateUse, ...]:
    def find() -> tuple[TemplateUse, ...]:
        if b"template" not in file.file.source.data:
            return ()
        uses = (TemplateUse(file, node, member) for node, member in _uses(app, file))
        return tuple(use for use in uses if file.runs(use.node))

    return app.remember((_uses_in, file.path), find)


def _uses(app: App, file: RequestFile) -> list[tuple[Node, str]]:
    """The nodes of a file that use the module, in order, with what they use of it."""
    names = tuple(f"{TEMPLATE}.{member}" for member in _MEMBERS)
    found = [(node, _member(file, node)) for node in file.file.references(*names)]
    if file.file.scope.bindings.get("*"):  # the module may have come by `from base import *`
        known = {node.end_byte for node, _ in found}
        for name in file.file.identifiers(_REGISTER):
            node = name.parent if name.parent is not None and name.parent.type == "attribute" else name
            if node.end_byte not in known and means(app, file.file, node, f"{TEMPLATE}.{_REGISTER}"):
                found.append((node, _REGISTER))
    return sorted(found, key=lambda use: use[0].start_byte)


def _member(file: RequestFile, node: Node) -> str:
    known = (origin.rpartition(".")[2] for origin in file.file.origins(node) if TEMPLATE in origin)
    return next(known, text(node))


@once_per_app
def webapp_pages(app: App) -> tuple[Page, ...]:
    """The pages that webapp's template module may render, by path.

    Where the app uses another engine too, only those whose names stand in a file that uses this one, and
    what they extend and include.
    """
    uses = template_uses(app)
    if not uses:
        return ()
    pages = [page for page in django_pages(app) if not is_admin_page(page)]
    if not _has_other_engines(app):
        return tuple(pages)
    files = {use.file.path: use.file.file.source.data for use in uses}
    named = {posixpath.basename(name) for data in files.values() for name in _names_in(data)}
    return tuple(_with_parents(pages, named))


@once_per_app
def renders_alone(app: App) -> bool:
    """Whether webapp's template module renders pages, and nothing in the app can read them in another way.

    Then all pages are its own, whatever computes their names. Django may still be at hand, for tags or for
    templates that are written in the code. All files count, as a framework may be third-party code, and
    import what it calls by names that it computes.
    """
    if any(
        _OTHER_ENGINES.search(source.data) or _READS_DJANGO_PAGES.search(source.data)
        for path, source in app.files.items()
        if path.endswith(".py")
    ):
        return False
    names = [f"{TEMPLATE}.{member}" for member in ("render", "load")]
    return any(file.references(*names) for file in app.python_files(b"ext.webapp", vendored=True))


@once_per_app
def django_pages(app: App) -> tuple[Page, ...]:
    """The pages written in Django's language that are not static files, by path."""
    static = [folder for service in python_services(app) for folder in _static_folders(service.handlers)]
    return tuple(
        page
        for page in app.pages()
        if not any(page.path.startswith(f"{folder}/") for folder in static) and is_django(page)
    )


def is_django(page: Page) -> bool:
    """Whether a page may be written in Django's language, and not in one that looks alike."""
    if not page.tokens:
        return False
    for tag in page.tags():
        if tag.name.startswith(("-", "+")) or tag.name in _FOREIGN_TAGS or "=" in tag.name:
            return False
    for variable in page.variables:
        expression = re.sub(r"""'[^']*'|"[^"]*\"""", "", variable.text)
        if expression.startswith(_FOREIGN_STARTS) or "(" in expression or "[" in expression:
            return False
    return True


@once_per_app
def escaped_before(app: App) -> bool | None:
    """Whether the app's templates were escaped on Python 2.5 as they are on python27.

    That is so from Django 1.0 on. None when nothing tells: the app runs on python27 already, and
    its pages say nothing that came with 1.0.
    """
    chosen = django_version(app)[1]
    if chosen is not None:
        return not chosen.startswith("0")
    if any(_knows_escaping(page) for page in django_pages(app)):
        return True
    runtimes = {service.runtime for service in python_services(app) if not service.is_template}
    return False if runtimes == {"python"} else None


def _knows_escaping(page: Page) -> bool:
    """Whether a page uses what Django 0.96 refuses: then it was written for a later one."""
    if page.tags("autoescape", "csrf_token", "with", "empty", "cache"):
        return True
    return any({"safe", "safeseq", "force_escape", "escapejs"} & set(v.expression[1]) for v in page.variables)


def _has_other_engines(app: App) -> bool:
    return any(
        _OTHER_ENGINES.search(file.file.source.data) or _DJANGO.search(file.file.source.data)
        for file in request_files_with(app, *_ENGINES, b"django")
    )


def _names_in(data: bytes) -> Iterator[str]:
    for match in _PATH_IN_STRING.finditer(data):
        yield match.group(1).decode("latin-1")


def _with_parents(pages: list[Page], named: set[str]) -> Iterator[Page]:
    """The pages with one of these file names, and those that they extend or include."""
    wanted = set(named)
    while True:
        chosen = [page for page in pages if posixpath.basename(page.path) in wanted]
        more = {
            posixpath.basename(tag.words[1].strip("'\""))
            for page in chosen
            for tag in page.tags("extends", "include")
            if len(tag.words) > 1
        }
        if more <= wanted:
            yield from chosen
            return
        wanted |= more


def is_admin_page(page: Page) -> bool:
    """Whether a page belongs to Django's administration site."""
    return "/admin/" in f"/{page.path}" and "admin/base_site.html" in page.source.decode()


def _static_folders(handlers: tuple[Handler, ...]) -> Iterator[str]:
    for handler in handlers:
        pair = handler.get("static_dir")
        folder = scalar(pair.value) if pair is not None else None
        if folder:
            yield posixpath.normpath(folder.strip("/"))


class Registration(NamedTuple):
    """A call of `register_template_library`. `name` is the module that it names, `literal` the string."""

    use: TemplateUse
    literal: Node
    name: str


@once_per_app
def registrations(app: App) -> tuple[Registration, ...]:
    """The calls that register a module of tags and filters by a literal name, by path and position."""
    found = []
    for use in template_uses_in(app, request_files_with(app, _REGISTER.encode())):
        if use.member == _REGISTER and use.call is not None:
            positional, named = arguments(use.call)
            literal = positional[0] if positional else named.get("package_name")
            name = string_value(literal)
            if literal is not None and name:
                found.append(Registration(use, literal, name))
    return tuple(found)


@once_per_app
def registered_libraries(app: App) -> tuple[str, ...]:
    """The modules that the app registers for all of webapp's templates, each once."""
    return tuple(dict.fromkeys(registration.name for registration in registrations(app)))


@once_per_app
def library_files(app: App) -> tuple[PythonFile, ...]:
    """The app's own files that hold registered tags and filters, each once."""
    paths = (app.module_path(name) for name in registered_libraries(app))
    files = [app.python(path) for path in dict.fromkeys(filter(None, paths)) if not app.is_vendored(path)]
    return tuple(file for file in files if file is not None)


@once_per_app
def registers_for_django(app: App) -> bool:
    """Whether the app registers tags with webapp, but renders its pages with a Django of its own.

    So it is where a request can reach Django's handler or its templates, and nothing uses webapp's
    templates but to register tags.
    """
    if not registrations(app) or any(use.member in _RENDERS for use in template_uses(app)):
        return False
    return may_render_with_django(app)


@once_per_app
def may_render_with_django(app: App) -> bool:
    """Whether a request can reach Django's own handler or templates, from elsewhere than registered tags."""
    libraries = {file.source.path for file in library_files(app)}
    return any(
        _DJANGO_ITSELF.search(file.file.source.data)
        and any(
            _is_of_django(binding.origin) and file.runs(binding.statement) for binding in file.file.imports()
        )
        for file in request_files_with(app, b"django")
        if file.path not in libraries
    )


def _is_of_django(origin: str | None) -> bool:
    return (origin or "").partition(".")[0] == "django"
