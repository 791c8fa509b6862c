"""The opening hours, kept in the instance once they are loaded."""

import time

import loads

_table = None


def of(day):
  return table().get(day, 'closed')


def table():
  global _table
  if _table is None:
    _table = read_table()
  return _table


def read_table():
  loads.count('hours')
  time.sleep(0.2)  # the datastore
  return {'monday': '9 to 5', 'friday': '9 to 8'}
