"""Lambdas that modules and classes keep: which do, what they read and write, and what they are called."""

from __future__ import annotations

from textwrap import dedent

import pytest

from tests.rules.python27.threads.apps import reports, told

WRITES = "user = None\ndef work(h):\n    global user\n    user = h.request.get('u')\n"
"""A name that requests set, and that no request reads."""

# -- what is left alone ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "code",
    [
        "names = sorted(['b', 'a'], key=lambda name: (name, user))\n",
        "names = map(lambda name: (name, user), ['b', 'a'])\n",
        "names = ['b', 'a']\nnames.sort(key=lambda name: (name, user))\n",
        "names = [name for name in filter(lambda name: name != user, ['b'])]\n",
        "name = (lambda: user)()\n",
        "name = {'u': lambda: user}['u']()\n",
        "lambda: user\n",
        "show = lambda user: user\n",
        "show = lambda x, who=user: who\n",
        "show = lambda: [user for user in ('a', 'b')]\n",
        "if __name__ == '__main__':\n    show = lambda: user\n",
        "class Page(object):\n    name = property(lambda self: self.user)\n",
    ],
)
def test_no_reader(code: str) -> None:
    plain = [finding.message for finding in reports(WRITES + "user\n")]
    assert [finding.message for finding in reports(WRITES + code)] == plain
    assert "reads it" not in str(reports(WRITES + code)[0].related)


# -- what reads ------------------------------------------------------------------------------

READERS: dict[str, tuple[str, str, str]] = {
    "a name": ("show = lambda: user\n", "show()", "show"),
    "a name, whatever the lambda does": ("_ = lambda x: TEXTS[user].get(x, lambda: x)\n", "_('x')", "_"),
    "a lambda in a lambda": (
        "show = lambda names: sorted(names, key=lambda n: n == user)\n",
        "show([])",
        "show",
    ),
    "a table": ("SHOW = {'u': lambda: user}\n", "SHOW['u']()", "SHOW['u']"),
    "a list": ("SHOW = [lambda: user]\n", "SHOW[0]()", "SHOW"),
    "a dict": ("SHOW = dict(u=lambda: user)\n", "SHOW['u']()", "SHOW"),
    "a choice": ("show = (lambda: user) if os else (lambda: '')\n", "show()", "show"),
    "a property": (
        "class Page(object):\n    name = property(lambda self: user)\n",
        "Page().name",
        "Page.name",
    ),
    "a name of a class": (
        "class Page(object):\n    name = lambda self: user\n",
        "Page().name()",
        "Page.name",
    ),
    "a default value": ("def show(get=lambda: user):\n    return get()\n", "show()", "lambda"),
}


@pytest.mark.parametrize(("code", "call", "title"), READERS.values(), ids=READERS.keys())
def test_a_reader(code: str, call: str, title: str) -> None:
    (finding,) = reports(WRITES + f"    return {call}\n" + code)
    assert finding.rule == "ts-request-state-global"
    assert finding.severity.value == ("warning" if title == "lambda" else "error")
    assert finding.related[-1].message == f"`{title}` reads it."


def test_a_lambda_that_is_handed_on() -> None:
    (finding,) = reports("import pages\n" + WRITES + "pages.register('u', lambda: user)\n")
    assert finding.severity.value == "warning"
    assert finding.related[-1].message == "`lambda` reads it."


def test_an_item_and_a_plain_value() -> None:
    code = "cache = {}\nshow = lambda: cache['u']\ndef work(h):\n    cache['u'] = h.request.get('u')\n    show()\n"
    assert told(code) == ["request-state-global error"]
    code = "lang = 'en'\nshow = lambda: lang\ndef work(h):\n    global lang\n    lang = time.time()\n    show()\n"
    assert told(code) == ["global-assign warning"]


def test_a_lambda_that_the_request_does_not_call() -> None:
    (finding,) = reports(WRITES + "show = lambda: user\n")
    assert finding.severity.value == "warning"


# -- what writes -----------------------------------------------------------------------------


def test_a_writer() -> None:
    code = """
        cache = {}
        keep = lambda name: cache.update(name=name)
        def work(h):
            keep(h.request.get('u'))
        """
    (finding,) = reports(dedent(code))
    assert finding.rule == "ts-mutable-global"
    assert finding.message.endswith("Requests run `keep` (a lambda that is kept for later).")
    assert (
        told("cache = {}\nnames = map(lambda name: cache.update(name=name), 'ab')\ndef work(h):\n    pass\n")
        == []
    )
