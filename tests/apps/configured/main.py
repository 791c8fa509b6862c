"""The pages of a branch library: its motto, its opening hours, and who came."""

import cgi

from google.appengine.ext import webapp
from google.appengine.ext.webapp.util import run_wsgi_app

import hours
import instance
import loads
import visits
from configuration import Configuration


class MottoPage(webapp.RequestHandler):
  def get(self):
    motto = Configuration.get_config().motto
    self.response.out.write('<h1>%s</h1>\n%s' % (cgi.escape(motto), instance.comment()))


class HoursPage(webapp.RequestHandler):
  def get(self, day):
    self.response.out.write('<p>%s: %s</p>\n%s' % (day, hours.of(day), instance.comment()))


class VisitPage(webapp.RequestHandler):
  """The turnstile at the door reports the visitors since its last report."""

  def post(self):
    for _ in range(int(self.request.get('people'))):
      visits.count()
    self.response.out.write('thanks\n%s' % instance.comment())


class VisitsPage(webapp.RequestHandler):
  def get(self):
    self.response.out.write('%d visits' % visits.total())


class LoadsPage(webapp.RequestHandler):
  """How often something was loaded from the datastore."""

  def get(self, name):
    self.response.out.write('%d loads' % loads.total(name))


def main():
  application = webapp.WSGIApplication([
    ('/', MottoPage),
    ('/hours/([a-z]+)', HoursPage),
    ('/visit', VisitPage),
    ('/visits', VisitsPage),
    ('/loads/([a-z]+)', LoadsPage),
  ])
  run_wsgi_app(application)


if __name__ == '__main__':
  main()
