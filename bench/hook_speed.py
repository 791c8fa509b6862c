"""How long the hook takes on one changed file of a larger app, against starting its parsers alone.

    python bench/hook_speed.py [--rounds 15] [--files 100] [--profile]

Makes a git repository with an App Engine app of so many modules, changes one of them and calls the hook on
it, in turns with `python -c "import yaml, tree_sitter_python"`. Both are whole processes of the Python that
runs this, and both are warm: the bytecode is compiled (to a folder of its own) and the files are in the
system's cache. Printed are the medians and that of the ratios of neighbouring turns; the aim is twice the
parsers plus 150 ms. With `--profile`, also where the time goes, measured in a process of its own. Nothing is
installed.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

BASELINE = [sys.executable, "-c", "import yaml, tree_sitter_python"]
CHANGED = "app/handlers/articles3.py"
ALLOWED = 0.150  # seconds, on top of twice the baseline

HANDLERS = '''\
"""Pages about {plural}."""

import logging
import os

from google.appengine.api import memcache
from google.appengine.api import users
from google.appengine.ext import db
from google.appengine.ext import webapp
from google.appengine.ext.webapp import template

from models.{plural} import {name}, recent_{plural}
from services.{plural} import clean_{plural}, publish

TEMPLATES = os.path.join(os.path.dirname(__file__), '..', 'templates')
PAGE_SIZE = 20


class BaseHandler(webapp.RequestHandler):
    """What the pages share."""

    def render(self, page, **values):
        values['user'] = users.get_current_user()
        values['logout'] = users.create_logout_url('/')
        path = os.path.join(TEMPLATES, page)
        self.response.headers['Content-Type'] = 'text/html; charset=utf-8'
        self.response.out.write(template.render(path, values))

    def not_found(self):
        self.error(404)
        self.response.out.write('There is no such page.')


class List{name}(BaseHandler):
    """The newest ones, from memcache when it holds them."""

    def get(self):
        page = int(self.request.get('page', '0'))
        key = '{plural}:%d' % page
        found = memcache.get(key)
        if found is None:
            found = recent_{plural}(PAGE_SIZE, page * PAGE_SIZE)
            if not memcache.add(key, found, 60):
                logging.error('Memcache did not take %s', key)
        self.render('index.html', items=found, page=page, more=len(found) == PAGE_SIZE)


class Show{name}(BaseHandler):
    """One of them."""

    def get(self, number):
        item = {name}.get_by_id(int(number))
        if item is None:
            return self.not_found()
        related = [other for other in item.related() if other.key() != item.key()]
        self.render('index.html', item=item, related=related)

    def post(self, number):
        user = users.get_current_user()
        item = {name}.get_by_id(int(number))
        if user is None or item is None:
            return self.not_found()
        try:
            values = clean_{plural}(self.request.POST)
        except ValueError, e:
            logging.info('Refused: %s', e)
            self.render('index.html', item=item, problem=str(e))
            return
        for field, value in values.items():
            setattr(item, field, value)
        item.editor = user
        item.put()
        memcache.delete('{plural}:0')
        self.redirect('/{plural}/%d' % item.key().id())


class New{name}(BaseHandler):
    """Makes one."""

    def get(self):
        self.render('index.html', values={{}}, problem=None)

    def post(self):
        values = clean_{plural}(self.request.POST)

        def store():
            item = {name}(title=values['title'], body=values['body'], author=users.get_current_user())
            item.put()
            return item

        item = db.run_in_transaction(store)
        publish(item)
        self.redirect('/{plural}/%d' % item.key().id())


ROUTES = [
    (r'/{plural}', List{name}),
    (r'/{plural}/new', New{name}),
    (r'/{plural}/(\\d+)', Show{name}),
]
'''

MODELS = '''\
"""What is stored of {plural}."""

import datetime
import re

from google.appengine.api import users
from google.appengine.ext import db

STATES = ('draft', 'ready', 'published')
_WORD = re.compile(r'\\w+')


class {name}(db.Model):
    """One of them."""

    title = db.StringProperty(required=True)
    body = db.TextProperty()
    author = db.UserProperty()
    editor = db.UserProperty()
    state = db.StringProperty(default='draft', choices=STATES)
    words = db.StringListProperty()
    created = db.DateTimeProperty(auto_now_add=True)
    changed = db.DateTimeProperty(auto_now=True)

    def put(self, **options):
        self.words = sorted(set(word.lower() for word in _WORD.findall(self.title)))[:50]
        return db.Model.put(self, **options)

    def related(self, limit=5):
        if not self.words:
            return []
        query = {name}.all().filter('words IN', self.words[:5]).filter('state =', 'published')
        return query.fetch(limit)

    def age(self):
        return (datetime.datetime.utcnow() - self.created).days

    def is_mine(self):
        user = users.get_current_user()
        return user is not None and user == self.author

    def excerpt(self, length=200):
        text = self.body or ''
        if len(text) <= length:
            return text
        return text[:text.rfind(' ', 0, length)] + u'\\u2026'


class {name}Count(db.Model):
    """How many there are, by day."""

    day = db.DateProperty(required=True)
    count = db.IntegerProperty(default=0)

    @classmethod
    def increase(cls, day):
        def change():
            key = day.isoformat()
            counter = cls.get_by_key_name(key) or cls(key_name=key, day=day)
            counter.count += 1
            counter.put()
            return counter.count
        return db.run_in_transaction(change)


def recent_{plural}(limit, offset=0):
    query = {name}.all().filter('state =', 'published').order('-created')
    return query.fetch(limit, offset)


def by_author(user, limit=100):
    query = db.GqlQuery('SELECT * FROM {name} WHERE author = :1 ORDER BY created DESC', user)
    found = []
    for item in query.fetch(limit):
        if item.state != 'draft' or item.is_mine():
            found.append(item)
    return found
'''

SERVICES = '''\
"""What is done with {plural}, apart from showing them."""

import datetime
import logging
import urllib

from django.utils import simplejson
from google.appengine.api import mail
from google.appengine.api import urlfetch
from google.appengine.api.labs import taskqueue

from models.{plural} import {name}, {name}Count

SENDER = 'editors@example.com'
LIMITS = {{'title': 200, 'body': 100000}}


class Error(Exception):
    """Something that the caller should hear of."""


def clean_{plural}(values):
    cleaned = {{}}
    for field, limit in LIMITS.iteritems():
        value = values.get(field, u'').strip()
        if len(value) > limit:
            raise ValueError('%s is longer than %d characters' % (field, limit))
        cleaned[field] = value
    if not cleaned['title']:
        raise ValueError('A title is missing')
    return cleaned


def publish(item):
    if item.state == 'published':
        return False
    item.state = 'published'
    item.put()
    {name}Count.increase(datetime.date.today())
    taskqueue.add(url='/tasks/{plural}', params={{'key': str(item.key())}})
    return True


def tell(item, addresses):
    body = item.excerpt(500)
    for address in addresses:
        if not mail.is_email_valid(address):
            logging.warning('No address: %r', address)
            continue
        mail.send_mail(SENDER, address, item.title, body)


def fetch_feed(url, **parameters):
    if parameters:
        url = '%s?%s' % (url, urllib.urlencode(sorted(parameters.items())))
    try:
        answer = urlfetch.fetch(url, deadline=5)
    except urlfetch.Error, e:
        raise Error(str(e))
    if answer.status_code != 200:
        raise Error('%s answered %d' % (url, answer.status_code))
    return simplejson.loads(answer.content)


def as_json(items):
    rows = []
    for item in items:
        rows.append({{
            'id': item.key().id(),
            'title': item.title,
            'excerpt': item.excerpt(),
            'created': item.created.isoformat(),
            'author': item.author and item.author.nickname(),
        }})
    return simplejson.dumps(rows)


def summary(items):
    by_state = {{}}
    for item in items:
        by_state.setdefault(item.state, []).append(item)
    lines = []
    for state, found in sorted(by_state.items()):
        titles = ', '.join(item.title for item in found[:3])
        lines.append('%s: %d (%s)' % (state, len(found), titles))
    return '\\n'.join(lines)
'''

MAIN = """\
from google.appengine.ext import webapp
from google.appengine.ext.webapp.util import run_wsgi_app

