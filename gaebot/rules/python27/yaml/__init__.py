"""Rules about app.yaml, the files of other services, and the files that they include."""
