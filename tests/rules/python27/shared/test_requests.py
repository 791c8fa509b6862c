"""What runs for a request, and how a request gets there."""

from __future__ import annotations

from textwrap import dedent

import pytest

from gaebot.app import App
from gaebot.rules.python27.shared.reach.code import app_code
from gaebot.rules.python27.shared.reach.requests import how, request_code
from tests.rules.helpers import make_app
from tests.rules.python27.wsgi.scripts import cgi, wsgi

HANDLER = """
import webapp2
from google.appengine.ext import db, deferred, ndb
class Main(webapp2.RequestHandler):
    def get(self):
        start(self)
app = webapp2.WSGIApplication([('/', Main)])
"""


def app_of(main: str, more: dict[str, str] | None = None) -> App:
    others: dict[str, str | bytes] = {path: dedent(text) for path, text in (more or {}).items()}
    return make_app({**wsgi(dedent(main)), **others})


def runs(main: str, more: dict[str, str] | None = None) -> set[str]:
    """The titles of the functions that may run for a request."""
    return {function.title for function in request_code(app_of(main, more)).functions()}


def way(main: str, title: str, more: dict[str, str] | None = None) -> str:
    """How a request gets to a function."""
    app = app_of(main, more)
    return next(how(app, each) for each in request_code(app).functions() if each.title == title)


def started(code: str, more: dict[str, str] | None = None) -> set[str]:
    """What runs besides the one handler, which calls `start`."""
    return runs(HANDLER + dedent(code), more) - {"Main.get", "start"}


# -- what does not run -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "code",
    [
        # Nobody calls it.
        "def nobody(): pass\n",
        "class Nobody(object):\n    def __init__(self): pass\n    def run(self): pass\n",
        "def one(): two()\ndef two(): one()\n",
        "def nobody(): nobody()\n",
        # Only code that runs on import does.
        "def setup(): inner()\ndef inner(): pass\nsetup()\n",
        # A folder, a logger, a pattern: not the function of that name.
        "def nobody(): pass\nimport os\nX = os.path.join('a', 'nobody')\n",
        "def nobody(): pass\nimport logging\nX = logging.getLogger('nobody')\n",
        "def nobody(): pass\nimport re\nX = re.compile('nobody')\n",
        "def nobody(): pass\nfrom google.appengine.ext import db\nX = db.StringProperty('nobody')\n",
        "def value(): return 1\nX = value()\n",
        "def value(): return 1\nclass C(object):\n    x = value()\n",
        "def value(): return 1\ndef start(h, x=value()): pass\n",
        "def value(): return 1\nX = [value() for i in range(3)]\nfor i in X: value()\n",
        "class Setup(object):\n    def __init__(self): self.run()\n    def run(self): pass\nSetup.__name__\n",
        "class Setup(object):\n    def __init__(self): pass\n    def __new__(cls): return object.__new__(cls)\nSetup()\n",
        # The script's own.
        "def main():\n    app.run()\n    more()\ndef more(): pass\nif __name__ == '__main__':\n    main()\n",
        "def after(): pass\nif __name__ == '__main__':\n    after()\n",
        "if __name__ == '__main__':\n    def after(): pass\n    after()\n",
        # Names alike.
        "def work(): pass\ndef start(work):\n    work()\n",
        "def work(): pass\ndef start(h):\n    work = h.work\n    work = 1\n",
        "def work(): pass\ndef start(h):\n    h.run(work=1)\n    print 'work'\n    # work()\n",
        # Decorators run while the module is loaded.
        "def deco(f):\n    return f\n@deco\ndef start(h): pass\n",
        "def deco(x):\n    def real(f):\n        return f\n    return real\n@deco(1)\ndef start(h): pass\n",
        "class deco(object):\n    def __init__(self, x): pass\n    def __call__(self, f): return f\n@deco(1)\ndef start(h): pass\n",
        "class deco(object):\n    def __init__(self, f): pass\n@deco\ndef start(h): pass\n",
        # Metaclasses make classes then, too.
        "class Meta(type):\n    def __new__(mcs, n, b, d): return type.__new__(mcs, n, b, d)\n    def __init__(cls, n, b, d): pass\n"
        "class A(object):\n    __metaclass__ = Meta\ndef start(h):\n    A()\n",
        "class Base(type):\n    def __new__(mcs, n, b, d): return type.__new__(mcs, n, b, d)\nclass Meta(Base):\n    pass\n"
        "class A(object):\n    __metaclass__ = Meta\ndef start(h):\n    A()\n",
        "class Other(object):\n    def __init__(self): pass\nclass A(object):\n    def __init__(self): h.__init__()\n",
        # An application, a middleware that nobody uses.
        "class Old(object):\n    def __call__(self, environ, start_response): Old.last = self\n",
        "MIDDLEWARE_CLASSES = (\n    # 'main.Old',\n)\nclass Old(object):\n    def process_request(self, request): pass\n",
        # A class that is only named for what it keeps.
        "class Conf(object):\n    x = 1\n    def __init__(self): pass\ndef start(h):\n    return Conf.x\n",
        "class A(object):\n    def __init__(self): pass\ndef start(h):\n    return isinstance(h, A)\n",
        "class A(object):\n    def __init__(self): pass\nclass B(object):\n    pass\ndef start(h):\n    return issubclass(h, (B, A))\n",
        "class A(object):\n    def __init__(self): pass\nclass B(A):\n    pass\n",
        "class A(object):\n    def __init__(self): self.more()\n    def more(self): pass\nA()\nclass B(A):\n    pass\nB()\n",
        "class A(object):\n    def __init__(self): pass\n    @staticmethod\n    def no(): return super(A, None)\n",
        # Strings that are no names of functions here.
        "__all__ = ['work']\ndef work(): pass\n",
        "__all__ = ['other'] + ['work']\n__author__ = 'work'\ndef work(): pass\n",
        "def work(): pass\nX = 'work of art'\nprint 'work'\n",
        "def work(): pass\ndef start(h):\n    h.say('work')\n",
    ],
)
def test_what_no_request_runs(code: str) -> None:
    assert started(code) == set()


