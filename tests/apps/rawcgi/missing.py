import os

print 'Status: 404 Not Found'
print 'Content-Type: text/plain'
print
print 'Sorry, no', os.environ['PATH_INFO']
