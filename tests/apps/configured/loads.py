"""Counts loads in memcache, where no increment is lost."""

from google.appengine.api import memcache


def count(name):
  memcache.incr(name, namespace='loads', initial_value=0)


def total(name):
  return int(memcache.get(name, namespace='loads') or 0)