def test_tests_and_tools_do_not_run() -> None:
    assert (
        started(
            "",
            {
                "test_main.py": "import main\ndef test_it(request): main.start(1)\n",
                "tool.py": "def view(request): pass\n",
            },
        )
        == set()
    )


def test_the_main_of_a_cgi_script_does_not_run_for_a_request_of_its_own() -> None:
    main = "def main():\n    work()\ndef work(): pass\nif __name__ == '__main__':\n    main()\n"
    app = make_app(wsgi("import webapp2\napp = webapp2.WSGIApplication([])\n" + main))
    assert request_code(app).functions() == []


def cgi_runs(main: str) -> set[str]:
    return {function.title for function in request_code(make_app(cgi(dedent(main)))).functions()}


RUN = "def main():\n    run_wsgi_app(app)\n"
CGI = """
import webapp2
from google.appengine.ext.webapp.util import run_wsgi_app
app = webapp2.WSGIApplication([])
def more(): deep()
def deep(): pass
%s
if __name__ == '__main__':
    %s
"""


def test_a_script_that_only_runs_its_application() -> None:
    assert cgi_runs(CGI % (RUN, "main()")) == set()
    assert (
        cgi_runs(CGI % ("def real():\n    run_wsgi_app(app)\ndef main():\n    real()\n", "main()")) == set()
    )
    assert cgi_runs(CGI % (RUN + "X = more", "main()")) == set()


def test_set_up_that_a_script_repeats_for_each_request() -> None:
    assert cgi_runs(CGI % ("more()\n" + RUN.replace("    run", "    more()\n    run"), "main()")) == set()


def test_what_a_script_calls_beside_its_application() -> None:
    assert cgi_runs(CGI % (RUN.replace("    run", "    more()\n    run"), "main()")) == {"more", "deep"}
    assert cgi_runs(CGI % (RUN + "    print more()\n", "main()")) == {"more", "deep"}


