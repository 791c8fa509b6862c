"""The blog. Short enough to live in one file."""

from google.appengine.ext import webapp
from google.appengine.ext.webapp.util import run_wsgi_app

from blog import posts

class Post(webapp.RequestHandler):
  def get(self, number):
    title, text = posts.POSTS[int(number) % len(posts.POSTS)]
    self.response.out.write('<html><body><h1>%s</h1><p>%s</p></body></html>' % (title, text))

def main():
  application = webapp.WSGIApplication([(r'/blog/(\d+)', Post)])
  run_wsgi_app(application)

if __name__ == '__main__':
  main()
