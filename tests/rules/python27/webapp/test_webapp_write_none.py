"""`webapp-write-none`: what it leaves alone, finds and writes."""

from __future__ import annotations

import pytest

from tests.rules.helpers import find, fixed
from tests.rules.python27.webapp.handlers import HEAD, new, old

RULE = "webapp-write-none"
CLASS = "class H(webapp.RequestHandler):\n  def get(self):\n"
METHOD = "  def footer(self):\n    self.response.out.write('x')\n"


@pytest.mark.parametrize(
    "body",
    [
        "    self.response.out.write('x')\n",
        "    self.response.out.write(self.request.get('x'))\n",
        "    self.response.out.write(self.request.get('x', None) or '')\n",
        "    self.response.out.write(None or 'x')\n",
        "    x = None\n    if y: x = 'a'\n    self.response.out.write(x)\n",
        "    x = self.request.params.get('x')\n    if x: self.response.out.write(x)\n",
        "    self.response.out.write(f(x))\n",
        "    self.response.out.write(self.f(x))\n",
        "    self.out.write(None)\n",
        "    self.footer()\n",
        "    f.write(self.footer())\n",
    ],
)
def test_leaves_alone(body: str) -> None:
    assert find(RULE, new(CLASS + body + METHOD)) == []


@pytest.mark.parametrize(
    "method",
    [
        "  def footer(self):\n    return 'x'\n",
        "  def footer(self):\n    if x: return 'x'\n    return None\n",
        "  def footer(self):\n    yield 'x'\n",
        "  @cached\n  def footer(self):\n    self.x()\n",
        "  def footer(self):\n    raise NotImplementedError\n",
        "  footer = lambda self: 'x'\n",
        "  def footer(self):\n    pass\nclass J(H):\n  def footer(self):\n    return 'x'\n",
    ],
)
def test_methods_that_return_a_value_are_left_alone(method: str) -> None:
    assert find(RULE, new(f"{CLASS}    self.response.out.write(self.footer())\n{method}")) == []


@pytest.mark.parametrize(
    "method",
    [
        METHOD,
        "  def footer(self):\n    if x: return\n    self.x()\n",
        "  def footer(self):\n    def f(): return 'x'\n    self.x(f)\n    return None\n",
    ],
)
def test_what_returns_nothing_is_only_called(method: str) -> None:
    code = CLASS + "    self.response.out.write(self.footer()) # end\n" + method
    for app in (old, new):
        made = fixed(RULE, app(code), unsafe=False)["main.py"]
        assert made == HEAD + CLASS + "    self.footer() # end\n" + method


def test_functions_of_other_modules() -> None:
    body = "    self.response.write(parts.footer(self))\n"
    files = {**new("import parts\n" + CLASS + body), "parts.py": "def footer(handler):\n  handler.x()\n"}
    files["main.py"] = (
        str(files["main.py"])
        .replace("parts.footer", "footer")
        .replace("import parts", "from parts import footer")
    )
    assert "    footer(self)\n" in fixed(RULE, files, unsafe=False)["main.py"]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("self.request.get('x', None)", "self.request.get('x', None) or ''"),
        ("self.request.params.get('x')", "self.request.params.get('x') or ''"),
        ("'x' if y else None", "('x' if y else None) or ''"),
    ],
)
def test_what_can_be_none(before: str, after: str) -> None:
    made = fixed(RULE, new(f"{CLASS}    self.response.out.write({before})\n"), unsafe=False)["main.py"]
    assert made == f"{HEAD}{CLASS}    self.response.out.write({after})\n"
