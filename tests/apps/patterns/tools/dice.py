import random
from google.appengine.ext import webapp
from google.appengine.ext.webapp.util import run_wsgi_app

class Dice(webapp.RequestHandler):
    def get(self):
        sides = int(self.request.get('sides', '6'))
        self.response.out.write('You rolled %d of %d' % (random.randint(1, sides), sides))

application = webapp.WSGIApplication([('/tools/dice', Dice)])

def main():
    run_wsgi_app(application)

if __name__ == '__main__':
    main()
