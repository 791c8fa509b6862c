# -*- coding: utf-8 -*-
"""Pages that hardly ever change, one section each."""

import os

from google.appengine.ext import webapp
from google.appengine.ext.webapp import template
from google.appengine.ext.webapp.util import run_wsgi_app


### Handlers

class Page(webapp.RequestHandler):
    def get(self, name):
        path = os.path.join(os.path.dirname(__file__), 'templates', name + '.html')
        if not os.path.exists(path):
            self.error(404)
            return
        self.response.out.write(template.render(path, {'owner': u'Frau Müller'}))


### The application

def main():
    application = webapp.WSGIApplication([('/pages/([a-z]+)', Page)])
    run_wsgi_app(application)


if __name__ == '__main__':
    main()
