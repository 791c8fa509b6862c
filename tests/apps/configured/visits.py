"""How many people came to this instance's door."""

hits = 0


def count():
  global hits
  hits += 1


def total():
  return hits
