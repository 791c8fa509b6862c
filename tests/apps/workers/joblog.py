"""The jobs, and what became of them."""

from google.appengine.ext import db


class Job(db.Model):
  kind_of_job = db.StringProperty(required=True)
  done = db.BooleanProperty(default=False)
  created = db.DateTimeProperty(auto_now_add=True)


def office():
  return db.Key.from_path('Office', 'night')


def add(kind):
  job = Job(parent=office(), kind_of_job=kind)
  job.put()
  return job


def open_jobs():
  return Job.all().ancestor(office()).filter('done =', False).fetch(100)
