SECRET_KEY = 'not-a-secret-yet'
DEBUG = False
WIKI_NAME = u'Tiny Flask Wiki'