def test_a_script_that_makes_its_answer_itself() -> None:
    script = "def main():\n    print 'Content-Type: text/plain\\n'\n    work()\ndef work(): pass\ndef no(): pass\n%s"
    assert cgi_runs(script % "if __name__ == '__main__':\n    main()\n") == {"main", "work"}
    assert cgi_runs(script % "if __name__ == '__main__':\n    print main\n") == set()


# -- what does ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "titles"),
    [
        ("def start(h):\n    work()\ndef work(): deep()\ndef deep(): pass\n", {"work", "deep"}),
        ("def start(h):\n    f = work\n    f()\ndef work(): pass\n", {"work"}),
        ("def start(h):\n    map(work, [1])\ndef work(x): pass\n", {"work"}),
        ("def start(h):\n    return {'a': work}[h]()\ndef work(): pass\n", {"work"}),
        ("def start(h):\n    return [work() for x in h]\ndef work(): pass\n", {"work"}),
        ("def start(h):\n    return lambda: work()\ndef work(): pass\n", {"work"}),
        ("def start(h):\n    def inner(): work()\n    inner()\ndef work(): pass\n", {"start.inner", "work"}),
        ("TABLE = {'a': work}\ndef start(h):\n    TABLE['a']()\ndef work(): pass\n", {"work"}),
        ("def start(h):\n    deferred.defer(work, 1, _queue='x')\ndef work(x): pass\n", {"work"}),
        ("def start(h):\n    db.run_in_transaction(work, 1)\ndef work(x): pass\n", {"work"}),
        ("def start(h):\n    start_map('x', 'main.work', 'reader')\ndef work(x): pass\n", {"work"}),
        # Classes and their methods.
        (
            "class A(object):\n    def __init__(self): pass\n    def no(self): pass\ndef start(h):\n    A()\n",
            {"A.__init__"},
        ),
        (
            "class A(object):\n    def run(self): self.more()\n    def more(self): pass\ndef start(h):\n    A().run()\n",
            {"A.run", "A.more"},
        ),
        ("class A(object):\n    def run(self): pass\ndef start(h):\n    a = A()\n    a.run()\n", {"A.run"}),
        ("class A(object):\n    def run(self): pass\na = A()\ndef start(h):\n    a.run()\n", {"A.run"}),
        ("class A(object):\n    def run(self): pass\ndef start(h):\n    h.unknown.run()\n", {"A.run"}),
        (
            "class A(object):\n    def run(self): pass\n    def no(self): pass\ndef start(h, a):\n    a.run()\n",
            {"A.run"},
        ),
        (
            "class A(object):\n    @classmethod\n    def make(cls): cls.more()\n    @classmethod\n    def more(cls): pass\ndef start(h):\n    A.make()\n",
            {"A.make", "A.more"},
        ),
        (
            "class A(object):\n    @staticmethod\n    def make(): pass\ndef start(h):\n    A.make()\n",
            {"A.make"},
        ),
        (
            "class A(object):\n    @property\n    def x(self): pass\n    def no(self): pass\ndef start(h):\n    return A().x\n",
            {"A.x"},
        ),
        (
            "class A(object):\n    def run(self): pass\nclass B(A):\n    pass\ndef start(h):\n    B().run()\n",
            {"A.run"},
        ),
        (
            "class A(object):\n    def run(self): self.hook()\nclass B(A):\n    def hook(self): pass\ndef start(h):\n    B().run()\n",
            {"A.run", "B.hook"},
        ),
        (
            "class A(object):\n    def run(self): pass\nclass B(A):\n    def run(self):\n        super(B, self).run()\ndef start(h):\n    B().run()\n",
            {"A.run", "B.run"},
        ),
        (
            "class A(object):\n    def __enter__(self): pass\n    def __exit__(self, *a): pass\ndef start(h):\n    with A(): pass\n",
            {"A.__enter__", "A.__exit__"},
        ),
        (
            "class A(db.Model):\n    def _pre_put_hook(self): pass\ndef start(h):\n    A().put()\n",
            {"A._pre_put_hook"},
        ),
        (
            "class S(type):\n    def __call__(cls): pass\nclass A(object):\n    __metaclass__ = S\ndef start(h):\n    A()\n",
            {"S.__call__"},
        ),
        # Decorators put other functions in place.
        (
            "def deco(f):\n    def inner(*a): work()\n    return inner\n@deco\ndef start(h): pass\ndef work(): pass\n",
            {"deco.inner", "work"},
        ),
        (
            "def deco(x):\n    def real(f):\n        def inner(*a): pass\n        return inner\n    return real\n@deco(1)\ndef start(h): pass\n",
            {"deco.real.inner"},
        ),
        (
            "class deco(object):\n    def __init__(self, f): self.f = f\n    def __call__(self, *a): pass\n@deco\ndef start(h): pass\n",
            {"deco.__call__"},
        ),
        (
            "class deco(object):\n    def __init__(self, x): pass\n    def __call__(self, f):\n        def inner(*a): pass\n        return inner\n@deco(1)\ndef start(h): pass\n",
            {"deco.__call__.inner"},
        ),
        # Python 2.
        (
            "def start(h):\n    print >>work(), 'x'\n    exec work()\n    raise ValueError, work()\ndef work(): pass\n",
            {"work"},
        ),
        ("def start(h):\n    return work() <> 'x'\ndef work(): pass\n", {"work"}),
    ],
)
def test_what_a_handler_leads_to(code: str, titles: set[str]) -> None:
    assert started(code) == titles


