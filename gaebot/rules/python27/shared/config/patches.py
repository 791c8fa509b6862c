"""A patch of one edit in a YAML file, when there can be one."""

from __future__ import annotations

from gaebot.finding import Fix, RunsOn, Safety
from gaebot.syntax.yaml import YamlFile
from gaebot.text import Edit


def one_edit(
    file: YamlFile, title: str, edit: Edit | None, safety: Safety, runs_on: RunsOn = RunsOn.BOTH
) -> Fix | None:
    """The fix that makes one edit; None when there is no edit or the file is not to be patched."""
    return Fix(title, (edit,), safety, runs_on) if edit is not None and file.can_be_patched else None
