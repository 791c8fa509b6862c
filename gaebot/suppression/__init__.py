"""Findings that comments in the app silence, and what is wrong with such comments."""
