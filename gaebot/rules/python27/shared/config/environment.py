"""Environment variables that app.yaml sets: `env_variables:`."""

from __future__ import annotations

import re

from gaebot.service import Service
from gaebot.syntax.yaml import MappingNode, YamlFile, is_null, scalar
from gaebot.text import Edit

# What may stand between single quotes on one line, and what App Engine takes for a name.
_PLAIN = re.compile(r"[ !-&(-~]*")
_NAME = re.compile(r"[A-Za-z_]\w*", re.ASCII)


def variable(service: Service, name: str) -> str | None:
    """The value that a service's file gives an environment variable, or None."""
    pair = service.get("env_variables")
    found = (
        YamlFile.get(pair.value, name) if pair is not None and isinstance(pair.value, MappingNode) else None
    )
    return scalar(found.value) if found is not None else None


def set_variable(service: Service, name: str, value: str) -> Edit | None:
    """The edit that makes a service's file set an environment variable; None where it can't be written."""
    file, mapping, pair = service.file, service.mapping, service.get("env_variables")
    if not file.can_be_patched or mapping is None or mapping.flow_style:
        return None
    if not _PLAIN.fullmatch(value) or not _NAME.fullmatch(name):
        return None
    if pair is None:
        last = YamlFile.pairs(mapping)[-1]
        return file.insert_after(mapping, last, ["", "env_variables:", f"  {name}: '{value}'"])
    if not isinstance(pair.value, MappingNode) or is_null(pair.value) or not pair.value.value:
        return None
    return file.insert_after(pair.value, YamlFile.pairs(pair.value)[-1], [f"{name}: '{value}'"])
