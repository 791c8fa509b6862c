"""`lib-django-hacks`: what it leaves alone, finds and writes."""

from __future__ import annotations

import pytest

from gaebot.finding import Severity
from tests.rules.helpers import find, fixed
from tests.rules.python27.wsgi.scripts import cgi, wsgi

RULE = "lib-django-hacks"
HEAD = "import sys\nimport django.core.signals\nfrom django.core import signals\n"


def with_settings(main: str) -> dict[str, str | bytes]:
    """An app whose app.yaml names the settings."""
    files = wsgi(main)
    return {**files, "app.yaml": f"{files['app.yaml']!s}env_variables:\n  DJANGO_SETTINGS_MODULE: settings\n"}


@pytest.mark.parametrize(
    "code",
    [
        "signals.got_request_exception.connect(log)",
        "from pydispatch import dispatcher\ndispatcher.connect(log, signal=x)",
        "import dispatcher\ndispatcher.connect(log, signals.request_started)",
        "from django.dispatch import dispatcher\nx = dispatcher.Signal()",
        "from django.dispatch.dispatcher import Signal\nx = Signal()\nx.connect(log)",
        "# django.dispatch.dispatcher.connect(log, signals.request_started)",
        "from django.dispatch import dispatcher\ntry:\n    dispatcher.connect(log, x)\nexcept Exception:\n    pass",
        "try:\n    from django import v0_96\nexcept ImportError:\n    pass",
        "v0_96 = 1",
        "from mylib import settings\nsettings._target = None",
        "from django.conf import settings\nx = settings._target",
        "from django.conf import settings\nx = settings._target_page\nsettings.DEBUG = None",
        "del sys.modules['mymodule']",
        "for k in sys.modules:\n    if k.startswith('app'):\n        del sys.modules[k]\nx = 'django'",
        "x = 'django' in sys.modules",
        "if __name__ == '__main__':\n    from django import v0_96",
    ],
)
def test_leaves_alone(code: str) -> None:
    assert find(RULE, wsgi(f"{HEAD}{code}\n")) == []


def test_tools_are_left_alone() -> None:
    tool = "from django import v0_96\ndel sys.modules['django']\n"
    assert find(RULE, {**wsgi("app = None\n"), "manage.py": HEAD + tool}) == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "import django.dispatch.dispatcher\n"
            "django.dispatch.dispatcher.connect(log, django.core.signals.got_request_exception)\n",
            "import django.dispatch.dispatcher\ndjango.core.signals.got_request_exception.connect(log)\n",
        ),
        (
            "from django.dispatch import dispatcher\n"
            "dispatcher.connect(log, signal=signals.request_started)\nx = 1\n",
            "signals.request_started.connect(log)\nx = 1\n",
        ),
        (
            "from django.dispatch.dispatcher import connect as on\non(log, signals.x)\non(log2, signals.y)\n",
            "signals.x.connect(log)\nsignals.y.connect(log2)\n",
        ),
        (
            "from django.dispatch import dispatcher, Signal\ndispatcher.disconnect(receiver=f, signal=signals.x)\n",
            "from django.dispatch import Signal\nsignals.x.disconnect(f)\n",
        ),
        (
            "from django.dispatch import dispatcher as d\nd.connect(f, signals.x, sender=Model)  # why\n",
            "signals.x.connect(f, sender=Model)  # why\n",
        ),
        (
            "from django.dispatch import dispatcher\nif 1: dispatcher.connect(f, signals.x); y = 1\n",
            "if 1: signals.x.connect(f); y = 1\n",
        ),
        (
            "from django.dispatch import dispatcher\r\ndispatcher.connect(\r\n\tf,\r\n\tsignals.x)\r\n",
            "signals.x.connect(f)\r\n",
        ),
        (
            "from django.dispatch import dispatcher\ndispatcher.connect(f, signals.x)\ny = dispatcher.Signal\n",
            "from django.dispatch import dispatcher\nsignals.x.connect(f)\ny = dispatcher.Signal\n",
        ),
    ],
)
def test_asks_the_signal(before: str, after: str) -> None:
    assert fixed(RULE, wsgi(HEAD + before))["main.py"] == HEAD + after


