#!/usr/bin/env python
import cgi

form = cgi.FieldStorage()
name = form.getfirst('name', '')
colors = form.getlist('color')

print "Content-Type: text/html; charset=utf-8"
print

if name:
    print "<p>Nice to meet you, %s.</p>" % cgi.escape(name)
    if colors:
        print "<p>You like", cgi.escape(" and ".join(colors)), "</p>"
else:
    print """<form action="/survey" method="POST">
  Your name: <input name="name">
  <input type="checkbox" name="color" value="red"> red
  <input type="checkbox" name="color" value="blue"> blue
  <input type="submit">
</form>"""
