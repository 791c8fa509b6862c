"""One script, two sites: www and m (for phones)."""

import os

from google.appengine.ext import webapp
from google.appengine.ext.webapp.util import run_wsgi_app

from views import mobile
from views import web

# "localhost" is how we look at the phone pages while developing,
# 127.0.0.1 gives the big ones
MOBILE_HOSTS = ('m.two-faces.example.com', 'localhost')

web_application = webapp.WSGIApplication([
    ('/', web.Home),
    ('/about', web.About),
], debug=True)

mobile_application = webapp.WSGIApplication([
    ('/', mobile.Home),
], debug=True)


def main():
    host = os.environ['HTTP_HOST'].split(':')[0]
    if host in MOBILE_HOSTS:
        run_wsgi_app(mobile_application)
    else:
        run_wsgi_app(web_application)


if __name__ == '__main__':
    main()
