"""The file `.gaebot.yaml`, in which a team says once how its apps are checked.

The keys stand in one table, `KEYS`, from which the file is read, checked, and described for editors.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from gaebot.finding import Finding, Severity
from gaebot.paths import full_path, parents
from gaebot.report import Report
from gaebot.rule import Rule, discover, hops
from gaebot.syntax.yaml import MappingNode, Node, Pair, SequenceNode, YamlFile, is_null, scalar
from gaebot.text import SourceFile, Span

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

FILE = ".gaebot.yaml"
"""Name of the file, beside app.yaml or in a folder above it, up to the root of the repository."""

TEMPLATE_ENGINES = ("jinja2", "django", "webapp2")
NEVER = "never"
FAIL_ON = (*(severity.value for severity in Severity), NEVER)
"""What `fail-on` may say: the mildest grade that makes a run fail."""


class ConfigError(ValueError):
    """A `.gaebot.yaml` that can't be followed. The text names the file, the line and the way out."""


class Shape(Enum):
    """What the value of a key looks like."""

    WORD = "one of some words"
    RULES = "a list of rules and families"
    GRADES = "a mapping from rules to grades"
    PATHS = "a list of paths"
    PATH = "a path"


class Key(NamedTuple):
    """A key of the file: what its value looks like, which words it may be, and what it means."""

    shape: Shape
    about: str
    words: tuple[str, ...] = ()


KEYS: Mapping[str, Key] = MappingProxyType(
    {
        "to": Key(Shape.WORD, "The runtime to move to.", hops()),
        "select": Key(Shape.RULES, "Only these rules or families run."),
        "ignore": Key(Shape.RULES, "All rules run but these or families."),
        "severity": Key(
            Shape.GRADES,
            "Grades the findings of a rule otherwise than it does itself.",
            tuple(severity.value for severity in Severity),
        ),
        "skip": Key(
            Shape.PATHS, "Nothing is reported or patched there: paths, or patterns as in .gitignore."
        ),
        "vendored": Key(
            Shape.PATHS, "Folders and files of third-party code, besides those that are known by their names."
        ),
        "templates": Key(
            Shape.WORD, "The engine to advise where webapp's templates are replaced.", TEMPLATE_ENGINES
        ),
        "fail-on": Key(Shape.WORD, "The mildest finding that makes the exit code 1.", FAIL_ON),
        "baseline": Key(Shape.PATH, "The baseline to compare with, beside this file or below it."),
    }
)


@dataclass(frozen=True)
class Config:
    """What a `.gaebot.yaml` says; nothing where it says nothing.

    `path` is the file as the caller would name it. Paths in it are relative to its folder. `app` is the path
    of the app that it is for, relative to that folder too, and empty where they are the same.
    """

    path: str = ""
    app: str = ""
    to: str | None = None
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    severity: Mapping[str, Severity] = field(default_factory=dict)
    skip: tuple[str, ...] = ()
    vendored: tuple[str, ...] = ()
    templates: str | None = None
    fail_on: str | None = None
    baseline: str | None = None

    def skips(self, path: str) -> bool:
        """Whether nothing is to be reported of a file, whose path is relative to the app."""
        return bool(self.skip) and _pattern(self.skip).match_file(full_path(self.app, path))

    def vendored_in(self, paths: Iterable[str]) -> dict[str, str]:
        """The folders and files of an app that are third-party code by what the file says.

        `paths` are the files of the app, relative to it. For each entry it is said where it is from.
        """
        wanted = {posixpath.normpath(path) for path in self.vendored}
        found = {}
        for path in paths:
            for place in (path, *parents(path)):
                if full_path(self.app, place) in wanted:
                    found[place] = FILE
        return found


@cache
def _pattern(lines: tuple[str, ...]) -> GitIgnoreSpec:
    """The patterns of `.gitignore`, which people know."""
    from pathspec import GitIgnoreSpec  # noqa: PLC0415 - most runs have no such file

    return GitIgnoreSpec.from_lines(lines)


def parse_config(source: SourceFile, app: str = "") -> Config:
    """Read a `.gaebot.yaml`, whose path is as the caller would name it. Raises `ConfigError`.

    `app` is the path of the app that it is read for, relative to its folder.
    """
    file = YamlFile(source)
    if file.problem is not None:
        raise _error(source, file.problem.span, f"this can't be read as YAML: {file.problem.message}.")
    if file.root is None or is_null(file.root):
        return Config(source.path, app)
    if file.mapping is None:
        raise _error(source, file.span(file.root), f"keys belong here: {', '.join(KEYS)}.")
    found = _values(file, file.mapping)
    config = Config(source.path, app, **{name.replace("-", "_"): value for name, value in found.items()})
    for name in ("select", "ignore", "severity"):
        _check_rules(file, file.mapping, name, discover(config.to or hops()[0]))
    return config


def _values(file: YamlFile, mapping: MappingNode) -> dict[str, Any]:
    """The value of each key. Raises `ConfigError` for keys that there are not, and for the wrong values."""
    found: dict[str, Any] = {}
    for pair in file.pairs(mapping):
        name = scalar(pair.key) or ""
        if name not in KEYS:
            near = _nearest(name, KEYS)
            raise _error(file.source, file.span(pair.key), f"there is no key `{name}`. {near}")
        if name in found:
            raise _error(file.source, file.span(pair.key), f"`{name}` is said twice: keep one of them.")
        found[name] = _value(file, name, KEYS[name], pair)
    return found


