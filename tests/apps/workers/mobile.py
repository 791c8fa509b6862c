from google.appengine.ext import webapp
from google.appengine.ext.webapp import util

class Small(webapp.RequestHandler):
  def get(self):
    self.response.out.write('<p>Night workers, small.</p>')

def main():
  application = webapp.WSGIApplication([('/.*', Small)])
  util.run_wsgi_app(application)

if __name__ == '__main__':
  main()
