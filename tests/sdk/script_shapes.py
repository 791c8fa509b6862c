"""Handler scripts in all the shapes that people write: parts that are combined with each other.

Each script answers `/` with the log level and the number of its template libraries, so that a lost
set-up shows, and `/hello` with a greeting.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from dataclasses import dataclass

COMMON = """\
import logging, sys
from google.appengine.ext import webapp

requests = []
libraries = []
app = application = 'taken'


def register(name):
    libraries.append(name)


class Page(webapp.RequestHandler):
    def get(self):
        requests.append(self.request.path)
        self.response.headers['Content-Type'] = 'text/plain'
        level = logging.getLogger().level
        self.response.out.write('%s %s %s' % (level, libraries, 'extra' in sys.path))


class Hello(webapp.RequestHandler):
    def get(self):
        requests.append(self.request.path)
        self.response.set_status(201)
        self.response.out.write('Hello ' + self.request.get('name'))

    def post(self):
        requests.append(self.request.path)
        self.response.out.write('posted ' + self.request.get('name'))


class Tag(object):
    def __init__(self, app, name):
        self.app, self.name = app, name

    def __call__(self, environ, start_response):
        def start(status, headers, exc_info=None):
            return start_response(status, headers + [('X-Tag', self.name)], exc_info)
        return self.app(environ, start)


def make(routes=None, **options):
    return webapp.WSGIApplication(routes or [('/', Page), ('/hello', Hello)], **options)
