"""Which instance answers."""

import os


def comment():
  return '<!-- instance %s -->' % os.environ.get('INSTANCE_ID', 'unknown')
