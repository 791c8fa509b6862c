"""A synthetic App Engine app of as many modules as wanted, with code as such apps have it.

Request handlers, models and services, a third each, which call each other and Google's modules; one script
that holds all routes, one app.yaml and one page. Nothing in it depends on chance or on the machine. An app of
up to 40 topics (126 modules) has one list of routes; a larger one has its handlers in sections of 40 topics,
as no script adds up thousands of lists.

Two dialects: "python2" is written as for Python 2.5 (`except Error, e:`), "both" is what Python 2.7 and
Python 3 parse, so that programs that know only Python 3 have to do all of their work on it. What
differs is how exceptions are caught.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

DIALECTS = ("python2", "both")
SECTION = 40  # topics whose routes are added up in one place

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
        except {value_error}:
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
    except {fetch_error}:
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

_SECTION_MODULE = """\
{imports}

ROUTES = {routes}
"""
_KINDS = {"handlers": HANDLERS, "models": MODELS, "services": SERVICES}


def write_app(folder: Path, modules: int, dialect: str = "python2") -> int:
    """Write an app of so many modules (two at least) into a folder; how many bytes of Python it has."""
    size = 0
    for path, text in app_files(modules, dialect):
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, "utf-8")
        size += target.stat().st_size if path.endswith(".py") else 0
    return size


def app_files(modules: int, dialect: str = "python2") -> Iterator[tuple[str, str]]:
    """The path and the text of each file of the app, of which so many are Python modules."""
    if dialect not in DIALECTS:
        raise ValueError(f"There is no dialect {dialect!r}, only {' and '.join(DIALECTS)}.")
    topics = topics_for(modules)
    sections = sections_of(topics)
    yield from ((f"{kind}/__init__.py", "") for kind in (_KINDS if topics else ()))
    for topic in topics:
        yield from topic_files(topic, dialect)
    if len(sections) > 1:
        for number, part in enumerate(sections):
            names = [f"articles{topic}" for topic in part]
            yield f"handlers/section{number}.py", _routing(_SECTION_MODULE, names)
        names = [f"section{number}" for number in range(len(sections))]
    else:
        names = [f"articles{topic}" for topic in topics]
    yield "main.py", _routing(MAIN, names)
    for number in range(modules - _count(topics)):
        yield f"settings{number}.py", f"PAGE_SIZE = {number}\n"
    yield "app.yaml", APP_YAML
    yield "templates/index.html", PAGE


def topic_files(topic: int, dialect: str) -> Iterator[tuple[str, str]]:
    """The path and the text of the three modules about one topic."""
    caught = "{} as e" if dialect == "both" else "{}, e"
    words = {
        "plural": f"articles{topic}",
        "name": f"Article{topic}",
        "value_error": caught.format("ValueError"),
        "fetch_error": caught.format("urlfetch.Error"),
    }
    for kind, text in _KINDS.items():
        yield f"{kind}/articles{topic}.py", text.format(**words)


def topics_for(modules: int) -> range:
    """As many topics as an app of so many modules has room for."""
    topics = range(max(0, (modules - 1 - len(_KINDS)) // len(_KINDS)))
    while topics and _count(topics) > modules:
        topics = topics[:-1]
    return topics


def sections_of(topics: range) -> list[range]:
    """The topics in sections, each of which has a module of its own where there are several."""
    return [topics[first : first + SECTION] for first in range(0, len(topics), SECTION)]


def _count(topics: range) -> int:
    """How many modules an app of these topics has, without those that only fill it up."""
    sections = len(sections_of(topics))
    packages = len(_KINDS) if topics else 0
    return 1 + packages + len(_KINDS) * len(topics) + (sections if sections > 1 else 0)


def _routing(text: str, names: list[str]) -> str:
    """A module that adds up the routes of others."""
    return text.format(
        imports="\n".join(f"from handlers import {name}" for name in names),
        routes=" + ".join(f"{name}.ROUTES" for name in names) or "[]",
    )
