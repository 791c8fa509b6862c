from google.appengine.ext import webapp


class Home(webapp.RequestHandler):
    def get(self):
        self.response.out.write('<h1>The big site</h1><p><a href="/about">About</a></p>')


class About(webapp.RequestHandler):
    def get(self):
        self.response.out.write('<h1>About the big site</h1>')
