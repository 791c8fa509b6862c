"""Cron jobs, and the start page of the backend "reports"."""

import logging

from google.appengine.api import taskqueue
from google.appengine.ext import db
from google.appengine.ext import webapp
from google.appengine.ext.webapp import util

import joblog


class Start(webapp.RequestHandler):
  def get(self):
    logging.info('a backend starts')


class Cleanup(webapp.RequestHandler):
  def get(self):
    done = joblog.Job.all(keys_only=True).filter('done =', True).fetch(500)
    db.delete(done)
    self.response.out.write('%d jobs cleaned up' % len(done))


class Crunch(webapp.RequestHandler):

  def get(self):
    """Called by cron: puts a task into the queue."""
    taskqueue.Task(url='/work/crunch', params={'kind': 'crunch'}).add('default')
    self.response.out.write('crunching')

  def post(self):
    """Called by the queue."""
    job = joblog.add(self.request.get('kind'))
    logging.info('new job %s', job.key().id())


application = webapp.WSGIApplication([
    ('/_ah/start', Start),
    ('/work/cleanup', Cleanup),
    ('/work/crunch', Crunch),
])


def main():
  logging.getLogger().setLevel(logging.DEBUG)
  util.run_wsgi_app(application)


if __name__ == '__main__':
  main()
