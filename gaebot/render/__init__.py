"""Reports and changes, written for people and for programs."""
