"""`ts-self-state-on-shared-instance`: what it leaves alone and finds."""

from __future__ import annotations

import pytest

from tests.rules.python27.threads.apps import lines, reports, told

RULE = "ts-self-state-on-shared-instance"


@pytest.mark.parametrize(
    "code",
    [
        # Objects of one call.
        """
        class Cart(object):
            def __init__(self):
                self.items = []
                self.total = 0
            def add(self, x):
                self.items.append(x)
                self.total = x
        def work(h):
            cart = Cart()
            cart.add(1)
            Cart().add(2)
        """,
        """
        class Timer(object):
            def __enter__(self):
                self.start = time.time()
                return self
            def __exit__(self, *args):
                self.end = time.time()
        def work(h):
            with Timer() as t:
                print t.start
        """,
        """
        class Page(webapp2.RequestHandler):
            def get(self):
                self.start = time.time()
                self.items = []
                self.items.append(self.start)
        def work(h):
            pass
        """,
        """
        class Cart(object):
            def add(self, x):
                self.total = x
        def make():
            return Cart()
        def work(h):
            cart = make()
            cart.add(1)
            cart.other = 2
        """,
        """
        def fill(box):
            box.items = []
            box.items.append(1)
        class Box(object):
            pass
        def work(h):
            box = Box()
            fill(box)
        """,
        # Some are kept, some are made for a request: which one `self` is nobody knows.
        """
        class Cart(object):
            def __init__(self):
                self.total = 0
            def add(self, x):
                self.total = x
        EMPTY = Cart()
        def work(h):
            cart = Cart()
            cart.add(1)
            return EMPTY.total
        """,
        # Filled on import, then only read.
        """
        class Registry(object):
            def __init__(self):
                self.items = {}
            def register(self, key, value):
                self.items[key] = value
            def get(self, key):
                return self.items[key]
        registry = Registry()
        registry.register('a', 1)
        def work(h):
            return registry.get('a')
        """,
        """
        class Registry(object):
            def __init__(self):
                self.items = {}
            def route(self, path):
                def deco(f):
                    self.items[path] = f
                    return f
                return deco
        registry = Registry()
        @registry.route('/x')
        def view(h):
            return 'x'
        def work(h):
            return registry.items['/x'](h)
        """,
        """
        class Service(object):
            def __init__(self):
                self.url = 'x'
                self.load()
            def load(self):
                self.table = {}
                self.table['a'] = 1
            def ask(self):
                url = self.url + '?'
                return urlfetch.fetch(url), self.table
        service = Service()
        def work(h):
            service.ask()
        """,
        # Each thread's own, and what threads may share.
        """
        class Own(threading.local):
            def put(self, x):
                self.x = x
        own = Own()
        def work(h):
            own.put(1)
            own.y = 2
        """,
        """
        import Queue
        class Jobs(Queue.Queue):
            pass
        jobs = Jobs()
        def work(h):
            jobs.put(1)
        """,
        # Under a lock.
        """
        class Cart(object):
            def __init__(self):
                self.lock = threading.Lock()
                self.items = []
            def add(self, x):
                with self.lock:
                    self.items.append(x)
                    self.last = x
        cart = Cart()
        def work(h):
            cart.add(1)
        """,
        # Middleware and applications that keep to local names.
        """
        class Middleware(object):
            def __init__(self, app):
                self.app = app
            def __call__(self, environ, start_response):
                environ['x'] = 1
                headers = []
                headers.append(1)
                return self.app(environ, start_response)
        wrapped = Middleware(None)
        def work(h):
            pass
        """,
        """
        class Middleware(object):
            def process_request(self, request):
                request.start = time.time()
                request.items = []
            def process_response(self, request, response):
                response['X'] = str(request.start)
                return response
        def work(h):
            pass
        """,
        # Descriptors that keep the value in the object.
        """
        class cached_property(object):
            def __init__(self, f):
                self.f = f
                self.__name__ = f.__name__
            def __get__(self, obj, cls):
                if obj is None:
                    return self
                value = obj.__dict__[self.__name__] = self.f(obj)
                return value
        class Page(webapp2.RequestHandler):
            @cached_property
            def user(self):
                return 1
            def get(self):
                return self.user
        def work(h):
            pass
        """,
        # Entities, and dictionaries with attributes.
        """
        class Post(db.Model):
            title = db.StringProperty()
        def work(h):
            post = Post.get_by_key_name('x')
            post.title = 'x'
            post.put()
        """,
        """
        class Bunch(object):
            def __init__(self, values):
                self.__dict__ = values
        def work(h):
            bunch = Bunch({})
            bunch.x = 1
        """,
        # Classes, not objects, in a table; objects in a table of one call.
        """
        class Plugin(object):
            def run(self):
                self.last = time.time()
                return self.last
        PLUGINS = {'a': Plugin, 'b': Plugin}
        def work(h):
            PLUGINS[h.request.get('p')]().run()
        """,
        """
        class Plugin(object):
            def run(self):
                self.last = time.time()
                return self.last
        def work(h):
            plugins = {'a': Plugin()}
            plugins['a'].run()
        """,
        # The one that is made for a request is of another class.
        """
        class Base(object):
            def run(self):
                self.last = time.time()
                return self.last
        class Kept(Base):
            def run(self):
                return 1
        class Mine(Base):
            pass
        kept = Kept()
        def work(h):
            kept.run()
            Mine().run()
        """,
        """
        class Log(object):
            def __init__(self):
                self.lock = threading.Lock()
                self.lines = []
            def add(self, x):
                with self.lock:
                    self.lines.append(x)
        class Basket(object):
            def __init__(self):
                self.items = []
            def add(self, x):
                self.items.append(x)
        log = Log()
        def work(h):
            Basket().add(1)
            log.add(2)
        """,
        # A base class of the app whose name sounds like that of a metaclass.
        """
        class ModelBase(db.Model):
            def save(self, x):
                self.last = x
                self.items = []
                self.items.append(self.last)
        class Post(ModelBase):
            pass
        def work(h):
            Post().save(h.request.get('x'))
        """,
        # Wrappers that get the handler.
        """
        def require(role):
            def deco(f):
                def wrapper(handler, *args):
                    handler.role = role
                    handler.errors = []
                    handler.errors.append(role)
                    return f(handler, *args)
                wrapper.role = role
                return wrapper
            return deco
        class Page(webapp2.RequestHandler):
            @require('admin')
            def get(self):
                pass
        def work(h):
            pass
        """,
        # Nobody calls it.
        """
        class Cart(object):
            def nobody(self):
                self.items = []
                self.items.append(1)
        cart = Cart()
        def work(h):
            return cart
        """,
    ],
)
def test_leaves_alone(code: str) -> None:
    assert told(code) == []


