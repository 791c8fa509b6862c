"""`ts-lock-across-rpc`: what it leaves alone and finds."""

from __future__ import annotations

from textwrap import dedent

import pytest

from gaebot.finding import Finding, Severity
from tests.rules.helpers import find
from tests.rules.python27.threads.handlers import app_of

RULE = "ts-lock-across-rpc"
HEAD = """
from google.appengine.api import images, mail, memcache, taskqueue, urlfetch, users
from google.appengine.ext import db, deferred, ndb
import urllib2
lock = threading.Lock()
cache = {}
value = None
class Post(db.Model):
    pass
class Plain(object):
    @classmethod
    def all(cls):
        return []
    def get(self, key):
        return key
"""


def found(code: str) -> list[Finding]:
    """What the rule finds in an app whose handler calls `work`."""
    return find(RULE, app_of(HEAD + dedent(code)))


def under_lock(*lines: str) -> str:
    """A function that runs some lines under the lock."""
    body = "".join(f"        {line}\n" for line in lines)
    return f"def work(x):\n    global value\n    with lock:\n{body}"


@pytest.mark.parametrize(
    "code",
    [
        under_lock("cache[x] = 1", "y = cache.get(x)", "cache.update(y)"),
        "def work(x):\n    y = urlfetch.fetch(x)\n    with lock:\n        cache[x] = y\n",
        "def work(x):\n    with lock:\n        y = cache.get(x)\n    memcache.set('y', y)\n",
        "def work(x):\n    lock.acquire()\n    lock.release()\n    Post.get_by_id(1)\n",
        "def work(x):\n    while not lock.acquire(False):\n        time.sleep(1)\n    lock.release()\n",
        # Calls that wait for nothing.
        under_lock(
            "users.get_current_user()",
            "time.time()",
            "time.sleep(0)",
            "images.Image(x)",
            "db.Key.from_path('a', 1)",
        ),
        under_lock("for y in Plain.all():", "    pass"),
        under_lock("Plain().get(x)"),
        under_lock("x.get('a')", "x.add(1)", "x.delete()", "x.put(1)", "cache.get(1)"),
        under_lock("y = Post.all().filter('a', 1)"),
        under_lock("y = lambda: 1"),
        # It only happens while the value is missing.
        under_lock("if value is None:", "    value = Post.get_by_id(1)"),
        under_lock("if not value:", "    y = urlfetch.fetch(x)", "    value = y.content"),
        under_lock("if x not in cache:", "    cache[x] = memcache.get(x)"),
        under_lock("y = cache.get(x)", "if y is None:", "    y = cache[x] = db.get(x)"),
        under_lock("try:", "    return cache[x]", "except KeyError:", "    cache[x] = db.get(x)"),
        under_lock("if x in cache:", "    return cache[x]", "y = db.get(x)", "cache[x] = y"),
        under_lock("if value:", "    pass", "else:", "    value = db.get(x)"),
        under_lock("if time.time() > value + 60:", "    value = db.get(x)"),
        "def work(x):\n    global value\n    lock.acquire()\n    try:\n        if value:\n            return value\n"
        "        value = db.get(x)\n    finally:\n        lock.release()\n",
        "def load():\n    return Post.get_by_id(1)\ndef work(x):\n    global value\n    with lock:\n"
        "        if value is None:\n            value = load()\n",
        "def load():\n    global value\n    if value is None:\n        value = Post.get_by_id(1)\n"
        "def work(x):\n    with lock:\n        load()\n",
        """
        class Config(ndb.Model):
            _cache = None
            _lock = threading.Lock()
            @classmethod
            def load(cls):
                with cls._lock:
                    if not cls._cache:
                        cls._cache = cls.get_by_id('config')
                return cls._cache
        def work(x):
            Config.load()
        """,
        # Nobody else waits for the lock, or as many as its owner wants may go on.
        "def work(x):\n    own = threading.Lock()\n    with own:\n        db.get(x)\n",
        "few = threading.BoundedSemaphore(3)\ndef work(x):\n    with few:\n        urlfetch.fetch(x)\n",
        # No request runs it.
        "def tool(x):\n    with lock:\n        db.get(x)\ndef work(x):\n    pass\n",
        "with lock:\n    db.get(1)\ndef work(x):\n    pass\n",
    ],
)
def test_leaves_alone(code: str) -> None:
    assert found(code) == []


@pytest.mark.parametrize(
    ("line", "service"),
    [
        ("db.get(x)", "the datastore"),
        ("db.run_in_transaction(x)", "the datastore"),
        ("Post.get_by_id(1)", "the datastore"),
        ("Post.get(x)", "the datastore"),
        ("Post.get_or_insert('x')", "the datastore"),
        ("Post.all().filter('a', 1).fetch(10)", "the datastore"),
        ("Post(a=1).put()", "the datastore"),
        ("x.post.put()", "the datastore"),
        ("ndb.Key('Post', 1).get()", "the datastore"),
        ("ndb.put_multi(x)", "the datastore"),
        ("y = [p for p in Post.all()]", "the datastore"),
        ("memcache.set('x', 1)", "memcache"),
        ("memcache.Client().incr('x')", "memcache"),
        ("urlfetch.fetch(x)", "the web"),
        ("urllib2.urlopen(x)", "the web"),
        ("mail.send_mail(a, b, c, d)", "the mail service"),
        ("mail.EmailMessage(to=x).send()", "the mail service"),
        ("taskqueue.add(url='/x')", "the task queue"),
        ("taskqueue.Task(url='/x').add()", "the task queue"),
        ("deferred.defer(x)", "the task queue"),
        ("users.create_login_url('/')", "the users service"),
        ("images.resize(x, 10)", "the images service"),
        ("time.sleep(1)", "the clock"),
        ("if x: value = 1; db.get(x)", "the datastore"),
    ],
)
def test_finds(line: str, service: str) -> None:
    findings = found(under_lock(line))
    assert len(findings) == 1
    assert findings[0].severity is Severity.NOTE
    assert f"waits for {service} " in findings[0].message


@pytest.mark.parametrize(
    "code",
    [
        "def save():\n    db.put(1)\ndef work(x):\n    with lock:\n        save()\n",
        "def deep():\n    db.put(1)\ndef save():\n    deep()\ndef work(x):\n    with lock:\n        save()\n",
        "def save():\n    db.put(1)\ndef work(x):\n    lock.acquire()\n    try:\n        save()\n    finally:\n"
        "        lock.release()\n",
        "def synchronized(f):\n    def inner(*a):\n        with lock:\n            return f(*a)\n    return inner\n"
        "@synchronized\ndef work(x):\n    db.get(x)\n",
    ],
)
def test_through_functions_of_the_app(code: str) -> None:
    assert len(found(code)) == 1


def test_one_finding_for_each_place_that_takes_a_lock() -> None:
    findings = found(under_lock("db.get(x)", "memcache.set('x', x)"))
    assert [finding.place.snippet for finding in findings] == [b"db.get(x)"]
    assert [related.message for related in findings[0].related] == [
        "The lock is taken here.",
        "And here for memcache.",
    ]