{imports}


def main():
    application = webapp.WSGIApplication({routes}, debug=False)
    run_wsgi_app(application)


if __name__ == '__main__':
    main()
"""

APP_YAML = """\
application: magazine
version: 1
runtime: python
api_version: 1

handlers:
- url: /static
  static_dir: static
- url: /.*
  script: main.py
"""
PAGE = "{% for item in items %}<a href='/{{ item.key.id }}'>{{ item.title }}</a>{% endfor %}\n"

PROFILE = """\
import json, sys, time
start = time.perf_counter()
from gaebot.hooks import check
imported = time.perf_counter()
from gaebot.rule import discover
discover("python27")
discovered = time.perf_counter()
from gaebot import disk, engine
from gaebot.hooks.arguments import owned
owned([sys.argv[1]])
found = time.perf_counter()
app = disk.read_app("app")
read = time.perf_counter()
times, rules = {}, discover("python27")
for rule in rules:
    begun = time.perf_counter()
    list(rule.check(app)); list(rule.thread_safety(app))
    times[rule.id] = time.perf_counter() - begun
checked = time.perf_counter()
print(json.dumps({
    "import the hook": imported - start, "import the rules": discovered - imported,
    "find the app": found - discovered, "read it": read - found, "run the rules": checked - read,
    "rules": times,
}))
"""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--files", type=int, default=100, help="modules of the app")
    parser.add_argument("--profile", action="store_true", help="say where the time goes")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        size = write_repository(root, arguments.files)
        hook = [*hook_command(), CHANGED]
        run(hook, root, {0, 1})
        run(BASELINE, root, {0})
        turns = [(run(hook, root, {0, 1}), run(BASELINE, root, {0})) for _ in range(arguments.rounds)]
        whole, alone = (statistics.median(times) for times in zip(*turns, strict=True))
        ratio = statistics.median(turn[0] / turn[1] for turn in turns)
        print(f"app: {arguments.files} modules, {size / 1e6:.2f} MB of Python")
        print(f"hook: {whole * 1000:.0f} ms, parsers alone: {alone * 1000:.0f} ms, ratio {ratio:.1f}")
        print(f"allowed: {(2 * alone + ALLOWED) * 1000:.0f} ms")
        if arguments.profile:
            profile(root)


def hook_command() -> list[str]:
    """The installed program, or its module where only the folder is at hand."""
    program = Path(sys.executable).parent / "gaebot-hook-check"
    return [str(program)] if program.exists() else [sys.executable, "-m", "gaebot.hooks.check"]


def run(command: list[str], folder: Path, codes: set[int]) -> float:
    """Seconds that a process takes, which has to end with one of some exit codes."""
    start = time.perf_counter()
    done = subprocess.run(command, cwd=folder, env=environment(folder), capture_output=True, check=False)
    taken = time.perf_counter() - start
    if done.returncode not in codes:
        raise SystemExit(done.stderr.decode())
    return taken


def environment(folder: Path) -> dict[str, str]:
    """The environment of both programs: this checkout comes first, and bytecode is kept in the folder."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    source = str(Path(__file__).resolve().parents[1])
    return {**kept, "PYTHONPATH": source, "PYTHONPYCACHEPREFIX": str(folder / ".git" / "bytecode")}


