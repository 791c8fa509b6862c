# Settings that all the scripts share.

TITLE = 'Daily Newsroom'
HOST = 'http://daily-newsroom.appspot.com'
PER_PAGE = 20

# turn on when something is odd
DEBUG = False
