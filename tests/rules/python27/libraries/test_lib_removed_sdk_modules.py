"""`lib-removed-sdk-modules`: what it leaves alone, finds and writes."""

from __future__ import annotations

import pytest

from tests.rules.helpers import find, fixed
from tests.rules.python27.wsgi.scripts import cgi, wsgi

RULE = "lib-removed-sdk-modules"


@pytest.mark.parametrize(
    "code",
    [
        "from google.appengine.api import taskqueue\n",
        "from google.appengine.ext import db, webapp\n",
        "from google.appengine.runtime import DeadlineExceededError\n",
        "import google.appengine.api.urlfetch\n",
        "from mine.labs import taskqueue\n",
        "from google.appengine.api import labs\n",
        (
            "try:\n  from google.appengine.api import taskqueue\n"
            "except ImportError:\n  from google.appengine.api.labs import taskqueue\n"
        ),
        (
            "try:\n  from google.appengine.api.labs import taskqueue\n"
            "except ImportError:\n  from google.appengine.api import taskqueue\n"
        ),
        "try:\n  from google.appengine.ext import mapreduce\nexcept ImportError:\n  mapreduce = None\n",
    ],
)
def test_leaves_alone(code: str) -> None:
    assert find(RULE, wsgi(code)) == []


def test_code_that_no_request_reaches_is_left_alone() -> None:
    code = "from google.appengine.ext import mapreduce\n"
    assert find(RULE, {**wsgi("app = 1\n"), "tool.py": code}) == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("from google.appengine.api.labs import taskqueue\n", "from google.appengine.api import taskqueue\n"),
        (
            "from google.appengine.api.labs import taskqueue as tq\ntq.add()\n",
            "from google.appengine.api import taskqueue as tq\ntq.add()\n",
        ),
        (
            "from google.appengine.api.labs.taskqueue import Task, add\n",
            "from google.appengine.api.taskqueue import Task, add\n",
        ),
        (
            "import google.appengine.api.labs.taskqueue as taskqueue\n",
            "import google.appengine.api.taskqueue as taskqueue\n",
        ),
        (
            "import os, google.appengine.api.labs.taskqueue\ngoogle.appengine.api.labs.taskqueue.add()\nx.labs.taskqueue\n",
            "import os, google.appengine.api.taskqueue\ngoogle.appengine.api.taskqueue.add()\nx.labs.taskqueue\n",
        ),
        (
            "from google.appengine.api.labs.taskqueue.taskqueue import Error\n",
            "from google.appengine.api.taskqueue.taskqueue import Error\n",
        ),
        (
            "from google.appengine.api.labs.taskqueue import *\n",
            "from google.appengine.api.taskqueue import *\n",
        ),
        (
            "from google.appengine.api.labs.taskqueue import (Task,\n  add)\n",
            "from google.appengine.api.taskqueue import (Task,\n  add)\n",
        ),
    ],
)
def test_what_the_fix_writes(before: str, after: str) -> None:
    for app in (cgi, wsgi):
        assert fixed(RULE, app(before), unsafe=False)["main.py"] == after


@pytest.mark.parametrize(
    "code",
    [
        "from google.appengine.ext import mapreduce\n",
        "from google.appengine.runtime import apiproxy\n",
        "import google.appengine.ext.mapreduce.operation\n",
        "from google.appengine.api import xmpp\n",
        "from google.appengine.ext import datastore_admin as admin\n",
        "from google.appengine.ext.preload import *\n",
        "import google.appengine.api.servers as s\n",
        "from google.appengine.api.conversion import Asset\n",
        "from google.appengine.api.prospective_search import match\n",
        "from google.appengine.api import matcher as m\n",
        "from google.appengine.api.channel import *\n",
        "from google.appengine.api.files import blobstore\n",
    ],
)
def test_what_is_only_reported(code: str) -> None:
    for app in (cgi, wsgi):
        assert [finding.fix for finding in find(RULE, app(code))] == [None]


def test_one_note_for_a_service_that_was_shut_down() -> None:
    files = wsgi(
        "from google.appengine.api import xmpp\nimport util\n", util="from google.appengine.api import xmpp\n"
    )
    assert len(find(RULE, files)) == 1
