"""`webapp-handler-init`: what it leaves alone, finds and writes."""

from __future__ import annotations

import pytest

from tests.rules.helpers import find, fixed
from tests.rules.python27.webapp.handlers import HEAD, new, old

RULE = "webapp-handler-init"
CLASS = "class H(webapp.RequestHandler):\n"
NEW = "def __init__(self, request=None, response=None):\n"


@pytest.mark.parametrize(
    "code",
    [
        CLASS + "  def get(self): pass\n",
        CLASS + "  def __init__(self, request, response):\n    self.initialize(request, response)\n",
        CLASS + "  def __init__(self, request=None, response=None):\n    pass\n",
        CLASS + "  def __init__(self, *args, **kw):\n    webapp.RequestHandler.__init__(self, *args, **kw)\n",
        CLASS + "  def __init__(self, *args):\n    super(H, self).__init__(*args)\n",
        CLASS + "  def __init__(self, *a):\n    self.initialize(*a)\n",
        "class X(object):\n  def __init__(self): pass\n",
        "class X(db.Model):\n  def __init__(self): pass\n",
        CLASS + "  def initialize(self, request, response): pass\n",
    ],
)
def test_leaves_alone(code: str) -> None:
    assert find(RULE, new(code)) == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "  def __init__(self):\n    self.x = 1\n",
            f"  {NEW}    self.initialize(request, response)\n    self.x = 1\n",
        ),
        ("\tdef __init__(self):\n\t\tpass\n", f"\t{NEW}\t\tself.initialize(request, response)\n\t\tpass\n"),
        (
            "  def __init__(self):\n    '''Doc.'''\n    self.x = 1\n",
            f"  {NEW}    '''Doc.'''\n    self.initialize(request, response)\n    self.x = 1\n",
        ),
        (
            "  def __init__(self): self.x = 1\n",
            f"  {NEW[:-1]} self.initialize(request, response); self.x = 1\n",
        ),
        (
            "  def __init__(self):\n    super(H, self).__init__()\n    self.x = 1\n",
            f"  {NEW}    self.initialize(request, response)\n    self.x = 1\n",
        ),
        (
            "  def __init__( self ):\n    webapp.RequestHandler.__init__( self )\n",
            "  def __init__( self, request=None, response=None ):\n    self.initialize(request, response)\n",
        ),
        (
            "  def __init__(this):\n    this.x = 1\n",
            "  def __init__(this, request=None, response=None):\n    this.initialize(request, response)\n    this.x = 1\n",
        ),
        (
            "  def __init__(self):\n    # set up\n    self.x = 1\n",
            f"  {NEW}    # set up\n    self.initialize(request, response)\n    self.x = 1\n",
        ),
    ],
)
def test_it_takes_request_and_response(before: str, after: str) -> None:
    for app in (old, new):
        assert fixed(RULE, app(CLASS + before), unsafe=False)["main.py"] == HEAD + CLASS + after


def test_both_classes_of_the_app_change() -> None:
    base = HEAD + "class Base(webapp.RequestHandler):\n  def __init__(self):\n    self.a = 1\n"
    main = "from base import Base\nclass H(Base):\n  def __init__(self):\n    Base.__init__(self)\n    self.b = 1\n"
    files = fixed(RULE, new(main, base=base), unsafe=False)
    assert files["base.py"].endswith(f"  {NEW}    self.initialize(request, response)\n    self.a = 1\n")
    assert files["main.py"].endswith(f"  {NEW}    Base.__init__(self, request, response)\n    self.b = 1\n")


def test_sdk_handlers_count() -> None:
    code = "from google.appengine.ext.webapp import mail_handlers\nclass M(mail_handlers.InboundMailHandler):\n  def __init__(self): pass\n"
    assert len(find(RULE, new(code))) == 1