"""

HEAD = (
    "from google.appengine.ext import webapp\nimport logging, os, sys\nimport common\n"
    "from common import Page, Hello, Tag\n"
)

ROUTES = "[('/', Page), ('/hello', Hello)]"

# How the application comes about: lines at module level, lines in main(), the expression to run.
BUILDS = {
    "global": (f"app = webapp.WSGIApplication({ROUTES})\n", "", "app"),
    "global with debug": (
        f"DEBUG = True\nsite = webapp.WSGIApplication({ROUTES}, debug=DEBUG)\n",
        "",
        "site",
    ),
    "local": ("", f"application = webapp.WSGIApplication({ROUTES}, debug=True)\n", "application"),
    "inline": ("", "", f"webapp.WSGIApplication({ROUTES})"),
    "inline on lines": (
        "",
        "",
        ("webapp.WSGIApplication([\n    ('/', Page),  # home\n\n    # greetings\n    ('/hello', Hello),\n])"),
    ),
    "routes": (
        "",
        (
            "routes = [\n    ('/', Page),  # home\n    # greetings\n    ('/hello', Hello),\n]\n\n"
            "application = webapp.WSGIApplication(routes,\n                                     debug=True)\n"
        ),
        "application",
    ),
    "loop": (
        "",
        (
            "routes = []\nfor path, page in (('/', Page), ('/hello', Hello)):\n"
            "    routes.append((path, page))\n"
            "application = webapp.WSGIApplication(routes)\n"
        ),
        "application",
    ),
    "middleware": (
        "",
        (f"app = webapp.WSGIApplication({ROUTES})\napp = Tag(app, 'one')\napp = Tag(app, 'two')\n"),
        "app",
    ),
    "middleware inline": ("", f"app = webapp.WSGIApplication({ROUTES})\n", "Tag(app, 'one')"),
    "factory": ("", "application = common.make(debug=False)\n", "application"),
    "factory inline": ("", "", "common.make()"),
    "own factory": ("def make():\n    return common.make()\n\n", "", "make()"),
    "lazy": (
        "application = None\n",
        (
            "global application\nif application is None:\n"
            f"    application = webapp.WSGIApplication({ROUTES})\n"
        ),
        "application",
    ),
    "set as a global": ("", f"global site\nsite = webapp.WSGIApplication({ROUTES})\n", "site"),
    "choice": (
        "DEBUG = True\n",
        (
            f"app = webapp.WSGIApplication({ROUTES})\nif DEBUG:\n    app = Tag(app, 'debug')\nelse:\n"
            "    app = Tag(app, 'x')\n"
        ),
        "app",
    ),
    "localhost": (
        "",
        (
            "debug = os.environ['HTTP_HOST'].startswith('localhost')\n"
            f"application = webapp.WSGIApplication({ROUTES}, debug=debug)\n"
        ),
        "application",
    ),
    "name taken": (
        "from common import app, application\n",
        f"application = webapp.WSGIApplication({ROUTES})\n",
        "application",
    ),
    "names taken": (
        ("from common import app\napplication = wsgi_app = 'x'\n"),
        "",
        f"webapp.WSGIApplication({ROUTES})",
    ),
    "local taken": (
        "routes = 'x'\nassert routes == 'x'\n",
        f"routes = {ROUTES}\napplication = webapp.WSGIApplication(routes)\n",
        "application",
    ),
    "builtin taken": ("", f"list = {ROUTES}\napplication = webapp.WSGIApplication(list)\n", "application"),
    "import in it": (
        "",
        (
            "from common import Hello as Greeting\n"
            f"application = webapp.WSGIApplication({ROUTES.replace('Hello)', 'Greeting)')})\n"
        ),
        "application",
    ),
    "string of lines": (
        "",
        (
            "doc = '''a\n  b\n\tc\n'''\n"
            f"application = webapp.WSGIApplication({ROUTES}, config={{'doc': doc}})\n"
        ),
        "application",
    ),
    "backslash": (
        "",
        f"application = \\\n    webapp.WSGIApplication({ROUTES}, \\\n  debug=True)\n",
        "application",
    ),
    "function in it": (
        "",
        f"def routes():\n    return {ROUTES}\n\napplication = webapp.WSGIApplication(routes())\n",
        "application",
    ),
    "unused value": ("", f"unused = 1\napplication = webapp.WSGIApplication({ROUTES})\n", "application"),
}

# How it is run: the import, lines in front of the call, the call.
ADAPTERS = {
    "plain": ("from google.appengine.ext.webapp.util import run_wsgi_app\n", "", "run_wsgi_app({})"),
    "util": ("from google.appengine.ext.webapp import util\n", "", "util.run_wsgi_app({})"),
    "among others": (
        "from google.appengine.ext.webapp.util import login_required, run_wsgi_app\nlogin_required\n",
        "",
        "run_wsgi_app({})",
    ),
    "renamed": ("from google.appengine.ext.webapp.util import run_wsgi_app as go\n", "", "go({})"),
    "star": ("from google.appengine.ext.webapp.util import *\n", "", "run_wsgi_app({})"),
    "bare": (
        "import google.appengine.ext.webapp.util\n",
        "",
        "google.appengine.ext.webapp.util.run_bare_wsgi_app({})",
    ),
    "wsgiref": ("import wsgiref.handlers\n", "", "wsgiref.handlers.CGIHandler().run({})"),
    "handlers": ("from wsgiref import handlers\n", "", "handlers.CGIHandler().run({})"),
    "class": ("from wsgiref.handlers import CGIHandler\n", "", "CGIHandler().run({})"),
    "variable": ("import wsgiref.handlers\n", "handler = wsgiref.handlers.CGIHandler()\n", "handler.run({})"),
    "imported there": ("", "from google.appengine.ext.webapp.util import run_wsgi_app\n", "run_wsgi_app({})"),
    "keyword": (
        "from google.appengine.ext.webapp.util import run_wsgi_app\n",
        "",
        "run_wsgi_app(application={})",
    ),
    "returned": (
        "from google.appengine.ext.webapp.util import run_wsgi_app\n",
        "",
        "return run_wsgi_app({})",
    ),
}

# What main() sets up beside: in front of everything, and right in front of the call.
SETUPS = {
    "none": ("", ""),
    "docstring": ("'''Run the application.'''\n", ""),
    "comments": ("# set up\n\n# once\n", "# and run\n"),
    "level": ("logging.getLogger().setLevel(logging.ERROR)\n", ""),
    "level behind": ("", "\n# quiet\nlogging.getLogger().setLevel(logging.ERROR)\n\n"),
    "path": ("if 'extra' not in sys.path:\n    sys.path.insert(0, 'extra')\n", ""),
    "known imports": ("import logging\nimport common\n", ""),
}

# How the run starts: `{main}` stands for the body, once as it is and once indented.
STARTS = {
    "guard": "def main():\n{body}\n\nif __name__ == '__main__':\n    main()\n",
    "quotes": 'def main():\n{body}\nif __name__ == "__main__":\n    main()\n',
    "reversed": "def main():\n{body}\n\nif '__main__' == __name__:\n    main()\n",
    "brackets": "def main():\n{body}\n\nif (__name__ == '__main__'):\n    main()\n",
    "one line": "def main():\n{body}\nif __name__ == '__main__': main()\n",
    "arguments": "def main(argv=None):\n{body}\n\nif __name__ == '__main__':\n    main(sys.argv)\n",
    "comments": (
        "# Run it.\ndef main():\n{body}\n\n# the guard\nif __name__ == '__main__':\n    # go\n"
        "    main()  # now\n# the end\n"
    ),
    "code between": (
        "def main():\n{body}\n\nclass Later(Page):\n    pass\n\nif __name__ == '__main__':\n    main()\n"
    ),
    "code behind": "def main():\n{body}\n\nif __name__ == '__main__':\n    main()\n\n\nBEHIND = True\n",
    "alias": "def real_main():\n{body}\n\nmain = real_main\n\nif __name__ == '__main__':\n    main()\n",
    "unguarded": "def main():\n{body}\n\nmain()\n",
    "else": "def main():\n{body}\n\nif __name__ == '__main__':\n    main()\nelse:\n    BEHIND = True\n",
    "no function": "if __name__ == '__main__':\n{body}\n",
    "other name": "def start():\n{body}\n\n\nif __name__ == '__main__':\n    start()\n",
    "level in the guard": (
        "def main():\n{body}\n\nif __name__ == '__main__':\n"
        "    logging.getLogger().setLevel(logging.CRITICAL)\n    main()\n"
    ),
}

STYLES = {
    "plain": lambda text: text.encode(),
    "two blanks": lambda text: text.replace("    ", "  ").encode(),
    "tabs": lambda text: text.replace("    ", "\t").encode(),
    "crlf": lambda text: text.replace("\n", "\r\n").encode(),
    "no final newline": lambda text: text.rstrip("\n").encode(),
    "latin-1": lambda text: f"# -*- coding: latin-1 -*-\n# caf\xe9\n{text}# \xfcber\n".encode("latin-1"),
    "bom": lambda text: b"\xef\xbb\xbf" + f"# caf\xe9\n{text}".encode(),
    "blank lines": lambda text: f"\n\f\n{text}\n\n   \n".encode(),
}


@dataclass(frozen=True)
class Shape:
    """One script, and the parts that it is made of."""

    name: str
    source: bytes


def shape(build: str, adapter: str, setup: str, start: str, style: str) -> Shape:
    """The script that is made of some parts."""
    above, inside, expression = BUILDS[build]
    imports, helper, call = ADAPTERS[adapter]
    first, last = SETUPS[setup]
    body = f"{first}{inside}{helper}{last}{call.format(expression)}\n"
    indented = "".join(
        f"    {line}" if line.strip() and not is_text else line for line, is_text in _lines(body)
    )
    text = f"{HEAD}{imports}\n\n{above}\n{STARTS[start].format(body=indented)}"
    return Shape(f"{build}, {adapter}, {setup}, {start}, {style}", STYLES[style](text))


def _lines(body: str) -> Iterator[tuple[str, bool]]:
    """The lines of a body, each with whether it begins inside a string of several lines."""
    is_text = False
    for line in body.splitlines(keepends=True):
        yield line, is_text
        if line.count("'''") % 2:
            is_text = not is_text


_RUN = "from google.appengine.ext.webapp.util import run_wsgi_app\n"
_GUARD = "\nif __name__ == '__main__':\n    main()\n"
ONES_OF_A_KIND = {
    "one line": f"{HEAD}{_RUN}def main(): run_wsgi_app(webapp.WSGIApplication({ROUTES}))\n{_GUARD}",
    "semicolons": (
        f"{HEAD}{_RUN}def main(): routes = {ROUTES}; app = webapp.WSGIApplication(routes); "
        f"run_wsgi_app(app)\n{_GUARD}"
    ),
    "choice of adapters": (
        f"{HEAD}{_RUN}from wsgiref.handlers import CGIHandler\nDEBUG = False\napp = common.make()\n"
        "def main():\n    if DEBUG:\n        CGIHandler().run(Tag(app, 'debug'))\n"
        f"    else:\n        # as ever\n        run_wsgi_app(app)\n{_GUARD}"
    ),
    "guard for the path": (
        "import sys\nif __name__ == '__main__':\n    sys.path.insert(0, 'extra')\n"
        f"{HEAD}{_RUN}def main():\n    run_wsgi_app(common.make())\n{_GUARD}"
    ),
    "unguarded call of the adapter": f"{HEAD}{_RUN}run_wsgi_app(common.make())\n",
    "unguarded, with a name": f"{HEAD}{_RUN}app = common.make()\nrun_wsgi_app(app)\n",
    "run of webapp2": f"{HEAD}app = common.make()\ndef main():\n    app.run()\n{_GUARD}",
    "import of everything": f"from common import *\n{_RUN}def main():\n    run_wsgi_app(make())\n{_GUARD}",
    "set-up behind the run": (
        f"{HEAD}{_RUN}import mimetypes\ndef main():\n    application = common.make()\n"
        f"    run_wsgi_app(application)\n    mimetypes.init()\n{_GUARD}"
    ),
    "tried": (
        f"{HEAD}{_RUN}def main():\n    application = common.make()\n    try:\n"
        "        run_wsgi_app(application)\n"
        f"    except DeadlineExceededError:\n        print 'Status: 500'\n{_GUARD}"
    ),
    "decorated": (
        f"{HEAD}{_RUN}def same(function):\n    return function\n\n@same\ndef main():\n"
        f"    run_wsgi_app(common.make())\n{_GUARD}"
    ),
    "own handler": (
        f"{HEAD}import wsgiref.handlers\nclass Handler(wsgiref.handlers.CGIHandler):\n    pass\n"
        f"def main():\n    Handler().run(common.make())\n{_GUARD}"
    ),
    "profiler": (
        f"{HEAD}{_RUN}def real_main():\n    run_wsgi_app(common.make())\n\ndef profile_main():\n"
        "    import cProfile\n"
        f"    cProfile.Profile().runctx('real_main()', globals(), locals())\n\nmain = real_main\n{_GUARD}"
    ),
}
"""Scripts that can't be made of parts."""


