"""`py-app-id-prefix`: what it leaves alone, finds and writes."""

from __future__ import annotations

import pytest

from tests.rules.helpers import find, fixed
from tests.rules.python27.wsgi.scripts import cgi, wsgi

RULE = "py-app-id-prefix"


@pytest.mark.parametrize(
    "code",
    [
        "import os\nx = os.environ['APPLICATION_ID']\n",
        "import os\nos.environ['APPLICATION_ID'] = 'x'\n",
        "import os\nlog(os.environ['APPLICATION_ID'])\n",
        "x = settings['APPLICATION_ID'] == 'y'\n",
        "x = 'APPLICATION_ID'\n",
    ],
)
def test_leaves_alone(code: str) -> None:
    assert find(RULE, wsgi(code)) == []


def test_code_that_no_request_reaches_is_left_alone() -> None:
    code = "import os\napp_identity = 1\nx = os.environ['APPLICATION_ID'] == 'mine'\n"
    assert find(RULE, {**wsgi("app = 1\n"), "tool.py": code}) == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "import os\nx = os.environ['APPLICATION_ID'] == 'mine'\n",
            "from google.appengine.api import app_identity\nimport os\nx = app_identity.get_application_id() == 'mine'\n",
        ),
        (
            "import os\nfrom google.appengine.api import app_identity as ai\nx = 'http://%s.appspot.com' % os.environ.get('APPLICATION_ID')\n",
            "import os\nfrom google.appengine.api import app_identity as ai\nx = 'http://%s.appspot.com' % ai.get_application_id()\n",
        ),
        (
            "import os\nx = os.getenv('APPLICATION_ID') + '.appspot.com'\n",
            "from google.appengine.api import app_identity\nimport os\nx = app_identity.get_application_id() + '.appspot.com'\n",
        ),
    ],
)
def test_what_the_fix_writes(before: str, after: str) -> None:
    for app in (cgi, wsgi):
        assert fixed(RULE, app(before), unsafe=True)["main.py"] == after


@pytest.mark.parametrize(
    "code",
    [
        "import os\napp_identity = 1\nx = os.environ['APPLICATION_ID'] == 'mine'\n",
    ],
)
def test_what_is_only_reported(code: str) -> None:
    for app in (cgi, wsgi):
        assert [finding.fix for finding in find(RULE, app(code))] == [None]
