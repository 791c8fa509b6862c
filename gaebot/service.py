"""Services: what an app.yaml, and the files it includes, say about handlers and scripts."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from typing import NamedTuple

from gaebot.finding import Place
from gaebot.paths import is_main, is_template
from gaebot.script import Script
from gaebot.syntax.yaml import MappingNode, Pair, ScalarNode, YamlFile, scalar


class Role(Enum):
    """What a script string is for."""

    HANDLER = "handler"
    API_CONFIG = "api_config"
    BACKEND = "backend"


@dataclass(frozen=True, eq=False)
class ScriptUse:
    """One place in a YAML file that names a script.

    `node` is the scalar, `holder` the mapping it stands in, `url` the pattern that leads to it
    (None for a backend's `start`, which the runtime serves as /_ah/start).
    """

    file: YamlFile
    holder: MappingNode
    node: ScalarNode
    role: Role
    url: str | None

    @cached_property
    def script(self) -> Script:
        """The script string, read."""
        return Script(str(self.node.value).strip())

    @property
    def place(self) -> Place:
        """Where the script string stands."""
        return self.file.place(self.node)


class Handler(NamedTuple):
    """One entry of `handlers:`: a mapping with `url` and `script`, `static_dir` or `static_files`."""

    file: YamlFile
    node: MappingNode

    def get(self, key: str) -> Pair | None:
        """The entry under a key."""
        return YamlFile.get(self.node, key)

    @property
    def url(self) -> str | None:
        """The URL pattern, a regular expression; None when it is missing."""
        pair = self.get("url")
        return scalar(pair.value) if pair else None

    @property
    def use(self) -> ScriptUse | None:
        """The script that it names, if any."""
        return _use(self.file, self.node, "script", Role.HANDLER, self.url)


class Service:
    """One service of an app: app.yaml, another service's file, or a template of one.

    `includes` are the files it draws in, in order, as App Engine does: without builtins, which
    belong to the SDK.
    """

    def __init__(self, file: YamlFile, includes: tuple[YamlFile, ...], backends: YamlFile | None) -> None:
        self.file = file
        self.includes = includes
        self.backends = backends

    @property
    def path(self) -> str:
        """Path of the service's own YAML file, relative to the app root."""
        return self.file.source.path

    @property
    def is_template(self) -> bool:
        """Whether the file is a pattern for an app.yaml (app.yaml.example), not one itself."""
        return is_template(self.path)

    @property
    def mapping(self) -> MappingNode | None:
        """The top mapping of the service's own file."""
        return self.file.mapping

    def get(self, key: str) -> Pair | None:
        """The top-level entry under a key in the service's own file."""
        return YamlFile.get(self.mapping, key)

    @property
    def runtime(self) -> str | None:
        """The text behind `runtime:`."""
        pair = self.get("runtime")
        return scalar(pair.value) if pair else None

    @cached_property
    def own_handlers(self) -> tuple[Handler, ...]:
        """The handlers in the service's own file, in order."""
        return tuple(handlers_in(self.file))

    @cached_property
    def handlers(self) -> tuple[Handler, ...]:
        """The own handlers, then those of the included files: the order in which they are tried."""
        return (*self.own_handlers, *(h for file in self.includes for h in handlers_in(file)))

    @cached_property
    def scripts(self) -> tuple[ScriptUse, ...]:
        """Every script that the service names: handlers, `api_config`, backends."""
        return tuple(self._scripts())

    def _scripts(self) -> Iterator[ScriptUse]:
        for handler in self.handlers:
            if handler.use is not None:
                yield handler.use
        for file in (self.file, *self.includes):
            config = YamlFile.get(file.mapping, "api_config")
            if config is not None and isinstance(config.value, MappingNode):
                url = YamlFile.get(config.value, "url")
                use = _use(file, config.value, "script", Role.API_CONFIG, scalar(url.value) if url else None)
                if use is not None:
                    yield use
        for file in (self.file, *([self.backends] if self.backends else [])):
            entries = YamlFile.get(file.mapping, "backends")
            for item in YamlFile.items(entries.value) if entries else []:
                if isinstance(item, MappingNode):
                    use = _use(file, item, "start", Role.BACKEND, None)
                    if use is not None:
                        yield use


def handlers_in(file: YamlFile) -> Iterator[Handler]:
    """The entries of `handlers:` that are mappings, in order."""
    pair = YamlFile.get(file.mapping, "handlers")
    for item in YamlFile.items(pair.value) if pair else []:
        if isinstance(item, MappingNode):
            yield Handler(file, item)


def is_service(file: YamlFile) -> bool:
    """Whether a YAML file describes a service: app.yaml, a template, or `runtime` with handlers."""
    if is_main(file.source.path) or is_template(file.source.path):
        return True
    if b"runtime" not in file.source.data:  # spares parsing every YAML file of an app
        return False
    keys = {scalar(pair.key) for pair in YamlFile.pairs(file.mapping)}
    return "runtime" in keys and not keys.isdisjoint({"handlers", "module", "service"})


def included_paths(file: YamlFile, root_paths: frozenset[str]) -> Iterator[tuple[ScalarNode, str | None]]:
    """Each item of `includes:` with the path of the file it means, or None when there is none.

    As the SDK's appinfo_includes.py looks: relative to the including file, then to the app root;
    a folder means its include.yaml.
    """
    pair = YamlFile.get(file.mapping, "includes")
    here = posixpath.dirname(file.source.path)
    for item in YamlFile.items(pair.value) if pair else []:
        if not isinstance(item, ScalarNode):
            continue
        found = None
        for base in (here, ""):
            path = posixpath.normpath(posixpath.join(base, str(item.value)))
            candidates = (path, posixpath.normpath(posixpath.join(path, "include.yaml")))
            found = found or next((c for c in candidates if c in root_paths), None)
        yield item, found


def _use(file: YamlFile, holder: MappingNode, key: str, role: Role, url: str | None) -> ScriptUse | None:
    pair = YamlFile.get(holder, key)
    if pair is None or not isinstance(pair.value, ScalarNode) or not str(pair.value.value).strip():
        return None
    return ScriptUse(file, holder, pair.value, role, url)