@pytest.mark.parametrize(
    ("code", "more"),
    [
        ("import own\ndef start(h):\n    own.work()\n", {"own.py": "def work(): pass\ndef no(): pass\n"}),
        ("import own as o\ndef start(h):\n    o.work()\n", {"own.py": "def work(): pass\n"}),
        ("from own import work\ndef start(h):\n    work()\n", {"own.py": "def work(): pass\n"}),
        ("from own import work as w\ndef start(h):\n    w()\n", {"own.py": "def work(): pass\n"}),
        ("from own import *\ndef start(h):\n    work()\n", {"own.py": "def work(): pass\n"}),
        (
            "from own import work\ndef start(h):\n    work()\n",
            {"own.py": "from deep import work\n", "deep.py": "def work(): pass\n"},
        ),
        (
            "import own\ndef start(h):\n    own.w()\n",
            {"own.py": "from deep import work as w\n", "deep.py": "def work(): pass\n"},
        ),
        (
            "from own import *\ndef start(h):\n    work()\n",
            {"own.py": "from deep import *\n", "deep.py": "def work(): pass\n"},
        ),
        ("def start(h):\n    from own import work\n    work()\n", {"own.py": "def work(): pass\n"}),
        (
            "from lib import own\ndef start(h):\n    own.work()\n",
            {"lib/__init__.py": "", "lib/own.py": "def work(): pass\n"},
        ),
        (
            "import lib.own\ndef start(h):\n    lib.own.work()\n",
            {"lib/__init__.py": "", "lib/own.py": "def work(): pass\n"},
        ),
        (
            "import lib\ndef start(h):\n    lib.work()\n",
            {"lib/__init__.py": "from own import work\n", "lib/own.py": "def work(): pass\n"},
        ),
        (
            "from lib import work\ndef start(h):\n    work()\n",
            {"lib/__init__.py": "from .own import work\n", "lib/own.py": "def work(): pass\n"},
        ),
        (
            "import own\ndef start(h):\n    own.o.work()\n",
            {"own.py": "import deep as o\n", "deep.py": "def work(): pass\n"},
        ),
    ],
)
def test_calls_of_other_modules(code: str, more: dict[str, str]) -> None:
    assert started(code, more) == {"work"}


