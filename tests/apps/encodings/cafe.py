#!/usr/bin/env python
# -*- coding: latin-1 -*-
# Begrüßung

from google.appengine.ext import webapp
from google.appengine.ext.webapp.util import run_wsgi_app

GREETING = u'Grüß Gott im Café Übersee'


class Welcome(webapp.RequestHandler):
  """Begrüßt die Gäste."""

  def get(self):
    self.response.out.write(u'<html><body><h1>%s</h1></body></html>' % GREETING)


def main():
  # die Anwendung für alles Übrige
  anwendung = webapp.WSGIApplication([('/', Welcome)], debug=True)
  run_wsgi_app(anwendung)


if __name__ == '__main__':
  main()
