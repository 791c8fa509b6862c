"""The menu, typed on the office PC."""
from google.appengine.ext import webapp
from google.appengine.ext.webapp.util import run_wsgi_app

DISHES = """soup of the day
cheese toast
apple pie"""

class Menu(webapp.RequestHandler):

    def get(self):
        self.response.headers['Content-Type'] = 'text/plain'
        for dish in DISHES.splitlines():
            self.response.out.write('* %s\n' % dish)

def main():
    application = webapp.WSGIApplication(
        [('/menu', Menu)],
        debug=False)
    run_wsgi_app(application)

if __name__ == '__main__':
    main()
