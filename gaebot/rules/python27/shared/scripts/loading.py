"""Which of the app's own files are loaded once another one runs, and which may lead to one.

What a file loads is only known when it is parsed. The way back is shorter: to load a file, another one has to
say a word of its name. So for a few files of a large app little has to be parsed.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator

from gaebot.app import App, once_per_app
from gaebot.rules.python27.shared.scripts.django_loading import TABLES, django_names, loads_settings
from gaebot.rules.python27.shared.scripts.made_up_names import IMPORTERS, made_up_paths
from gaebot.script import module_name
from gaebot.syntax.imports import imported_names

CONFIG = "appengine_config.py"
"""What the runtime itself loads."""

# 'blog.views', 'blog.views.index': how Django and webapp2 name what they load later.
_DOTTED = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+", re.ASCII)
# The modules of a Django project that are named without a dot.
_DJANGO_MODULES = frozenset({"settings", "urls"})
_TEST = re.compile(r"(^|/)(tests?/|test_[^/]*\.py$|[^/]*_test\.py$|tests?\.py$)")
_PACKAGE = "__init__.py"
_MOST_BACK = 60  # files beyond which it is quicker to follow all imports than to look for words


def reachable(app: App, path: str, among: Container[str] | None = None) -> tuple[str, ...]:
    """The paths of the app's own files that are loaded once the one at `path` runs, itself first.

    Imports in functions count, modules that are named in strings too ('blog.views.index'), and
    appengine_config.py, which the runtime loads. Third-party code and tests are not entered, and with `among`
    no others than those.
    """
    seen = dict.fromkeys([path, *([CONFIG] if CONFIG in app.files else [])])
    waiting = [start for start in seen if among is None or start in among]
    while waiting:
        for loaded in loaded_paths(app, waiting.pop()):
            if loaded not in seen and (among is None or loaded in among):
                seen[loaded] = None
                waiting.append(loaded)
    return tuple(seen)


def loaded_paths(app: App, path: str) -> tuple[str, ...]:
    """The paths of the app's own files that the one at `path` imports itself, sooner or later."""
    return app.remember((loaded_paths, path), lambda: tuple(dict.fromkeys(_loaded_paths(app, path))))


def may_load(app: App, path: str) -> bool:
    """Whether a file may be loaded for a request: the app's own code, and no test."""
    return not app.is_vendored(path) and not _TEST.search(path)


def may_lead_to(app: App, path: str) -> frozenset[str] | None:
    """The paths of the files that may load the one at `path`, at once or through others, itself included.

    Told by words, without parsing. They are at least those that do. None if there are too many to go on.
    """
    found, waiting = {path}, [path]
    while waiting:
        before = [each for each in _may_load(app, waiting.pop()) if each not in found]
        found.update(before)
        waiting += before
        if len(found) > _MOST_BACK:
            return None
    return frozenset(found)


def _may_load(app: App, path: str) -> tuple[str, ...]:
    """The paths of the own files that may load the one at `path` themselves."""
    return app.remember((_may_load, path), lambda: tuple(_find_may_load(app, path)))


def _find_may_load(app: App, path: str) -> Iterator[str]:
    """They say the last word of its module's name in an import or a string, or make up names.

    A package is loaded with what is in it, also by those inside, who need not say its name, and settings of
    Django without being named.
    """
    made_up, unsaid = _loading_unnamed(app)
    yield from made_up
    is_package = path.endswith(f"/{_PACKAGE}")
    if is_package or b"ROOT_URLCONF" in app.files[path].data:
        yield from unsaid
    folder = path.removesuffix(_PACKAGE)
    word = module_name(path).rpartition(".")[2].encode()
    in_string = re.compile(rb"""['"](?:\w+\.)*%s(?:\.\w+)*['"]""" % re.escape(word))
    for file in app.python_files():
        other, data = file.source.path, file.source.data
        is_inside = is_package and other.startswith(folder)
        if is_inside or (word in data and (word in app.import_words(other) or in_string.search(data))):
            yield other


@once_per_app
def _loading_unnamed(app: App) -> tuple[list[str], list[str]]:
    """The paths of the files that may load what they don't name: made up of parts, and not said at all."""
    made_up = [file.source.path for file in app.python_files(*TABLES, *IMPORTERS)]
    return made_up, [file.source.path for file in app.python_files() if loads_settings(file.source.data)]


def _loaded_paths(app: App, path: str) -> Iterator[str]:
    file = app.python(path)
    if file is None:
        return
    names = [name for binding in file.imports() for name in imported_names(binding)]
    found = [app.imported_path(name, file) for name in names]
    dotted = [(at, _named_path(app, name)) for at, name in file.strings_with_names if _DOTTED.fullmatch(name)]
    plain = [(at, app.module_path(name)) for at, name in file.strings_with_names if name in _DJANGO_MODULES]
    found += [path for at, path in (*dotted, *plain) if path is not None and not file.is_in_comment(at)]
    found += [_named_path(app, name) for name in django_names(app, file)]
    found += made_up_paths(app, file)
    for loaded in found:
        if loaded is not None and may_load(app, loaded):
            yield loaded
            yield from _packages_around(app, loaded)


def _named_path(app: App, dotted: str) -> str | None:
    """The file behind a dotted string: a module, or something that a module defines."""
    whole = app.module_path(dotted)
    if whole is not None:
        return whole
    module, _, attribute = dotted.rpartition(".")
    path = app.module_path(module)
    file = app.python(path) if path else None
    return path if file is not None and attribute in file.scope.bindings else None


def _packages_around(app: App, path: str) -> Iterator[str]:
    parts = path.split("/")[:-1]
    for depth in range(1, len(parts) + 1):
        package = "/".join([*parts[:depth], "__init__.py"])
        if package in app.files:
            yield package
