"""Whether other modules of the app take a name out of one."""

from __future__ import annotations

from gaebot.app import App
from gaebot.syntax.python import PythonFile


def is_taken(app: App, file: PythonFile, name: str) -> bool:
    """Whether another file of the app may use a name that a file binds at module level.

    By `from util import name`, by a star import, or as `util.name`, which is told by these bytes.
    """
    for _, binding in app.importers(file.source.path):
        if binding.text == "*" or (binding.origin or "").endswith(f".{name}"):
            return True
    word = f"{file.module.rpartition('.')[2]}.{name}".encode()
    return any(
        word in source.data
        for path, source in app.files.items()
        if path.endswith(".py") and path != file.source.path
    )
