from google.appengine.ext import webapp
from google.appengine.ext.webapp import util

from base import BaseHandler, NotFound
import config
import models


class Front(BaseHandler):
    def get(self):
        self.render('front.html', stories=models.Story.latest(config.PER_PAGE))


application = webapp.WSGIApplication([
    ('/', Front),
    ('/.*', NotFound),
], debug=config.DEBUG)


def main():
    util.run_wsgi_app(application)


if __name__ == '__main__':
    main()
