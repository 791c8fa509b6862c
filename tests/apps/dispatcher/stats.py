import logging

from google.appengine.api import memcache
from google.appengine.ext import webapp
from google.appengine.ext.webapp import util


class Stats(webapp.RequestHandler):
    def get(self):
        stats = memcache.get_stats() or {}
        self.response.headers['Content-Type'] = 'text/plain'
        self.response.out.write('items in memcache: %d\n' % stats.get('items', 0))


application = webapp.WSGIApplication([('/stats', Stats), ('/stats/', Stats)])


def real_main():
    util.run_wsgi_app(application)


def profile_main():
    # slow! only for an afternoon of measuring
    import cProfile
    import pstats
    from StringIO import StringIO
    profile = cProfile.Profile().runctx('real_main()', globals(), locals())
    report = StringIO()
    pstats.Stats(profile, stream=report).sort_stats('cumulative').print_stats(50)
    logging.info('where the time went:\n%s', report.getvalue())


#main = profile_main
main = real_main

if __name__ == "__main__":
    main()