HANDLERS = {
    "webapp": "from google.appengine.ext import webapp\nclass Page(webapp.RequestHandler):\n    def get(self): pass\n"
    "app = webapp.WSGIApplication([('/', Page)])\n",
    "webapp2": "import webapp2\nclass Page(webapp2.RequestHandler):\n    def get(self): pass\napp = webapp2.WSGIApplication([('/', Page)])\n",
    "a base": "import webapp2\nclass Base(webapp2.RequestHandler):\n    pass\nclass Page(Base):\n    def get(self): pass\n"
    "app = webapp2.WSGIApplication([('/', Page)])\n",
    "tornado": "import tornado.web, tornado.wsgi\nclass Page(tornado.web.RequestHandler):\n    def get(self): pass\n"
    "app = tornado.wsgi.WSGIApplication([(r'/', Page)])\n",
    "Django's classes": "from django.views.generic import View\nclass Page(View):\n    def get(self, request): pass\napp = Page.as_view()\n",
}


@pytest.mark.parametrize("main", HANDLERS.values(), ids=HANDLERS.keys())
def test_classes_of_handlers(main: str) -> None:
    assert runs(main) == {"Page.get"}
    assert way(main, "Page.get") == "Requests run `Page.get` (request handler)."


def test_methods_of_handlers_that_only_set_up_is_done_with() -> None:
    code = "class Page(webapp2.RequestHandler):\n    @classmethod\n    def add(cls, x): cls.y = x\n    def get(self): pass\n"
    more = "app = webapp2.WSGIApplication([('/', Page)])\n"
    assert "Page.add" not in runs(f"import webapp2\n{code}Page.add(1)\n{more}")
    assert "Page.add" in runs(f"import webapp2\n{code}{more}")
    assert "Page.add" in runs(f"import webapp2\n{code}Page.add(1)\ndef f(): Page.add(2)\n{more}")


def test_every_entry_of_a_handler() -> None:
    names = ["get", "post", "head", "dispatch", "initialize", "handle_exception", "error"]
    body = "".join(f"    def {name}(self, *a): pass\n" for name in names)
    main = f"import webapp2\nclass Page(webapp2.RequestHandler):\n{body}app = webapp2.WSGIApplication([('/', Page)])\n"
    assert runs(main) == {f"Page.{name}" for name in names}


def test_handler_methods_of_routes() -> None:
    main = """
    import webapp2
    class Page(webapp2.RequestHandler):
        def show(self): pass
        def edit(self): pass
    app = webapp2.WSGIApplication([
        webapp2.Route('/', Page, handler_method='show'),
        webapp2.Route('/e', handler='main.Page', handler_method="edit"),
    ])
    """
    assert runs(main) == {"Page.show", "Page.edit"}


def test_lazy_handlers() -> None:
    views = """
    import webapp2
    class Home(webapp2.RequestHandler):
        def get(self): pass
    def show(request): pass
    def lost(x): pass
    """
    main = """
    import webapp2
    app = webapp2.WSGIApplication([('/', 'views.Home'), webapp2.Route('/b', 'views.show'), ('/c', 'views.gone')])
    """
    assert runs(main, {"views.py": views}) == {"Home.get", "show"}


def test_django_urls() -> None:
    more = {
        "urls.py": """
        from django.conf.urls.defaults import *
        import blog.more
        from blog.more import direct
        urlpatterns = patterns('blog.views',
            (r'^$', 'index'),
            url(r'^x$', 'show', name='main-page'),
            (r'^y$', blog.more.about),
            url(r'^z$', view=direct),
            (r'^d$', 'django.views.generic.simple.lost'))
        handler404 = 'blog.views.missing'
        """,
        "blog/__init__.py": "",
        "blog/views.py": "def index(r): pass\ndef show(r): pass\ndef missing(r): pass\ndef lost(r): pass\n",
        "blog/more.py": "def about(r): pass\ndef direct(r): pass\ndef lost(r): pass\n",
    }
    main = "import urls\napp = 1\n"
    assert runs(main, {**more, "main.py": "import urls, blog.views\napp = 1\n"}) == {
        "index",
        "show",
        "about",
        "direct",
        "missing",
    }
    assert runs(main, {"urls.py": more["urls.py"]}) == set()


