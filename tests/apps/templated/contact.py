from google.appengine.ext import webapp
from google.appengine.ext.webapp.util import run_wsgi_app
from site_base import Page


class Contact(Page):
    title = 'Contact'
    text = '<p>Please write a letter.</p>'

    def post(self):
        self.response.out.write('<p>Thanks for: %d characters</p>' % len(self.request.get('letter')))


application = webapp.WSGIApplication([('/contact.html', Contact)], debug=True)


def main():
    run_wsgi_app(application)


if __name__ == '__main__':
    main()
