"""The handlers of an app.yaml, and for each a URL that reaches it."""

from __future__ import annotations

import importlib
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import yaml

# The parser behind `re`; its tree shows what a pattern can match.
_sre_parse: Any = importlib.import_module("re._parser" if sys.version_info >= (3, 11) else "sre_parse")

_ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-_./~"
_GROUP_REFERENCE = re.compile(r"\\(?:(\d)|g<(\d+)>)")
_MAX_URLS_TRIED = 2000
_MAX_SCRIPTS_OF_ONE_HANDLER = 50


@dataclass(frozen=True, slots=True)
class Handler:
    """One entry below `handlers:`.

    `url` is the regular expression as written. `script` is what the entry runs, as written, and
    None for static files. `pattern` matches the paths it takes, None when it is no valid regular
    expression.
    """

    url: str
    script: str | None
    pattern: re.Pattern[str] | None


def read_handlers(service_file: Path) -> list[Handler]:
    """The handlers of app.yaml or another service file, in their order.

    What has not the shape of a handler is left out: judging it is Google's parser's business.
    Raises `ValueError` when the file is not YAML, and `OSError` when it can't be read.
    """
    try:
        root = yaml.compose(service_file.read_bytes(), Loader=yaml.SafeLoader)
    except (yaml.YAMLError, RecursionError, UnicodeDecodeError) as error:
        raise ValueError(f"{service_file} is not readable as YAML: {error}") from None
    entries = _children(root).get("handlers")
    if not isinstance(entries, yaml.SequenceNode):
        return []
    handlers = []
    for entry in entries.value:
        fields = _children(entry)
        url = fields.get("url")
        if isinstance(url, yaml.ScalarNode):
            script = fields.get("script")
            runs = script.value if isinstance(script, yaml.ScalarNode) else None
            handlers.append(make_handler(url.value, runs, is_folder="static_dir" in fields))
    return handlers


def make_handler(url: str, script: str | None, *, is_folder: bool) -> Handler:
    """The handler with this `url` and `script`; `is_folder` says that it serves a folder of static files."""
    return Handler(url, script, _pattern(url, is_folder=is_folder))


def _children(node: yaml.Node | None) -> dict[str, yaml.Node]:
    if not isinstance(node, yaml.MappingNode):
        return {}
    return {key.value: value for key, value in node.value if isinstance(key, yaml.ScalarNode)}


def _pattern(url: str, *, is_folder: bool) -> re.Pattern[str] | None:
    """The pattern that the SDK makes of a `url` (devappserver2/module.py, static_files_handler.py).

    It says `match` and a `$` after the text, without brackets: `/a|/b` takes everything below /a.
    """
    try:
        return re.compile(url.rstrip("/") + "/.*$" if is_folder else url + "$")
    except re.error:
        return None


def route(handlers: Iterable[Handler], path: str) -> Handler | None:
    """The handler that answers `path` (unquoted, without a query), or None."""
    for handler in handlers:
        if handler.pattern is not None and handler.pattern.match(path):
            return handler
    return None


def script_at(handler: Handler, path: str) -> str | None:
    """The script that `handler` runs for `path`, its group references filled in."""
    if handler.script is None or handler.pattern is None:
        return None
    match = handler.pattern.match(path)
    if match is None:
        return None
    try:
        return match.expand(handler.script)
    except (re.error, IndexError):
        return handler.script


def handler_urls(handlers: Sequence[Handler], app: Path) -> list[tuple[Handler, str | None]]:
    r"""Each handler that runs a script, with a path that it and no earlier handler takes.

    The path is None when none is found. A handler whose script is made from groups of the URL
    (`\\\\1.py`) stands there once for each such script that exists below `app`.
    """
    found: list[tuple[Handler, str | None]] = []
    for handler in handlers:
        if handler.script is not None:
            groups = _groups_of_scripts(handler.script, app)
            paths = [_path_for(handler, handlers, each) for each in groups]
            reached = [path for path in paths if path is not None]
            found += [(handler, path) for path in reached] or [(handler, None)]
    return found


