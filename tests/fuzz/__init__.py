"""Apps with damaged files, by the thousand: what gaebot must survive. `python -m tests.fuzz` runs it."""
