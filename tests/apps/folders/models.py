from google.appengine.ext import db

class Item(db.Model):
  name = db.StringProperty(required = True)
  price = db.IntegerProperty(default = 0)   # in cents

CATALOG = [
  ('pencil', 120),
  ('rubber', 80),
  ('ruler', 250),
]

def all_items():
  """Items of the datastore, the printed catalog as long as there are none."""
  items = Item.all().fetch(100)
  if not items:
    items = [Item(key_name = name, name = name, price = price) for name, price in CATALOG]
  return items