def _path_for(handler: Handler, handlers: Sequence[Handler], groups: Mapping[int, str]) -> str | None:
    try:
        tree = _sre_parse.parse(handler.url)
    except (re.error, RecursionError):
        return None
    for path in islice(_texts(list(tree), groups), _MAX_URLS_TRIED):
        if path.startswith("/") and route(handlers, path) is handler:
            return path
    return None


def _groups_of_scripts(script: str, app: Path) -> list[dict[int, str]]:
    """For every script file that the group references of `script` can name: what each group is."""
    if not _GROUP_REFERENCE.search(script):
        return [{}]
    template, last, seen = "", 0, set()
    for reference in _GROUP_REFERENCE.finditer(script):
        number = reference.group(1) or reference.group(2)
        template += re.escape(script[last : reference.start()])
        template += f"(?P=g{number})" if number in seen else f"(?P<g{number}>.+)"
        last = reference.end()
        seen.add(number)
    pattern = re.compile(template + re.escape(script[last:]))
    names = []
    for file in sorted(app.rglob("*.py")):
        name = file.relative_to(app).as_posix()
        # A dotted script names module and object; the object is what stands after the last dot.
        dotted = f"{name[:-3].replace('/', '.')}.{script.rpartition('.')[2]}"
        names.append(name if script.endswith(".py") else dotted)
    found: list[dict[int, str]] = [
        {int(group[1:]): text for group, text in match.groupdict().items()}
        for match in map(pattern.fullmatch, names)
        if match
    ]
    return found[:_MAX_SCRIPTS_OF_ONE_HANDLER] or [{}]


def _texts(items: Sequence[Any], groups: Mapping[int, str]) -> Iterator[str]:
    """Texts that a parsed pattern may match, short ones first; look-arounds are not obeyed.

    `groups` says what the groups with these numbers shall hold.
    """
    if not items:
        yield ""
        return
    for text in _texts_of_one(items[0], groups):
        for rest in _texts(items[1:], groups):
            yield text + rest


def _texts_of_one(item: tuple[Any, Any], groups: Mapping[int, str]) -> Iterator[str]:
    kind, value = item
    match str(kind):
        case "LITERAL":
            yield chr(value)
        case "ANY":
            yield from "ax/0"
        case "IN" | "NOT_LITERAL":
            members = value if str(kind) == "IN" else [("NEGATE", None), ("LITERAL", value)]
            yield from islice((text for text in _ALPHABET if _in_set(text, members)), 3)
        case "BRANCH":
            for branch in value[1]:
                yield from _texts(list(branch), groups)
        case "SUBPATTERN":
            if value[0] in groups:
                yield groups[value[0]]
            else:
                yield from _texts(list(value[-1]), groups)
        case "MAX_REPEAT" | "MIN_REPEAT" | "POSSESSIVE_REPEAT":
            least, most, repeated = value
            for count in range(least, min(int(most), least + 2) + 1):
                yield from _texts(list(repeated) * count, groups)
        case _:
            yield ""


def _in_set(text: str, members: Sequence[tuple[Any, Any]]) -> bool:
    negated = False
    inside = False
    for kind, value in members:
        match str(kind):
            case "NEGATE":
                negated = True
            case "LITERAL":
                inside |= ord(text) == value
            case "RANGE":
                inside |= value[0] <= ord(text) <= value[1]
            case "CATEGORY":
                inside |= _in_category(text, str(value))
    return inside != negated


def _in_category(text: str, category: str) -> bool:
    name = category.removeprefix("CATEGORY_")
    letter = {"DIGIT": r"\d", "WORD": r"\w", "SPACE": r"\s"}[name.removeprefix("NOT_")]
    return bool(re.match(letter, text)) != name.startswith("NOT_")
