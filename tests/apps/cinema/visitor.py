"""Who looks at the page."""

name = None


def recognize(cookies):
  global name
  name = cookies.get('name')


def greeting():
  return 'Welcome back, %s' % name if name else 'Welcome'
