"""Who is here. One request at a time, so one name is enough."""

current_user = None


def login(name):
  global current_user
  current_user = name


def user():
  return current_user
