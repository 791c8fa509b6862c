"""Who names a function or class, looked for from its name on, is who is found by a look at all files."""

from __future__ import annotations

import time

import pytest

from gaebot.app import App
from gaebot.disk import find_apps, read_app
from gaebot.rules.python27.shared.reach.calls import mentions
from gaebot.rules.python27.shared.reach.code import ClassCode, Code, app_code
from gaebot.rules.python27.shared.reach.naming import names_given, word_given
from tests.rules.helpers import make_app
from tests.rules.python27.shared.test_handler_scripts import handlers
from tests.rules.python27.shared.test_loading import alone, parsed
from tests.test_every_rule import RULES, TESTS, example


def mentioned(app: App, code: Code) -> list[tuple[str, int]]:
    """Where a function or class is named."""
    return [(found.file.source.path, found.node.start_byte) for found in mentions(app).of(code)]


def family(app: App, code: Code) -> list[tuple[str, str]]:
    """The classes around a class."""
    related = app_code(app).family(code) if isinstance(code, ClassCode) else ()
    return sorted((each.file.source.path, each.name) for each in related)


def assert_same_from_its_name_on(app: App) -> None:
    whole = app_code(app)
    for path in app.files:
        narrow = alone(app, path)
        assert (app_code(narrow).file(path) is None) == (path not in whole.files), path
        for code in whole.made_in(app.python(path)) if path in whole.files else ():
            same = app_code(narrow).at(narrow.python(path), code.node)
            assert same is not None
            assert mentioned(narrow, same) == mentioned(app, code), (path, code.name)
            assert family(narrow, same) == family(app, code), (path, code.name)


APP = {
    "app.yaml": handlers(("/.*", "main.py")),
    "main.py": "import pages, facade\nPAGES = [('/', pages.Home), ('/x', facade.Start)]\nrun = facade.load\n",
    "facade.py": "from pages import Home as Start, load as fetch\nload = fetch\nBase = Start\n",
    "pages.py": """
        import stores
        class Home(object):
          def get(self):
            load()
            self.render(stores.Store())
          def render(self, what): what.save()
        def load(): pass
        class Other(Home):
          def render(self, what): pass
        """,
    "more.py": "import facade\nclass Late(facade.Base):\n  def get(self): facade.load()\n",
    "late.py": "def plug(): import more\n",
    "stores.py": "class Store(object):\n  def save(self): pass\nshared = Store()\nkept = shared.save\n",
    "test_pages.py": "import pages\npages.Home().get()\n",
    "tool.py": "from pages import load\nload()\n",
}


def test_names_that_are_given_on_are_followed() -> None:
    app = make_app({**APP, "main.py": f"{APP['main.py']}import late\n"})
    assert_same_from_its_name_on(app)
    narrow = alone(app, "pages.py")
    home, load = (
        next(code for code in app_code(narrow).made_in(narrow.python("pages.py")) if code.name == name)
        for name in ("Home", "load")
    )
    assert {path for path, _ in mentioned(narrow, load)} == {"facade.py", "main.py", "more.py", "pages.py"}
    assert family(narrow, home) == [("more.py", "Late"), ("pages.py", "Home"), ("pages.py", "Other")]


def test_files_that_say_no_such_word_are_not_parsed() -> None:
    more = {f"views{number}.py": f"import stores\nclass View{number}(object): pass\n" for number in range(30)}
    imports = "".join(f"import views{number}\n" for number in range(30))
    app = alone(make_app({**APP, **more, "main.py": f"{APP['main.py']}{imports}"}), "pages.py")
    (home,) = (code for code in app_code(app).made_in(app.python("pages.py")) if code.name == "Home")
    assert mentioned(app, home)
    assert not [path for path in parsed(app) if path.startswith("views")]


def test_where_many_files_say_it_all_are_looked_at() -> None:
    more = {f"views{number}.py": "import pages\npages.load()\n" for number in range(30)}
    imports = "".join(f"import views{number}\n" for number in range(30))
    app = make_app({**APP, **more, "main.py": f"{APP['main.py']}{imports}"})
    assert_same_from_its_name_on(app)


def test_thousands_of_bindings_of_one_name() -> None:
    file = make_app({"main.py": "x = y\n" * 20_000}).python("main.py")
    assert file is not None
    begin = time.process_time()
    assert {(binding.text, word_given(binding)) for binding in names_given(file)} == {("x", "y")}
    assert time.process_time() - begin < 10


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_the_same_in_the_examples_of_rules(rule) -> None:
    assert_same_from_its_name_on(example(rule))


@pytest.mark.parametrize("root", find_apps(str(TESTS / "apps")))
def test_the_same_in_the_example_apps(root: str) -> None:
    assert_same_from_its_name_on(read_app(root))
