"""`ts-check-then-set-class`: what it leaves alone, finds and writes."""

from __future__ import annotations

from textwrap import dedent

import pytest

from tests.rules.python27.threads.apps import lines, patched, reports, told

RULE = "ts-check-then-set-class"
CALLED = "\ndef work(h):\n    Conf().get()\n"


@pytest.mark.parametrize(
    "code",
    [
        # An attribute of the object.
        "class Conf(object):\n    x = None\n    def get(self):\n        if self.x is None:\n"
        "            self.x = db.get('k')\n        return self.x\n",
        "class Conf(object):\n    def get(self):\n        if not hasattr(self, 'x'):\n"
        "            self.x = db.get('k')\n        return self.x\n",
        "class Conf(object):\n    def get(self):\n        try:\n            return self._x\n"
        "        except AttributeError:\n            self._x = db.get('k')\n        return self._x\n",
        "class Conf(ndb.Model):\n    x = ndb.StringProperty()\n    def get(self):\n        if not self.x:\n"
        "            self.x = 'y'\n            self.put()\n",
        # A class that each call makes anew.
        "class Conf(object):\n    def get(self):\n        class Own(object):\n            x = None\n"
        "        if Own.x is None:\n            Own.x = db.get('k')\n",
        # Under a lock.
        """
        class Conf(object):
            x = None
            lock = threading.Lock()
            @classmethod
            def get(cls):
                with cls.lock:
                    if cls.x is None:
                        cls.x = db.get('k')
                return cls.x
        """,
        """
        class Conf(object):
            x = None
            lock = threading.Lock()
            @classmethod
            def get(cls):
                if cls.x is None:
                    cls.lock.acquire()
                    try:
                        if cls.x is None:
                            cls.x = db.get('k')
                    finally:
                        cls.lock.release()
                return cls.x
        """,
        """
        lock = threading.RLock()
        class Conf(object):
            _instance = None
            def __new__(cls):
                with lock:
                    if not cls._instance:
                        cls._instance = object.__new__(cls)
                return cls._instance
            def get(self):
                return 1
        """,
        # While the module is loaded.
        """
        class Conf(object):
            x = None
            @classmethod
            def load(cls):
                if cls.x is None:
                    cls.x = db.get('k')
            def get(self):
                return self.x
        Conf.load()
        """,
        """
        class Single(object):
            _instance = None
            def __new__(cls):
                if cls._instance is None:
                    cls._instance = object.__new__(cls)
                return cls._instance
            def run(self):
                return 1
        single = Single()
        class Conf(object):
            def get(self):
                return single.run()
        """,
        # A metaclass makes classes on import.
        """
        class Meta(type):
            names = {}
            def __new__(mcs, name, bases, attrs):
                cls = type.__new__(mcs, name, bases, attrs)
                if name not in mcs.names:
                    mcs.names[name] = cls
                return cls
            def __init__(cls, name, bases, attrs):
                if not hasattr(cls, 'fields'):
                    cls.fields = []
                super(Meta, cls).__init__(name, bases, attrs)
        class Conf(object):
            __metaclass__ = Meta
            def get(self):
                return Meta.names['Conf']
        """,
        # A thread's own.
        """
        class Conf(threading.local):
            x = None
            def get(self):
                if self.x is None:
                    self.x = db.get('k')
        """,
    ],
)
def test_leaves_alone(code: str) -> None:
    assert lines(RULE, dedent(code) + CALLED) == []


@pytest.mark.parametrize("receiver", ["cls", "Conf"])
@pytest.mark.parametrize(
    "body",
    [
        "if not R.x:\n            R.x = db.get('k')",
        "if R.x is None:\n            R.x = db.get('k')",
        "if R.x:\n            return R.x\n        R.x = db.get('k')",
        "R.x = R.x or db.get('k')",
        "if not hasattr(R, 'x'):\n            R.x = db.get('k')",
        "if not getattr(R, 'x', None):\n            R.x = db.get('k')",
        "try:\n            return R.x\n        except AttributeError:\n            R.x = db.get('k')",
        "if 'k' not in R.x:\n            R.x['k'] = db.get('k')",
        "if R.x is None:\n            R.x = R.load()",
    ],
)
def test_work_that_waits(receiver: str, body: str) -> None:
    body = body.replace("R", receiver)
    code = (
        f"class Conf(object):\n    x = None\n    @classmethod\n    def get(cls):\n        {body}\n        return cls.x\n"
        "    @classmethod\n    def load(cls):\n        return urlfetch.fetch('x')\n"
    )
    assert [found.severity.value for found in reports(code + CALLED, rules=(RULE,))] == ["warning"]


