"""The strings behind `script:` in App Engine's YAML files, read as the runtime reads them."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass
from functools import cached_property

_PYTHON_LIB = "$PYTHON_LIB/"
_BACKREFERENCE = re.compile(r"\\\d")


@dataclass(frozen=True)
class Script:
    """What a `script:` names: a CGI file ('admin/main.py') or a WSGI object ('admin.main.app')."""

    text: str

    @property
    def is_cgi(self) -> bool:
        """Whether the runtime executes a file instead of calling an object.

        The same test as google/appengine/runtime/runtime.py of the SDK: it ends in '.py' or holds
        a slash.
        """
        return self.text.endswith(".py") or "/" in self.text

    @property
    def is_sdk(self) -> bool:
        """Whether the file belongs to the SDK (`$PYTHON_LIB/...`)."""
        return self.text.startswith(_PYTHON_LIB)

    @property
    def has_backreference(self) -> bool:
        r"""Whether groups of the handler's `url` are put into it (`\1.py`)."""
        return _BACKREFERENCE.search(self.text) is not None

    @cached_property
    def path(self) -> str:
        """Path of a CGI file, normalised ('./a//b.py' is 'a/b.py'); a folder stays a folder.

        Relative to the app root, or to the SDK for `$PYTHON_LIB`. A leading slash is left out: it
        means the app root, though python27 takes it for the root of the disk.
        """
        return posixpath.normpath(self.text.removeprefix(_PYTHON_LIB).lstrip("/"))

    @property
    def module(self) -> str:
        """Dotted name of the module in a CGI file; of a WSGI name, everything before the last dot.

        As `_FileToModuleName` of the SDK's runtime/cgi.py makes it.
        """
        if not self.is_cgi:
            return self.text.rpartition(".")[0]
        return module_name(self.path)

    @property
    def attribute(self) -> str:
        """Name of the WSGI object in its module; empty for a CGI file."""
        return "" if self.is_cgi else self.text.rpartition(".")[2]


def module_name(path: str) -> str:
    """Dotted name of the module in a Python file ('a/b.py' is 'a.b', 'a/__init__.py' is 'a')."""
    name = path.removesuffix(".py").replace("/", ".").strip(".")
    return name.removesuffix(".__init__")
