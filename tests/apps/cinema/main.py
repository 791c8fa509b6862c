"""The pages of the cinema: what is on, and tickets."""

import cgi
import md5
import os

from google.appengine.ext import webapp
from google.appengine.ext.webapp import template
from google.appengine.ext.webapp.util import run_wsgi_app

import films
import visitor
from models import Ticket


class Page(webapp.RequestHandler):
  def render(self, name, values):
    values['greeting'] = visitor.greeting()
    path = os.path.join(os.path.dirname(__file__), 'templates', name)
    self.response.out.write(template.render(path, values))


class Programme(Page):
  def get(self):
    visitor.recognize(self.request.cookies)
    self.render('programme.html', {'films': films.programme()})


class Film(Page):
  def get(self, number):
    visitor.recognize(self.request.cookies)
    film = films.find(int(number))
    if film is None:
      self.error(404)
      return
    sold = Ticket.all().filter('film =', number).count()
    self.render('film.html', {'film': film, 'sold': sold})

  def post(self, number):
    name = self.request.get('name')
    code = md5.new(number + name.encode('utf-8')).hexdigest()[:6]
    Ticket(key_name=code, film=number, name=name).put()
    self.response.out.write('Ticket %s for %s' % (code, cgi.escape(name)))


def main():
  application = webapp.WSGIApplication([
    ('/', Programme),
    ('/film/([0-9]+)', Film),
  ])
  run_wsgi_app(application)


if __name__ == '__main__':
  main()