def _value(file: YamlFile, name: str, key: Key, pair: Pair) -> object:
    if key.shape is Shape.GRADES:
        return dict(_grades(file, name, key, pair.value))
    if key.shape in {Shape.RULES, Shape.PATHS}:
        return tuple(_texts(file, name, pair.value))
    text = scalar(pair.value)
    if not text:
        raise _error(
            file.source,
            file.span(pair.value),
            f"`{name}` wants one {key.shape.value[4:] if key.shape is Shape.WORD else 'path'}.",
        )
    if key.shape is Shape.WORD:
        return _word(file, name, key, pair.value)
    return text


def _word(file: YamlFile, name: str, key: Key, node: Node) -> str:
    text = scalar(node) or ""
    if text not in key.words:
        near = _nearest(text, key.words)
        raise _error(file.source, file.span(node), f"`{name}` can't be `{text}`. {near}")
    return text


def _texts(file: YamlFile, name: str, node: Node) -> Iterator[str]:
    """The entries of a list; one text counts as a list of one, and commas part it."""
    if isinstance(node, SequenceNode):
        for item in node.value:
            text = scalar(item)
            if not text:
                raise _error(file.source, file.span(item), f"`{name}` wants a list of texts.")
            yield text
        return
    text = scalar(node)
    if text is None:
        raise _error(file.source, file.span(node), f"`{name}` wants a list of texts.")
    yield from (part.strip() for part in text.split(",") if part.strip())


def _grades(file: YamlFile, name: str, key: Key, node: Node) -> Iterator[tuple[str, Severity]]:
    if not isinstance(node, MappingNode):
        raise _error(file.source, file.span(node), f"`{name}` wants a mapping such as `yaml-runtime: note`.")
    for pair in file.pairs(node):
        yield scalar(pair.key) or "", Severity(_word(file, scalar(pair.key) or "", key, pair.value))


def _check_rules(file: YamlFile, mapping: MappingNode, name: str, rules: Iterable[Rule]) -> None:
    """Look whether all rules that a key names exist. Families count for lists, not for grades."""
    pair = file.get(mapping, name)
    if pair is None:
        return
    known = {rule.id for rule in rules}
    if name != "severity":
        known |= {rule.family for rule in rules}
    for node in _named(pair.value):
        for text in (part.strip() for part in (scalar(node) or "").split(",")):
            if text and text not in known:
                message = f"`{name}` names no rule with `{text}`. {_nearest(text, known)}"
                raise _error(file.source, file.span(node), message)


def _named(node: Node) -> list[Node]:
    """The nodes that name rules: the keys of a mapping, the items of a list, or a text itself."""
    if isinstance(node, MappingNode):
        return [key for key, _ in node.value]
    return list(node.value) if isinstance(node, SequenceNode) else [node]


def _nearest(name: str, known: Iterable[str]) -> str:
    import difflib  # noqa: PLC0415 - only a wrong name needs it

    names = sorted(known)
    near = difflib.get_close_matches(name, names, n=1, cutoff=0.5)
    if near:
        return f"Did you mean `{near[0]}`?"
    return f"It may be {', '.join(names)}." if len(names) <= len(KEYS) else "`gaebot rules` lists them."


def _error(source: SourceFile, span: Span, message: str) -> ConfigError:
    line = source.position(span.start).line
    return ConfigError(f"{source.path}:{line}: {message}")


# -- what makes a run fail -------------------------------------------------------------------


def fails(report: Report, fail_on: str | None) -> bool:
    """Whether findings make a run fail: by what its caller says, else by the settings of each app."""
    return any(_is_bad(finding, report, fail_on) for finding in report.findings)


def _is_bad(finding: Finding, report: Report, fail_on: str | None) -> bool:
    word = fail_on or report.fail_on.get(finding.app) or Severity.WARNING.value
    return word != NEVER and finding.severity >= Severity(word)


# -- for editors -----------------------------------------------------------------------------


def json_schema(hop: str) -> dict[str, object]:
    """A JSON Schema (draft 7) of the file, with which editors complete and check it."""
    rules = discover(hop)
    ids = [rule.id for rule in rules]
    families = sorted({rule.family for rule in rules})
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": f"{FILE} of gaebot",
        "type": "object",
        "additionalProperties": False,
        "properties": {
            name: {"description": key.about, **_schema(key, ids, families)} for name, key in KEYS.items()
        },
    }


def _schema(key: Key, ids: list[str], families: list[str]) -> dict[str, object]:
    if key.shape is Shape.WORD:
        return {"enum": list(key.words)}
    if key.shape is Shape.PATH:
        return {"type": "string", "minLength": 1}
    if key.shape is Shape.GRADES:
        grade = {"enum": list(key.words)}
        return {"type": "object", "additionalProperties": False, "properties": dict.fromkeys(ids, grade)}
    one: dict[str, object] = {"type": "string", "minLength": 1}
    if key.shape is Shape.RULES:
        # A text may also name several, with commas between: editors offer single ones.
        one = {"anyOf": [{"enum": families}, {"enum": ids}, {"type": "string", "pattern": ","}]}
    return {"anyOf": [one, {"type": "array", "items": one}]}
