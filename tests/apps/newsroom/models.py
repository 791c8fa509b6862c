"""What the newsroom keeps in the datastore."""

import re

from google.appengine.ext import db


class Section(db.Model):
    title = db.StringProperty(required=True)
    weight = db.IntegerProperty(default=0)


class Story(db.Model):
    title = db.StringProperty(required=True)
    body = db.TextProperty(default='')
    author = db.UserProperty()
    section = db.ReferenceProperty(Section, collection_name='stories')
    published = db.BooleanProperty(default=False)
    when = db.DateTimeProperty(auto_now_add=True)

    @property
    def url(self):
        return '/story/%s' % self.key().name()

    @classmethod
    def latest(cls, count):
        return cls.all().filter('published =', True).order('-when').fetch(count)


_punctuation = re.compile(r'[^a-z0-9]+')


def slugify(title):
    """'Hello, World!' -> 'hello-world'"""
    return _punctuation.sub('-', title.lower()).strip('-') or 'story'
