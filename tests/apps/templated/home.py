from google.appengine.ext import webapp
from google.appengine.ext.webapp.util import run_wsgi_app
from site_base import Page


class Home(Page):
    title = 'Home'
    text = '<a href="/about.html">About</a> <a href="/contact.html">Contact</a>'


application = webapp.WSGIApplication([('/', Home)], debug=True)


def main():
    run_wsgi_app(application)


if __name__ == '__main__':
    main()
