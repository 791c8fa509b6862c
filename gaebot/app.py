"""The app: the files below one app root, and what they are to each other.

Built by `disk.read_app`, or by a test from a mapping of paths to bytes. Nothing here reads a disk.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property, partial, wraps
from typing import TypeVar

from gaebot import limits
from gaebot.finding import Failure
from gaebot.paths import is_main, is_yaml, may_be_page, parents
from gaebot.script import module_name
from gaebot.service import Service, included_paths, is_service
from gaebot.syntax.page import Page
from gaebot.syntax.python import Binding, PythonFile
from gaebot.syntax.yaml import YamlFile
from gaebot.text import SourceFile

T = TypeVar("T")

_WORDS = re.compile(rb"\w+")
# What may be an import statement, also in `try: import json`, with the lines that it goes on over, in
# brackets or behind a backslash.
_IMPORT_LINES = re.compile(rb"(?:from|import)\b(?:[^\n(\\]+|\\\r?\n|\((?:[^)#]+|#[^\n]*)*\)?)*")


class App:
    """One App Engine app.

    `files` holds the Python and YAML files and the page templates by path; `others` the paths of files
    that exist but are not read (images, static pages, …); `skipped` those that `skip_files` keeps from
    being uploaded.
    `read_only` names files that must not be edited: they stand behind a symbolic link.
    `vendored` maps a folder of third-party code to the library it holds. `template_engine` is the one that
    the app's owners prefer, if they said so. All paths are relative to the app root, with forward slashes.
    `root` is the root as the caller named it. `asked_for` tells of a path whether findings in that file are
    wanted; in all, when nobody says. A rule may leave out files that are not asked for, and must still know
    of them what decides about those that are.
    """

    def __init__(
        self,
        files: Mapping[str, bytes | SourceFile],
        *,
        root: str = "",
        others: Iterable[str] = (),
        skipped: Iterable[str] = (),
        read_only: Iterable[str] = (),
        vendored: Mapping[str, str] | None = None,
        template_engine: str = "",
        failures: Iterable[Failure] = (),
        asked_for: Callable[[str], bool] | None = None,
    ) -> None:
        self.root = root
        self._asked_for = asked_for
        self.files: dict[str, SourceFile] = {
            path: data if isinstance(data, SourceFile) else SourceFile(path, data)
            for path, data in sorted(files.items())
        }
        self.others = frozenset(others)
        self.skipped = frozenset(skipped)
        self.read_only = frozenset(read_only)
        self.vendored = dict(vendored or {})
        self.template_engine = template_engine
        self.failures = tuple(failures)
        self._python: dict[str, PythonFile] = {}
        self._yaml: dict[str, YamlFile] = {}
        self._pages: dict[str, Page] = {}
        self._memo: dict[object, object] = {}

    def with_files(self, changed: Mapping[str, SourceFile]) -> App:
        """The same app with some files changed or added; what is known of the others is kept."""
        app = App(
            {**self.files, **changed},
            root=self.root,
            others=self.others,
            skipped=self.skipped,
            read_only=self.read_only,
            vendored=self.vendored,
            template_engine=self.template_engine,
            failures=self.failures,
            asked_for=self._asked_for,
        )
        app._python = {path: file for path, file in self._python.items() if path not in changed}
        app._yaml = {path: file for path, file in self._yaml.items() if path not in changed}
        app._pages = {path: page for path, page in self._pages.items() if path not in changed}
        return app

    def without_files(self, gone: Iterable[str]) -> App:
        """The same app without some files."""
        left = frozenset(self.files) - frozenset(gone)
        return App(
            {path: self.files[path] for path in left},
            root=self.root,
            others=self.others - frozenset(gone),
            skipped=self.skipped,
            read_only=self.read_only,
            vendored=self.vendored,
            template_engine=self.template_engine,
            failures=self.failures,
            asked_for=self._asked_for,
        )

    def asking_for(self, asked_for: Callable[[str], bool]) -> App:
        """The same app, of which findings are wanted in some files only."""
        app = self.with_files({})
        app._asked_for = asked_for  # noqa: SLF001 - it is of this class
        return app

    # -- files -----------------------------------------------------------------------------

    @cached_property
    def paths(self) -> frozenset[str]:
        """Every file that is uploaded with the app, read or not."""
        return frozenset(self.files) | self.others

    @cached_property
    def folders(self) -> frozenset[str]:
        """Every folder that holds a file of the app, directly or not; not the root."""
        return frozenset(parent for path in self.paths for parent in parents(path))

    def is_asked_for(self, path: str) -> bool:
        """Whether findings in a file that was read are wanted."""
        return self.asks_for_all or path in self._asked

    @property
    def asks_for_all(self) -> bool:
        """Whether nobody has said in which files findings are wanted."""
        return self._asked_for is None

    def asks_for_any(self, is_of_kind: Callable[[str], bool]) -> bool:
        """Whether findings are wanted in one of the files that a test of their paths takes: `is_yaml`."""
        return any(self.is_asked_for(path) and is_of_kind(path) for path in self.files)

    @cached_property
    def asked_words(self) -> frozenset[str]:
        """The words of the app's own Python files in which findings are wanted, those of their paths, too."""
        asked = (file for file in self.python_files() if self.is_asked_for(file.source.path))
        return frozenset().union(*((*file.words, *file.path_words) for file in asked))

    @cached_property
    def _asked(self) -> frozenset[str]:
        return frozenset(filter(self._asked_for, self.files))

    def is_vendored(self, path: str) -> bool:
        """Whether a file belongs to third-party code that the app carries along."""
        if not self.vendored:
            return False
        return path in self.vendored or any(parent in self.vendored for parent in parents(path))

    def python(self, path: str) -> PythonFile | None:
        """The Python file at a path, or None."""
        if path not in self._python:
            if path not in self.files or not path.endswith(".py"):
                return None
            self._python[path] = PythonFile(self.files[path], module_name(path))
        return self._python[path]

    def unread(self) -> Iterator[Failure]:
        """What of the Python files that were asked for so far was not read."""
        for path, file in sorted(self._python.items()):
            if file.problem:
                yield Failure(file.problem, path)

    def yaml(self, path: str) -> YamlFile | None:
        """The YAML file at a path, or None."""
        if path not in self._yaml:
            if path not in self.files or not is_yaml(path):
                return None
            self._yaml[path] = YamlFile(self.files[path])
        return self._yaml[path]

    def page(self, path: str) -> Page | None:
        """The page template at a path, or None."""
        if path not in self._pages:
            if path not in self.files or not may_be_page(path):
                return None
            self._pages[path] = Page(self.files[path])
        return self._pages[path]

    def pages(self) -> Iterator[Page]:
        """The app's own page templates, of whatever engine, in order of path."""
        for path in self.files:
            page = self.page(path) if not self.is_vendored(path) else None
            if page is not None:
                yield page

    def python_files(self, *words: bytes, vendored: bool = False) -> Iterator[PythonFile]:
        """The app's own Python files, in order of path.

        With `words`, only those that hold one of them, which keeps files from being parsed that no
        rule can concern.
        """
        for path, source in self.files.items():
            if not path.endswith(".py") or (not vendored and self.is_vendored(path)):
                continue
            if not words or any(word in source.data for word in words):
                file = self.python(path)
                if file is not None:
                    yield file

    def yaml_files(self, *, vendored: bool = False) -> Iterator[YamlFile]:
        """The app's own YAML files, in order of path."""
        for path in self.files:
            if not path.endswith(".py") and (vendored or not self.is_vendored(path)):
                file = self.yaml(path)
                if file is not None:
                    yield file

    # -- services --------------------------------------------------------------------------

    @cached_property
    def services(self) -> tuple[Service, ...]:
        """The services in order: app.yaml first, then by path, templates of app.yaml last."""
        services = [self._service(file) for file in self.yaml_files() if is_service(file)]
        return tuple(sorted(services, key=lambda s: (s.is_template, not is_main(s.path), s.path)))

    def _service(self, file: YamlFile) -> Service:
        backends = self.yaml("backends.yaml") or self.yaml("backends.yml")
        main = is_main(file.source.path) and "/" not in file.source.path
        return Service(file, tuple(self._includes(file)), backends if main else None)

    def _includes(self, file: YamlFile) -> Iterator[YamlFile]:
        seen = {file.source.path}
        waiting = [file]
        while waiting:
            current = waiting.pop(0)
            for _, path in included_paths(current, self.paths):
                included = self.yaml(path) if path and path not in seen else None
                if path and included is not None:
                    seen.add(path)
                    waiting.append(included)
                    yield included

    # -- modules ---------------------------------------------------------------------------

    def module_path(self, dotted: str) -> str | None:
        """Path of the file that `import dotted` loads from the app, or None.

        A package without `__init__.py` is no package: nothing below it can be imported.
        """
        return self.remember((self.module_path, dotted), lambda: self._module_path(dotted))

    def _module_path(self, dotted: str) -> str | None:
        parts = dotted.split(".")
        if not all(parts):
            return None
        for depth in range(1, len(parts)):
            if "/".join([*parts[:depth], "__init__.py"]) not in self.files:
                return None
        base = "/".join(parts)
        return next((p for p in (f"{base}/__init__.py", f"{base}.py") if p in self.files), None)

    def imported_path(self, dotted: str, importer: PythonFile) -> str | None:
        """Path of the app's file that a name imported in `importer` comes from, or None.

        The longest part of the dotted name that is a module counts. Python 2 looks beside the
        importing module first, then from the app root; from the root alone where the module asks for
        that, or would look for something in itself (`from blog import posts` in the CGI script blog/blog.py).
        """
        here = "" if "absolute_import" in importer.words else importer.package
        key = (self.imported_path, dotted, here)
        found, rest = self.remember(key, lambda: self._imported_path(dotted, here))
        if here and rest and found == importer.source.path:
            key = (self.imported_path, dotted, "")
            return self.remember(key, lambda: self._imported_path(dotted, ""))[0]
        return found

    def _imported_path(self, dotted: str, here: str) -> tuple[str | None, str]:
        """That path, and the rest of the name that is no module."""
        whole = self.longest_module(dotted)
        beside = self.longest_module(f"{here}.{dotted}", here.count(".") + 2) if here else None
        if beside is not None and whole is not None and dotted.partition(".")[0] == here.partition(".")[0]:
            # `from . import posts` in blog/: no module is looked for in blog/blog.py that is in blog/ itself.
            return whole if len(whole[1]) < len(beside[1]) else beside
        return beside or whole or (None, "")

    def longest_module(self, dotted: str, least: int = 1) -> tuple[str, str] | None:
        """The longest beginning of a dotted name, of at least so many words, that is a module of the app.

        The module's path, and the rest of the name; None where there is none.
        """
        # No module lies deeper; a name may have thousands of dots.
        parts = dotted.split(".")
        for length in range(min(len(parts), limits.MAX_FOLDER_DEPTH + 1), least - 1, -1):
            path = self.module_path(".".join(parts[:length]))
            if path is not None:
                return path, ".".join(parts[length:])
        return None

    def importers(self, path: str) -> tuple[tuple[PythonFile, Binding], ...]:
        """The app's own files that import the module at `path`, with the import that does it."""
        return self.remember((self.importers, path), lambda: tuple(self._importers(path)))

    def _importers(self, path: str) -> Iterator[tuple[PythonFile, Binding]]:
        word = module_name(path).rpartition(".")[2].encode()
        for importer in self._importing.get(word, ()):
            file = self.python(importer) if importer != path else None
            for binding in file.imports() if file is not None else ():
                named = word in (binding.statement.text or b"")
                if file is not None and named and self._imports(binding, path, file):
                    yield file, binding

    @cached_property
    def _importing(self) -> dict[bytes, list[str]]:
        """For each word the paths of the own files whose import statements hold it.

        The index saves most files from being parsed.
        """
        index: dict[bytes, list[str]] = defaultdict(list)
        for path in self.files:
            if path.endswith(".py") and not self.is_vendored(path):
                for word in self.import_words(path):
                    index[word].append(path)
        return index

    def import_words(self, path: str) -> frozenset[bytes]:
        """The words in what may be the import statements of a file, told without parsing it."""
        data = self.files[path].data
        find = partial(_IMPORT_LINES.findall, data)
        return self.remember((self.import_words, path), lambda: frozenset(_WORDS.findall(b" ".join(find()))))

    def _imports(self, binding: Binding, path: str, file: PythonFile) -> bool:
        origin = binding.origin or ""
        if binding.statement.type == "import_statement":
            # `import a.b` binds `a` but loads `a.b` too.
            names = [
                (child.child_by_field_name("name") or child).text or b""
                for child in binding.statement.children_by_field_name("name")
            ]
            return any(self.imported_path(name.decode("latin-1"), file) == path for name in names)
        return self.imported_path(origin, file) == path

    # -- analyses --------------------------------------------------------------------------

    def remember(self, key: object, make: Callable[[], T]) -> T:
        """The value for `key`, made once in the life of this app."""
        if key not in self._memo:
            self._memo[key] = make()
        return self._memo[key]  # type: ignore[return-value]

    def knows(self, analysis: Callable[[App], object]) -> bool:
        """Whether what an analysis makes once for each app has been made."""
        return getattr(analysis, "__wrapped__", analysis) in self._memo


def once_per_app(analysis: Callable[[App], T]) -> Callable[[App], T]:
    """Make an analysis of a whole app that several rules need run once for each app."""

    @wraps(analysis)
    def cached(app: App) -> T:
        return app.remember(analysis, lambda: analysis(app))

    return cached
