"""Rules about the libraries that the runtime brings along."""
