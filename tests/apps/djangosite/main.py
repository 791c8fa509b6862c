"""Hands every request to Django."""

import logging
import os

os.environ['DJANGO_SETTINGS_MODULE'] = 'settings'

from google.appengine.dist import use_library
use_library('django', '1.2')

from google.appengine.ext.webapp import util

import django.core.handlers.wsgi
import django.core.signals


def to_log(sender=None, **kwargs):
    """Django would swallow the traceback."""
    logging.exception('a view failed')


django.core.signals.got_request_exception.connect(to_log)


def main():
    # Django is the only application here.
    util.run_wsgi_app(django.core.handlers.wsgi.WSGIHandler())


if __name__ == '__main__':
    main()
