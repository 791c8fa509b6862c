"""Base class of all the request handlers."""

import logging
import os

from google.appengine.api import users
from google.appengine.ext import webapp
from google.appengine.ext.webapp import template

import config

TEMPLATES = os.path.join(os.path.dirname(__file__), 'templates')


class BaseHandler(webapp.RequestHandler):
    """Knows how to render a template and how to say 'not found'."""

    def render(self, name, **values):
        values['config'] = config
        values['user'] = users.get_current_user()
        values['login_url'] = users.create_login_url(self.request.path)
        self.response.out.write(template.render(os.path.join(TEMPLATES, name), values))

    def not_found(self):
        logging.info('not found: %s', self.request.path)
        self.error(404)
        self.render('404.html', path=self.request.path)


class NotFound(BaseHandler):

    def get(self):
        self.not_found()

    def post(self):
        self.not_found()
