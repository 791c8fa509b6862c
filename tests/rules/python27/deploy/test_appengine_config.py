"""`appengine-config`: what it leaves alone, finds and writes."""

from __future__ import annotations

import pytest

from tests.rules.helpers import find, fixed

RULE = "appengine-config"
YAML = "runtime: python27\nthreadsafe: true\nhandlers: []\n"


@pytest.mark.parametrize(
    "source",
    [
        "def webapp_add_wsgi_middleware(app):\n  return app\n",
        "# webapp_django_version = '1.2'\n",
        "print webapp_django_version\n",
        "from settings import webapp_django_version\n",
        "class Config:\n  webapp_django_version = '1.2'\n",
        "remoteapi_CUSTOM_ENVIRONMENT_AUTHENTICATION = ()\n",
    ],
)
def test_leaves_alone(source: str) -> None:
    assert find(RULE, {"app.yaml": YAML, "appengine_config.py": source}) == []


def test_other_files_are_left_alone() -> None:
    assert find(RULE, {"app.yaml": YAML, "main.py": "webapp_django_version = '1.2'\n"}) == []
    assert find(RULE, {"app.yaml": YAML, "sub/appengine_config.py": "webapp_django_version = '1.2'\n"}) == []


def test_before_the_switch_there_is_no_patch() -> None:
    files = {
        "app.yaml": "runtime: python\nhandlers: []\n",
        "appengine_config.py": "webapp_django_version = '1.2'\n",
    }
    assert [finding.fix for finding in find(RULE, files)] == [None]


@pytest.mark.parametrize(
    ("source", "after"),
    [
        ("import os\nwebapp_django_version = '1.2'  # new\nx = 1\n", "import os\nx = 1\n"),
        ("webapp_django_version = 1.1\n", ""),
        ("a = 1; webapp_django_version = '1.2'\n", "a = 1\n"),
        ("a = 1\ndef webapp_django_setup():\n  import django\n  django.setup()\nb = 2\n", "a = 1\nb = 2\n"),
    ],
)
def test_what_is_not_read_is_deleted(source: str, after: str) -> None:
    files = {"app.yaml": YAML, "appengine_config.py": source}
    assert fixed(RULE, files, unsafe=False)["appengine_config.py"] == after


@pytest.mark.parametrize(
    "source",
    [
        "webapp_django_version = choose()\n",
        "if DEV:\n  webapp_django_version = '1.2'\n",
        "webapp_django_version = '1.2'\nuse_library('django', webapp_django_version)\n",
        "webapp_django_version = other = '1.2'\n",
    ],
)
def test_what_may_be_needed_stays(source: str) -> None:
    (finding,) = find(RULE, {"app.yaml": YAML, "appengine_config.py": source})
    assert finding.fix is None
