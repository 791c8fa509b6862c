"""Functions that run the app under a profiler and print what it found below the page."""

from __future__ import annotations

from tree_sitter import Node

from gaebot.rules.python27.shared.scripts.entry import top_level
from gaebot.syntax.python import PythonFile

_PROFILERS = frozenset(
    f"{module}.{name}"
    for module in ("cProfile", "profile", "hotshot")
    for name in ("Profile", "run", "runctx", "Profile().runctx", "Profile().runcall")
)

PROFILER_WORDS = frozenset(name.rpartition(".")[2] for name in _PROFILERS)
"""A file that holds none of these words uses no profiler."""


def profiling_functions(file: PythonFile) -> list[Node]:
    """The functions at module level that use a profiler, in order."""
    if b"rofile" not in file.source.data and b"hotshot" not in file.source.data:
        return []
    functions = [node for node in top_level(file) if node.type == "function_definition"]
    return [function for function in functions if file.calls(*_PROFILERS, within=function)]
