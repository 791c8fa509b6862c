"""`webapp-debug-true`: what it leaves alone and finds."""

from __future__ import annotations

import pytest

from tests.rules.helpers import find
from tests.rules.python27.webapp.handlers import new, old

RULE = "webapp-debug-true"


@pytest.mark.parametrize(
    "code",
    [
        "app = webapp.WSGIApplication([])\n",
        "app = webapp.WSGIApplication([], debug=False)\n",
        "app = webapp.WSGIApplication([], debug=DEBUG)\n",
        "app = Flask(debug=True)\n",
    ],
)
def test_leaves_alone(code: str) -> None:
    assert find(RULE, new(code)) == []


def test_one_note_for_an_app() -> None:
    code = "app = webapp.WSGIApplication([], debug=True)\nb = webapp.WSGIApplication([], True)\n"
    for app in (old, new):
        (finding,) = find(RULE, app(code))
        assert len(finding.related) == 1


def test_the_note_stands_where_the_application_is_made() -> None:
    made = "from google.appengine.ext.webapp import WSGIApplication as Site\napp = Site([], True)\n"
    (finding,) = find(RULE, new("from site_of import app\n", site_of=made))
    assert finding.place.path == "site_of.py"
