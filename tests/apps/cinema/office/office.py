"""The back office: which tickets are sold."""

from google.appengine.ext import webapp
from google.appengine.ext.webapp import template
from google.appengine.ext.webapp.util import run_wsgi_app

from models import Ticket


class Office(webapp.RequestHandler):
  def get(self):
    tickets = Ticket.all().order('-sold').fetch(100)
    self.response.out.write(template.render('tickets.html', {'tickets': tickets}))


application = webapp.WSGIApplication([('/office', Office)], debug=True)


def main():
  run_wsgi_app(application)


if __name__ == '__main__':
  main()