@pytest.mark.parametrize(
    ("code", "line"),
    [
        (
            """
            class Printer(object):
                def run(self, lines):
                    self.out = []
                    for line in lines:
                        self.out.append(line)
                    return self.out
            printer = Printer()
            def work(h):
                printer.run([1])
            """,
            "warning: self.out.append(line)",
        ),
        (
            """
            class Cart(object):
                pass
            cart = Cart()
            def work(h):
                cart.last = time.time()
                return cart.last
            """,
            "warning: cart.last = time.time()",
        ),
        (
            """
            class Jobs(object):
                def __init__(self):
                    self.waiting = []
                def take(self):
                    return self.waiting.pop()
            class Server(object):
                jobs = Jobs()
            def work(h):
                Server.jobs.take()
            """,
            "warning: return self.waiting.pop()",
        ),
        (
            """
            class Middleware(object):
                def process_request(self, request):
                    self.start = time.time()
                def process_response(self, request, response):
                    response['X'] = time.time() - self.start
                    return response
            def work(h):
                pass
            """,
            "warning: self.start = time.time()",
        ),
        (
            """
            class App(object):
                def __call__(self, environ, start_response):
                    self.start = time.time()
                    start_response('200 OK', [])
                    return [self.page()]
                def page(self):
                    return str(self.start)
            wsgi = App()
            def work(h):
                pass
            """,
            "warning: self.start = time.time()",
        ),
        (
            """
            class needs_login(object):
                def __init__(self, f):
                    self.f = f
                def __get__(self, obj, cls):
                    self.obj = obj
                    return self
                def __call__(self, *args):
                    return self.f(self.obj, *args)
            class Page(webapp2.RequestHandler):
                @needs_login
                def get(self):
                    pass
            def work(h):
                pass
            """,
            "warning: self.obj = obj",
        ),
        (
            """
            class Service(object):
                def get(self):
                    if not hasattr(self, 'table'):
                        self.table = urlfetch.fetch('x')
                    return self.table
            service = Service()
            def work(h):
                service.get()
            """,
            "warning: self.table = urlfetch.fetch('x')",
        ),
        (
            """
            class memo(object):
                def __init__(self, f):
                    self.f = f
                    self.results = {}
                def __call__(self, n):
                    if n not in self.results:
                        self.results[n] = self.f(n)
                    return self.results[n]
            @memo
            def square(n):
                return n * n
            def work(h):
                square(2)
            """,
            "note: self.results[n] = self.f(n)",
        ),
        (
            """
            class Plugin(object):
                def run(self):
                    self.last = time.time()
                    return self.last
            PLUGINS = {'a': Plugin(), 'b': (Plugin(), 1)}
            def work(h):
                PLUGINS[h.request.get('p')].run()
            """,
            "warning: self.last = time.time()",
        ),
        (
            """
            class Borg(object):
                _state = {}
                def __init__(self):
                    self.__dict__ = self._state
                def put(self):
                    self.last = time.time()
                    return self.last
            def work(h):
                Borg().put()
            """,
            "warning: self.last = time.time()",
        ),
    ],
)
def test_what_requests_share(code: str, line: str) -> None:
    assert lines(RULE, code) == [line]


