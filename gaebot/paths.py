"""Paths in an app: text with forward slashes, relative to the app root."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

_TEMPLATE_SUFFIXES = ("example", "template", "sample", "dist", "default", "tmpl", "tpl", "in")
# What apps call files that a template engine fills in. Scripts and styles are mostly static files.
_PAGE_SUFFIXES = (
    *(".html", ".htm", ".xhtml", ".djhtml", ".dhtml", ".xml", ".rss", ".atom", ".rdf", ".opml", ".kml"),
    *(".txt", ".text", ".tpl", ".tmpl", ".template", ".wml", ".mail", ".eml", ".email", ".ics", ".vcf"),
)
_MAIN_NAMES = ("app.yaml", "app.yml")


def parents(path: str) -> Iterator[str]:
    """The folders around a path, innermost first, without the root."""
    parent = posixpath.dirname(path)
    while parent:
        yield parent
        parent = posixpath.dirname(parent)


def full_path(app: str, path: str) -> str:
    """A path in an app as the caller would name it: `app` is the root as the caller named it."""
    return posixpath.normpath(posixpath.join(app, path))


def is_below(path: str, folder: str) -> bool:
    """Whether a path is a folder or lies below it; everything relative lies below the empty one."""
    if not folder:
        return not path.startswith(("/", "../"))
    return path == folder or path.startswith(f"{folder.rstrip('/')}/")


def is_template(path: str) -> bool:
    """Whether a file name is a pattern for an app.yaml: 'app.yaml.example', 'app.example.yaml'."""
    name = posixpath.basename(path).lower()
    if not name.startswith("app"):
        return False
    words = name.replace("-", ".").replace("_", ".").split(".")
    return len(words) >= 3 and "yaml" in words and any(word in _TEMPLATE_SUFFIXES for word in words[1:])


def is_python(path: str) -> bool:
    """Whether a file is Python by its name."""
    return path.endswith(".py")


def is_yaml(path: str) -> bool:
    """Whether a file is YAML by its name, or a pattern for an app.yaml."""
    return path.endswith((".yaml", ".yml")) or is_template(path)


def may_be_page(path: str) -> bool:
    """Whether a file may be a page template by its name: 'index.html', 'feed.xml', 'welcome.txt'."""
    return path.lower().endswith(_PAGE_SUFFIXES) and not is_yaml(path)


def is_main(path: str) -> bool:
    """Whether this file makes its folder an app root."""
    return posixpath.basename(path) in _MAIN_NAMES
