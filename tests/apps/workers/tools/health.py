from google.appengine.api import capabilities
from google.appengine.ext import webapp
from google.appengine.ext.webapp import util


class Health(webapp.RequestHandler):
  """For the people who get up at night."""

  def get(self):
    self.response.headers['Content-Type'] = 'text/plain'
    for service in ('datastore_v3', 'memcache', 'taskqueue'):
      enabled = capabilities.CapabilitySet(service).is_enabled()
      self.response.out.write('%s: %s\n' % (service, enabled and 'up' or 'down'))


def main():
  util.run_wsgi_app(webapp.WSGIApplication([('/tools/health', Health)]))


if __name__ == '__main__':
  main()
