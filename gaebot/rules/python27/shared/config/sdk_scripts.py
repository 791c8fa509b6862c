"""Handlers of the SDK that apps name by file (`$PYTHON_LIB/...`), and what they are called as WSGI.

Read off the SDK 1.9.88: `google/appengine/ext/builtins/*/include*.yaml` for those that are
builtins, else the module's own source. A test loads each name in the SDK.
"""

from __future__ import annotations

_EXT = "google/appengine/ext/"
_MAPREDUCE = (
    "the SDK no longer holds mapreduce: bundle the appengine-mapreduce library and name `mapreduce.main.APP`"
)

WSGI_NAMES: dict[str, str] = {
    f"{_EXT}deferred": "google.appengine.ext.deferred.application",
    f"{_EXT}deferred/__init__.py": "google.appengine.ext.deferred.application",
    f"{_EXT}deferred/deferred.py": "google.appengine.ext.deferred.application",
    f"{_EXT}deferred/handler.py": "google.appengine.ext.deferred.application",
    f"{_EXT}remote_api/handler.py": "google.appengine.ext.remote_api.handler.application",
    f"{_EXT}appstats/ui.py": "google.appengine.ext.appstats.ui.app",
    f"{_EXT}ereporter/report_generator.py": "google.appengine.ext.ereporter.report_generator.application",
    f"{_EXT}admin_redirect/main.py": "google.appengine.ext.admin_redirect.main.APP",
    f"{_EXT}admin": "google.appengine.ext.admin.application",
    f"{_EXT}admin/__init__.py": "google.appengine.ext.admin.application",
    f"{_EXT}django/main.py": "google.appengine.ext.django.main.app",
}
"""Path below `$PYTHON_LIB/` → WSGI name."""

RUN_BARE = frozenset({f"{_EXT}remote_api/handler.py"})
"""Those whose CGI `main()` leaves out the middleware of appengine_config.py, below `$PYTHON_LIB/`.

That of appstats does too, but the runtime's own builtin has always had it around its pages.
"""

GONE: dict[str, str] = {
    f"{_EXT}mapreduce/main.py": _MAPREDUCE,
    f"{_EXT}mapreduce": _MAPREDUCE,
    f"{_EXT}datastore_admin/main.py": "the SDK no longer holds datastore_admin: remove this handler",
    f"{_EXT}datastore_admin": "the SDK no longer holds datastore_admin: remove this handler",
    "google/appengine/api/lib_config.py": "it only has a CGI `main()`: remove this handler",
}
"""Path below `$PYTHON_LIB/` → what became of it and what to do."""

ZIPSERVE = frozenset({f"{_EXT}zipserve", f"{_EXT}zipserve/__init__.py"})
"""zipserve builds its application inside `main()`; an app needs a module of its own for it."""

ZIPSERVE_MODULE = """\
from google.appengine.ext import webapp
from google.appengine.ext import zipserve

app = webapp.WSGIApplication([('/([^/]+)/(.*)', zipserve.ZipHandler)])
"""
