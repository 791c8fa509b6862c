"""Turning CGI scripts into WSGI applications, and moving a service to python27 with them."""
