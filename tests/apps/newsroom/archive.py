import datetime
import logging

from google.appengine.ext import webapp
from google.appengine.ext.webapp.util import run_wsgi_app

import config
from base import BaseHandler
from models import Story


class ArchivePage(BaseHandler):
    """All the stories of one month."""

    def get(self, year, month):
        year, month = int(year), int(month)
        if not 1 <= month <= 12:
            self.not_found()
            return
        first = datetime.datetime(year, month, 1)
        if month == 12:
            last = datetime.datetime(year + 1, 1, 1)
        else:
            last = datetime.datetime(year, month + 1, 1)
        query = Story.all().filter('published =', True)
        query.filter('when >=', first).filter('when <', last).order('-when')
        logging.debug('archive of %s', first)
        self.render('archive.html', month=first, stories=query.fetch(1000))


app = webapp.WSGIApplication([('/archive/(\d{4})/(\d\d)', ArchivePage)],
                             debug=config.DEBUG)


def main():
    # the archive is rarely visited: log everything
    logging.getLogger().setLevel(logging.DEBUG)
    run_wsgi_app(app)


if __name__ == '__main__':
    main()
