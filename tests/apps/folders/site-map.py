from google.appengine.ext import webapp
from google.appengine.ext.webapp.util import run_wsgi_app

PAGES = ['/', '/blog/0', '/blog/1']

class SiteMap(webapp.RequestHandler):
	"""See http://www.sitemaps.org/"""

	def get(self):
		self.response.headers['Content-Type'] = 'text/xml'
		out = self.response.out
		out.write('<?xml version="1.0" encoding="UTF-8"?>\n')
		out.write('<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n')
		for page in PAGES:
			out.write('<url><loc>%s%s</loc></url>\n' % (self.request.host_url, page))
		out.write('</urlset>\n')

def main():
	run_wsgi_app(webapp.WSGIApplication([('/sitemap.xml', SiteMap)]))

main()
