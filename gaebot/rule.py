"""Rules: one module each, found by walking the package, explained by their own docstring."""

from __future__ import annotations

import importlib
import pkgutil
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from typing import NamedTuple

from gaebot.app import App
from gaebot.finding import Finding, Fix, Place, Related, Severity
from gaebot.sharing import ThreadSafety
from gaebot.suppression.silence import Silenced

# The package of a hop that holds what several rules need, and no rule.
_SHARED = "shared"
# The package of the rules that every hop has.
_COMMON = "common"

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


@dataclass(frozen=True)
class Rule:
    """A rule: made in its module as `RULE = Rule(__name__, Severity.…)`.

    `severity` is that of most of its findings. `vendored` says that it also looks at third-party
    code that the app carries along. `only_in` tells the paths of files in which its findings lie (`is_yaml`),
    if they are of one kind: where none of those is asked for, the rule need not run.
    """

    module: str
    severity: Severity
    vendored: bool = False
    only_in: Callable[[str], bool] | None = None

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
        return Page.parse(sys.modules[self.module].__doc__ or "")

    def check(self, app: App) -> Iterable[Finding]:
        """What it finds in an app."""
        found: Iterable[Finding] = sys.modules[self.module].check(app)
        return found

    def thread_safety(self, app: App) -> Iterable[ThreadSafety]:
        """What requests share, of the one rule of a hop that tells it; nothing for the others."""
        tell = getattr(sys.modules.get(self.module), "thread_safety", None)
        told: Iterable[ThreadSafety] = tell(app) if tell is not None else ()
        return told

    @property
    def looks_at_comments(self) -> bool:
        """Whether it looks at the comments that silence findings, for which all other rules have to run."""
        return hasattr(sys.modules.get(self.module), "check_comments")

    def check_comments(self, silenced: Silenced) -> Iterable[Finding]:
        """What it finds in the comments that silence findings; only a few rules look at them."""
        look = getattr(sys.modules.get(self.module), "check_comments", None)
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
    """The rules of a hop ('python27') and those of every hop, by id. Raises `KeyError` for an unknown hop."""
    if hop not in hops():
        raise KeyError(hop)
    rules = (*_rules(f"gaebot.rules.{hop}"), *_rules(f"gaebot.rules.{_COMMON}"))
    return tuple(sorted(rules, key=lambda rule: rule.id))


@cache
def hops() -> tuple[str, ...]:
    """The names of the runtimes that apps can be moved to."""
    package = importlib.import_module("gaebot.rules")
    packages = (module.name for module in pkgutil.iter_modules(package.__path__) if module.ispkg)
    return tuple(name for name in packages if name != _COMMON)


def _rules(package_name: str) -> Iterator[Rule]:
    """The rules in the family packages below a hop: every package but the shared one."""
    package = importlib.import_module(package_name)
    for family in pkgutil.iter_modules(package.__path__):
        if family.ispkg and family.name != _SHARED:
            folder = importlib.import_module(f"{package_name}.{family.name}")
            for module in pkgutil.iter_modules(folder.__path__):
                loaded = importlib.import_module(f"{folder.__name__}.{module.name}")
                yield loaded.RULE
