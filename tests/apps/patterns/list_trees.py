from google.appengine.ext.webapp.util import run_wsgi_app
import lists

def main():
    run_wsgi_app(lists.application_for('Trees', ['ash', 'lime', 'oak']))

if __name__ == '__main__':
    main()
