"""Rules about scripts: how CGI scripts become WSGI applications, and what differs then."""