def profile(folder: Path) -> None:
    """Print how long each part takes, and the rules that take longest."""
    command = [sys.executable, "-c", PROFILE, CHANGED]
    done = subprocess.run(command, cwd=folder, env=environment(folder), capture_output=True, check=True)
    parts = json.loads(done.stdout)
    rules = parts.pop("rules")
    for part, seconds in parts.items():
        print(f"  {part}: {seconds * 1000:.0f} ms")
    for rule, seconds in sorted(rules.items(), key=lambda item: -item[1])[:15]:
        print(f"    {rule}: {seconds * 1000:.0f} ms")


def write_repository(root: Path, modules: int) -> int:
    """Write the app, commit it and change one file; how many bytes of Python there are."""
    app = root / "app"
    kinds = {"handlers": HANDLERS, "models": MODELS, "services": SERVICES}
    for kind in kinds:
        write(app / kind / "__init__.py", "")
    topics = range((modules - 1 - len(kinds)) // len(kinds))
    for number in topics:
        names = {"plural": f"articles{number}", "name": f"Article{number}"}
        for kind, text in kinds.items():
            write(app / kind / f"{names['plural']}.py", text.format(**names))
    imports = "\n".join(f"from handlers import articles{number}" for number in topics)
    routes = " + ".join(f"articles{number}.ROUTES" for number in topics)
    write(app / "main.py", MAIN.format(imports=imports, routes=routes))
    for number in range(modules - len(list(app.rglob("*.py")))):
        write(app / f"settings{number}.py", f"PAGE_SIZE = {number}\n")
    write(app / "app.yaml", APP_YAML)
    write(app / "templates" / "index.html", PAGE)
    git = ["git", "-c", "user.name=bench", "-c", "user.email=bench@example.com"]
    for command in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", "The app"]):
        subprocess.run([*git, *command], cwd=root, check=True)
    with (root / CHANGED).open("a") as file:
        file.write("\n# changed\n")
    subprocess.run([*git, "add", "."], cwd=root, check=True)
    return sum(path.stat().st_size for path in app.rglob("*.py"))


def write(path: Path, text: str) -> None:
    """Write a file, with the folders it needs."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


if __name__ == "__main__":
    main()
