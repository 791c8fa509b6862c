"""Third-party code that an app carries along, told by the names of its files.

Only names are looked at. A folder counts by its name together with a file that the library has and
an app's own package of that name would not; a single file only when nobody writes one of that name.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator

from gaebot.paths import parents

_ANY = ("__init__.py",)  # the folder's name alone is telling

# Folder name → files in it, of which one is enough.
_PACKAGES: dict[str, tuple[str, ...]] = {
    "aeoid": ("middleware.py",),
    "aetycoon": _ANY,
    "appengine_django": _ANY,
    "appengine_utilities": _ANY,
    "appengine_toolkit": _ANY,
    "appstats": ("recording.py", "datamodel_pb.py"),
    "atom": ("service.py", "http.py", "mock_http.py"),
    "babel": ("localedata.py", "localedata/__init__.py", "messages/catalog.py", "plural.py"),
    "beaker": ("session.py", "crypto/__init__.py"),
    "BeautifulSoup": _ANY,
    "blinker": ("_saferef.py",),
    "boto": ("connection.py",),
    "bottle": _ANY,
    "bs4": _ANY,
    "chardet": ("universaldetector.py",),
    "cloudstorage": ("cloudstorage_api.py", "storage_api.py"),
    "Cheetah": ("Template.py",),
    "cherrypy": ("_cptree.py", "wsgiserver/__init__.py"),
    "Crypto": ("Cipher/__init__.py", "Hash/__init__.py"),
    "dateutil": ("parser.py", "relativedelta.py"),
    "dbindexer": ("api.py", "compiler.py", "lookups.py"),
    "django": ("core/management/__init__.py", "core/handlers/wsgi.py", "template/__init__.py"),
    "djangoappengine": _ANY,
    "djangotoolbox": _ANY,
    "docutils": ("nodes.py", "core.py"),
    "elementtree": ("ElementTree.py",),
    "facebook": ("djangofb/__init__.py", "webappfb.py"),
    "fantasm": ("fsm.py",),
    "feedparser": ("feedparser.py",),
    "flask": ("app.py", "wrappers.py"),
    "flaskext": _ANY,
    "formencode": ("validators.py",),
    "gae_mini_profiler": _ANY,
    "gaeo": ("dispatch/dispatcher.py", "controller/__init__.py"),
    "gaesessions": _ANY,
    "gaetestbed": _ANY,
    "gaeunit": _ANY,
    "gdata": ("service.py", "client.py", "auth.py"),
    "genshi": ("core.py", "template/__init__.py"),
    "geo": ("geocell.py", "geomodel.py"),
    "gluon": ("main.py", "restricted.py", "template.py"),
    "html5lib": ("html5parser.py",),
    "httplib2": _ANY,
    "icalendar": ("cal.py",),
    "indextank": ("client.py",),
    "jinja": ("parser.py",),
    "jinja2": ("environment.py",),
    "jsonpickle": ("pickler.py", "unpickler.py"),
    "kay": ("app.py", "management/__init__.py", "setup_env.py"),
    "mako": ("template.py", "lexer.py"),
    "mapreduce": ("base_handler.py", "input_readers.py", "operation/__init__.py"),
    "markdown": ("blockparser.py", "preprocessors.py", "treeprocessors.py", "markdown.py", "etree.py"),
    "markdown2": _ANY,
    "markupsafe": _ANY,
    "ndb": ("tasklets.py",),
    "nose": ("plugins/__init__.py", "core.py"),
    "oauth": ("oauth.py",),
    "oauth2": _ANY,
    "oauth2client": _ANY,
    "oauthlib": _ANY,
    "openid": ("consumer/__init__.py", "yadis/__init__.py"),
    "paste": ("httpserver.py", "registry.py", "deploy/__init__.py"),
    "PIL": ("Image.py",),
    "pipeline": ("status_ui.py", "common.py"),
    "pyamf": ("amf0.py", "amf3.py"),
    "pygments": ("lexer.py", "lexers/__init__.py"),
    "pylons": ("wsgiapp.py",),
    "pyparsing": _ANY,
    "pytz": ("tzinfo.py", "tzfile.py"),
    "ragendja": _ANY,
    "reportlab": _ANY,
    "requests": ("sessions.py", "models.py"),
    "routes": ("mapper.py",),
    "simplejson": ("decoder.py", "encoder.py"),
    "south": ("migration.py", "migration/__init__.py"),
    "sqlalchemy": ("orm/__init__.py", "engine/__init__.py"),
    "suds": ("client.py",),
    "tipfy": ("application.py", "app.py", "routing.py"),
    "tipfyext": _ANY,
    "tornado": ("httpserver.py", "ioloop.py", "wsgi.py"),
    "tweepy": ("api.py", "binder.py"),
    "twisted": ("internet/__init__.py", "python/__init__.py"),
    "uamobile": _ANY,
    "unittest2": ("case.py",),
    "urlgrabber": ("grabber.py", "byterange.py"),
    "vobject": _ANY,
    "web": ("webapi.py",),
    "webapp2": _ANY,
    "webapp2_extras": _ANY,
    "webob": ("request.py", "exc.py"),
    "webtest": ("app.py",),
    "werkzeug": ("wrappers.py", "serving.py", "local.py"),
    "wtforms": ("validators.py", "fields.py", "fields/__init__.py"),
    "yaml": ("composer.py", "constructor.py"),
    "zope": ("interface/__init__.py",),
}
# Libraries that go by another name than their folder.
_NAMES = {"geo": "geomodel", "gluon": "web2py", "web": "web.py", "yaml": "PyYAML"}

# Modules of one file whose names nobody gives to an own one.
_MODULES = frozenset({
    "appengine_console.py", "BeautifulSoup.py", "BeautifulSoup3.py", "BeautifulStoneSoup.py", "PyRSS2Gen.py",
    "akismet.py", "bottle.py", "chardet.py", "clevercss.py", "cssmin.py", "demjson.py", "feedparser.py",
    "gaesessions.py", "gaetestbed.py", "gaeunit.py", "geohash.py", "gflags.py", "gviz_api.py", "html2text.py",
    "httplib2.py", "iso8601.py", "itsdangerous.py", "markdown2.py", "mimeparse.py", "ordereddict.py",
    "pkg_resources.py", "postmarkup.py", "pyDes.py", "pyparsing.py", "six.py", "smartypants.py",
    "typogrify.py", "unittest2.py", "webapp2.py", "xmltodict.py",
})  # fmt: skip
# Modules that an app may write itself, but which are libraries where libraries are kept.
_MODULES_IN_LIB = frozenset({"decorator.py", "markdown.py", "oauth.py", "simplejson.py", "textile.py"})
_LIB = frozenset({"lib", "libs", "library", "packages", "ext"})

# Folders of other people's code: all that lies in them is.
_THIRD_PARTY = frozenset({
    "third_party", "third-party", "thirdparty", "3rdparty", "3rd_party", "3rd-party", "vendored",
    "site-packages", "dist-packages", "externals", "extlib", "extlibs", "distlib",
})  # fmt: skip
# So are these, unless they hold modules of their own: a shop's `vendor` package has views and models.
_PERHAPS_THIRD_PARTY = frozenset({"vendor", "vendors", "external"})

# Beside a setup.py, these mark a folder as somebody's release.
_RELEASE_FILES = (
    "authors",
    "changelog",
    "changes",
    "copying",
    "license",
    "manifest.in",
    "pkg-info",
    "readme",
)


def find_vendored(paths: Iterable[str]) -> dict[str, str]:
    """Folders and single files that hold bundled libraries, each with the library's name.

    `paths` are those of all files of an app, relative to its root, with forward slashes. No folder
    of the result lies in another. Empty when everything would be third-party code: then it is not
    carried along, but the app itself.
    """
    known = frozenset(paths)
    found = dict([*_releases(known), *_bundles(known), *_modules(known), *_packages(known)])
    outermost = {path: name for path, name in sorted(found.items()) if not _is_below(path, found)}
    python = [path for path in known if path.endswith(".py")]
    if python and all(path in outermost or _is_below(path, outermost) for path in python):
        return {}
    return outermost


def _packages(paths: frozenset[str]) -> Iterator[tuple[str, str]]:
    for folder in _folders(paths):
        name = posixpath.basename(folder)
        if any(f"{folder}/{file}" in paths for file in _PACKAGES.get(name, ())):
            yield folder, _NAMES.get(name, name)
        if name == "appengine" and posixpath.dirname(folder).rpartition("/")[2] == "google":
            yield folder, "App Engine SDK"
        if f"{folder}/dev_appserver.py" in paths:
            yield folder, "App Engine SDK"


def _modules(paths: frozenset[str]) -> Iterator[tuple[str, str]]:
    for path in paths:
        folder, _, name = path.rpartition("/")
        if name in _MODULES or (name in _MODULES_IN_LIB and folder.rpartition("/")[2] in _LIB):
            yield path, name.removesuffix(".py")


def _bundles(paths: frozenset[str]) -> Iterator[tuple[str, str]]:
    """What lies directly in a folder for other people's code, each entry by its own name."""
    with_modules = {
        posixpath.dirname(path)
        for path in paths
        if path.endswith(".py") and not path.endswith("/__init__.py")
    }
    for path in paths:
        parts = path.split("/")
        for depth, name in enumerate(parts[:-1], start=1):
            holder, entry = "/".join(parts[:depth]), parts[depth]
            perhaps = name in _PERHAPS_THIRD_PARTY and holder not in with_modules
            if (name in _THIRD_PARTY or perhaps) and entry != "__init__.py":
                is_code = depth + 1 < len(parts) or entry.endswith(".py")
                if is_code:
                    yield f"{holder}/{entry}", _NAMES.get(entry, entry.removesuffix(".py"))


def _releases(paths: frozenset[str]) -> Iterator[tuple[str, str]]:
    """Unpacked or installed releases: a setup.py among what goes with it, or packaging metadata."""
    folders = _folders(paths)
    for path in paths:
        folder, _, name = path.rpartition("/")
        metadata = posixpath.basename(folder)
        if name == "setup.py" and folder and _is_release(folder, paths):
            yield folder, metadata
        elif metadata.endswith((".egg-info", ".dist-info")):
            library = metadata.partition("-")[0].removesuffix(".egg")
            package = posixpath.join(posixpath.dirname(folder), library)
            candidates = (package, package.lower(), f"{package}.py", f"{package.lower()}.py")
            yield from ((candidate, library) for candidate in candidates if candidate in folders | paths)


def _is_release(folder: str, paths: frozenset[str]) -> bool:
    names = (path[len(folder) + 1 :].lower() for path in paths if path.startswith(f"{folder}/"))
    return any(name.startswith(_RELEASE_FILES) for name in names if "/" not in name)


def _folders(paths: Iterable[str]) -> frozenset[str]:
    return frozenset(folder for path in paths for folder in parents(path))


def _is_below(path: str, folders: Iterable[str]) -> bool:
    return any(parent in folders for parent in parents(path))
