"""Reading and editing the two languages of an app: Python 2 and YAML."""
