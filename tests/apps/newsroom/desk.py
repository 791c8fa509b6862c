"""The desk: where stories are written and published."""

import logging

from google.appengine.api import users
from google.appengine.ext import webapp
from google.appengine.ext.webapp.util import login_required
from google.appengine.ext.webapp.util import run_wsgi_app

import config
from base import BaseHandler
from models import Story, slugify


class Desk(BaseHandler):

    @login_required
    def get(self):
        stories = Story.all().filter('author =', users.get_current_user())
        self.render('desk.html', stories=stories.fetch(config.PER_PAGE))


class Write(BaseHandler):

    def post(self):
        title = self.request.get('title').strip()
        if not title:
            self.error(400)
            self.response.out.write('A story needs a title.')
            return
        story = Story(key_name=slugify(title), title=title,
                      body=self.request.get('body'),
                      author=users.get_current_user(),
                      published=bool(self.request.get('publish')))
        story.put()
        self.redirect('/story/' + slugify(title).encode('ascii'))


def main():
    logging.getLogger().setLevel(logging.INFO)
    routes = [
        ('/desk', Desk),
        ('/desk/write', Write),
    ]
    application = webapp.WSGIApplication(routes, debug=config.DEBUG)
    run_wsgi_app(application)


if __name__ == '__main__':
    main()
