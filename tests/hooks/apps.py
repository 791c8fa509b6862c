"""Small apps for the hooks: their findings have a safe fix."""

from __future__ import annotations

APP_YAML = """\
application: guestbook
version: 1
runtime: python27
api_version: 1
threadsafe: true
handlers:
- url: /.*
  script: main.application
"""
MAIN = """\
import webapp2


class Page(webapp2.RequestHandler):
  def get(self):
    self.response.out.write('hello')


application = webapp2.WSGIApplication([('/', Page)])
"""

# What is wrong with main.py, and how it is put right.
RULE = "lib-removed-sdk-modules"
OLD = "from google.appengine.api.labs import taskqueue\n"
NEW = "from google.appengine.api import taskqueue\n"
APP = {"app.yaml": APP_YAML, "main.py": OLD + MAIN}
GOOD_APP = {"app.yaml": APP_YAML, "main.py": NEW + MAIN}

# A service beside app.yaml, whose file may have any name: the same.
SERVICE_RULE = "yaml-api-version"
OLD_SERVICE = APP_YAML.replace("api_version: 1\n", "")
NEW_SERVICE = APP_YAML


def below(folder: str, files: dict[str, str]) -> dict[str, str]:
    """The same files in a folder."""
    return {f"{folder}/{path}": text for path, text in files.items()}