@pytest.mark.parametrize(
    "call",
    [
        "dispatcher.connect(f)",
        "dispatcher.connect(f, signal())",
        "dispatcher.connect(*args)",
        "dispatcher.connect(f, signals.x, Model, True)",
        "dispatcher.connect(f, signal=signals.x, weak=False)",
    ],
)
def test_other_calls_are_only_told(call: str) -> None:
    (finding,) = find(RULE, wsgi(f"{HEAD}from django.dispatch import dispatcher\n{call}\n"))
    assert finding.fix is None
    assert finding.severity is Severity.ERROR


def test_the_functions_may_have_other_names() -> None:
    code = "from django.dispatch.dispatcher import connect as listen\nlisten(f, signals.x)\n"
    (finding,) = find(RULE, wsgi(HEAD + code))
    assert finding.severity is Severity.ERROR


def test_nothing_is_patched_before_the_switch() -> None:
    code = "from django.dispatch import dispatcher\ndispatcher.connect(f, signals.x)\n"
    (finding,) = find(RULE, cgi(HEAD + code))
    assert finding.fix is None


def test_tells_the_import_of_a_version() -> None:
    (finding,) = find(RULE, wsgi("from django import v0_96 as django\napp = None\n"))
    assert finding.place.snippet == b"from django import v0_96 as django"


@pytest.mark.parametrize(
    "code",
    [
        "del sys.modules['django']",
        "for k in [k for k in sys.modules if k.startswith('django')]:\n    del sys.modules[k]",
        'for key in sys.modules.keys():\n    if key.startswith("django."):\n        del sys.modules[key]',
        "from sys import modules\ndel modules['django.conf']",
        "from sys import modules as loaded\ndel loaded['django.conf']",
    ],
)
def test_tells_of_modules_taken_away(code: str) -> None:
    (finding,) = find(RULE, wsgi(f"{HEAD}{code}\n"))
    assert finding.severity is Severity.WARNING


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "from django.conf import settings\nimport os\nsettings._target = None\nx = settings.DEBUG\n",
            "from django.conf import settings\nimport os\nx = settings.DEBUG\n",
        ),
        (
            "from django.conf import settings\nimport os\nsettings._target = None\nx = 1\n",
            "import os\nx = 1\n",
        ),
        (
            "from django import conf\nconf.settings._target = None  # reload\nx = 1\n",
            "from django import conf\nx = 1\n",
        ),
        (
            "def boot():\n    from django.conf import settings\n    y = 1\n    settings._target = None\n",
            "def boot():\n    y = 1\n",
        ),
        (
            "def boot():\n    y = 1\n    from django.conf import settings\n    settings._target = None\n",
            "def boot():\n    y = 1\n",
        ),
    ],
)
def test_deletes_the_target(before: str, after: str) -> None:
    assert fixed(RULE, with_settings(HEAD + before))["main.py"] == HEAD + after


def test_the_target_stays_while_only_the_script_names_the_settings() -> None:
    (finding,) = find(RULE, wsgi(f"{HEAD}from django.conf import settings\nsettings._target = None\nx = 1\n"))
    assert finding.fix is None


@pytest.mark.parametrize(
    "code",
    [
        "from django.conf import settings\nsettings._target = old\nx = 1",
        "from django.conf import settings\nif 1:\n    settings._target = None",
        "def boot():\n    from django.conf import settings\n    settings._target = None",
    ],
)
def test_the_target_is_only_told(code: str) -> None:
    (finding,) = find(RULE, with_settings(f"{HEAD}{code}\n"))
    assert finding.severity is Severity.NOTE
    assert finding.fix is None


def test_the_target_is_told_once_for_a_file() -> None:
    code = "from django.conf import settings\nsettings._target = None\nx = 1\nsettings._target = None\n"
    (finding,) = find(RULE, wsgi(HEAD + code))
    assert len(finding.related) == 1
