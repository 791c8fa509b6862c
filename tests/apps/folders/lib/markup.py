"""HTML by hand."""

from cgi import escape

def bullets(lines):
  return '<ul>\n%s\n</ul>' % '\n'.join(['<li>%s</li>' % escape(line) for line in lines])

def money(cents):
  return '%d.%02d' % divmod(cents, 100)

def page(title, body):
  return '<html><head><title>%s</title><link rel="stylesheet" href="/css/shop.css"></head><body><h1>%s</h1>%s</body></html>' % (
    escape(title), escape(title), body)
