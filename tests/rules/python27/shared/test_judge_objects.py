"""Objects that requests put where all find them: whose attributes are told, and where."""

from __future__ import annotations

import pytest

from tests.rules.python27.threads.apps import lines, reports, told

BOX = "class Box(object):\n    def put(self, value):\n        self.value = value\n    def get(self):\n        return self.value\n"
SITE = BOX + "class Site(object):\n    box = None\nsite = Site()\n"
NOTHING = "def work(h):\n    pass\n"
INSTANCE = "ts-self-state-on-shared-instance"


@pytest.mark.parametrize(
    "code",
    [
        BOX + "def work(h):\n    box = Box()\n    box.put(h.request.get('a'))\n    return box.get()\n",
        BOX + "def work(h):\n    h.box = Box()\n    h.box.put(h.request.get('a'))\n    return h.box.get()\n",
        BOX
        + "def work(h):\n    h.registry['box'] = Box()\n    h.registry['box'].put(h)\n    h.registry['box'].get()\n",
        BOX
        + "def make():\n    return Box()\ndef work(h):\n    box = make()\n    box.put(h)\n    return box.get()\n",
    ],
)
def test_objects_of_one_request_are_left_alone(code: str) -> None:
    assert told(code) == []


def test_an_object_that_each_request_makes_anew_keeps_its_own_attributes() -> None:
    code = (
        SITE
        + "def work(h):\n    site.box = Box()\n    box = Box()\n    box.put(h.request.get('a'))\n    return box.get()\n"
    )
    assert lines(INSTANCE, code) == ["note: site.box = Box()"]
    assert told(code) == ["self-state-on-shared-instance note"]


@pytest.mark.parametrize("place", ["site.box", "Site.box"])
def test_one_that_is_read_back_may_be_that_of_another_request(place: str) -> None:
    code = f"{SITE}def work(h):\n    {place} = Box()\n    {place}.put(h.request.get('a'))\n    return {place}.get()\n"
    assert [found.severity.value for found in reports(code)] == ["warning"]
    # Without methods that change it, one is as good as the other.
    code = code.replace(
        "def put(self, value):\n        self.value = value", "def put(self, value):\n        print value"
    )
    assert [found.severity.value for found in reports(code)] == ["note"]


def test_an_object_that_is_made_once_is_shared() -> None:
    code = (
        SITE + "def work(h):\n    if site.box is None:\n        site.box = Box()\n"
        "    site.box.put(h.request.get('a'))\n    return site.box.get()\n"
    )
    assert lines(INSTANCE, code) == ["warning: self.value = value", "note: site.box = Box()"]


def test_so_is_one_that_the_shared_object_makes_when_it_is_made() -> None:
    code = BOX + (
        "class Site(object):\n    def __init__(self):\n        self.box = Box()\nsite = Site()\n"
        "def work(h):\n    names = ['a']\n    site.box.put(names.pop())\n    return site.box.get()\n"
    )
    assert lines(INSTANCE, code) == ["warning: self.value = value"]


def test_methods_of_different_objects_do_not_read_each_others_attributes() -> None:
    code = (
        SITE + "other = Site()\ndef work(h):\n    if site.box is None:\n        site.box = Box()\n"
        "    site.box.put(h.request.get('a'))\n    return h.box.get()\n"
    )
    assert lines(INSTANCE, code) == ["note: self.value = value", "note: site.box = Box()"]


@pytest.mark.parametrize(
    "code",
    [
        "page = None\ndef work(h):\n    global page\n    page = h.request\n    page.user = users.get_current_user()\n"
        "    page.lang = h.request.get('l')\n    return page.user, page.lang\n",
        "class Page(object):\n    def __init__(self, request):\n        self.request = request\npage = None\n"
        "def work(h):\n    global page\n    page = Page(h.request)\n    page.user = users.get_current_user()\n"
        "    return page.user\n",
        "page = None\nclass Page(webapp2.RequestHandler):\n    def get(self):\n        global page\n        page = self\n"
        "        page.title = self.request.get('t')\n        page.values = {}\n        show()\n"
        "def show():\n    print page.title, page.values\n" + NOTHING,
    ],
)
def test_attributes_of_what_each_request_puts_into_a_global_are_told_at_the_global(code: str) -> None:
    (finding,) = reports(code)
    assert (finding.rule, finding.severity.value) == ("ts-request-state-global", "error")
    assert "`page`" in finding.message
