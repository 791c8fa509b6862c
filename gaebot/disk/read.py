"""An app, read from its folder."""

from __future__ import annotations

import os
from collections.abc import Mapping

from gaebot import limits
from gaebot.app import App
from gaebot.config import Config
from gaebot.disk.files import UnfitError, read_file, reason
from gaebot.disk.recover import interrupted
from gaebot.disk.skip import SkipFiles
from gaebot.disk.walk import Links, Walk, is_python, is_wanted
from gaebot.finding import Failure
from gaebot.paths import may_be_page, parents
from gaebot.syntax.page import has_markup
from gaebot.syntax.tree import why_uncompilable
from gaebot.text import SourceFile
from gaebot.vendored import find_vendored


def read_app(root: str, label: str | None = None, config: Config | None = None) -> App:
    """The app in a folder. `label` is the name that reports use for it, by default `root`.

    `config` names further third-party code, and the template engine that is to be advised.

    Files that can't or must not be read become failures, and so does a fix that was interrupted while it
    wrote; an app is returned in any case. Folders
    below that hold an app.yaml of their own are separate apps and left out.
    """
    folder = root or "."
    walk = Walk(folder, stop_at_apps=True)
    links = Links(folder, walk)
    where = {**{path: os.path.join(folder, path) for path in walk.files}, **links.files}
    yaml, unread_yaml = _read_all({p: w for p, w in where.items() if is_wanted(p) and not is_python(p)})
    skip = SkipFiles(App(yaml))
    kept = [path for path in (*where, *links.others) if not skip.excludes(path)]
    python, unread_python = _read_all({p: where[p] for p in kept if p in where and is_python(p)})
    vendored = find_vendored(kept) | (config.vendored_in(kept) if config is not None else {})
    own = [path for path in kept if path in where and not {path, *parents(path)} & vendored.keys()]
    pages = _read_pages({path: where[path] for path in own if may_be_page(path)})
    files = {path: source for path, source in {**yaml, **python, **pages}.items() if not skip.excludes(path)}
    broken = [
        Failure(why, path) for path in own if path in python and (why := why_uncompilable(python[path].data))
    ]
    cut_short = [Failure(why)] if (why := interrupted(folder)) is not None else []
    unread = (*walk.failures, *walk.oddities, *links.failures, *unread_yaml, *unread_python, *broken)
    failures = (*cut_short, *unread)
    return App(
        files,
        root=root if label is None else label,
        others=[path for path in kept if path not in files],
        skipped=[path for path in (*where, *links.others) if skip.excludes(path)],
        read_only=links.files,
        vendored=vendored,
        template_engine=(config.templates if config is not None else None) or "",
        failures=sorted((f for f in failures if not skip.excludes(f.path)), key=lambda failure: failure.path),
    )


def _read_pages(paths: Mapping[str, str]) -> dict[str, SourceFile]:
    """The files that hold tags of a template engine. Of what can't be read as one nothing is said."""
    pages = {}
    for path, real_path in paths.items():
        try:
            data = read_file(real_path, limits.MAX_PAGE_BYTES)
        except (UnfitError, OSError):
            continue
        if has_markup(data):
            pages[path] = SourceFile(path, data)
    return pages


def _read_all(paths: Mapping[str, str]) -> tuple[dict[str, SourceFile], list[Failure]]:
    """The files of a mapping from path in the app to path on disk, and those that can't be read."""
    sources: dict[str, SourceFile] = {}
    failures: list[Failure] = []
    for path, real_path in paths.items():
        try:
            sources[path] = SourceFile(path, read_file(real_path, limits.MAX_FILE_BYTES))
        except UnfitError as error:
            failures.append(Failure(str(error), path))
        except OSError as error:
            failures.append(Failure(f"This file can't be opened ({reason(error)}); make it readable.", path))
    return sources, failures
