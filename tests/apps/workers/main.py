import logging

from google.appengine.ext import webapp
from google.appengine.ext.webapp.util import run_wsgi_app

import joblog
from middleware import HeaderMiddleware, TimingMiddleware


class Home(webapp.RequestHandler):
  def get(self):
    self.response.out.write('<h1>Night workers</h1>')


class Jobs(webapp.RequestHandler):
  def get(self):
    self.response.headers['Content-Type'] = 'text/plain'
    jobs = joblog.open_jobs()
    self.response.out.write('%d open jobs\n' % len(jobs))
    for job in jobs:
      self.response.out.write('%s\n' % job.kind_of_job)


class Warmup(webapp.RequestHandler):
  def get(self):
    logging.info('warm and ready')


def main():
  application = webapp.WSGIApplication([
      ('/', Home),
      ('/jobs', Jobs),
      ('/_ah/warmup', Warmup),
  ])
  # innermost first
  application = HeaderMiddleware(application, 'X-Shift', 'night')
  application = TimingMiddleware(application, limit=2.5)
  run_wsgi_app(application)


if __name__ == '__main__':
  main()
