import logging
import os

from google.appengine.ext import webapp
from google.appengine.ext.webapp import template
from google.appengine.ext.webapp import util

import models

HERE = os.path.dirname(os.path.abspath(__file__))

class AdminPage(webapp.RequestHandler):
  def get(self):
    self.response.out.write(template.render(
      os.path.join(HERE, 'templates', 'admin.html'),
      {'items': models.all_items()}))

  def post(self):
    name = self.request.get('name')
    price = int(self.request.get('price', '0'))
    models.Item(key_name = name, name = name, price = price).put()
    logging.info('item %s costs %d', name, price)
    self.redirect('/admin')

def main():
  # '/admin', '/admin/' and whatever people type after it
  application = webapp.WSGIApplication([('/admin.*', AdminPage)], debug = True)
  util.run_wsgi_app(application)

if __name__ == '__main__':
  main()
