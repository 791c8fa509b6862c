"""Rules about files and the current folder."""
