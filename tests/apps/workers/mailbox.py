import logging

from google.appengine.ext import webapp
from google.appengine.ext.webapp.mail_handlers import InboundMailHandler
from google.appengine.ext.webapp.util import run_wsgi_app

import joblog


class MailHandler(InboundMailHandler):
  """A mail is a job too."""

  def receive(self, mail_message):
    logging.info('mail from %s', mail_message.sender)
    joblog.add('mail: ' + getattr(mail_message, 'subject', '(no subject)'))
    self.response.out.write('received')


application = webapp.WSGIApplication([MailHandler.mapping()], debug=True)


def main():
  run_wsgi_app(application)

if __name__ == '__main__':
  main()
