from google.appengine.ext import webapp


class Home(webapp.RequestHandler):
    def get(self):
        self.response.out.write('<p>The small site</p>')
