"""People offer seeds here, a background task counts them."""

import os

from google.appengine.api import memcache
from google.appengine.ext import deferred
from google.appengine.ext import webapp
from google.appengine.ext.webapp import template
from google.appengine.ext.webapp.util import run_wsgi_app

import tasks


class MainHandler(webapp.RequestHandler):

  def get(self):
    path = os.path.join(os.path.dirname(__file__), 'index.html')
    self.response.out.write(template.render(path, {
        'offers': tasks.Offer.all().fetch(50),
        'total': memcache.get('total') or 0}))

  def post(self):
    tasks.Offer(plant=self.request.get('plant') or 'unknown').put()
    deferred.defer(tasks.count, 1)
    self.redirect('/')


class TotalHandler(webapp.RequestHandler):

  def get(self):
    self.response.headers['Content-Type'] = 'text/plain'
    self.response.out.write('total=%d' % (memcache.get('total') or 0))


application = webapp.WSGIApplication([('/', MainHandler),
                                      ('/total', TotalHandler)],
                                     debug=True)


def main():
  run_wsgi_app(application)


if __name__ == "__main__":
  main()
