"""Configures appstats, see http://code.google.com/appengine/docs/python/tools/appstats.html"""

appstats_MAX_STACK = 5
appstats_MAX_LOCALS = 0
appstats_stats_url = '/stats'

# put no secrets into the recordings
appstats_KEY_PREFIX = '__seeds__'


def webapp_add_wsgi_middleware(app):
  from google.appengine.ext.appstats import recording
  app = recording.appstats_wsgi_middleware(app)
  return app
