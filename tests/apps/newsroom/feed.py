# RSS and Atom. Nobody logs in here, nothing but the latest stories.
import os
from wsgiref.handlers import CGIHandler

from google.appengine.ext import webapp
from google.appengine.ext.webapp import template

import config
import models

TYPES = {'rss': 'application/rss+xml', 'atom': 'application/atom+xml'}

class Feed(webapp.RequestHandler):
    def get(self, kind):
        path = os.path.join(os.path.dirname(__file__), 'templates', kind + '.xml')
        self.response.headers['Content-Type'] = TYPES[kind]
        self.response.out.write(template.render(path, {
            'config': config,
            'stories': models.Story.latest(10),
        }))

def main():
    CGIHandler().run(webapp.WSGIApplication([(r'/(rss|atom)\.xml', Feed)]))

if __name__ == '__main__':
    main()
