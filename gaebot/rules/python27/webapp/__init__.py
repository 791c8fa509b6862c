"""Rules about webapp, which is webapp2 on python27."""
