"""Reading handler scripts: how they start, what they load, which applications they hold."""
