from google.appengine.ext import db


class Page(db.Model):
    text = db.TextProperty()
    changed = db.DateTimeProperty(auto_now=True)

    @property
    def name(self):
        return self.key().name()
