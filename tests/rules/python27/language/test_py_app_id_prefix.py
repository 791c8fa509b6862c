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
        "import os\nKEY = 'counter-%s'\nx = KEY % os.environ['APPLICATION_ID']\n",
        "import os\nKEY = 'counter-{0}'\nx = KEY.format(os.environ['APPLICATION_ID'])\n",
        "import os\ndef f(address='%s@appspot.com'):\n  return address % os.environ['APPLICATION_ID']\n",
        "import os\nHOST = 'appspot.com'\nlog(HOST, os.environ['APPLICATION_ID'])\n",
        "import os\nN = 7\nx = N % os.environ['APPLICATION_ID']\n",
        "import os, elsewhere\nx = elsewhere.ADDRESS % os.environ['APPLICATION_ID']\n",
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
        (
            "import os\nA = '%s@appspot.com'\ndef f():\n  return A % os.environ['APPLICATION_ID']\n",
            "from google.appengine.api import app_identity\nimport os\nA = '%s@appspot.com'\n"
            "def f():\n  return A % app_identity.get_application_id()\n",
        ),
        (
            "import os\ndef f(n):\n  a = u'%s@%s.appspotmail.com'\n  return a % (n, os.environ['APPLICATION_ID'])\n",
            "from google.appengine.api import app_identity\nimport os\ndef f(n):\n"
            "  a = u'%s@%s.appspotmail.com'\n  return a % (n, app_identity.get_application_id())\n",
        ),
        (
            "import os\nA = 'http://{0}/'\nx = A.format(os.environ['APPLICATION_ID'])\n",
            "from google.appengine.api import app_identity\nimport os\nA = 'http://{0}/'\n"
            "x = A.format(app_identity.get_application_id())\n",
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


def test_an_address_of_another_module() -> None:
    code = "import os\nimport config\nx = config.ADDRESS % os.environ['APPLICATION_ID']\n"
    (finding,) = find(RULE, wsgi(code, config="ADDRESS = '%s@appspot.com'\n"))
    assert finding.fix is not None
    assert find(RULE, wsgi(code, config="ADDRESS = '%s@example.com'\n")) == []
