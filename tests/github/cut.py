"""Cuts what the fake needs out of GitHub's own descriptions, which npm packages by Octokit carry.

`python -m tests.github.cut` writes the folder `spec` anew. The packages are fetched into the cache folder.
"""

from __future__ import annotations

import dataclasses
import json
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import graphql
import jsonschema

from gaebot.prove.sdk import cache_folder
from tests.github.operations import EVENTS, GRAPHQL_FIELDS, MORE_EVENTS, OPERATIONS

PACKAGES = {
    "@octokit/graphql-schema": "15.26.1",
    "@octokit/openapi": "23.0.2",
    "@octokit/webhooks-examples": "7.6.1",
    "@octokit/webhooks-schemas": "7.6.1",
}
SPEC = Path(__file__).parent / "spec"

_WORDS = ("description", "summary", "example", "examples", "externalDocs", "tags", "x-github")
_MAPS_OF_NAMES = ("properties", "schemas", "parameters", "responses", "headers", "patternProperties")


class NoPackageError(Exception):
    """The packages are not there and can't be fetched."""


def install_packages() -> Path:
    """The folder with Octokit's packages; fetched from npm into the cache folder if it is not there.

    The folder appears whole or not at all, also when several processes install at once.
    """
    target = cache_folder().parent / "octokit-{@octokit/openapi}-{@octokit/graphql-schema}".format(**PACKAGES)
    if target.is_dir():
        return target
    npm = shutil.which("npm")
    if npm is None:
        raise NoPackageError("GitHub's descriptions are fetched with npm, which is not there.")
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix="installing-") as workplace:
        wanted = [f"{name}@{version}" for name, version in PACKAGES.items()]
        command = [npm, "install", "--prefix", workplace, "--ignore-scripts", "--no-save", *wanted]
        try:
            subprocess.run(command, capture_output=True, check=True, timeout=600)
        except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
            said = (error.stderr or b"").decode("utf-8", "replace")
            raise NoPackageError(f"npm could not install {' '.join(wanted)}: {said}") from None
        fresh = Path(workplace, "node_modules", "@octokit")
        for unused in fresh.glob("openapi/generated/*.json"):  # 380 megabytes
            if unused.name != "api.github.com.json":
                unused.unlink()
        try:
            fresh.rename(target)
        except OSError:  # another process was faster
            if not target.is_dir():
                raise
    return target


def cut_rest(description: dict) -> dict:
    """The description of the REST interface with our operations, and the schemas that they reach."""
    paths: dict[str, dict] = {}
    for path, item in description["paths"].items():
        for verb, operation in item.items():
            if isinstance(operation, dict) and operation.get("operationId") in OPERATIONS:
                paths.setdefault(path, {})[verb] = _without_words(operation)
    return {
        "openapi": description["openapi"],
        "info": {"title": description["info"]["title"], "version": description["info"]["version"]},
        "paths": paths,
        "components": _components(paths, description),
    }


def _components(paths: dict, description: dict) -> dict:
    """What of the description's components these paths reach, directly or through each other."""
    kept: dict[str, dict] = {}
    waiting = list(_references(paths))
    while waiting:
        kind, name = waiting.pop().removeprefix("#/components/").split("/")
        if name not in kept.setdefault(kind, {}):
            kept[kind][name] = _without_words(description["components"][kind][name])
            waiting += _references(kept[kind][name])
    return {kind: dict(sorted(kept[kind].items())) for kind in sorted(kept)}


def _references(part: object) -> Iterator[str]:
    """What `$ref` names, anywhere in this part."""
    if isinstance(part, dict):
        for key, value in part.items():
            if key == "$ref" and isinstance(value, str):
                yield value
            else:
                yield from _references(value)
    elif isinstance(part, list):
        for value in part:
            yield from _references(value)


def _without_words(part: object, *, names: bool = False) -> object:
    """A copy of this part that lacks what is there for people to read."""
    if isinstance(part, dict):
        return {
            key: _without_words(value, names=key in _MAPS_OF_NAMES and not names)
            for key, value in part.items()
            if names or (key not in _WORDS or not isinstance(value, (str, dict, list)))
        }
    if isinstance(part, list):
        return [_without_words(value) for value in part]
    return part