@pytest.mark.parametrize(
    "body",
    [
        "  def __init__(self, name):\n    self.name = name\n",
        "  def __init__(self, name=None):\n    self.name = name\n",
        "  def __init__(self):\n    request = 1\n",
        "  def __init__(self, *args):\n    self.x = args\n",
        "  def __init__(self):\n    Mixin.__init__(self, 1)\n",
        "  def __init__(self, **kw):\n    self.x = kw\n",
    ],
)
def test_what_wants_more_is_only_reported(body: str) -> None:
    assert [finding.fix for finding in find(RULE, new(CLASS + body))] == [None]


BASE = (
    CLASS + "  {init}    self.page = 'home'  # where\n"
    "  def initialize(self, request, response):\n"
    "    webapp.RequestHandler.initialize(self, request, response)\n    self.title = self.page\n"
)


def test_an_own_initialize_is_called_last_as_webapp_did() -> None:
    before, after = BASE.format(init="def __init__(self):\n"), BASE.format(init=NEW)
    after = after.replace("# where\n", "# where\n    self.initialize(request, response)\n")
    assert fixed(RULE, new(before))["main.py"] == HEAD + after


def test_so_it_is_below_and_above_the_class_that_has_it() -> None:
    base = CLASS + "  def initialize(self, request, response):\n    self.title = self.page\n"
    below = "class I(H):\n  {init}    self.page = 1\n"
    after = below.format(init=NEW) + "    self.initialize(request, response)\n"
    assert (
        fixed(RULE, new(base + below.format(init="def __init__(self):\n")))["main.py"] == HEAD + base + after
    )
    above = CLASS + "  {init}    self.page = 1\n"
    rest = "class I(H):\n  def initialize(self, request, response):\n    self.title = self.page\n"
    after = above.format(init=NEW) + "    self.initialize(request, response)\n"
    assert (
        fixed(RULE, new(above.format(init="def __init__(self):\n") + rest))["main.py"] == HEAD + after + rest
    )


def test_an_own_initialize_has_to_wait_for_the_switch() -> None:
    (finding,) = find(RULE, old(BASE.format(init="def __init__(self):\n")))
    assert finding.fix is None


@pytest.mark.parametrize(
    ("init", "after"),
    [
        ("  def __init__(self): self.x = 1\n", "self.x = 1; self.initialize(request, response)\n"),
        (
            "  def __init__(self):\n\tself.x = 1\n",
            "self.x = 1\n\tself.initialize(request, response)\n",
        ),
    ],
)
def test_the_shapes_of_the_last_line(init: str, after: str) -> None:
    rest = "  def initialize(self, request, response): pass\n"
    assert f"{after}{rest}" in fixed(RULE, new(CLASS + init + rest))["main.py"]


def test_a_return_is_in_the_way_of_the_end() -> None:
    body = "  def __init__(self):\n    if x:\n      return\n    self.y = 1\n"
    (finding,) = find(RULE, new(CLASS + body + "  def initialize(self, request, response): pass\n"))
    assert finding.fix is None


# -- what a handler gets from a class that is no handler ------------------------------------------

OLD_MIXIN = "class Mixin:\n  def __init__(self):\n    self.x = 1\n"
MIXIN = OLD_MIXIN.replace("Mixin:", "Mixin(object):")
ROUTE = "app = webapp.WSGIApplication([('/', H)])\n"
MIXED = "class H(Mixin, webapp.RequestHandler):\n  def get(self): pass\n" + ROUTE
TAKES_BOTH = "class H(Mixin, webapp.RequestHandler):\n  def __init__(self, request=None, response=None):\n"
DB = "from google.appengine.ext import db\n"


