"""Rules about Python 2.7 itself: its language, its standard library and the sandbox."""
