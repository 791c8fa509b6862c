"""webapp: request handlers, requests and responses in an app's own code."""