def cut_graphql(language: str) -> str:
    """The schema of the GraphQL interface with our types and fields, and the inputs that they reach."""
    definitions = {
        each.name.value: each for each in graphql.parse(language).definitions if hasattr(each, "name")
    }
    kept = {name: _cut_type(definitions[name], fields) for name, fields in GRAPHQL_FIELDS.items()}
    waiting = list(kept.values())
    while waiting:
        for name in _named_types(waiting.pop()):
            definition = definitions.get(name)
            if name not in kept and definition is not None:
                whole = (
                    graphql.InputObjectTypeDefinitionNode,
                    graphql.EnumTypeDefinitionNode,
                    graphql.ScalarTypeDefinitionNode,
                )
                if not isinstance(definition, whole):
                    raise LookupError(f"{name} is reached, but none of its fields is kept.")
                kept[name] = _plain(definition)
                waiting.append(kept[name])
    return "\n\n".join(graphql.print_ast(kept[name]) for name in sorted(kept)) + "\n"


def _cut_type(definition: graphql.DefinitionNode, fields: tuple[str, ...]) -> graphql.DefinitionNode:
    """The type with these fields only, and the interfaces that are kept."""
    missing = set(fields) - {field.name.value for field in definition.fields}
    if missing:
        raise LookupError(f"{definition.name.value} has no {', '.join(sorted(missing))}.")
    return graphql.visit(_plain(definition), _Keep(fields))


class _Keep(graphql.Visitor):
    """Takes away which fields are not named, and interfaces that are not kept or ask for more fields."""

    def __init__(self, fields: tuple[str, ...]) -> None:
        super().__init__()
        self.fields = fields

    def enter_field_definition(self, node, *_):
        return None if node.name.value in self.fields else graphql.REMOVE

    def enter_named_type(self, node, _key, _parent, path, _ancestors):
        if path[0] != "interfaces":
            return None
        asked = GRAPHQL_FIELDS.get(node.name.value)
        return None if asked is not None and set(asked) <= set(self.fields) else graphql.REMOVE


class _Plainer(graphql.Visitor):
    """Takes descriptions and GitHub's own directives away."""

    def enter_directive(self, node, *_):
        return None if node.name.value == "deprecated" else graphql.REMOVE

    def leave(self, node, *_):
        if getattr(node, "description", None) is not None:
            return dataclasses.replace(node, description=None)
        return None


def _plain(definition: graphql.DefinitionNode) -> graphql.DefinitionNode:
    """The definition without words for people."""
    return graphql.visit(definition, _Plainer())


def _named_types(definition: graphql.Node) -> Iterator[str]:
    """The names of all types that are named in a definition."""
    found: list[str] = []

    class Finder(graphql.Visitor):
        """Notes each named type."""

        def enter_named_type(self, node, *_):
            found.append(node.name.value)

    graphql.visit(definition, Finder())
    yield from found


def cut_events(examples: list[dict], schema: dict) -> dict[str, dict]:
    """One example of each of our events, by its name and action: the first that its schema takes."""
    every = {group["name"]: group["examples"] for group in examples}
    chosen = {}
    for name, action in EVENTS:
        pointer = f"#/definitions/{name}${action or 'event'}"
        judge = jsonschema.Draft7Validator({"definitions": schema["definitions"], "$ref": pointer})
        fitting = (each for each in every[name] if each.get("action") == action and judge.is_valid(each))
        chosen[f"{name}.{action}" if action else name] = next(fitting)
    return chosen


def cut_event_schemas(schema: dict) -> dict:
    """The JSON schema of our events, and of what they reach."""
    kept: dict[str, object] = {}
    waiting = [f"#/definitions/{name}${action or 'event'}" for name, action in (*EVENTS, *MORE_EVENTS)]
    while waiting:
        name = waiting.pop().removeprefix("#/definitions/")
        if name not in kept:
            kept[name] = _without_words(schema["definitions"][name])
            waiting += _references(kept[name])
    return {"$schema": schema["$schema"], "definitions": dict(sorted(kept.items()))}


def cuttings(packages: Path) -> dict[str, str]:
    """What the files in the folder `spec` have to say, by their names."""

    def read(*inside: str) -> object:
        return json.loads(packages.joinpath(*inside).read_text(encoding="utf-8"))

    schema = read("webhooks-schemas", "schema.json")
    return {
        "rest.json": _json(cut_rest(read("openapi", "generated", "api.github.com.json"))),
        "schema.graphql": cut_graphql(
            packages.joinpath("graphql-schema", "schema.graphql").read_text("utf-8")
        ),
        "events.json": _json(cut_events(read("webhooks-examples", "api.github.com", "index.json"), schema)),
        "event-schemas.json": _json(cut_event_schemas(schema)),
        "LICENSE": packages.joinpath("openapi", "LICENSE").read_text("utf-8"),
    }


def _json(value: object) -> str:
    """As it stands in a file."""
    return json.dumps(value, indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    for name, text in cuttings(install_packages()).items():
        (SPEC / name).write_text(text, encoding="utf-8")
