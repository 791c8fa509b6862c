"""The backend that does the work."""

import logging

from google.appengine.ext import webapp
from google.appengine.ext.webapp.util import run_wsgi_app

import joblog


class StartHandler(webapp.RequestHandler):
  def get(self):
    for job in joblog.open_jobs():
      job.done = True
      job.put()
      logging.info('crunched %s', job.kind_of_job)
    self.response.out.write('crunched')


def main():
  app = webapp.WSGIApplication([('/_ah/start', StartHandler)], debug=True)
  run_wsgi_app(app)


if __name__ == '__main__':
  main()
