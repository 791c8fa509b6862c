"""GitHub's own description of its REST interface as a judge of requests and answers."""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from openapi_schema_validator import OAS30ReadValidator, OAS30WriteValidator, oas30_format_checker
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT4

_FILE = Path(__file__).parent / "spec" / "rest.json"
_HERE = "urn:github"

# Which parameters of a path may hold slashes.
_WITH_SLASHES = ("base", "branch", "head", "name", "path", "ref")

UNDESCRIBED = (401, 403, 404, 422, 429, 500, 502, 503)
"""Answers that any operation may give, though GitHub describes them for few."""


def _patched(description: dict[str, Any]) -> dict[str, Any]:
    """The description without the places in which it contradicts what GitHub does.

    - A comment on one line has `start_side: null` in GitHub's answers, and an open issue `state_reason: null`.
      They are described as nullable, but null is missing among their values.
    - A comment whose line was changed has no line and no position any more; a comment on a file never had a line.
    - Labels are added by `["name"]` as well as by `{"labels": ["name"]}`; only the second is described. And as
      an object, labels fit more than one of the alternatives, of which exactly one shall match.
    - Alternatives are told apart by a property; what is in a folder is a list, and has none. They are told apart
      without it.
    """
    schemas = description["components"]["schemas"]
    for name in ("pull-request-review-comment", "review-comment"):
        properties = schemas[name]["properties"]
        properties["start_side"]["enum"].append(None)
        for field_name in ("line", "original_line", "position", "original_position"):
            properties[field_name]["nullable"] = True
    schemas["issue"]["properties"]["state_reason"]["enum"].append(None)
    names = {"type": "array", "items": {"type": "string"}}
    labels = {"type": "object", "properties": {"labels": names}, "required": ["labels"]}
    of_issue = description["paths"]["/repos/{owner}/{repo}/issues/{issue_number}/labels"]
    for verb in ("post", "put"):
        of_issue[verb]["requestBody"]["content"]["application/json"]["schema"] = {"anyOf": [labels, names]}
    return _without("discriminator", description)


def _without(name: str, part: Any) -> Any:
    """A copy of the part that has no property of this name, at any depth."""
    if isinstance(part, dict):
        return {key: _without(name, value) for key, value in part.items() if key != name}
    if isinstance(part, list):
        return [_without(name, value) for value in part]
    return part


@dataclass(frozen=True)
class Operation:
    """One operation: its name, how its path looks, and what is described of it."""

    id: str
    verb: str
    template: str
    pattern: re.Pattern[str]
    described: Mapping[str, Any]


@dataclass
class Description:
    """The description, loaded."""

    whole: dict[str, Any]
    operations: list[Operation] = field(default_factory=list)

    def match(self, verb: str, path: str) -> tuple[Operation, dict[str, str]] | None:
        """The operation of a request, and the values of its path's parameters; nothing if there is none."""
        for operation in self.operations:
            found = operation.pattern.fullmatch(path)
            if operation.verb == verb and found:
                return operation, found.groupdict()
        return None

    def request_problems(
        self, operation: Operation, query: Mapping[str, str], body: object, *, has_body: bool
    ) -> Iterator[str]:
        """What is wrong with a request, in words."""
        described = {}
        for each in operation.described.get("parameters", ()):
            parameter = self._resolved(each)
            if parameter["in"] == "query":
                described[parameter["name"]] = parameter["schema"]
        for name, text in query.items():
            if name not in described:
                yield f"the parameter {name} is not described"
                continue
            schema = described[name]
            yield from self._complaints(OAS30WriteValidator, schema, _typed(text, schema), f"?{name}")
        content = operation.described.get("requestBody", {}).get("content", {})
        if has_body and "application/json" in content:
            schema = content["application/json"]["schema"]
            yield from self._complaints(OAS30WriteValidator, schema, body, "body")
            known = schema.get("properties")
            if isinstance(body, dict) and known is not None:
                yield from (f"the property {name} is not described" for name in body if name not in known)
        elif has_body and body not in ({}, None):
            yield "a body is not described"

    def answer_problems(self, operation: Operation, status: int, body: object) -> Iterator[str]:
        """What is wrong with an answer, in words."""
        responses = operation.described["responses"]
        response = responses.get(str(status))
        if response is None:
            if status not in UNDESCRIBED:
                yield f"the answer {status} is not described"
            return
        response = self._resolved(response)
        content = response.get("content", {}).get("application/json")
        if content is None:
            if body is not None and status < 400:
                yield f"a body is not described for the answer {status}"
            return
        yield from self._complaints(OAS30ReadValidator, content["schema"], body, str(status))

    def _resolved(self, part: dict[str, Any]) -> dict[str, Any]:
        """What a part is, or what it refers to."""
        pointer = part.get("$ref")
        if pointer is None:
            return part
        _, _, kind, name = pointer.split("/")
        return self.whole["components"][kind][name]

    def _complaints(self, validator: type, schema: object, value: object, where: str) -> Iterator[str]:
        """What a validator says about a value."""
        judge = validator(_absolute(schema), registry=self._registry, format_checker=oas30_format_checker)
        for error in judge.iter_errors(value):
            place = ".".join(str(part) for part in error.absolute_path)
            yield f"{where} {place}: {error.message[:300]}"

    @functools.cached_property
    def _registry(self) -> Registry:
        return Registry().with_resource(_HERE, Resource.from_contents(self.whole, DRAFT4))


def _absolute(part: object) -> object:
    """A schema whose references name the description, too."""
    if isinstance(part, dict):
        return {
            key: _HERE + value if key == "$ref" and isinstance(value, str) else _absolute(value)
            for key, value in part.items()
        }
    if isinstance(part, list):
        return [_absolute(value) for value in part]
    return part


def _typed(text: str, schema: Mapping[str, Any]) -> object:
    """The value that a text in a query stands for."""
    if schema.get("type") == "integer" and re.fullmatch(r"-?\d+", text):
        return int(text)
    if schema.get("type") == "boolean" and text in ("true", "false"):
        return text == "true"
    return text


def _pattern(template: str) -> re.Pattern[str]:
    """A regular expression for the paths of a template."""
    parts = re.split(r"\{(\w+)\}", template)
    return re.compile(
        "".join(
            f"(?P<{part}>{'.+' if part in _WITH_SLASHES else '[^/]+'})" if place % 2 else re.escape(part)
            for place, part in enumerate(parts)
        )
    )


@functools.cache
def load() -> Description:
    """The description in the folder `spec`; where two paths fit, the one with fewer parameters comes first."""
    whole = _patched(json.loads(_FILE.read_text(encoding="utf-8")))
    description = Description(whole)
    for template, item in whole["paths"].items():
        for verb, described in item.items():
            name = described["operationId"]
            operation = Operation(name, verb.upper(), template, _pattern(template), described)
            description.operations.append(operation)
    description.operations.sort(key=lambda each: (each.template.count("{"), -len(each.template)))
    return description
