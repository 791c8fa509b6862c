from google.appengine.ext import db


class Event(db.Model):
    title = db.StringProperty(required=True)
    place = db.StringProperty()
    day = db.DateProperty()


def calendar_key():
    return db.Key.from_path('Calendar', 'village')
