from google.appengine.ext import webapp
from google.appengine.ext.webapp.util import run_wsgi_app
from site_base import Page


class About(Page):
    title = 'About'
    text = '<p>Made on a rainy Sunday.</p>'


application = webapp.WSGIApplication([('/about.html', About)], debug=True)


def main():
    run_wsgi_app(application)


if __name__ == '__main__':
    main()
