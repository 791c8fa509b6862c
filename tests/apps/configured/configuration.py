"""What the librarians can change, kept in the instance once it is loaded."""

import time

import loads


class Configuration(object):
  _config_cache = None

  def __init__(self, motto):
    self.motto = motto

  @classmethod
  def get_config(cls):
    if not cls._config_cache:
      cls._config_cache = load()
    return cls._config_cache


def load():
  loads.count('configuration')
  time.sleep(0.2)  # the datastore
  return Configuration('Reading & resting since 1904')
