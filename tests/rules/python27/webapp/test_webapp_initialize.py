"""`webapp-initialize`: what it leaves alone, finds and writes."""

from __future__ import annotations

import pytest

from gaebot.finding import Severity
from tests.rules.helpers import find, fixed
from tests.rules.python27.webapp.handlers import HEAD, new, old

RULE = "webapp-initialize"
CLASS = "class H(webapp.RequestHandler):\n"
INIT = "  def initialize(self, request, response):\n"
ABOVE = "webapp.RequestHandler.initialize(self, request, response)"


@pytest.mark.parametrize(
    "code",
    [
        CLASS + "  def get(self): pass\n",
        CLASS + INIT + f"    {ABOVE}\n    self.x = 1\n",
        CLASS + INIT + "    self.x = 1\n    super(H, self).initialize(request, response)\n",
        CLASS + INIT + "    self.request, self.response = request, response\n    self.app = application\n",
        # What is called may do it.
        CLASS + INIT + "    self.setup()\n",
        CLASS + INIT + "    setup(self)\n",
        CLASS + INIT + "    keep(request)\n",
        CLASS + INIT + "    self.__dict__.update(request=request)\n",
        CLASS + INIT + "    webapp.RequestHandler.__init__(self, request, response)\n",
        # The app works with the handler in its own way.
        CLASS + INIT + "    self.x = 1\n  def dispatch(self): pass\n",
        CLASS + "  def initialize(self, *args): self.args = args\n",
        CLASS + "  def initialize(self): self.x = 1\n",
        CLASS + "  @staticmethod\n" + INIT + "    return 1\n",
        "class X(object):\n" + INIT + "    self.x = 1\n",
        "class Loader(bulkloader.Loader):\n  def initialize(self, filename, opts):\n    self.x = 1\n",
        "class B(webapp.RequestHandler):\n" + INIT + f"    {ABOVE}\nclass H(B):\n  def get(self): pass\n",
    ],
)
def test_leaves_alone(code: str) -> None:
    assert find(RULE, new(code)) == []
    assert find(RULE, old(code)) == []


@pytest.mark.parametrize(
    ("body", "severity"),
    [
        ("    self.x = 1\n", Severity.ERROR),
        ("    pass\n", Severity.ERROR),
        ("    self.response = response\n", Severity.ERROR),
        ("    self.x = self.request\n", Severity.ERROR),
        ("    self.request = request\n    self.response = response\n", Severity.WARNING),
        ("    self.request, self.response = request, response\n", Severity.WARNING),
        ("    self.request = request\n    self.user = users.get_current_user()\n", Severity.WARNING),
    ],
)
def test_calls_the_one_above(body: str, severity: Severity) -> None:
    for files in (new(CLASS + INIT + body), old(CLASS + INIT + body)):
        assert [found.severity for found in find(RULE, files)] == [severity]
        assert fixed(RULE, files)["main.py"].endswith(CLASS + INIT + f"    {ABOVE}\n" + body)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "\tdef initialize(self, request, response):\n\t\tself.x = 1\n",
            f"\tdef initialize(self, request, response):\n\t\t{ABOVE}\n\t\tself.x = 1\n",
        ),
        (
            "  def initialize(self, request, response): self.x = 1; self.y = 2\n",
            f"  def initialize(self, request, response): {ABOVE}; self.x = 1; self.y = 2\n",
        ),
        (
            "  def initialize(this, req, res=None):\n    'Doc.'\n    this.x = 1\n",
            "  def initialize(this, req, res=None):\n    'Doc.'\n"
            "    webapp.RequestHandler.initialize(this, req, res)\n    this.x = 1\n",
        ),
        (
            "  def initialize(self, request, response):  # why\n    # more\n    self.x = 1\n",
            f"  def initialize(self, request, response):  # why\n    # more\n    {ABOVE}\n    self.x = 1\n",
        ),
    ],
)
def test_writes(before: str, after: str) -> None:
    assert fixed(RULE, new(CLASS + before), unsafe=False)["main.py"].endswith(CLASS + after)


@pytest.mark.parametrize(
    "code",
    [
        # Which one of several is the right one can't be told.
        "class H(Mixin, webapp.RequestHandler):\n" + INIT + "    self.x = 1\n",
        "class B(webapp.RequestHandler):\n"
        + INIT
        + f"    {ABOVE}\nclass H(B):\n"
        + INIT
        + "    self.x = 1\n",
        CLASS + INIT + "    'Only a docstring.'\n",
    ],
)
def test_no_patch(code: str) -> None:
    files = new(code)
    assert [found.fix for found in find(RULE, files)] == [None]


def test_windows_line_ends() -> None:
    code = (HEAD + CLASS + INIT + "    self.x = 1\n").replace("\n", "\r\n")
    files = {**new(CLASS), "main.py": code.encode()}
    assert f"    {ABOVE}\r\n    self.x = 1\r\n" in fixed(RULE, files)["main.py"]
