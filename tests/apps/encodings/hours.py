# two people, two editors
import wsgiref.handlers

from google.appengine.ext import webapp

HOURS = {'mo': '8-18', 'tu': '8-18', 'sa': '10-16'}

class Hours(webapp.RequestHandler):
    def get(self):
	days = HOURS.keys()
        days.sort()
	self.response.headers['Content-Type'] = 'text/plain'
	for day in days:
	    if day == self.request.get('day', day):
		self.response.out.write('%s %s\n' % (day, HOURS[day]))

def main():
	application = webapp.WSGIApplication([
        ('/hours', Hours),
	    ])
        wsgiref.handlers.CGIHandler().run(application)

if __name__ == '__main__':
	main()