def test_views_by_their_first_argument() -> None:
    assert runs("app = 1\ndef view(request, id): work()\ndef work(): pass\ndef no(x): pass\n") == {
        "view",
        "work",
    }


def test_django_middleware() -> None:
    middle = """
    class Timing(object):
        def __init__(self): pass
        def process_request(self, request): self.more()
        def process_response(self, request, response): return response
        def more(self): pass
    """
    main = "import settings\napp = 1\n"
    found = runs(
        main, {"settings.py": "MIDDLEWARE_CLASSES = ('middle.Timing',)\nimport middle\n", "middle.py": middle}
    )
    assert {"Timing.process_request", "Timing.process_response", "Timing.more"} <= found
    way_there = way(main, "Timing.more", {"settings.py": "import middle\n", "middle.py": middle})
    assert way_there == "Requests get here by `Timing.process_request` → `Timing.more`."


def test_flask_and_bottle() -> None:
    main = """
    from flask import Flask
    import bottle
    from bottle import route, get as g
    app = Flask(__name__)
    @app.route('/')
    def index(): work()
    @app.before_request
    def before(): pass
    @app.errorhandler(404)
    def missing(e): pass
    @route('/b')
    def other(): pass
    @bottle.post('/p')
    def sent(): pass
    def work(): pass
    def no(): pass
    """
    assert runs(main) == {"index", "before", "missing", "other", "sent", "work"}
    assert way(dedent(main), "index") == "Requests run `index` (registered by `@app.route`)."


def test_webpy() -> None:
    main = """
    import web
    urls = ('/', 'index', '/b', 'view.more')
    class index:
        def GET(self): self.help()
        def help(self): pass
    class lost:
        def run(self): pass
    app = web.application(urls, globals()).wsgifunc()
    """
    found = runs(main, {"view.py": "class more:\n    def POST(self): pass\n", "main2.py": ""})
    assert {"index.GET", "index.help"} <= found
    assert "lost.run" not in found


def test_mail_and_xmpp() -> None:
    main = """
    import webapp2
    from google.appengine.ext.webapp.mail_handlers import InboundMailHandler
    from google.appengine.ext.webapp import xmpp_handlers
    class Mail(InboundMailHandler):
        def receive(self, message): pass
    class Chat(xmpp_handlers.CommandHandler):
        def text_message(self, message): pass
        def help_command(self, message): pass
        def unhandled_command(self, message): pass
    app = webapp2.WSGIApplication([Mail.mapping(), ('/_ah/xmpp/message/chat/', Chat)])
    """
    assert runs(main) == {"Mail.receive", "Chat.text_message", "Chat.help_command", "Chat.unhandled_command"}


def test_hand_written_applications() -> None:
    main = """
    def app(environ, start_response):
        start_response('200 OK', [])
        return page()
    def page(): pass
    def middle(inner):
        def wrapped(environ, start_response):
            return inner(environ, start_response)
        return wrapped
    class Other(object):
        def __init__(self): self.setup()
        def setup(self): pass
        def __call__(self, environ, start_response):
            start_response('200 OK', [])
            return self.page()
        def page(self): pass
        def no(self): pass
    other = middle(Other())
    def no(a, b): pass
    """
    assert runs(main) == {"app", "page", "middle.wrapped", "Other.__call__", "Other.page"}
    assert way(dedent(main), "Other.page") == "Requests get here by `Other.__call__` → `Other.page`."


def test_methods_that_templates_call() -> None:
    main = HANDLER + "class Post(object):\n    def author(self): pass\n    def lost(self): pass\n"
    page = {"page.html": "<b>{{ post.author }}</b> {% for x in post.tags %}{% endfor %} lost\n"}
    assert runs(main, page) == {"Main.get", "Post.author"}
    assert way(main, "Post.author", page) == "Requests run `Post.author` (page template)."


