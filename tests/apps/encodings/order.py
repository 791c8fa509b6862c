"""Bestellungen – per Formular."""
import cgi
from google.appengine.ext import webapp
from google.appengine.ext.webapp import util

class Order(webapp.RequestHandler):
    def get(self):
        self.response.out.write(u'<form method=post>Was darf’s sein? <input name=dish></form>')

    def post(self):
        self.response.out.write(u'%s – kommt sofort!' % cgi.escape(self.request.get('dish')))

application = webapp.WSGIApplication([('/order', Order)])

def main():
    util.run_wsgi_app(application)

if __name__ == '__main__':
    main()
