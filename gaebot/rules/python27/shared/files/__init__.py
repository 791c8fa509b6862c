"""The paths of files that the app reads, and the folder they start from."""
