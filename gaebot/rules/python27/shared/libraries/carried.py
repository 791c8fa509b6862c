"""Which modules an app brings along, wherever they lie."""

from __future__ import annotations

from gaebot.app import App


def is_carried(app: App, top: str) -> bool:
    """Whether the app has a module of this name anywhere, also in an archive."""
    return top in app.remember(is_carried, lambda: _carried(app))


def _carried(app: App) -> frozenset[str]:
    """The top-level modules in the app root and in every folder that may be put on `sys.path`.

    Such a folder is no package itself.
    """
    paths = app.paths | app.skipped
    names = set()
    for path in paths:
        folder, _, last = path.rpartition("/")
        if last in {"__init__.py", "__init__.pyc"}:
            folder, _, name = folder.rpartition("/")
        elif last.endswith((".py", ".pyc", ".so")):
            name = last.partition(".")[0]
        elif last.endswith((".zip", ".egg")):
            name = last.partition(".")[0].partition("-")[0]  # 'django-1.1.zip'
        else:
            continue
        if f"{folder}/__init__.py" not in paths:
            names.add(name)
    return frozenset(names)
