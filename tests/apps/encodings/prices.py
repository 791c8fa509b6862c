#!/usr/bin/python
# vim: set fileencoding=iso-8859-15 ts=4 :
from google.appengine.ext import webapp
from google.appengine.ext.webapp.util import run_wsgi_app

EURO = u'€'

class Prices(webapp.RequestHandler):
    def get(self):
        self.response.out.write(u'<p>Mélange 3,20 %s</p>' % EURO)

application = webapp.WSGIApplication([('/prices', Prices)])

def main():
    run_wsgi_app(application)   # Größe egal

if __name__ == '__main__':
    main()
