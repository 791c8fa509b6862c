#!/usr/bin/env python
from google.appengine.ext import webapp
from google.appengine.ext.webapp import xmpp_handlers
from google.appengine.ext.webapp.util import run_wsgi_app

import joblog


class Chat(xmpp_handlers.CommandHandler):
  """Understands /todo SOMETHING"""

  def todo_command(self, message=None):
    joblog.add('todo: ' + message.arg)
    self.response.out.write('noted')

  def text_message(self, message=None):
    self.response.out.write('try /todo')


def main():
  run_wsgi_app(webapp.WSGIApplication(
      [('/_ah/xmpp/message/chat/', Chat)], debug=True))

if __name__ == '__main__':
  main()
