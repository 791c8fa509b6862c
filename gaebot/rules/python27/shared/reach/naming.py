"""Which words may stand for a function or class, and which files say them, looked for from its name on."""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterator
from typing import NamedTuple

from gaebot.app import App
from gaebot.rules.python27.shared.scripts.handler_scripts import FEW, RequestFile
from gaebot.syntax.nodes import text
from gaebot.syntax.python import Binding, PythonFile


class Naming(NamedTuple):
    """The words that may stand for a function or class, and the files that hold one of them, by path."""

    words: frozenset[str]
    files: tuple[RequestFile, ...]


def find_naming(
    app: App, name: str, among: Container[str] | None, find: Callable[[str], RequestFile | None]
) -> Naming | None:
    """The words that may stand for what has a name, with the names that imports and assignments give it.

    Looked at are the app's own files, with `among` those of them; `find` gives the one at a path, where its
    code counts. None if more than a few hold a word.
    """
    words, files, waiting = {name}, {}, [name]
    while waiting:
        word = waiting.pop()
        for file in app.python_files(word.encode()):
            path = file.source.path
            is_possible = (among is None or path in among) and word in file.words
            found = find(path) if is_possible else None
            if found is not None:
                files[path] = found
                more = {*_given_to(app, file, word)} - words
                words |= more
                waiting += more
            if len(files) > FEW:
                return None
    return Naming(frozenset(words), tuple(files[path] for path in sorted(files)))


def _given_to(app: App, file: PythonFile, word: str) -> Iterator[str]:
    """The names that imports and assignments of a file give to what a word stands for.

    A local name, or one of a class, counts if there is a function or class that has it, too.
    """
    given = {binding.text for binding in names_given(file) if word_given(binding) == word}
    local = {binding.text for binding in file.bindings() if word_given(binding) == word}
    yield from given - {word}
    yield from (name for name in local - given - {word} if _is_defined(app, name))


def _is_defined(app: App, name: str) -> bool:
    """Whether the app's own code defines a function or class of that name, told without parsing it."""
    defined = re.compile(rb"\b(?:def|class)[ \t\\]+%s\b" % re.escape(name.encode()))
    found = (defined.search(file.source.data) for file in app.python_files(name.encode()))
    return app.remember((_is_defined, name), lambda: any(match is not None for match in found))


def names_given(file: PythonFile) -> Iterator[Binding]:
    """The imports of a file, and the bindings of its module: those by which others may use something."""
    for bindings in file.scope.bindings.values():
        yield from bindings
    yield from file.imports()


def word_given(binding: Binding) -> str:
    """The last word of what an import or an assignment gives a name to; nothing for other values."""
    if binding.kind != "assign" or binding.value is None:
        return (binding.origin or "").rpartition(".")[2]
    last = binding.value
    if last.type == "attribute":
        last = last.child_by_field_name("attribute") or last
    return text(last) if last.type == "identifier" else ""
