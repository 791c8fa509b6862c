# The programme for other programs.
import wsgiref.handlers

from django.utils import simplejson
from google.appengine.ext import webapp

import films


class ProgrammePage(webapp.RequestHandler):
  def get(self):
    self.response.headers['Content-Type'] = 'application/json'
    self.response.out.write(simplejson.dumps(films.programme()))


application = webapp.WSGIApplication([('/api/programme', ProgrammePage)])


def main():
  wsgiref.handlers.CGIHandler().run(application)


if __name__ == '__main__':
  main()
