"""Rules: one module each, found by walking the package, explained by their own docstring."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from types import ModuleType
from typing import NamedTuple

from gaebot.app import App
from gaebot.finding import Finding, Fix, Place, Related, Severity
from gaebot.paths import is_python, is_yaml, may_be_page
from gaebot.sharing import ThreadSafety
from gaebot.suppression.silence import Silenced

# The package of a hop that holds what several rules need, and no rule.
_SHARED = "shared"
# The package of the rules that every hop has.
_COMMON = "common"
_PACKAGE = "gaebot.rules"
_INDEX = f"{_PACKAGE}.index"

_SECTION = re.compile(r"^## (.+)$", re.MULTILINE)
_EXAMPLE = re.compile(
    r"^```\w+ (?P<when>before|after) (?P<path>\S+)(?: in (?P<encoding>\S+))?\n(?P<text>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)


class Page(NamedTuple):
    """A rule's docstring: a title line, then sections that begin with `## `.

    `before` and `after` are the files of the example, path → text, taken from its fenced blocks. A block that
    says `in latin-1` behind the path is a file in that encoding; the others are in UTF-8.
    """

    title: str
    text: str
    sections: dict[str, str]
    before: dict[str, str]
    after: dict[str, str]
    encodings: dict[str, str]

    def files(self) -> dict[str, bytes]:
        """The files of the example before the fix, as they would be on disk."""
        return {path: text.encode(self.encodings.get(path, "utf-8")) for path, text in self.before.items()}

    @staticmethod
    def parse(docstring: str) -> Page:
        """Read a docstring. A missing section is simply absent."""
        title, _, body = docstring.strip().partition("\n")
        parts = _SECTION.split(body)
        sections = {name: text.strip() for name, text in zip(parts[1::2], parts[2::2], strict=True)}
        examples: dict[str, dict[str, str]] = {"before": {}, "after": {}}
        encodings = {}
        for block in _EXAMPLE.finditer(body):
            examples[block["when"]][block["path"]] = block["text"]
            if block["encoding"]:
                encodings[block["path"]] = block["encoding"]
        return Page(title, docstring.strip(), sections, examples["before"], examples["after"], encodings)


class Where(NamedTuple):
    """The files in which the findings of a rule lie.

    They are of one kind by their paths. With `words`, they are the app's own Python files that hold one of
    these, be it in code or not. A word is of ASCII letters, digits and underscores. The name of a file and of
    its folders counts, as `from . import b` in a/c.py means `a.b`.
    """

    is_of_kind: Callable[[str], bool]
    words: frozenset[str] = frozenset()

    def is_asked_for(self, app: App) -> bool:
        """Whether findings are wanted in such a file."""
        if self.words and self.words.isdisjoint(app.asked_words):
            return False
        return app.asks_for_any(self.is_of_kind)

    def holds(self, app: App, path: str) -> bool:
        """Whether a file of the app is one of these."""
        if not self.words:
            return self.is_of_kind(path)
        file = app.python(path) if not app.is_vendored(path) else None
        return file is not None and not self.words.isdisjoint((*file.words, *file.path_words))


YAML = Where(is_yaml)
PAGES = Where(may_be_page)


def python_with(*words: str) -> Where:
    """Python files that hold one of some words."""
    return Where(is_python, frozenset(words))


@dataclass(frozen=True)
class Rule:
    """A rule: made in its module as `RULE = Rule(__name__, Severity.…)`.

    `severity` is that of most of its findings. `vendored` says that it also looks at third-party
    code that the app carries along. `only_in` tells the files in which its findings lie, if that can be said
    beforehand: where none of those is asked for, the rule does not run and its module is not loaded. To keep
    that so, `gaebot/rules/index.py` repeats what each module says here.
    """

    module: str
    severity: Severity
    vendored: bool = False
    only_in: Where | None = None

    @property
    def id(self) -> str:
        """The word for it everywhere: 'yaml-runtime' for the module `…yaml.yaml_runtime`."""
        return self.module.rpartition(".")[2].replace("_", "-")

    @property
    def family(self) -> str:
        """The package that it stands in."""
        return self.module.split(".")[-2]

    @cached_property
    def page(self) -> Page:
        """What its docstring says."""
        return Page.parse(self._loaded.__doc__ or "")

    @property
    def _loaded(self) -> ModuleType:
        """Its module."""
        return importlib.import_module(self.module)

    def check(self, app: App) -> Iterable[Finding]:
        """What it finds in an app."""
        found: Iterable[Finding] = self._loaded.check(app)
        return found

    def thread_safety(self, app: App) -> Iterable[ThreadSafety]:
        """What requests share, of the one rule of a hop that tells it; nothing for the others."""
        tell = getattr(self._loaded, "thread_safety", None)
        told: Iterable[ThreadSafety] = tell(app) if tell is not None else ()
        return told

    @property
    def looks_at_comments(self) -> bool:
        """Whether it looks at the comments that silence findings, for which all other rules have to run."""
        return hasattr(self._loaded, "check_comments")

    def check_comments(self, silenced: Silenced) -> Iterable[Finding]:
        """What it finds in the comments that silence findings; only a few rules look at them."""
        look = getattr(self._loaded, "check_comments", None)
        found: Iterable[Finding] = look(silenced) if look is not None else ()
        return found

    def finding(
        self,
        place: Place,
        message: str,
        *,
        fix: Fix | None = None,
        related: Iterable[Related] = (),
        severity: Severity | None = None,
    ) -> Finding:
        """A finding of this rule."""
        return Finding(self.id, severity or self.severity, place, message, tuple(related), fix)


@cache
def discover(hop: str) -> tuple[Rule, ...]:
    """The rules of a hop ('python27') and those of every hop, by id. Raises `KeyError` for an unknown hop.

    Only modules that the index does not know are loaded.
    """
    if hop not in hops():
        raise KeyError(hop)
    indexed = {rule.module: rule for rule in importlib.import_module(_INDEX).RULES}
    rules = (indexed[name] if name in indexed else load(name) for name in modules(hop))
    return tuple(sorted(rules, key=lambda rule: rule.id))


def load(module: str) -> Rule:
    """The rule that a module makes."""
    rule: Rule = importlib.import_module(module).RULE
    return rule


@cache
def hops() -> tuple[str, ...]:
    """The names of the runtimes that apps can be moved to."""
    return tuple(name for name in _packages(_PACKAGE) if name != _COMMON)


def modules(hop: str) -> Iterator[str]:
    """The names of the modules that hold the rules of a hop and those of every hop, one each.

    They are in the packages of families: every package of the hop but the shared one.
    """
    for package in (f"{_PACKAGE}.{hop}", f"{_PACKAGE}.{_COMMON}"):
        for family in _packages(package):
            if family != _SHARED:
                folder = importlib.import_module(f"{package}.{family}")
                for module in pkgutil.iter_modules(folder.__path__, f"{folder.__name__}."):
                    yield module.name


def _packages(package: str) -> Iterator[str]:
    """The names of the packages in a package."""
    path = importlib.import_module(package).__path__
    return (module.name for module in pkgutil.iter_modules(path) if module.ispkg)
