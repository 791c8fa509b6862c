"""`wsgi-import-beside`: what it leaves alone, finds and writes."""

from __future__ import annotations

import pytest

from gaebot.finding import Severity
from tests.rules.helpers import find, fixed

RULE = "wsgi-import-beside"
OLD = "runtime: python\napi_version: 1\nhandlers:\n- url: /.*\n  script: blog/blog.py\n"
NEW = "runtime: python27\napi_version: 1\nthreadsafe: true\nhandlers:\n- url: /.*\n  script: blog.blog.app\n"
MODULES: dict[str, str | bytes] = dict.fromkeys(
    ("blog/__init__.py", "blog/pages.py", "blog/models.py", "blog/alone.py", "models.py", "tools.py"), ""
)


def app(code: str, yaml: str = NEW) -> dict[str, str | bytes]:
    return {**MODULES, "app.yaml": yaml, "blog/blog.py": code}


@pytest.mark.parametrize("yaml", [OLD, NEW])
@pytest.mark.parametrize(
    "code",
    [
        "import os, webapp2\n",
        "import tools\n",
        "import alone, pages\n",
        "from alone import x\n",
        "from . import models\nfrom .blog import x\n",
        "from __future__ import absolute_import\nfrom blog.pages import x\n",
        "blog = 1\n",
        "import tools as blog, tools as models\n",
        "from tools import blog, models\n",
    ],
)
def test_leaves_alone(code: str, yaml: str) -> None:
    assert find(RULE, app(code, yaml)) == []


def test_leaves_what_an_app_on_python27_finds_beside_its_script_alone() -> None:
    assert find(RULE, app("import models\n")) == []


def test_leaves_other_modules_and_scripts_in_the_root_alone() -> None:
    files = {**app("import tools\n"), "blog/pages.py": "from blog.models import x\nimport models\n"}
    assert find(RULE, files) == []
    root = {**MODULES, "app.yaml": NEW.replace("blog.blog.", "blog.")}
    assert find(RULE, {**root, "blog/__init__.py": "from blog.pages import x\nimport models\n"}) == []
    assert (
        find(RULE, {**MODULES, "app.yaml": NEW.replace("blog.blog", "main"), "main.py": "import models\n"})
        == []
    )


@pytest.mark.parametrize(
    ("code", "severity"),
    [
        ("from blog.pages import x\n", Severity.ERROR),
        ("import blog.pages as pages\n", Severity.ERROR),
        ("from blog.pages import *\n", Severity.ERROR),
        ("def f():\n  from blog.pages import x\n", Severity.ERROR),
        ("from blog import pages\n", Severity.WARNING),
        ("import blog\n", Severity.WARNING),
    ],
)
def test_a_script_that_finds_itself(code: str, severity: Severity) -> None:
    assert [finding.severity for finding in find(RULE, app(code))] == [severity]
    assert [finding.severity for finding in find(RULE, app(code, OLD))] == [Severity.WARNING]
    made = fixed(RULE, app(code), unsafe=False)["blog/blog.py"]
    assert made == "from __future__ import absolute_import\n" + code


def test_a_script_that_will_find_its_neighbour() -> None:
    (finding,) = find(RULE, app("import models\nfrom models import x\n", OLD))
    assert finding.severity == Severity.WARNING
    assert len(finding.related) == 1
    assert "`blog/models.py`" in finding.message


@pytest.mark.parametrize(
    ("code", "after"),
    [
        ("# -*- coding: x -*-\nimport blog.x\n", "# -*- coding: x -*-\n{new}import blog.x\n"),
        ('"""Doc."""\nimport blog.x\n', '"""Doc."""\n{new}import blog.x\n'),
        (
            "from __future__ import division\nimport blog.x\n",
            "from __future__ import division\n{new}import blog.x\n",
        ),
        ("x = 1\nimport blog.x\n", "{new}x = 1\nimport blog.x\n"),
    ],
)
def test_the_new_line_stands_above_all_but_the_docstring(code: str, after: str) -> None:
    made = fixed(RULE, app(code))["blog/blog.py"]
    assert made == after.replace("{new}", "from __future__ import absolute_import\n")


def test_what_lies_beside_the_script_alone_keeps_it_as_it_is() -> None:
    (finding,) = find(RULE, app("import blog.pages\nimport alone\n"))
    assert finding.fix is None