@pytest.mark.parametrize(
    "code",
    [
        # The framework's own stands in front.
        MIXIN + "class H(webapp.RequestHandler, Mixin):\n  def get(self): pass\n" + ROUTE,
        "class Base(webapp.RequestHandler): pass\n" + MIXIN + "class H(Base, Mixin): pass\n" + ROUTE,
        DB + "class H(webapp.RequestHandler, db.Model): pass\n" + ROUTE,
        # No `__init__`, or one that takes both.
        "class Mixin(object):\n  def user(self): pass\n" + MIXED,
        "class Mixin(object):\n  def __init__(self, request=None, response=None): pass\n" + MIXED,
        "class Mixin(object):\n  def __init__(self, *a, **kw):\n    super(Mixin, self).__init__(*a, **kw)\n"
        + MIXED,
        MIXIN
        + "class Two(Mixin):\n  def __init__(self, *a):\n    self.initialize(*a)\n"
        + MIXED.replace("Mixin", "Two"),
        # The handler has its own.
        MIXIN + TAKES_BOTH + "    self.initialize(request, response)\n    Mixin.__init__(self)\n" + ROUTE,
        # Nobody knows what the class is, or what stands in front.
        "from elsewhere import Mixin\n" + MIXED,
        MIXIN + "from elsewhere import Own\nclass H(Own, Mixin, webapp.RequestHandler): pass\n" + ROUTE,
        MIXIN + "class H(make(), Mixin, webapp.RequestHandler): pass\n" + ROUTE,
        "if x:\n  class Mixin: pass\nelse:\n  class Mixin:\n    def __init__(self): pass\n" + MIXED,
        "def setup(self, a, b): pass\nclass Mixin:\n  __init__ = setup\n" + MIXED,
        "class Mixin(Mixin):\n  def __init__(self): pass\n" + MIXED,
        # Python refuses the order.
        MIXIN + "class Sub(Mixin): pass\nclass H(Mixin, Sub, webapp.RequestHandler): pass\n" + ROUTE,
        # webapp makes none of these.
        MIXIN + MIXED.replace(ROUTE, ""),
        DB + "class H(db.Model, webapp.RequestHandler): pass\n",
        MIXIN
        + "class Base(Mixin, webapp.RequestHandler): pass\nclass H(Base):\n  def __init__(self, request, response): pass\n"
        + ROUTE,
        # Of two old-style classes the first one counts with all above it.
        "class Top:\n  def __init__(self, a, b): pass\nclass A(Top): pass\nclass B(Top):\n  def __init__(self): pass\n"
        "class Mixin(A, B): pass\n" + MIXED,
    ],
)
def test_leaves_alone_what_other_classes_bring(code: str) -> None:
    assert find(RULE, new(code)) == []


@pytest.mark.parametrize(
    ("code", "name", "giver"),
    [
        (MIXIN + MIXED, "H", "Mixin"),
        (OLD_MIXIN + MIXED, "H", "Mixin"),
        (OLD_MIXIN + "class Sub(Mixin): pass\n" + MIXED.replace("Mixin", "Sub"), "H", "Mixin"),
        ("class Mixin(object):\n  def __init__(self, *a):\n    self.x = 1\n" + MIXED, "H", "Mixin"),
        (DB + "class H(db.Model, webapp.RequestHandler): pass\n" + ROUTE, "H", "Model"),
        (
            "from google.appengine.ext.ndb import Expando as E\nclass H(E, webapp.RequestHandler): pass\n"
            + ROUTE,
            "H",
            "Expando",
        ),
        (
            DB + "class Kind(db.Model): pass\nclass H(Kind, webapp.RequestHandler): pass\n" + ROUTE,
            "H",
            "Model",
        ),
        (
            MIXIN
            + "class Base(Mixin, webapp.RequestHandler): pass\nclass H(Base): pass\nclass I(Base): pass\n"
            "app = webapp.WSGIApplication([('/', H), ('/i', I)])\n",
            "Base",
            "Mixin",
        ),
        # Below `object` a class comes before all that stand above it: Mixin before Top.
        (
            "class Top(object):\n  def __init__(self, a, b): pass\nclass A(Top): pass\n"
            "class Mixin(Top):\n  def __init__(self): pass\nclass H(A, Mixin, webapp.RequestHandler): pass\n"
            + ROUTE,
            "H",
            "Mixin",
        ),
        (
            MIXIN + "class Base(webapp.RequestHandler): pass\nclass H(Mixin, Base): pass\n" + ROUTE,
            "H",
            "Mixin",
        ),
    ],
)
def test_an_init_of_another_class_in_front_is_reported(code: str, name: str, giver: str) -> None:
    (finding,) = find(RULE, new(code))
    assert f"`{name}` gets from `{giver}`" in finding.message
    assert finding.fix is None


