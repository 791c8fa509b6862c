"""A script in a sub-folder that means its own folder: lost on python27, found with the fixes of `files`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import gaebot
from gaebot.prove import DevServer
from tests.trees import write_tree

YAML = """\
application: tea-room
version: 1
runtime: python
api_version: 1
handlers:
- url: /rooms/old
  script: rooms/old/desk.py
- url: /.*
  script: rooms/desk.py
"""

# Python 2.5: each page is a way to use a path.
DESK = """\
import os, sys
from google.appengine.ext import webapp
from google.appengine.ext.webapp import template
from google.appengine.ext.webapp.util import run_wsgi_app
import texts

MENU = 'menu.txt'

class Page(webapp.RequestHandler):
  def get(self, name):
    self.response.out.write(getattr(self, name)())

  def opened(self):
    return open(MENU).read()

  def joined(self):
    return open(os.path.join('pages', self.request.get('kind') + '.html')).read()

  def rendered(self):
    return template.render('pages/tea.html', {'name': 'Oolong'})

  def listed(self):
    return ', '.join(os.listdir('pages'))

  def walked(self):
    return ', '.join([name for _, _, names in os.walk('pages') for name in names])

  def known(self):
    return os.path.exists('pages/tea.html') and 'yes' or 'no'

  def here(self):
    return open(os.path.join(os.getcwd(), 'menu.txt')).read()

  def imported(self):
    sys.path.insert(0, 'lib')
    import kettle
    return kettle.SOUND

  def shared(self):
    return texts.menu()

  def above(self):
    return open('../cellar.txt').read()

application = webapp.WSGIApplication([('/(.*)', Page)])

def main():
  run_wsgi_app(application)

if __name__ == '__main__':
  main()
"""

FILES = {
    "app.yaml": YAML,
    "texts.py": "def menu():\n  return open('menu.txt').read()\n",
    "cellar.txt": "Casks",
    "rooms/desk.py": DESK,
    "rooms/menu.txt": "Green tea",
    "rooms/pages/tea.html": "A cup of {{ name }}",
    "rooms/lib/kettle.py": "SOUND = 'Whistle'\n",
    # No application: this one stays a CGI script as long as the app has no threads.
    "rooms/old/desk.py": "print 'Content-Type: text/plain'\nprint\nprint open('price.txt').read()\n",
    "rooms/old/price.txt": "One penny",
}

PAGES = {
    "opened": "Green tea",
    "joined?kind=tea": "A cup of",
    "rendered": "A cup of Oolong",
    "listed": "tea.html",
    "walked": "tea.html",
    "known": "yes",
    "here": "Green tea",
    "imported": "Whistle",
    "shared": "Green tea",
    "above": "Casks",
    "rooms/old": "One penny",
}


def answers(app: Path, python27: Path, sdk: Path) -> Iterator[tuple[str, bool]]:
    """For each page whether the app answers it as it did on Python 2.5."""
    with DevServer(app, python27=python27, sdk=sdk) as server:
        for page, text in PAGES.items():
            answer = server.request("GET", f"/{page}")
            yield page, answer.status == 200 and text in answer.body.decode()


@pytest.mark.parametrize("with_files", [False, True])
def test_files_beside_the_script(with_files: bool, python27: Path, sdk: Path, tmp_path: Path) -> None:  # noqa: FBT001
    write_tree(tmp_path, FILES)
    gaebot.fix(tmp_path, unsafe=True, ignore=() if with_files else ("files",))
    assert "runtime: python27" in (tmp_path / "app.yaml").read_text("utf-8")
    found = dict(answers(tmp_path, python27, sdk))
    assert found == dict.fromkeys(PAGES, with_files)


def test_the_fixes_can_follow_the_switch(python27: Path, sdk: Path, tmp_path: Path) -> None:
    write_tree(tmp_path, FILES)
    gaebot.fix(tmp_path, unsafe=True, ignore=("files",))
    gaebot.fix(tmp_path, unsafe=True)
    found = dict(answers(tmp_path, python27, sdk))
    assert found == dict.fromkeys(PAGES, True)