KEPT = """
core = None
def register(value):
    global core
    core = value
class Core(object):
    def start(self, h):
        self.values = {}
    def put(self, key, value):
        self.values[key] = value
def setup():
    register(%s)
setup()
def work(h):
    core.start(h)
    core.put('a', h)
"""


def test_an_object_that_a_function_is_given_to_keep() -> None:
    assert lines(RULE, KEPT % "Core()") == ["warning: self.values = {}", "warning: self.values[key] = value"]
    assert lines(RULE, KEPT % "value=Core()") == lines(RULE, KEPT % "Core()")


def test_an_object_that_each_request_hands_to_a_function() -> None:
    code = KEPT.replace("setup()\ndef work", "def work").replace("core.start", "setup()\n    core.start")
    assert lines(RULE, code % "Core()") == []


ROUTED = """
from django.conf.urls.defaults import url
class Data(object):
    pass
class Base(object):
    def __call__(self, request):
        self.init()
        return self.answer()
    def init(self):
        self.data = Data()
class Page(Base):
    def urls(self):
        return [url('^page$', self, name='page')]
    def answer(self):
        self.data.title = time.time()
        return self.data.title
class Other(Base):
    def urls(self):
        return [url('^other$', %s, name='other')]
    def answer(self):
        self.data.title = ''
        return self.data
def work(h):
    pass
"""


def test_an_object_that_is_a_view_of_django() -> None:
    """Told once, of the class that sets it: what is put on the new object belongs to that."""
    found = reports(ROUTED % "self", rules=(RULE,))
    assert [finding.message.partition(",")[0] for finding in found] == [
        "All requests share one object's `Base.data`"
    ]


def test_a_view_of_django_that_is_made_for_each_request() -> None:
    code = (ROUTED % "Other").replace("'^page$', self", "'^page$', lambda request: Page()(request)")
    assert reports(code, rules=(RULE,)) == []


def test_an_object_of_another_module() -> None:
    more = {
        "own.py": "class Cart(object):\n    def put(self):\n        self.last = 1 / 2\n        return self.last\ncart = Cart()\n"
    }
    for code in (
        "import own\ndef work(h):\n    own.cart.put()\n",
        "from own import cart\ndef work(h):\n    cart.put()\n",
        "from own import cart as c\ndef work(h):\n    c.put()\n",
        "from own import *\ndef work(h):\n    cart.put()\n",
    ):
        assert [finding.path for finding in reports(code, more, (RULE,))] == ["own.py"]


def test_the_message() -> None:
    code = "class Cart(object):\n    def put(self):\n        self.last = time.time()\n        return self.last\ncart = Cart()\ndef work(h):\n    cart.put()\n"
    (finding,) = reports(code)
    assert finding.message == (
        "All requests share one object's `Cart.last`, and this gives it another value, without a lock. Another "
        "request may set it before this one, or one that relies on this value, has read it. Keep in local names what "
        "belongs to a request; what all requests need, change under a lock. Requests get here by `Main.get` → `work` "
        "→ `Cart.put`."
    )
    assert finding.fix is None
