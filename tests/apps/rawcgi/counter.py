from google.appengine.api import memcache
from google.appengine.ext import webapp
from google.appengine.ext.webapp.util import run_wsgi_app

class Counter(webapp.RequestHandler):
  def get(self):
    memcache.add('count', 0)
    n = memcache.incr('count')
    self.response.headers['Content-Type'] = 'text/plain'
    self.response.out.write('Counted: %s' % n)

class Reset(webapp.RequestHandler):
  def get(self):
    memcache.delete('count')
    self.redirect('/count')

application = webapp.WSGIApplication([
  ('/count', Counter),
  ('/count/reset', Reset)])

def main():
  run_wsgi_app(application)

if __name__ == '__main__':
  main()
