"""Modules that Django loads by names of its own: settings, and views behind a prefix."""

from __future__ import annotations

import pytest

from gaebot.rules.python27.shared.scripts.handler_scripts import request_files
from tests.rules.helpers import make_app
from tests.rules.python27.wsgi.scripts import wsgi

HANDLER = "import django.core.handlers.wsgi\napp = django.core.handlers.wsgi.WSGIHandler()\n"
SETTINGS = "ROOT_URLCONF = 'shop.urls'\n"
URLS = "from django.conf.urls.defaults import *\n"


def loaded(main: str, settings: str, urls: str) -> set[str]:
    """The files of the package `shop` that the main script leads to."""
    files = {
        "shop/__init__.py": "",
        "shop/settings.py": settings,
        "shop/urls.py": urls,
        "shop/views.py": "def index(request):\n    pass\n",
        "shop/tool.py": "",
    }
    found = {file.path for file in request_files(make_app({**wsgi(main), **files}))}
    return {path[5:] for path in found if path.startswith("shop/")} - {"__init__.py"}


@pytest.mark.parametrize(
    ("main", "settings"),
    [
        # Nothing of Django starts there.
        ("import webapp2\napp = webapp2.WSGIApplication([])\n", SETTINGS),
        ("# import django.core.handlers.wsgi\napp = None\n", SETTINGS),
        ("import django.core.cache\napp = None\n", SETTINGS),
        # No table of URLs is said to be anywhere.
        (HANDLER, "def check():\n    ROOT_URLCONF = 'shop.urls'\n"),
        (HANDLER, "# ROOT_URLCONF = 'shop.urls'\n"),
        (HANDLER, "from base import ROOT_URLCONF\n"),
    ],
)
def test_what_starts_no_project(main: str, settings: str) -> None:
    assert loaded(main, settings, "") == set()


@pytest.mark.parametrize(
    "main",
    [
        HANDLER,
        "from django.core.handlers import wsgi\napp = wsgi.WSGIHandler()\n",
        "from django.core.handlers.wsgi import WSGIHandler\napp = WSGIHandler()\n",
        "def main():\n    import django.core.handlers.wsgi as d\n    return d.WSGIHandler()\napp = main()\n",
    ],
)
def test_who_takes_its_handler_loads_the_settings(main: str) -> None:
    assert loaded(main, SETTINGS, "") == {"settings.py", "urls.py"}


@pytest.mark.parametrize(
    ("urls", "is_named"),
    [
        (URLS + "urlpatterns = patterns('shop', (r'^$', 'views.index'))\n", True),
        (URLS + "urlpatterns = patterns('shop', url(r'^$', 'views.index', name='x'), (r'^b$', 'x'))\n", True),
        (URLS + "urlpatterns = patterns('', (r'^$', 'shop.views.index'))\n", True),
        (URLS + "urlpatterns = patterns('', (r'^$', 'views.index'))\n", False),
        (URLS + "urlpatterns = patterns('shop', (r'^$', 'views.other'))\n", False),
        ("def patterns(*x): pass\nurlpatterns = patterns('shop', (r'^$', 'views.index'))\n", False),
    ],
)
def test_views_behind_a_prefix(urls: str, *, is_named: bool) -> None:
    assert loaded(HANDLER, SETTINGS, urls) == {"settings.py", "urls.py"} | (
        {"views.py"} if is_named else set()
    )
