"""Apps that render pages with webapp's template module."""

from __future__ import annotations

from tests.rules.python27.wsgi.scripts import cgi, wsgi

RENDER = """\
import webapp2
from google.appengine.ext.webapp import template
class Main(webapp2.RequestHandler):
    def get(self):
        self.response.out.write(template.render('index.html', {values}))
app = webapp2.WSGIApplication([('/', Main)])
"""


def app27(page: str | bytes, values: str = "{}", **modules: str) -> dict[str, str | bytes]:
    """An app for python27 whose one page is index.html."""
    return {**wsgi(RENDER.replace("{values}", values), **modules), "index.html": page}


def app25(page: str | bytes, values: str = "{}", **modules: str) -> dict[str, str | bytes]:
    """The same app for Python 2.5."""
    return {**cgi(RENDER.replace("{values}", values), **modules), "index.html": page}
