"""`import_cycles`: which scripts can't be imported as modules, since their own imports need them."""

from __future__ import annotations

import pytest

from gaebot.rules.python27.shared.scripts.import_cycles import import_back
from tests.rules.helpers import make_app


def back(main: str, **others: str) -> str | None:
    files: dict[str, str | bytes] = {"main.py": main, **{f"{name}.py": text for name, text in others.items()}}
    found = import_back(make_app(files), "main.py")
    return found[0] if found else None


@pytest.mark.parametrize(
    "views",
    [
        "import os\n",
        "def show():\n    from main import Base\n",
        "import main\ndef show():\n    return main.Base\n",
        "from other import Base\n",
        "from main import VERSION\n",
        "from domain import Base\n",
    ],
)
def test_leaves_alone(views: str) -> None:
    assert back("VERSION = 1\nimport views\nclass Base(object):\n    pass\n", views=views) is None


def test_an_import_back_after_the_names_are_bound() -> None:
    assert back("class Base(object):\n    pass\nimport views\n", views="from main import Base\n") is None


def test_an_import_in_a_function_of_the_script() -> None:
    assert (
        back(
            "def main():\n    import views\nclass Base(object):\n    pass\n", views="from main import Base\n"
        )
        is None
    )


def test_from_import() -> None:
    assert back("import views\nclass Base(object):\n    pass\n", views="from main import Base\n") == "Base"


def test_from_import_with_an_alias_and_in_a_try() -> None:
    views = "try:\n    from main import Base as B\nexcept ImportError:\n    B = None\n"
    assert back("from views import x\nclass Base(object):\n    pass\n", views=views) == "Base"


def test_attribute_at_module_level() -> None:
    views = "import main\nclass Show(main.Base):\n    pass\n"
    assert back("import views\nclass Base(object):\n    pass\n", views=views) == "Base"


def test_over_several_modules() -> None:
    assert back("import a\nBase = 1\n", a="import b\n", b="from main import Base\n") == "Base"


def test_modules_that_import_each_other() -> None:
    assert back("import a\nBase = 1\n", a="import b\n", b="import a\nfrom c import x\n", c="x = 1\n") is None
