import wsgiref.handlers
from google.appengine.ext import webapp

class Index(webapp.RequestHandler):
    def get(self):
        self.response.out.write('<link rel=stylesheet href=/site.css>'
                                '<a href="/tools/dice">Dice</a> '
                                '<a href="/list/birds">Birds</a> '
                                '<a href="/list/trees">Trees</a>')

application = webapp.WSGIApplication([('/', Index)])

if __name__ == '__main__':
    wsgiref.handlers.CGIHandler().run(application)
