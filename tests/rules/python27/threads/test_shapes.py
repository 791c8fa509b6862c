"""Code of old apps that no rule about shared state may report: whole shapes, not single statements."""

from __future__ import annotations

import pytest

from tests.rules.python27.threads.apps import told

SHAPES: dict[str, tuple[str, dict[str, str]]] = {
    "item of a configuration sub-dictionary copied per request via getter": (
        """
            _defaults = {'a': 1}
            def defaults():
                return dict(_defaults)
            def work(h):
                d = defaults()
                d['user'] = h.request.get('u')
            """,
        {},
    ),
    "generator function local": (
        """
            def gen():
                n = 0
                while n < 3:
                    n += 1
                    yield n
            def work(h):
                for x in gen():
                    pass
            """,
        {},
    ),
    "parameter shadows global": (
        """
            items = []
            def add(items, x):
                items.append(x)
            def work(h):
                add([], 1)
            """,
        {},
    ),
    "class attribute shadowed by __init__ in subclass": (
        """
            class Base(object):
                items = None
                def add(self, x):
                    self.items.append(x)
            class Sub(Base):
                def __init__(self):
                    self.items = []
            def work(h):
                Sub().add(1)
            """,
        {},
    ),
    "class list replaced in __init__": (
        """
            class Form(object):
                errors = []
                def __init__(self):
                    self.errors = []
                def check(self):
                    self.errors.append('x')
            def work(h):
                Form().check()
            """,
        {},
    ),
    "class list replaced by setattr in __init__": (
        """
            class Form(object):
                errors = []
                def __init__(self, **kw):
                    setattr(self, 'errors', [])
                def check(self):
                    self.errors.append('x')
            def work(h):
                Form().check()
            """,
        {},
    ),
    "class list replaced in __new__ by a local": (
        """
            class Form(object):
                errors = []
                def __new__(cls):
                    self = object.__new__(cls)
                    self.errors = []
                    return self
                def check(self):
                    self.errors.append('x')
            def work(h):
                Form().check()
            """,
        {},
    ),
    "__dict__ update in __init__": (
        """
            class Form(object):
                def __init__(self, **kw):
                    self.__dict__.update(kw)
            def work(h):
                Form(a=1)
            """,
        {},
    ),
    "instance passed from local": (
        """
            class Box(object):
                pass
            def fill(box, h):
                box.user = h.request.get('u')
                box.items = []
                box.items.append(1)
            def work(h):
                box = Box()
                fill(box, h)
            """,
        {},
    ),
    "handler attribute set from helper function": (
        """
            def set_user(handler):
                handler.user = users.get_current_user()
                handler.values = {}
                handler.values['a'] = 1
            def work(h):
                set_user(h)
            """,
        {},
    ),
    "metaclass registry": (
        """
            class Meta(type):
                registry = {}
                def __new__(mcs, name, bases, attrs):
                    cls = type.__new__(mcs, name, bases, attrs)
                    mcs.registry[name] = cls
                    cls.fields = []
                    return cls
            class Thing(object):
                __metaclass__ = Meta
            def work(h):
                return Meta.registry['Thing']()
            """,
        {},
    ),
    "metaclass __init__ registry": (
        """
            class Plugin(type):
                plugins = []
                def __init__(cls, name, bases, attrs):
                    super(Plugin, cls).__init__(name, bases, attrs)
                    cls.plugins.append(cls)
                    cls.name = name
            class Thing(object):
                __metaclass__ = Plugin
            def work(h):
                for p in Plugin.plugins:
                    p().run()
                Thing()
            """,
        {},
    ),
    "module instance, filled at import": (
        """
            class Registry(object):
                def __init__(self):
                    self.items = {}
                def register(self, k, v):
                    self.items[k] = v
                def get(self, k):
                    return self.items[k]
            registry = Registry()
            registry.register('a', 1)
            def work(h):
                return registry.get('a')
            """,
        {},
    ),
    "registration method as decorator": (
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
        {},
    ),
    "add url rule at import": (
        """
            class Router(object):
                routes = []
                def add(self, x):
                    self.routes.append(x)
            router = Router()
            router.add('x')
            for n in ('a', 'b'):
                router.add(n)
            def work(h):
                return router.routes
            """,
        {},
    ),
    "template library register": (
        """
            from google.appengine.ext import webapp
            register = webapp.template.create_template_register()
            @register.filter
            def short(v):
                out = []
                out.append(v)
                return out
            def work(h):
                pass
            """,
        {},
    ),
    "lock subclass decorator": (
        """
            lock = threading.Lock()
            def synchronized(f):
                def inner(*a):
                    with lock:
                        return f(*a)
                return inner
            n = 0
            @synchronized
            def bump():
                global n
                n += 1
            def work(h):
                bump()
            """,
        {},
    ),
    "lock in instance": (
        """
            class Counter(object):
                def __init__(self):
                    self.lock = threading.Lock()
                    self.n = 0
                def bump(self):
                    with self.lock:
                        self.n += 1
            counter = Counter()
            def work(h):
                counter.bump()
            """,
        {},
    ),
    "double-checked": (
        """
            _x = None
            _lock = threading.Lock()
            def get():
                global _x
                if _x is None:
                    with _lock:
                        if _x is None:
                            _x = urlfetch.fetch('x').content
                return _x
            def work(h):
                return get()
            """,
        {},
    ),
    "double-checked class": (
        """
            class Conf(object):
                _x = None
                _lock = threading.Lock()
                @classmethod
                def get(cls):
                    if cls._x is None:
                        cls._lock.acquire()
                        try:
                            if cls._x is None:
                                cls._x = urlfetch.fetch('x').content
                        finally:
                            cls._lock.release()
                    return cls._x
            def work(h):
                return Conf.get()
            """,
        {},
    ),
    "itertools count": (
        """
            import itertools
            ids = itertools.count()
            def work(h):
                return ids.next()
            """,
        {},
    ),
    "update of object that is not container": (
        """
            import hashlib
            def work(h):
                m = hashlib.md5()
                m.update('x')
            """,
        {},
    ),
    "entity property append": (
        """
            class A(db.Model):
                tags = db.StringListProperty(default=[])
                @classmethod
                def make(cls, t):
                    a = cls()
                    a.tags.append(t)
                    a.n = 3
                    a.put()
                    return a
            def work(h):
                A.make('x')
            """,
        {},
    ),
    "property setter": (
        """
            class A(object):
                _x = None
                def _set(self, v):
                    self._x = v
                def _get(self):
                    return self._x
                x = property(_get, _set)
            def work(h):
                a = A()
                a.x = 3
            """,
        {},
    ),
    "string augment local": (
        """
            total = 0
            def work(h):
                total = 0
                for i in range(3):
                    total += i
                return total
            """,
        {},
    ),
    "nested global scope only outer": (
        """
            x = 1
            def work(h):
                x = 2
                def inner():
                    return x
                inner()
            """,
        {},
    ),
    "lambda parameter": (
        """
            items = []
            def work(h):
                f = lambda items: items.append(1)
                f([])
            """,
        {},
    ),
    "deferred local": (
        """
            from google.appengine.ext import deferred
            def later(x):
                acc = []
                acc.append(x)
            def work(h):
                deferred.defer(later, 1)
            """,
        {},
    ),
    "test-file": (
        """
            CUR = None
            def work(h):
                return CUR
            """,
        {
            "test_main.py": """
            import main
            def setUp():
                main.CUR = 1
            """,
        },
    ),
    "Enum style constants set at import in loop": (
        """
            class Color(object):
                pass
            for i, n in enumerate(['a', 'b']):
                setattr(Color, n, i)
            def work(h):
                return Color.a
            """,
        {},
    ),
    "conditional at import": (
        """
            try:
                import json
            except ImportError:
                json = None
            if os.environ.get('SERVER_SOFTWARE', '').startswith('Dev'):
                DEBUG = True
            else:
                DEBUG = False
            def work(h):
                return DEBUG
            """,
        {},
    ),
    "webapp configuration at import": (
        """
            config = {}
            config['webapp2_extras.sessions'] = {'secret_key': 'x'}
            def work(h):
                pass
            """,
        {},
    ),
    "self attribute of form object": (
        """
            class Form(object):
                fields = ['a', 'b']
                def __init__(self, data):
                    self.data = data
                    self.cleaned = {}
                def clean(self):
                    for f in self.fields:
                        self.cleaned[f] = self.data[f]
            def work(h):
                Form(h.request.POST).clean()
            """,
        {},
    ),
    "cls() instance": (
        """
            class A(object):
                instances = 0
                @classmethod
                def build(cls, u):
                    self = cls()
                    self.user = u
                    self.tags = []
                    self.tags.append(u)
                    return self
            def work(h):
                A.build(users.get_current_user())
            """,
        {},
    ),
    "wsgi middleware local": (
        """
            class Mid(object):
                def __init__(self, app):
                    self.app = app
                def __call__(self, environ, start_response):
                    environ['x'] = 1
                    headers = []
                    headers.append(1)
                    return self.app(environ, start_response)
            def work(h):
                pass
            wrapped = Mid(None)
            """,
        {},
    ),
    "entity loaded at import is only read": (
        """
            class Conf(db.Model):
                title = db.StringProperty()
            def conf():
                c = Conf.get_by_key_name('x')
                if c is None:
                    c = Conf(key_name='x')
                c.title = 'x'
                c.put()
                return c
            def work(h):
                conf()
            """,
        {},
    ),
    "memcache key": (
        """
            def work(h):
                x = memcache.get('x')
                if x is None:
                    x = urlfetch.fetch('x')
                    memcache.set('x', x)
                x['a'] = 1
            """,
        {},
    ),
    "iterator local same name attribute": (
        """
            class T(object):
                pos = 0
                def __init__(self, s):
                    self.s = s
                def next(self):
                    self.pos += 1
                    return self.s[self.pos]
            def work(h):
                T('abc').next()
            """,
        {},
    ),
    "parser stored locally with self.pos class default": (
        """
            class Lexer(object):
                line = 1
                def run(self, t):
                    for c in t:
                        if c == '\\n':
                            self.line += 1
            def work(h):
                l = Lexer()
                l.run(h.request.body)
            """,
        {},
    ),
    "route decorator factory on called function": (
        """
            ROUTES = []
            def route(path):
                def deco(f):
                    ROUTES.append((path, f))
                    return f
                return deco
            @route('/x')
            def one(h):
                return 1
            def work(h):
                one(h)
                for r in ROUTES: pass
            """,
        {},
    ),
    "plain registering decorator on called function": (
        """
            ROUTES = []
            def route(f):
                ROUTES.append(f)
                return f
            @route
            def one(h):
                return 1
            def work(h):
                one(h)
                for r in ROUTES: pass
            """,
        {},
    ),
    "class decorator factory": (
        """
            class route(object):
                table = []
                def __init__(self, path):
                    self.path = path
                def __call__(self, f):
                    self.table.append((self.path, f))
                    return f
            @route('/x')
            def one(h):
                return 1
            def work(h):
                one(h)
                for r in route.table: pass
            """,
        {},
    ),
    "class decorated handler registering": (
        """
            ROUTES = []
            def route(path):
                def deco(cls):
                    ROUTES.append((path, cls))
                    return cls
                return deco
            @route('/y')
            class Other(webapp2.RequestHandler):
                def get(self):
                    pass
            def work(h):
                return len(ROUTES)
            """,
        {},
    ),
    "settings in subclass": (
        """
            class Base(webapp2.RequestHandler):
                title = 'x'
            class Sub(Base):
                title = 'y'
                def get(self):
                    self.title += ' z'
            def work(h):
                pass
            """,
        {},
    ),
    "sort of a local list from a global": (
        """
            NAMES = ('a', 'b')
            def work(h):
                n = list(NAMES)
                n.sort()
                m = [x for x in NAMES]
                m.append(1)
            """,
        {},
    ),
    "module named like global attribute": (
        """
            import helper
            def work(h):
                helper.run(h)
            """,
        {
            "helper.py": """
            def run(h):
                x = Thing()
                x.value = h.request.get('x')
                return x
            class Thing(object):
                value = None
            """,
        },
    ),
    "webapp2 request.registry / app.registry": (
        """
            def work(h):
                h.request.registry['a'] = users.get_current_user()
            """,
        {},
    ),
    "Model class attribute written in import": (
        """
            class M(db.Model):
                pass
            M.kind_name = 'x'
            def work(h):
                M.kind_name
            """,
        {},
    ),
    "db.Model default []": (
        """
            class M(db.Model):
                tags = db.StringListProperty(default=['x'])
                def add(self, t):
                    self.tags += [t]
            def work(h):
                M().add('x')
            """,
        {},
    ),
    "reset of own object's list": (
        """
            class Parser(object):
                def reset(self):
                    self.stack = []
                def feed(self, d):
                    self.reset()
                    self.stack.append(d)
            def work(h):
                p = Parser()
                p.feed('x')
            """,
        {},
    ),
    "instance list made by parent from outside (HTMLParser)": (
        """
            from HTMLParser import HTMLParser
            class Strip(HTMLParser):
                def __init__(self):
                    self.reset()
                    self.fed = []
                def handle_data(self, d):
                    self.fed.append(d)
            def work(h):
                s = Strip()
                s.feed('x')
            """,
        {},
    ),
    "logger handlers list at import": (
        """
            root = logging.getLogger()
            def work(h):
                root.info('x')
                logging.debug('y')
            """,
        {},
    ),
    "settings getattr": (
        """
            import settings
            def work(h):
                return getattr(settings, 'X', None)
            """,
        {
            "settings.py": """
            X = 1
            """,
        },
    ),
    "jinja env read": (
        """
            import jinja2
            env = jinja2.Environment(loader=None)
            def work(h):
                t = env.get_template('x')
                return t.render({'a': 1})
            """,
        {},
    ),
    "jinja env globals at import": (
        """
            import jinja2
            env = jinja2.Environment(loader=None)
            env.globals['x'] = 1
            env.filters.update({'a': str})
            def work(h):
                return env
            """,
        {},
    ),
    "closure per request": (
        """
            def make(h):
                seen = set()
                def see(x):
                    seen.add(x)
                    return x
                return see
            def work(h):
                make(h)(1)
            """,
        {},
    ),
    "self attribute default with += number": (
        """
            class Page(webapp2.RequestHandler):
                count = 0
                def get(self):
                    self.count += 1
                    self.count = self.count + 1
            def work(h):
                pass
            """,
        {},
    ),
    "handler __init__ list": (
        """
            class Page(webapp2.RequestHandler):
                def __init__(self, *a, **k):
                    super(Page, self).__init__(*a, **k)
                    self.parts = []
                def get(self):
                    self.parts.append(1)
            def work(h):
                pass
            """,
        {},
    ),
    "tasklet local": (
        """
            @ndb.tasklet
            def t(h):
                acc = {}
                acc['a'] = yield h.get_async()
                raise ndb.Return(acc)
            def work(h):
                t(h).get_result()
            """,
        {},
    ),
    "map over mutable with lambda": (
        """
            def work(h):
                acc = []
                map(lambda x: acc.append(x), [1])
            """,
        {},
    ),
    "unittest setup in app": (
        """
            import unittest
            CUR = None
            class T(unittest.TestCase):
                def setUp(self):
                    global CUR
                    CUR = 1
                def test_x(self):
                    assert CUR
            def work(h):
                pass
            """,
        {},
    ),
    "context manager class state local": (
        """
            class Timer(object):
                def __enter__(self):
                    self.start = time.time()
                    return self
                def __exit__(self, *a):
                    self.end = time.time()
            def work(h):
                with Timer() as t:
                    pass
            """,
        {},
    ),
    "sys.path insertion under import": (
        """
            import sys
            sys.path.insert(0, 'lib')
            def work(h):
                pass
            """,
        {},
    ),
    "main() only": (
        """
            app2 = None
            def main():
                global app2
                app2 = webapp2.WSGIApplication([])
                app2.run()
            if __name__ == '__main__':
                main()
            def work(h):
                pass
            """,
        {},
    ),
    "weak reference to own request": (
        """
            def work(h):
                values = h.__dict__
                values['x'] = 1
            """,
        {},
    ),
    "list in dictionary passed by caller": (
        """
            DEFAULTS = {'page_size': 10}
            def render(h, values):
                values.update(DEFAULTS)
                values['user'] = users.get_current_user()
            def work(h):
                render(h, {})
            """,
        {},
    ),
    "template values from getter making new": (
        """
            def base_values():
                return {'a': 1}
            def work(h):
                v = base_values()
                v['u'] = h.request.get('u')
            """,
        {},
    ),
    "reexported local class instance": (
        """
            from pkg import Box
            def work(h):
                b = Box()
                b.user = h
                b.items.append(1)
            """,
        {
            "pkg/__init__.py": """
            from pkg.box import Box
            """,
            "pkg/box.py": """
            class Box(object):
                def __init__(self):
                    self.items = []
            """,
        },
    ),
    "creation counter used at import": (
        """
            class Field(object):
                creation_counter = 0
                def __init__(self):
                    self.creation_counter = Field.creation_counter
                    Field.creation_counter += 1
            class Form(object):
                name = Field()
                other = Field()
            def work(h):
                Form()
            """,
        {},
    ),
    "plugin objects registering at import": (
        """
            PLUGINS = []
            class Plugin(object):
                def __init__(self, name):
                    self.name = name
                    PLUGINS.append(self)
            Plugin('a')
            b = Plugin('b')
            def work(h):
                for p in PLUGINS:
                    p.name
            """,
        {},
    ),
    "subclass registration in body loop": (
        """
            class Base(object):
                registry = {}
            for name in ('a', 'b'):
                Base.registry[name] = type(name, (Base,), {})
            def work(h):
                return Base.registry['a']()
            """,
        {},
    ),
    "memo lock": (
        """
            def memo(f):
                cache = {}
                lock = threading.Lock()
                def inner(*a):
                    with lock:
                        if a not in cache:
                            cache[a] = f(*a)
                        return cache[a]
                return inner
            @memo
            def sq(x): return x
            def work(h):
                sq(1)
            """,
        {},
    ),
    "function static assigned at import": (
        """
            def f():
                return f.limit
            f.limit = 3
            f.short_description = 'x'
            def work(h):
                f()
            """,
        {},
    ),
    "admin attributes": (
        """
            class A(object):
                def show(self):
                    return 1
                show.allow_tags = True
            def work(h):
                A().show()
            """,
        {},
    ),
    "dictionary of per-user own object": (
        """
            def work(h):
                data = {}
                data[h.request.get('u')] = 1
                h.data = data
                h.data.update({'a': 1})
            """,
        {},
    ),
    "print to stdout": (
        """
            import sys
            def work(h):
                print 'x', h
                print >>sys.stderr, 'x'
                exec 'x = 1'
            """,
        {},
    ),
    "raise string py2": (
        """
            def work(h):
                try:
                    raise ValueError, 'x'
                except (ValueError, TypeError), err:
                    err = None
                x = `h`
                if x <> 'y': pass
            """,
        {},
    ),
    "unlocked ndb transaction": (
        """
            class C(ndb.Model):
                n = ndb.IntegerProperty()
                @classmethod
                @ndb.transactional
                def bump(cls, k):
                    c = cls.get_by_id(k) or cls(id=k)
                    c.n += 1
                    c.put()
            def work(h):
                C.bump('x')
            """,
        {},
    ),
    "db run_in_transaction": (
        """
            class C(db.Model):
                n = db.IntegerProperty(default=0)
            def bump(key):
                c = C.get(key)
                c.n += 1
                c.put()
            def work(h):
                db.run_in_transaction(bump, 'k')
            """,
        {},
    ),
    "polymodel": (
        """
            from google.appengine.ext.db import polymodel
            class C(polymodel.PolyModel):
                items = db.ListProperty(str)
                name = None
            def work(h):
                c = C()
                c.items.append('x')
                c.name = h.request.get('n')
                c.put()
            """,
        {},
    ),
    "global entity used as key only": (
        """
            KEY = db.Key.from_path('a', 'b')
            def work(h):
                return db.get(KEY)
            """,
        {},
    ),
    "Template object per call": (
        """
            from string import Template
            T = Template('$x')
            def work(h):
                return T.substitute(x=1)
            """,
        {},
    ),
    "try import flags in function": (
        """
            def work(h):
                try:
                    import json
                except ImportError:
                    from django.utils import simplejson as json
                json.dumps({})
            """,
        {},
    ),
    "class with slots": (
        """
            class P(object):
                __slots__ = ['x']
                def __init__(self):
                    self.x = 1
            def work(h):
                p = P()
                p.x += 1
            """,
        {},
    ),
    "self.__class__ read": (
        """
            class P(object):
                limit = 3
                def f(self):
                    n = self.__class__.limit
                    n += 1
                    return n
            def work(h):
                P().f()
            """,
        {},
    ),
    "instance dictionary of dictionary from class constant copy": (
        """
            class P(object):
                defaults = {'a': 1}
                def f(self):
                    opts = dict(self.defaults)
                    opts['b'] = 2
                    o2 = self.defaults.copy()
                    o2.update(a=1)
                    return opts
            def work(h):
                P().f()
            """,
        {},
    ),
    "loop variable over global then assign to item copies": (
        """
            ROWS = [{'a': 1}]
            def work(h):
                out = []
                for row in ROWS:
                    row = dict(row)
                    row['b'] = h.request.get('b')
                    out.append(row)
            """,
        {},
    ),
    "wsgi app configuration": (
        """
            app0 = webapp2.WSGIApplication([])
            app0.config['x'] = 1
            def work(h):
                pass
            """,
        {},
    ),
    "handler session property": (
        """
            class Page(webapp2.RequestHandler):
                def dispatch(self):
                    self.session_store = 1
                    self.session = {}
                    self.session['user'] = self.request.get('u')
                    self.session['n'] = self.session.get('n', 0) + 1
            def work(h):
                pass
            """,
        {},
    ),
    "cached_property decorator writes to obj": (
        """
            class cached_property(object):
                def __init__(self, f):
                    self.f = f
                    self.__name__ = f.__name__
                def __get__(self, obj, cls):
                    if obj is None:
                        return self
                    v = obj.__dict__[self.__name__] = self.f(obj)
                    return v
            class Page(webapp2.RequestHandler):
                @cached_property
                def user(self):
                    return users.get_current_user()
                def get(self):
                    self.user
            def work(h):
                pass
            """,
        {},
    ),
    "timed decorator local": (
        """
            def timed(f):
                def inner(*a):
                    start = time.time()
                    r = f(*a)
                    logging.info(time.time() - start)
                    return r
                inner.__name__ = f.__name__
                return inner
            @timed
            def sq(x): return x
            def work(h):
                sq(1)
            """,
        {},
    ),
    "partial registry function call at import from other module": (
        """
            import registry
            registry.add('x', 1)
            def work(h):
                return registry.ITEMS['x']
            """,
        {
            "registry.py": """
            ITEMS = {}
            def add(k, v):
                ITEMS[k] = v
            """,
        },
    ),
    "fixture loader called by __main__ of tool script": (
        """
            import data
            def work(h):
                return data.ROWS
            """,
        {
            "data.py": """
            ROWS = []
            def load():
                ROWS.append(1)
            """,
            "tool.py": """
            import data
            data.load()
            """,
        },
    ),
    "counter in closure list per call": (
        """
            def work(h):
                n = [0]
                def inc():
                    n[0] += 1
                inc()
            """,
        {},
    ),
    "os.environ setdefault in request": (
        """
            def work(h):
                os.environ.setdefault('TZ', 'UTC')
                os.environ.update({'a': 'b'})
            """,
        {},
    ),
    "django form fields": (
        """
            from django import forms
            class F(forms.Form):
                a = forms.CharField()
                def __init__(self, *args, **kw):
                    super(F, self).__init__(*args, **kw)
                    self.fields['a'].initial = 'x'
                    self.fields['a'].widget.attrs['class'] = 'y'
                def clean(self):
                    self.cleaned_data['a'] = 'x'
                    self._errors['a'] = 1
                    return self.cleaned_data
            def work(h):
                f = F(h.request.POST)
                f.clean()
            """,
        {},
    ),
    "django template Node render local": (
        """
            from django import template
            register = template.Library()
            class N(template.Node):
                def __init__(self, x):
                    self.x = x
                def render(self, context):
                    context['a'] = self.x
                    return ''
            @register.tag
            def tag(parser, token):
                return N(token)
            def work(h):
                pass
            """,
        {},
    ),
    "jinja2 cached per app registry": (
        """
            import jinja2
            from webapp2_extras import jinja2 as wj
            class Base(webapp2.RequestHandler):
                @webapp2.cached_property
                def jinja2(self):
                    return wj.get_jinja2(app=self.app)
                def render(self, t, **ctx):
                    ctx.update(user=users.get_current_user())
                    ctx['x'] = self.request
                    self.response.write(self.jinja2.render_template(t, **ctx))
                def get(self):
                    self.render('x', a=1)
            def work(h):
                pass
            """,
        {},
    ),
    "sessions store": (
        """
            from webapp2_extras import sessions
            class Base(webapp2.RequestHandler):
                def dispatch(self):
                    self.session_store = sessions.get_store(request=self.request)
                    try:
                        webapp2.RequestHandler.dispatch(self)
                    finally:
                        self.session_store.save_sessions(self.response)
                @webapp2.cached_property
                def session(self):
                    return self.session_store.get_session()
                def get(self):
                    self.session['user'] = self.request.get('u')
                    self.session['n'] = self.session.get('n', 0) + 1
            def work(h):
                pass
            """,
        {},
    ),
    "gdata service local": (
        """
            import gdata.service
            def work(h):
                client = gdata.service.GDataService()
                client.email = h.request.get('e')
                client.additional_headers = {}
                client.additional_headers['x'] = 'y'
            """,
        {},
    ),
    "django settings import read": (
        """
            from django.conf import settings
            def work(h):
                return settings.DEBUG
            """,
        {},
    ),
    "signal connect on import": (
        """
            from django.db.models.signals import post_save
            def on_save(sender, **kw):
                kw['x'] = 1
            post_save.connect(on_save)
            def work(h):
                pass
            """,
        {},
    ),
    "JSON encoder subclass": (
        """
            import json
            class E(json.JSONEncoder):
                def default(self, o):
                    self.depth = 1
                    return str(o)
            def work(h):
                return json.dumps({}, cls=E)
            """,
        {},
    ),
    "sax handler": (
        """
            import xml.sax
            class H(xml.sax.ContentHandler):
                def __init__(self):
                    self.stack = []
                def startElement(self, n, a):
                    self.stack.append(n)
                    self.cur = n
            def work(h):
                xml.sax.parseString('x', H())
            """,
        {},
    ),
    "thread subclass": (
        """
            class W(threading.Thread):
                def run(self):
                    self.result = 1
            def work(h):
                w = W()
                w.start()
            """,
        {},
    ),
    "urlfetch callback closures": (
        """
            def work(h):
                results = {}
                def handle(rpc, url):
                    results[url] = rpc.get_result()
                for u in ('a', 'b'):
                    rpc = urlfetch.create_rpc()
                    rpc.callback = lambda r=rpc, u=u: handle(r, u)
                    urlfetch.make_fetch_call(rpc, u)
            """,
        {},
    ),
    "PyRSS object": (
        """
            class Item(object):
                def __init__(self, **kw):
                    self.__dict__.update(kw)
            class Feed(object):
                items = None
                def __init__(self, items=None):
                    self.items = items or []
                def add(self, i):
                    self.items.append(i)
            def work(h):
                f = Feed()
                f.add(Item(a=1))
            """,
        {},
    ),
    "options with mutable class default copied in __init__ loop": (
        """
            class Opts(object):
                defaults = {'a': 1}
                def __init__(self, **kw):
                    self.values = dict(self.defaults)
                    self.values.update(kw)
            def work(h):
                Opts(a=2).values['b'] = 1
            """,
        {},
    ),
    "markdown processors created per call, attribute lists in __init__ of base": (
        """
            class Base(object):
                def __init__(self):
                    self.handlers = {}
            class Md(Base):
                handlers = {}
                def reg(self, k):
                    self.handlers[k] = 1
            def work(h):
                Md().reg('x')
            """,
        {},
    ),
    "string builder class attribute": (
        """
            class SB(object):
                out = ''
                def w(self, s):
                    self.out = self.out + s
            def work(h):
                SB().w('x')
            """,
        {},
    ),
    "constants class never written, instance has same attribute names": (
        """
            class Config(object):
                DEBUG = True
                hosts = ['a']
            config = Config()
            def work(h):
                hosts = config.hosts + ['b']
                hosts.append('c')
            """,
        {},
    ),
    "paginator": (
        """
            class P(object):
                page = 1
                def __init__(self, q):
                    self.q = q
                def next(self):
                    self.page += 1
                    return self
            def work(h):
                p = P([])
                p.next().next()
            """,
        {},
    ),
    "Python 2 old style class instance default": (
        """
            class C:
                x = 0
                def inc(self):
                    self.x = self.x + 1
            def work(h):
                c = C()
                c.inc()
            """,
        {},
    ),
    "oauth client class attribute read": (
        """
            class O(object):
                tokens = {}
                def get(self, k):
                    return self.tokens.get(k)
            def work(h):
                O().get('x')
            """,
        {},
    ),
    "import inside function modifies local module alias": (
        """
            def work(h):
                import helper
                helper.run(h)
            """,
        {
            "helper.py": """
            def run(h):
                global_like = {}
                global_like['a'] = h
            """,
        },
    ),
    "memcache namespaced wrapper singleton": (
        """
            class Cache(object):
                def __init__(self, ns):
                    self.ns = ns
                def get(self, k):
                    return memcache.get(k, namespace=self.ns)
                def set(self, k, v):
                    return memcache.set(k, v, namespace=self.ns)
                def update(self, d):
                    memcache.set_multi(d, namespace=self.ns)
            cache = Cache('x')
            def work(h):
                cache.set('a', h.request.get('a'))
                cache.update({'a': 1})
                cache.get('a')
            """,
        {},
    ),
    "custom dictionary-like on memcache": (
        """
            class MC(object):
                def __getitem__(self, k):
                    return memcache.get(k)
                def __setitem__(self, k, v):
                    memcache.set(k, v)
            mc = MC()
            def work(h):
                mc['a'] = h.request.get('a')
            """,
        {},
    ),
    "Django queryset like builder": (
        """
            class Q(object):
                def __init__(self):
                    self.filters = []
                def filter(self, f):
                    q = Q()
                    q.filters = self.filters + [f]
                    return q
            base = Q()
            def work(h):
                base.filter('a').filter('b')
            """,
        {},
    ),
    "fluent template default dictionary literal inside method": (
        """
            class T(webapp2.RequestHandler):
                def render(self, tpl, values=None):
                    values = values or {}
                    values['user'] = users.get_current_user()
                def get(self):
                    self.render('x', {'a': 1})
            def work(h):
                pass
            """,
        {},
    ),
    "global list of routes extended by plugin import": (
        """
            routes = [('/', 'x')]
            import plugin
            routes += plugin.routes
            routes.extend([('/a', 'b')])
            def work(h):
                return routes
            """,
        {
            "plugin.py": """
            routes = []
            """,
        },
    ),
    "lazy import cached module global import under lock-free import": (
        """
            def work(h):
                global_mod = __import__('json')
                return global_mod
            """,
        {},
    ),
    "exception class with attribute": (
        """
            class E(Exception):
                msgs = []
                def __init__(self, m):
                    self.m = m
            def work(h):
                raise E('x')
            """,
        {},
    ),
    "iteration with dictionary of functions by string": (
        """
            ACTIONS = {'a': 'do_a'}
            def do_a(h):
                x = []
                x.append(h)
            def work(h):
                globals()[ACTIONS['a']](h)
            """,
        {},
    ),
    "template values parameter popped from keyword arguments": (
        """
            def render(h, **kw):
                kw.pop('x', None)
                kw.setdefault('a', 1)
                kw['u'] = h
            def work(h):
                render(h, x=1)
            """,
        {},
    ),
    "list default built by helper each time": (
        """
            def page(values=None, extra=list()):
                return list(extra) + [values]
            def work(h):
                page()
            """,
        {},
    ),
    "class-level property objects counter increments at import in body": (
        """
            class Field(object):
                counter = 0
                def __init__(self):
                    Field.counter += 1
                    self.order = Field.counter
            class Model(object):
                a = Field()
                b = Field()
                fields = [Field(), Field()]
                table = {'x': Field()}
            def work(h):
                Model().a
            """,
        {},
    ),
    "entity cached on self of handler via hasattr": (
        """
            class Page(webapp2.RequestHandler):
                def blog(self):
                    if not hasattr(self, '_blog'):
                        self._blog = db.get('x')
                    return self._blog
                def get(self):
                    self.blog()
            def work(h):
                pass
            """,
        {},
    ),
    "ModelBase is a model": (
        """
            class ModelBase(db.Model):
                title = None
                def put(self):
                    self.title = 'x'
                    self.seen = time.time()
                    super(ModelBase, self).put()
                    return self.title
            class Post(ModelBase):
                def save(self, t):
                    self.cached = t
                    return self.cached
            def work(h):
                p = Post()
                p.save(h.request.get('t'))
                p.put()
            """,
        {},
    ),
    "metaclass named base": (
        """
            class FormMetaclass(type):
                def __new__(mcs, n, b, d):
                    cls = type.__new__(mcs, n, b, d)
                    cls.base_fields = {}
                    cls.base_fields['x'] = 1
                    return cls
            class BaseForm(object):
                __metaclass__ = FormMetaclass
                def __init__(self):
                    self.fields = dict(self.base_fields)
                    self.fields['y'] = 2
            def work(h):
                BaseForm()
            """,
        {},
    ),
    "decorator wrapper sets handler attributes": (
        """
            def login_required(f):
                def wrapper(self, *a, **k):
                    self.user = users.get_current_user()
                    self.values = {}
                    self.values['u'] = self.user
                    return f(self, *a, **k)
                return wrapper
            class Page(webapp2.RequestHandler):
                @login_required
                def get(self):
                    self.values['x'] = 1
            def work(h):
                pass
            """,
        {},
    ),
    "decorated with arguments wrapper sets": (
        """
            def require(role):
                def deco(f):
                    def wrapper(handler, *a):
                        handler.role = role
                        handler.errors = []
                        handler.errors.append(role)
                        return f(handler, *a)
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
        {},
    ),
    "function passed entity from query": (
        """
            def touch(e):
                e.when = time.time()
                e.tags.append('x')
                e.put()
            def work(h):
                touch(db.get('x'))
                for e in db.Query('A'):
                    touch(e)
            """,
        {},
    ),
    "two classes same method name, one global one local": (
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
                b = Basket()
                b.add(1)
                log.add(2)
            """,
        {},
    ),
    "subclass per request of class kept elsewhere": (
        """
            class Base(object):
                def run(self):
                    self.state = time.time()
                    return self.state
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
        {},
    ),
    "inherited class made per request by factory by name": (
        """
            TYPES = {}
            def register(cls):
                TYPES[cls.__name__] = cls
                return cls
            class A(object):
                def run(self):
                    self.x = 1
                    return self.x
            register(A)
            def work(h):
                TYPES['A']().run()
            """,
        {},
    ),
    "plugin dictionary of classes instantiated": (
        """
            class A(object):
                def run(self):
                    self.x = time.time()
                    return self.x
            PLUGINS = {'a': A, 'b': A}
            def work(h):
                cls = PLUGINS[h.request.get('p')]
                cls().run()
            """,
        {},
    ),
    "dictionary of instances whose class is made in requests too": (
        """
            class A(object):
                def run(self):
                    self.x = time.time()
                    return self.x
            def work(h):
                objs = {'a': A()}
                objs['a'].run()
            """,
        {},
    ),
    "timing with list of one": (
        """
            def work(h):
                start = [time.time()]
                def tick():
                    start[0] = time.time()
                tick()
            """,
        {},
    ),
    "class attribute container of import-time only class used as enum": (
        """
            class Status(object):
                ALL = []
                def __init__(self, n):
                    self.n = n
                    Status.ALL.append(self)
            Status.NEW = Status('new')
            Status.OLD = Status('old')
            def work(h):
                return [s.n for s in Status.ALL]
            """,
        {},
    ),
    "app configuration object created in appengine_config": (
        """
            import appengine_config
            def work(h):
                return appengine_config.opts['a']
            """,
        {
            "appengine_config.py": """
            opts = {}
            def webapp_add_wsgi_middleware(app):
                return app
            def setup():
                opts['a'] = 1
            setup()
            """,
        },
    ),
    "view class attribute via as_view keyword arguments": (
        """
            from django.views.generic import View
            class V(View):
                template = 'x'
                extra = None
                def get(self, request):
                    self.template = request.GET['t']
                    self.extra = {}
                    self.extra['x'] = 1
            def work(h):
                pass
            """,
        {},
    ),
    "web.py session per request": (
        """
            import web
            def work(h):
                web.ctx.user = users.get_current_user()
                web.header('a', 'b')
            """,
        {},
    ),
    "bottle/flask local proxies": (
        """
            from flask import g, request
            def work(h):
                g.user = request.args['u']
                g.items = []
                g.items.append(1)
            """,
        {},
    ),
    "cherrypy session": (
        """
            import cherrypy
            def work(h):
                cherrypy.session['u'] = users.get_current_user()
                cherrypy.request.x = 1
            """,
        {},
    ),
    "template register in module with dictionary": (
        """
            from google.appengine.ext import webapp
            webapp.template.register_template_library('filters')
            def work(h):
                pass
            """,
        {},
    ),
    "email message object": (
        """
            from google.appengine.api import mail
            def work(h):
                m = mail.EmailMessage()
                m.to = h.request.get('to')
                m.attachments = []
                m.attachments.append('x')
            """,
        {},
    ),
    "property list class constant used as default arguments": (
        """
            DEFAULT = ['a']
            def f(x=DEFAULT):
                return list(x) + ['b']
            def work(h):
                f()
            """,
        {},
    ),
    "text constant alias": (
        """
            A = 'x'
            B = A
            def work(h):
                return B.replace('x', 'y')
            """,
        {},
    ),
    "alias of function": (
        """
            def f(x):
                return x
            g2 = f
            def work(h):
                return g2(1)
            """,
        {},
    ),
    "alias of class instantiate": (
        """
            class A(object):
                x = []
                def __init__(self):
                    self.x = []
            B = A
            def work(h):
                b = B()
                b.x.append(1)
                b.y = 1
            """,
        {},
    ),
    "stack machine local dictionary passed through recursion": (
        """
            def walk(node, out):
                out.append(node)
                out_map = {}
                out_map[node] = out
                for c in node:
                    walk(c, out)
            def work(h):
                walk([], [])
            """,
        {},
    ),
    "parameter named like global and passed global copy": (
        """
            items = []
            def add(items):
                items.append(1)
            def work(h):
                add(list(items))
                add(items[:])
                add(items + [1])
                add([x for x in items])
            """,
        {},
    ),
    "handed on string constant": (
        """
            TITLE = 'x'
            def page(title):
                title = title + '!'
                return title
            def work(h):
                page(TITLE)
            """,
        {},
    ),
    "handed on configuration only read": (
        """
            CONF = {'a': {'b': 1}}
            def page(conf):
                c = conf['a']
                return c.get('b'), conf.items()
            def work(h):
                page(CONF)
            """,
        {},
    ),
    "method parameter obj from shared instance self passes itself to per-request object": (
        """
            class View(object):
                def __init__(self, app):
                    self.app = app
                    self.started = time.time()
                def run(self):
                    self.result = self.app
                    return self.result
            class App(object):
                def __call__(self, environ, start_response):
                    start_response('200 OK', [])
                    return View(self).run()
            wapp = App()
            def work(h):
                pass
            """,
        {},
    ),
    "wsgi closure middleware": (
        """
            def middleware(inner):
                def wrapped(environ, start_response):
                    status = []
                    def start(s, hdrs, exc=None):
                        status.append(s)
                        return start_response(s, hdrs, exc)
                    out = inner(environ, start)
                    environ['status'] = status
                    return out
                return wrapped
            mapp = middleware(None)
            def work(h):
                pass
            """,
        {},
    ),
    "generator pipeline": (
        """
            def numbered(lines):
                n = 0
                for l in lines:
                    n += 1
                    yield n, l
            def work(h):
                list(numbered(['a']))
            """,
        {},
    ),
    "class decorator with cache on instance of handler via __dict__": (
        """
            class lazy(object):
                def __init__(self, f):
                    self.f = f
                def __get__(self, inst, owner):
                    if inst is None:
                        return self
                    value = self.f(inst)
                    setattr(inst, self.f.__name__, value)
                    return value
            class Page(webapp2.RequestHandler):
                @lazy
                def user(self):
                    return users.get_current_user()
                def get(self):
                    self.user
            def work(h):
                pass
            """,
        {},
    ),
    "gettext install per handler local translations": (
        """
            import gettext
            def work(h):
                t = gettext.NullTranslations()
                _ = t.ugettext
                _('x')
            """,
        {},
    ),
    "counters on own result object returned from class method": (
        """
            class Stats(object):
                total = 0
                @classmethod
                def collect(cls, xs):
                    s = cls()
                    for x in xs:
                        s.total += x
                        s.last = x
                    return s
            def work(h):
                Stats.collect([1]).total
            """,
        {},
    ),
    "shard counter": (
        """
            import random
            class Shard(db.Model):
                count = db.IntegerProperty(default=0)
            def increment(name):
                def txn():
                    i = random.randint(0, 19)
                    c = Shard.get_by_key_name(name + str(i))
                    if c is None:
                        c = Shard(key_name=name + str(i))
                    c.count += 1
                    c.put()
                db.run_in_transaction(txn)
                memcache.incr(name)
            def work(h):
                increment('x')
            """,
        {},
    ),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_shapes_of_old_apps_that_are_left_alone(shape: str) -> None:
    code, more = SHAPES[shape]
    assert told(code, more) == []
