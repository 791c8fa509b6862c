from google.appengine.ext import webapp
from google.appengine.ext.webapp.util import run_wsgi_app
class Legal(webapp.RequestHandler):
  def get(self):
    self.response.out.write('All rights reserved.')
def main():
  run_wsgi_app(webapp.WSGIApplication([('/legal', Legal)]))
if __name__ == '__main__':
  main()