from google.appengine.ext.webapp.util import run_wsgi_app
import lists

def main():
    run_wsgi_app(lists.application_for('Birds', ['blackbird', 'sparrow', 'wren']))

if __name__ == '__main__':
    main()
