"""The names of webapp and of webapp2, which takes its place on python27.

`google.appengine.ext.webapp` is `from webapp2 import *` there (SDK google/appengine/ext/webapp/__init__.py).
"""

from __future__ import annotations

WEBAPP = "google.appengine.ext.webapp"
WEBAPP2 = "webapp2"

IN_BOTH = frozenset({"RedirectHandler", "Request", "RequestHandler", "Response", "WSGIApplication"})
"""The classes that webapp and webapp2 both have."""

SUBMODULES = frozenset(
    {"blobstore_handlers", "mail_handlers", "mock_webapp", "template", "util", "xmpp_handlers"}
)
"""The modules that stay where they are, in google.appengine.ext.webapp."""

GONE = {
    "Error": "`Exception`",
    "NoUrlFoundError": "`KeyError`, which `webapp2.uri_for` raises",
    "CannotReversePattern": "`KeyError`, which `webapp2.uri_for` raises",
    "RE_FIND_GROUPS": "a named `webapp2.Route`",
    "StringIO": "`import StringIO`",
    "wsgiref": "`import wsgiref.handlers`",
}
"""What webapp had and webapp2 has not, with what to use instead.

Compared under CPython 2.7: the names that `from … import *` takes from _webapp25 and from webapp2 2.3 and
2.5.2 of the SDK.
"""

HTTP_METHODS = frozenset({"get", "post", "head", "options", "put", "delete", "trace"})
"""The methods by which handlers answer requests."""


def both(name: str) -> tuple[str, str]:
    """The dotted names of a class in webapp and in webapp2."""
    return f"{WEBAPP}.{name}", f"{WEBAPP2}.{name}"
