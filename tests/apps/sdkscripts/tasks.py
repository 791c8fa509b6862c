"""What runs in the background. Deferred functions can't live in main.py."""

import logging

from google.appengine.api import memcache
from google.appengine.ext import db


class Offer(db.Model):
  plant = db.StringProperty()
  added = db.DateTimeProperty(auto_now_add=True)


def count(step):
  memcache.add('total', 0)
  total = memcache.incr('total', step)
  logging.info('%s offers so far', total)
