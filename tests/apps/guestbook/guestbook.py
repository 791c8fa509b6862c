#!/usr/bin/env python
"""A guestbook for the corner shop. Everybody may sign, only admins may clean up."""

import cgi
import datetime
import logging
import os

from google.appengine.api import users
from google.appengine.ext import db
from google.appengine.ext import webapp
from google.appengine.ext.webapp import template
from google.appengine.ext.webapp.util import run_wsgi_app

PAGE_SIZE = 10


class Greeting(db.Model):
  """One entry of the book."""
  author = db.UserProperty()
  content = db.StringProperty(multiline=True)
  date = db.DateTimeProperty(auto_now_add=True)


def book_key():
  # all greetings live below one key, so that a new one is seen at once
  return db.Key.from_path('Book', 'corner')


class MainPage(webapp.RequestHandler):
  def get(self):
    newest = Greeting.all().ancestor(book_key()).order('-date').fetch(PAGE_SIZE)

    if users.get_current_user():
      link, login_or_out = 'Log out', users.create_logout_url('/')
    else:
      link, login_or_out = 'Log in', users.create_login_url('/')

    values = {
      'greetings': newest,
      'link': link,
      'login_or_out': login_or_out,
      'year': datetime.date.today().year,
      }

    path = os.path.join(os.path.dirname(__file__), 'templates', 'index.html')
    self.response.out.write(template.render(path, values))


class Sign(webapp.RequestHandler):
  def post(self):
    greeting = Greeting(parent=book_key())

    if users.get_current_user():
      greeting.author = users.get_current_user()

    greeting.content = self.request.get('content')[:500]
    greeting.put()
    self.redirect('/')


class Preview(webapp.RequestHandler):
  """Shows what an entry will look like, nothing is saved."""

  def post(self):
    self.response.out.write('<html><body><h2>Preview</h2><pre>')
    self.response.out.write(cgi.escape(self.request.get('content')))
    self.response.out.write('</pre></body></html>')


class Cleanup(webapp.RequestHandler):
  def get(self):
    self.response.headers['Content-Type'] = 'text/plain'
    limit = datetime.datetime.now() - datetime.timedelta(days=365)
    old = Greeting.all().ancestor(book_key()).filter('date <', limit).fetch(100)
    db.delete(old)
    logging.info('%d old greetings deleted', len(old))
    self.response.out.write('%d greetings deleted\n' % len(old))


def main():
  application = webapp.WSGIApplication(
                                       [('/', MainPage),
                                        ('/sign', Sign),
                                        ('/preview', Preview),
                                        ('/admin/cleanup', Cleanup)],
                                       debug=True)
  run_wsgi_app(application)

if __name__ == "__main__":
  main()
