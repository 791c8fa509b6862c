"""What the cinema keeps in the datastore."""

from google.appengine.ext import db


class Ticket(db.Model):
  film = db.StringProperty(required=True)
  name = db.StringProperty()
  sold = db.DateTimeProperty(auto_now_add=True)
