import os
import sys
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), 'lib'))

from google.appengine.ext import webapp
from google.appengine.ext.webapp.util import run_wsgi_app

import markup           # lives in lib/
from models import all_items

class Shop(webapp.RequestHandler):
  def get(self):
    rows = ['%s: %s' % (item.name, markup.money(item.price)) for item in all_items()]
    self.response.out.write(markup.page('Shop', markup.bullets(rows)))

class Missing(webapp.RequestHandler):
  def get(self):
    self.error(404)
    self.response.out.write(markup.page('Nothing here', self.request.path))

application = webapp.WSGIApplication([('/', Shop), ('/.*', Missing)])

def main():
  run_wsgi_app(application)

if __name__ == '__main__':
  main()