def test_pages_do_not_call_what_begins_with_a_line() -> None:
    main = "class Post(object):\n    def __init__(self): pass\n    def _author(self): pass\n"
    page = {"page.html": "{{ post.__init__ }} {{ post._author }}"}
    assert started(main, page) == set()


def test_objects_that_are_views_of_django() -> None:
    main = """
    from django.conf.urls.defaults import patterns, url
    class Base(object):
        def __call__(self, request):
            self.init()
        def init(self): pass
    class Page(Base):
        def urls(self):
            return [url('^page$', self, name='page')]
    class Other(Base):
        def urls(self):
            return [url('^other$', view=Other)]
        def lost(self): pass
    """
    assert "Base.__call__" in runs(main)
    assert way(main, "Base.init") == "Requests get here by `Base.__call__` → `Base.init`."


@pytest.mark.parametrize(
    ("receiver", "is_possible"),
    [
        ("self.request", False),
        ("self.request.POST", False),
        ("self.response.headers", False),
        ("request.COOKIES", False),
        ("self.request_log", True),
        ("self.client", True),
    ],
)
def test_a_request_is_nothing_of_the_apps(receiver: str, *, is_possible: bool) -> None:
    code = f"class Store(object):\n    def get(self, key): lost()\ndef lost(): pass\nx = Store\nclass A(object):\n    def a(self, request): {receiver}.get('a')\ndef start(h):\n    A().a(h)\n"
    assert ("lost" in started(code)) is is_possible


def test_super_makes_no_object() -> None:
    main = (
        "class A(object):\n    def hook(self): pass\n"
        "class B(A):\n    def __init__(self): setup()\n    def hook(self):\n        super(B, self).hook()\n"
        "def setup(): pass\nb = B()\ndef start(h):\n    b.hook()\n"
    )
    assert started(main) == {"A.hook", "B.hook"}


def test_filters_of_templates() -> None:
    main = """
    from google.appengine.ext import webapp
    register = webapp.template.create_template_register()
    @register.filter
    def short(value): pass
    def long(value): pass
    register.filter('long', long)
    def no(value): pass
    app = webapp.WSGIApplication([])
    """
    assert runs(main) == {"short", "long"}


def test_error_handlers_of_webapp2() -> None:
    assert started("def oops(r, s, e): pass\napp.error_handlers[404] = oops\n") == {"oops"}


def test_scripts_for_python25() -> None:
    code = (
        HANDLER + "def start(h): pass\ndef main():\n    app.run()\nif __name__ == '__main__':\n    main()\n"
    )
    found = {function.title for function in request_code(make_app(cgi(code))).functions()}
    assert {"Main.get", "start"} <= found


# -- the way there -----------------------------------------------------------------------------


def test_the_shortest_of_the_sure_ways() -> None:
    code = "def start(h):\n    long()\n    work()\ndef long(): longer()\ndef longer(): work()\ndef work(): pass\n"
    assert way(HANDLER + code, "work") == "Requests get here by `Main.get` → `start` → `work`."


def test_sure_steps_go_before_possible_ones() -> None:
    code = "class A(object):\n    def run(self): pass\ndef start(h):\n    h.x.run()\n    work()\ndef work(): A().run()\n"
    assert way(HANDLER + code, "A.run") == "Requests get here by `Main.get` → `start` → `work` → `A.run`."


def test_long_ways_are_cut_in_the_middle() -> None:
    code = "def start(h): a()\ndef a(): b()\ndef b(): c()\ndef c(): pass\n"
    assert way(HANDLER + code, "c") == "Requests get here by `Main.get` → `start` → … → `c`."


def test_what_no_request_reaches_has_no_way() -> None:
    app = app_of(HANDLER + "def nobody(): pass\n")
    code = request_code(app)
    (function,) = [each for each in app_code(app).functions if each.title == "nobody"]
    assert not code.runs(function)
    assert not code.runs(None)
    with pytest.raises(KeyError):
        code.chain(function)
