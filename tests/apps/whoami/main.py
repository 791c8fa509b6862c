"""Greets everybody by name."""

import cgi
import time

from google.appengine.ext import webapp
from google.appengine.ext.webapp.util import run_wsgi_app

import session


class Greeting(webapp.RequestHandler):
  def get(self):
    session.login(self.request.get('user'))
    time.sleep(0.05)  # the datastore
    self.response.out.write('Hello, %s!' % cgi.escape(session.user() or 'stranger'))


def main():
  run_wsgi_app(webapp.WSGIApplication([('/', Greeting)]))


if __name__ == '__main__':
  main()