def is_valid(build: str, adapter: str, start: str) -> bool:
    """Whether parts go together as Python and as a CGI script."""
    if start == "no function":
        # No `main()`: nothing to return from, and names that are the module's own.
        return adapter != "returned" and "taken" not in build and "global" not in BUILDS[build][1]
    return True


def shapes(count: int, seed: int = 7) -> list[Shape]:
    """Every part at least once with plain others, and a random choice of combinations."""
    plain = {"build": "local", "adapter": "plain", "setup": "none", "start": "guard", "style": "plain"}
    parts = {"build": BUILDS, "adapter": ADAPTERS, "setup": SETUPS, "start": STARTS, "style": STYLES}
    chosen = [{**plain, kind: name} for kind, names in parts.items() for name in names]
    pairs = [{**plain, "build": build, "start": start} for build, start in itertools.product(BUILDS, STARTS)]
    every = [dict(zip(parts, names, strict=True)) for names in itertools.product(*parts.values())]
    chosen += pairs + random.Random(seed).sample(every, count)
    valid = [c for c in chosen if is_valid(c["build"], c["adapter"], c["start"])]
    made = [shape(**parts) for parts in valid]
    made += [Shape(name, text.encode()) for name, text in ONES_OF_A_KIND.items()]
    return list({shape.name: shape for shape in made}.values())
