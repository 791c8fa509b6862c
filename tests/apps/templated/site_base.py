from google.appengine.ext import webapp

try:
    from settings import SITE_NAME
except ImportError:
    SITE_NAME = 'Untitled site'


class Page(webapp.RequestHandler):
    """A page with a title and a text."""

    title = ''
    text = ''

    def get(self):
        self.response.out.write('<html><head><title>%s: %s</title></head>' % (SITE_NAME, self.title))
        self.response.out.write('<body><h1>%s</h1>%s</body></html>' % (self.title, self.text))
