"""WSGI middleware of our own."""

import logging
import time


class TimingMiddleware(object):
  """Logs requests that take longer than a limit in seconds."""

  def __init__(self, application, limit=1.0):
    self.application = application
    self.limit = limit

  def __call__(self, environ, start_response):
    start = time.time()
    result = self.application(environ, start_response)
    took = time.time() - start
    if took > self.limit:
      logging.warning('%s took %.2f s', environ.get('PATH_INFO'), took)
    return result


class HeaderMiddleware(object):
  """Adds one header to every response."""

  def __init__(self, application, name, value):
    self.application = application
    self.header = (name, value)

  def __call__(self, environ, start_response):
    def with_header(status, headers, exc_info=None):
      return start_response(status, list(headers) + [self.header], exc_info)
    return self.application(environ, with_header)
