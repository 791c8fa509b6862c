"""Common part of the list_*.py scripts."""
from google.appengine.ext import webapp


def application_for(title, names):
    class ListPage(webapp.RequestHandler):
        def get(self):
            self.response.headers['Content-Type'] = 'text/plain'
            self.response.out.write('%s\n\n%s\n' % (title, '\n'.join(names)))
    return webapp.WSGIApplication([('/list/.*', ListPage)])
