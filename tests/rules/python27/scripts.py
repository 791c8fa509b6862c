"""What the tests of the CGI → WSGI conversion are written with."""

from __future__ import annotations

from gaebot.rules.python27.shared.conversion.conversion import Conversion, convert
from gaebot.rules.python27.shared.conversion.obstacles import Blocked
from gaebot.text import Edit, SourceFile
from tests.rules.helpers import make_app

IMPORTS = (
    "from google.appengine.ext import webapp\nfrom google.appengine.ext.webapp.util import run_wsgi_app\n"
)
KEPT = "from google.appengine.ext import webapp\n"
APP = "webapp.WSGIApplication([])"
GUARD = "\nif __name__ == '__main__':\n    main()\n"


def plan(source: str | bytes, **others: str) -> Conversion | Blocked:
    """The plan for main.py; `others` are further modules of the app."""
    files: dict[str, str | bytes] = {f"{name}.py": text for name, text in others.items()}
    return convert(
        make_app({**files, "main.py": source.encode() if isinstance(source, str) else source}), "main.py"
    )


def conversion(source: str | bytes, **others: str) -> Conversion:
    """The same for a script that can be converted."""
    found = plan(source, **others)
    assert isinstance(found, Conversion), found.reason
    return found


def finished(source: str | bytes, **others: str) -> str:
    """A script after its conversion."""
    return _applied(source, conversion(source, **others).finish)


def prepared(source: str | bytes, **others: str) -> str:
    """A script whose application has moved, and which still runs as CGI."""
    return _applied(source, conversion(source, **others).prepare)


def reason(source: str | bytes, **others: str) -> str:
    """Why a script can't be converted."""
    found = plan(source, **others)
    assert isinstance(found, Blocked)
    return found.reason


def leftovers(source: str | bytes, **others: str) -> list[str]:
    """What would not run any more."""
    return [place.snippet.decode("latin-1") for place in conversion(source, **others).leftovers]


def _applied(source: str | bytes, edits: tuple[Edit, ...]) -> str:
    data = source.encode() if isinstance(source, str) else source
    return SourceFile("main.py", data).apply(edits).data.decode("latin-1")
