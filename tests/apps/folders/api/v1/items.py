# GET /api/v1/items          all of them, as XML
# GET /api/v1/items/pencil   one of them
from xml.sax import saxutils

import wsgiref.handlers
from google.appengine.ext import webapp

from models import all_items


class ItemsHandler(webapp.RequestHandler):
  def get(self, name=None):
    items = [item for item in all_items() if not name or item.name == name]
    if name and not items:
      self.error(404)
    self.response.headers['Content-Type'] = 'text/xml'
    self.response.out.write('<items>')
    for item in items:
      self.response.out.write('<item name=%s price="%d"/>' % (saxutils.quoteattr(item.name), item.price))
    self.response.out.write('</items>')


API = webapp.WSGIApplication([
  ('/api/v1/items', ItemsHandler),
  ('/api/v1/items/(.*)', ItemsHandler),
])


if __name__ == '__main__':
  wsgiref.handlers.CGIHandler().run(API)
