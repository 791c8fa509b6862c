"""What App Engine leaves out of an upload: `skip_files`."""

from __future__ import annotations

import posixpath

from gaebot.app import App
from gaebot.disk.walk import is_python, is_wanted
from gaebot.patterns import Pattern
from gaebot.service import Service
from gaebot.syntax.yaml import ScalarNode, SequenceNode, YamlFile

# What is left out of the upload when app.yaml does not say: DEFAULT_SKIP_FILES in the SDK's
# google/appengine/api/appinfo.py. Editors' backups, compiled files, RCS, names with a dot in front.
DEFAULT_SKIP = r"^(.*/)?(#.*#|.*~|.*\.py[co]|.*/RCS/.*|\..*|)$"


class SkipFiles:
    """What App Engine leaves out of an upload, as an app's app.yaml and what it includes say.

    As the SDK's appcfg.py: each expression is matched at the start of the path relative to the
    root; a folder that matches is not entered. Where the root holds several services, a file is
    left out that none of them uploads. The App Engine files in the root and included ones are read
    whatever is said, because appcfg.py does.
    """

    def __init__(self, app: App) -> None:
        services = [s for s in app.services if "/" not in s.path and not s.is_template]
        self._patterns = [_skip_patterns(service) for service in services] or [
            [Pattern(DEFAULT_SKIP, is_ours=True)]
        ]
        self._always = {file.source.path for s in services for file in (s.file, *s.includes)}
        self._known: dict[str, list[bool]] = {"": [False] * len(self._patterns)}

    def excludes(self, path: str) -> bool:
        """Whether no service uploads the file or folder."""
        in_root = "/" not in path
        if path in self._always or (in_root and is_wanted(path) and not is_python(path)):
            return False
        return all(self._verdicts(path))

    def _verdicts(self, path: str) -> list[bool]:
        """For each service whether it leaves a path out, by itself or with a folder around it."""
        if path not in self._known:
            around = self._verdicts(posixpath.dirname(path))
            self._known[path] = [
                outside or any(pattern.match(path) for pattern in patterns)
                for outside, patterns in zip(around, self._patterns, strict=True)
            ]
        return self._known[path]


def _skip_patterns(service: Service) -> list[Pattern]:
    own = _skip_texts(service.file)
    included = [text for file in service.includes for text in _skip_texts(file) or ()]
    texts = (*(own if own is not None else [DEFAULT_SKIP]), *included)
    return [Pattern(text, is_ours=text == DEFAULT_SKIP) for text in texts]


def _skip_texts(file: YamlFile) -> list[str] | None:
    """The expressions of `skip_files`, None when the file has none. Line ends in them do not count."""
    pair = YamlFile.get(file.mapping, "skip_files")
    if pair is None:
        return None
    nodes = pair.value.value if isinstance(pair.value, SequenceNode) else [pair.value]
    texts = [str(node.value) for node in nodes if isinstance(node, ScalarNode)]
    return [text.replace("\n", "").replace("\r", "") for text in texts]
