#!/usr/bin/python2.5
import wsgiref.handlers

from google.appengine.ext import webapp

from base import *
from models import Story

class StoryPage(BaseHandler):
    def get(self, slug):
        story = Story.get_by_key_name(slug)
        if story is None or not story.published:
            self.not_found()
            return
        self.render('story.html', story=story)

application = webapp.WSGIApplication([(r'/story/([a-z0-9-]+)', StoryPage),
                                      (r'/story/.*', NotFound)])

def main():
    wsgiref.handlers.CGIHandler().run(application)

if __name__ == '__main__':
    main()