@pytest.mark.parametrize("receiver", ["self.__class__", "Conf"])
def test_by_the_object(receiver: str) -> None:
    code = (
        "class Conf(object):\n    x = None\n    def get(self):\n"
        f"        if not {receiver}.x:\n            {receiver}.x = db.get('k')\n"
    )
    assert lines(RULE, code + CALLED) == [f"warning: {receiver}.x = db.get('k')"]


@pytest.mark.parametrize(
    "code",
    [
        """
        class Conf(object):
            _instance = None
            def __new__(cls, *args, **kw):
                if cls._instance is None:
                    cls._instance = super(Conf, cls).__new__(cls, *args, **kw)
                return cls._instance
            def get(self):
                return 1
        """,
        """
        class Singleton(type):
            _instance = None
            def __call__(cls, *args, **kw):
                if cls._instance is None:
                    cls._instance = super(Singleton, cls).__call__(*args, **kw)
                return cls._instance
        class Conf(object):
            __metaclass__ = Singleton
            def get(self):
                return 1
        """,
        """
        class Singleton(type):
            _instances = {}
            def __call__(cls, *args, **kw):
                if cls not in cls._instances:
                    cls._instances[cls] = super(Singleton, cls).__call__(*args, **kw)
                return cls._instances[cls]
        class Conf(object):
            __metaclass__ = Singleton
            def get(self):
                return 1
        """,
    ],
)
def test_singletons_that_only_compute_are_notes(code: str) -> None:
    assert told(dedent(code) + CALLED) == ["check-then-set-class note"]


def test_the_message_says_how_a_request_gets_there() -> None:
    code = "class Conf(object):\n    x = None\n    @classmethod\n    def get(cls):\n        if not cls.x:\n            cls.x = db.get('k')\n"
    (finding,) = reports(code + CALLED)
    assert finding.message == (
        "All requests share the class attribute `Conf.x`, and this tests it and then sets it, without a lock. "
        "Requests that come before it is set all do the work, which waits for a service or a file. Hold a lock "
        "from the test on, or make the value when the module is loaded. Requests get here by `Main.get` → `work` "
        "→ `Conf.get`."
    )


# -- the patch -------------------------------------------------------------------------------


def test_what_the_fix_writes() -> None:
    before = """\
class Conf(ndb.Model):
  '''The settings.'''
  title = ndb.StringProperty()
  _cache = None  # not yet

  other = 1

  @classmethod
  def get(cls):
    # Once only.
    if not cls._cache:

      cls._cache = cls.get_by_id('x')  # slow
      print 'made', `cls._cache`
    return cls._cache
"""
    assert (
        patched(RULE, before + CALLED)
        == """\
class Conf(ndb.Model):
  '''The settings.'''
  title = ndb.StringProperty()
  _cache = None  # not yet
  _cache_lock = threading.Lock()

  other = 1

  @classmethod
  def get(cls):
    with cls._cache_lock:
      # Once only.
      if not cls._cache:

        cls._cache = cls.get_by_id('x')  # slow
        print 'made', `cls._cache`
    return cls._cache
"""
        + CALLED
    )


def test_tabs() -> None:
    before = (
        "class Conf(object):\n\tx = None\n\t@classmethod\n\tdef get(cls):\n\t\tif cls.x <> None:\n"
        "\t\t\treturn cls.x\n\t\tcls.x = db.get('k')\n"
    )
    assert patched(RULE, before + CALLED) == (
        "class Conf(object):\n\tx = None\n\t_x_lock = threading.Lock()\n\t@classmethod\n\tdef get(cls):\n"
        "\t\twith cls._x_lock:\n\t\t\tif cls.x <> None:\n\t\t\t\treturn cls.x\n\t\t\tcls.x = db.get('k')\n"
        + CALLED
    )


def test_an_attribute_that_the_class_does_not_say_is_not_patched() -> None:
    code = (
        "class Conf(object):\n    @classmethod\n    def get(cls):\n        if not hasattr(cls, 'x'):\n"
        "            cls.x = db.get('k')\n"
    )
    (finding,) = reports(code + CALLED)
    assert finding.fix is None


def test_the_example_of_googles_guide_without_its_lock() -> None:
    """As it is printed there: the decorator is missing."""
    before = """\
class Configuration(ndb.Model):
  some_config_data = ndb.StringProperty()
  _config_cache = None
  def get_config(cls):
    if not cls._config_cache:
      cls._config_cache = cls.get_by_id('config')
    return cls._config_cache


def work(h):
  Configuration.get_config()
"""
    after = """\
class Configuration(ndb.Model):
  some_config_data = ndb.StringProperty()
  _config_cache = None
  _config_lock = threading.Lock()
  def get_config(cls):
    with cls._config_lock:
      if not cls._config_cache:
        cls._config_cache = cls.get_by_id('config')
    return cls._config_cache


def work(h):
  Configuration.get_config()
"""
    assert patched(RULE, before) == after