def test_a_mixin_in_another_file() -> None:
    main = "from handlers import H\n" + ROUTE
    handlers = HEAD + "import mixins\nclass H(mixins.Mixin, webapp.RequestHandler): pass\n"
    (finding,) = find(RULE, new(main, handlers=handlers, mixins=MIXIN))
    assert (finding.place.path, finding.related[0].place.path) == ("handlers.py", "mixins.py")


@pytest.mark.parametrize(
    ("body", "after"),
    [
        ("    Mixin.__init__(self)\n", "    self.initialize(request, response)\n    Mixin.__init__(self)\n"),
        (
            "    Mixin.__init__(self)\n    webapp.RequestHandler.__init__(self)\n",
            "    Mixin.__init__(self)\n    self.initialize(request, response)\n",
        ),
    ],
)
def test_the_call_of_a_mixin_stays(body: str, after: str) -> None:
    for bases in ("Mixin, webapp.RequestHandler", "webapp.RequestHandler, Mixin"):
        head = f"{MIXIN}class H({bases}):\n"
        assert fixed(RULE, new(f"{head}  def __init__(self):\n{body}"), unsafe=False)["main.py"] == (
            f"{HEAD}{head}  {NEW}{after}"
        )


BASE_INIT = "class Base(webapp.RequestHandler):\n  def __init__(self):\n    self.a = 1\n"


@pytest.mark.parametrize(
    ("bases", "call"),
    [
        # Bound to nothing: TypeError, before as after.
        ("Base", "super(H).__init__()"),
        ("Base", "super().__init__()"),
        ("Base", "super(Other, self).__init__()"),
        ("webapp.RequestHandler", "super(H).__init__()"),
        # It starts the mixin, which takes neither.
        ("Mixin, Base", "super(H, self).__init__()"),
        ("Mixin, webapp.RequestHandler", "super(H, self).__init__()"),
        ("Model, webapp.RequestHandler", "Model.__init__(self)"),
        # The mixin hands on to what it does not know.
        ("Onward, webapp.RequestHandler", "Onward.__init__(self)"),
    ],
)
def test_a_call_that_does_something_else_is_left_to_the_reader(bases: str, call: str) -> None:
    onward = "class Onward(object):\n  def __init__(self):\n    super(Onward, self).__init__()\n"
    head = "from google.appengine.ext.db import Model\n" + MIXIN + onward + BASE_INIT
    files = new(f"{head}class H({bases}):\n  def __init__(self):\n    {call}\n    self.b = 2\n")
    *_, finding = find(RULE, files)
    assert "`H`" in finding.message
    assert finding.fix is None
    assert call in fixed(RULE, files)["main.py"]


@pytest.mark.parametrize(
    ("call", "after"),
    [
        ("super(H, self).__init__()", "super(H, self).__init__(request, response)"),
        ("super(self.__class__, self).__init__()", "super(self.__class__, self).__init__(request, response)"),
        ("super(Base, self).__init__()", "self.initialize(request, response)"),
        ("Base.__init__(self)", "Base.__init__(self, request, response)"),
        ("webapp.RequestHandler.__init__(self)", "self.initialize(request, response)"),
    ],
)
def test_a_call_of_a_handler_above_passes_both_on(call: str, after: str) -> None:
    files = new(f"{BASE_INIT}class H(Base):\n  def __init__(self):\n    {call}\n")
    assert fixed(RULE, files, unsafe=False)["main.py"].endswith(f"class H(Base):\n  {NEW}    {after}\n")


def test_super_of_a_class_without_an_init_leads_to_the_framework() -> None:
    base = "class Base(webapp.RequestHandler): pass\nclass H(Base):\n"
    before = f"{base}  def __init__(self):\n    super(H, self).__init__()\n"
    after = f"{base}  {NEW}    self.initialize(request, response)\n"
    assert fixed(RULE, new(before), unsafe=False)["main.py"] == HEAD + after
